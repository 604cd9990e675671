import { createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto'

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { readPublicKey } from '#core/crypto/read-public-key.ts'
import { deflate, deflateList, inflate, nodeEngine } from '#custody/engine-node.ts'
import { makeKey } from '#custody/make-key.ts'
import { nodeSigner, publicBytesOfSeed } from '#custody/node-signer.ts'
import { faultOf } from '../support/fault-of.ts'

describe('a made key', () => {
  it('is one that trust data would take, and signs what it verifies', () => {
    const { jwk, kid, seed } = makeKey()
    const key = readPublicKey({ ...jwk, kid })
    const signer = nodeSigner(seed)
    expect([signer.kid, Object.keys(jwk), seed.length]).toEqual([kid, ['kty', 'crv', 'x'], 32])
    fc.assert(
      fc.property(fc.uint8Array(), (message) => {
        expect(nodeEngine.verify(key, message, signer.sign(message))).toBe(true)
      }),
    )
  })

  it('is another each time', () => {
    expect(new Set(Array.from({ length: 50 }, () => makeKey().kid)).size).toBe(50)
  })

  it('is the same key that OpenSSL makes of the seed', () => {
    const pair = generateKeyPairSync('ed25519')
    const { d, x } = pair.privateKey.export({ format: 'jwk' })
    const seed = new Uint8Array(Buffer.from(d!, 'base64url'))
    expect(Buffer.from(publicBytesOfSeed(seed)).toString('base64url')).toBe(x)
    const message = Buffer.from('互认')
    expect(nodeSigner(seed).sign(message)).toEqual(sign(null, message, createPrivateKey(pair.privateKey.export({ format: 'pem', type: 'pkcs8' }))))
    expect(verify(null, message, createPublicKey(pair.publicKey.export({ format: 'pem', type: 'spki' })), nodeSigner(seed).sign(message))).toBe(true)
  })

  it('is not made of a seed of another length', () => {
    for (const length of [0, 31, 33, 64]) expect(() => nodeSigner(new Uint8Array(length))).toThrow(RangeError)
  })

  it('leaves nothing of the secret in the signer', () => {
    const { seed } = makeKey()
    const signer = nodeSigner(seed)
    const kept = seed.slice()
    seed.fill(0)
    expect(signer.kid).toBe(nodeSigner(kept).kid)
    expect(signer.sign(Buffer.from('a'))).toEqual(nodeSigner(kept).sign(Buffer.from('a')))
    expect(JSON.stringify(signer)).toBe(`{"kid":"${signer.kid}"}`)
  })
})

describe('ZLIB', () => {
  it('gives back what was packed', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 5000 }), (bytes) => {
        for (const pack of [deflate, deflateList]) expect(Buffer.from(inflate(pack(bytes), 5000)).equals(bytes)).toBe(true)
      }),
    )
  })

  it('stops at the limit', () => {
    expect(faultOf(() => inflate(deflate(new Uint8Array(1001)), 1000))).toBe('bytes-too-many')
    expect(inflate(deflate(new Uint8Array(1000)), 1000).length).toBe(1000)
  })

  it('refuses what is cut off or damaged', () => {
    const packed = deflate(Buffer.from('some bytes, some bytes, some bytes'))
    expect(faultOf(() => inflate(packed.subarray(0, -1), 1000))).toBe('deflate-malformed')
    expect(
      faultOf(() =>
        inflate(
          packed.map((byte, index) => (index === packed.length - 1 ? byte ^ 1 : byte)),
          1000,
        ),
      ),
    ).toBe('deflate-malformed')
    expect(faultOf(() => inflate(new Uint8Array(0), 1000))).toBe('deflate-malformed')
  })
})
