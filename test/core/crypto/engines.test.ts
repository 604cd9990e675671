import { createPrivateKey, sign } from 'node:crypto'

import { verify as cofactoredVerify, hashes } from '@noble/ed25519'
import { sha512 } from '@noble/hashes/sha2.js'
import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'

import type { PublicKey } from '#core/crypto/engine.ts'
import { nobleEngine } from '#core/crypto/engine-noble.ts'
import { verifyWithWebCrypto } from '#core/crypto/engine-webcrypto.ts'
import { nodeEngine } from '#custody/engine-node.ts'
import { makeKey } from '#custody/make-key.ts'
import { nodeSigner } from '#custody/node-signer.ts'
import { readPublicKey, readPublicKeyBytes } from '#core/crypto/read-public-key.ts'
import { faultOf } from '../../support/fault-of.ts'
import identityNonce from '../../vectors/ed25519/identity-nonce.json' with { type: 'json' }
import rfc8032 from '../../vectors/ed25519/rfc8032.json' with { type: 'json' }
import smallOrder from '../../vectors/ed25519/small-order.json' with { type: 'json' }
import speccheck from '../../vectors/ed25519/speccheck.json' with { type: 'json' }
import wycheproof from '../../vectors/ed25519/wycheproof-part.json' with { type: 'json' }

const hex = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'hex'))
// Around the door on purpose: the engines must agree under weak keys too.
const keyOf = (x: string): PublicKey => ({ kid: x, x: hex(x) })

const verdicts = async (key: PublicKey, message: Uint8Array, signature: Uint8Array): Promise<string> =>
  [nodeEngine.verify(key, message, signature), await verifyWithWebCrypto(key, message, signature), nobleEngine.verify(key, message, signature)].join(' ')

const allSay = (valid: boolean): string => [valid, valid, valid].join(' ')

describe('Ed25519 on node, WebCrypto and noble', () => {
  it.each(rfc8032.cases)('accepts and makes the signature of RFC 8032 §7.1, $name', async ({ seed, key, message, signature }) => {
    expect(await verdicts(keyOf(key), hex(message), hex(signature))).toBe(allSay(true))
    expect(Buffer.from(nodeSigner(hex(seed)).sign(hex(message))).toString('hex')).toBe(signature)
  })

  it.each(speccheck.cases)('says of speccheck case $id ($why): $valid', async ({ key, message, signature, valid }) => {
    expect(await verdicts(keyOf(key), hex(message), hex(signature))).toBe(allSay(valid))
  })

  it.each(wycheproof.cases)('says of Wycheproof $tcId $comment: $valid', async ({ key, message, signature, valid }) => {
    expect(await verdicts(keyOf(key), hex(message), hex(signature))).toBe(allSay(valid))
  })

  it('refuses all 196 pairs of small-order points, of which the library’s cofactored verification accepts every one', async () => {
    hashes.sha512 = sha512
    const message = hex(smallOrder.message)
    const pairs = smallOrder.encodings.flatMap((a) => smallOrder.encodings.map((r) => ({ a, signature: hex(r + '00'.repeat(32)) })))
    const answers = await Promise.all(pairs.map(({ a, signature }) => verdicts(keyOf(a), message, signature)))
    expect(new Set(answers)).toEqual(new Set([allSay(false)]))
    expect(pairs.filter(({ a, signature }) => cofactoredVerify(signature, message, hex(a))).length).toBe(196)
  })

  it('refuses what a signer makes with the nonce 0: good by the equation alone, and platforms differ about it', async () => {
    const { key, message, signature } = identityNonce
    expect(faultOf(() => readPublicKeyBytes(hex(key)))).toBe('no fault')
    expect(cofactoredVerify(hex(signature), hex(message), hex(key))).toBe(true)
    expect(await verdicts(keyOf(key), hex(message), hex(signature))).toBe(allSay(false))
  })

  it('gives one verdict on whatever is made of a good signature', async () => {
    const { jwk, seed } = makeKey()
    const key = readPublicKey(jwk)
    const signer = nodeSigner(seed)
    const change = fc.record({ part: fc.constantFrom('none', 'message', 'signature', 'key'), at: fc.nat(63), bit: fc.nat(7) })
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 100 }), change, async (message, { part, at, bit }) => {
        const signature = new Uint8Array(signer.sign(message))
        const flip = (bytes: Uint8Array): Uint8Array => bytes.map((byte, index) => (index === at % bytes.length ? byte ^ (1 << bit) : byte))
        const verdict = await verdicts(
          part === 'key' ? { kid: key.kid, x: flip(key.x) } : key,
          part === 'message' ? flip(Uint8Array.of(...message, 0)) : message,
          part === 'signature' ? flip(signature) : signature,
        )
        expect(verdict).toBe(allSay(part === 'none'))
      }),
      { numRuns: 150 },
    )
  })

  it('takes a signature of any other length for wrong, and doesn’t throw', async () => {
    const key = readPublicKey(makeKey().jwk)
    for (const length of [0, 1, 32, 63, 65, 128]) expect(await verdicts(key, new Uint8Array(3), new Uint8Array(length))).toBe(allSay(false))
  })

  it('is decided by noble where the platform has no Ed25519, or no WebCrypto at all', async () => {
    const { jwk, seed } = makeKey()
    const message = new Uint8Array(5)
    const signature = sign(null, message, createPrivateKey({ key: { ...jwk, d: Buffer.from(seed).toString('base64url') }, format: 'jwk' }))
    for (const platform of [{}, { subtle: { importKey: () => Promise.reject(new Error('NotSupportedError')) } }]) {
      vi.stubGlobal('crypto', platform)
      try {
        expect(await verifyWithWebCrypto(readPublicKey(jwk), message, signature)).toBe(true)
        expect(await verifyWithWebCrypto(readPublicKey(jwk), new Uint8Array(4), signature)).toBe(false)
      } finally {
        vi.unstubAllGlobals()
      }
    }
  })

  it('hashes alike', () => {
    expect(Buffer.from(nobleEngine.sha256(Buffer.from('abc'))).toString('hex')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
    expect(Buffer.from(nodeEngine.sha256(Buffer.from('abc'))).toString('hex')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
  })
})
