import { describe, expect, it } from 'vitest'

import { parseSdJwt, splitSdJwt } from '#core/credential/parse-sd-jwt.ts'
import { processDisclosures, readDisclosure } from '#core/credential/process-disclosures.ts'
import { nobleEngine } from '#core/crypto/engine-noble.ts'
import { readPublicKeyBytes } from '#core/crypto/read-public-key.ts'
import { signCompactJws } from '#core/encoding/parse-jws.ts'
import { encodeUtf8 } from '#core/encoding/utf8.ts'
import { nodeEngine } from '#custody/engine-node.ts'
import { nodeSigner, publicBytesOfSeed } from '#custody/node-signer.ts'
import { faultOf } from '../../support/fault-of.ts'
import comity from '../../vectors/sd-jwt/comity.json' with { type: 'json' }
import rfc9901 from '../../vectors/sd-jwt/rfc9901.json' with { type: 'json' }

const seed = new Uint8Array(Buffer.from(comity.issue.seed, 'hex'))
const key = readPublicKeyBytes(publicBytesOfSeed(seed))
const read = (text: string, index: number) => readDisclosure(text, encodeUtf8(text), index, nobleEngine)

describe('an SD-JWT', () => {
  it.each(rfc9901.cases)('is processed as RFC 9901 has it: $name', ({ payload, disclosures, processed }) => {
    const parsed = disclosures.map(({ text }, index) => read(text, index))
    expect(parsed.map(({ digest }) => digest)).toEqual(disclosures.map(({ digest }) => digest))
    expect(parsed.map(({ name, value }) => (name === null ? [value] : [name, value]))).toEqual(disclosures.map(({ contents }) => contents.slice(1)))
    const { claims, disclosed } = processDisclosures(payload, parsed)
    expect({ ...claims, ...disclosed }).toEqual(processed)
  })

  it('is taken apart as the examples of RFC 9901 §5 are', () => {
    const issuance = splitSdJwt(rfc9901.issuance, encodeUtf8(rfc9901.issuance), nodeEngine)
    expect([issuance.disclosures.length, issuance.keyBinding]).toEqual([10, undefined])
    const presentation = splitSdJwt(rfc9901.presentation, encodeUtf8(rfc9901.presentation), nodeEngine)
    expect(presentation.jwt).toBe(issuance.jwt)
    expect(presentation.disclosures.map(({ name }) => name)).toEqual(['family_name', 'address', 'given_name', null])
    expect(presentation.keyBinding?.split('.')[0]).toBe('eyJhbGciOiAiRVMyNTYiLCAidHlwIjogImtiK2p3dCJ9')
  })

  it('under an algorithm that is not ours is refused, however good it is elsewhere', () => {
    expect(faultOf(() => parseSdJwt(rfc9901.issuance, nodeEngine))).toBe('jws-algorithm-refused')
  })

  it.each(comity.accepted)('is read when it holds $why', ({ text, claims, disclosed }) => {
    const parsed = parseSdJwt(text, nodeEngine)
    expect([parsed.claims, parsed.disclosed]).toEqual([claims, disclosed])
    expect(nodeEngine.verify(key, parsed.signingInput, parsed.signature)).toBe(true)
  })

  it.each(comity.refused)('is refused for $why', ({ text, fault }) => {
    expect(faultOf(() => parseSdJwt(text, nodeEngine))).toBe(fault)
    expect(faultOf(() => parseSdJwt(Buffer.from(text), nobleEngine))).toBe(fault)
  })

  it('is the same from text and from bytes, and with either engine', () => {
    const { text } = comity.issue
    const plain = ({ digest, signature, signingInput, ...rest }: ReturnType<typeof parseSdJwt>) => ({
      ...rest,
      bytes: [digest, signature, signingInput].map((bytes) => Buffer.from(bytes).toString('hex')),
    })
    expect(plain(parseSdJwt(Buffer.from(text), nobleEngine))).toEqual(plain(parseSdJwt(text, nodeEngine)))
  })

  it('has one digest whatever is disclosed', () => {
    const [whole, chosen] = [comity.issue.text, comity.presentations[0]!.presented].map((text) =>
      Buffer.from(parseSdJwt(text, nodeEngine).digest).toString('hex'),
    )
    expect(chosen).toBe(whole)
  })

  it('with any byte of its text changed is refused, or its signature no longer holds', () => {
    const { text } = comity.issue
    for (let index = 0; index < text.length; index++) {
      const changed = text.slice(0, index) + (text[index] === 'A' ? 'B' : 'A') + text.slice(index + 1)
      const outcome = faultOf(() => {
        const { signingInput, signature } = parseSdJwt(changed, nodeEngine)
        expect(nodeEngine.verify(key, signingInput, signature)).toBe(false)
      })
      expect(outcome).toMatch(/^(no fault|jws-|json-|base64url-|disclosure-|sd-jwt-|key-binding-|text-)/)
    }
  })

  it('with a key binding and the key it is bound to reports both, unverified', () => {
    const signer = nodeSigner(seed)
    const text = `${signCompactJws({ typ: 'dc+sd-jwt' }, { cnf: { jwk: {} } }, signer)}~a.b.c`
    expect(parseSdJwt(text, nodeEngine).keyBinding).toBe('a.b.c')
    expect(parseSdJwt(comity.issue.text, nodeEngine)).not.toHaveProperty('keyBinding')
  })

  it('of 8 MB is refused before it is read', () => {
    expect(faultOf(() => parseSdJwt('~'.repeat(8 * 1024 * 1024), nodeEngine))).toBe('bytes-too-many')
    expect(faultOf(() => parseSdJwt(new Uint8Array(8 * 1024 * 1024), nodeEngine))).toBe('bytes-too-many')
  })

  it('with 200,000 levels in its payload or a disclosure is refused', () => {
    const deep = Buffer.from('['.repeat(200_000)).toString('base64url')
    const limits = { bytes: 1024 * 1024, depth: 16 }
    const [header, , signature] = comity.issue.text.split('~')[0]!.split('.')
    expect(faultOf(() => parseSdJwt(`${header}.${deep}.${signature}~`, nodeEngine, limits))).toBe('json-too-deep')
    const deepButSmall = Buffer.from(`["s","a",${'['.repeat(20)}${']'.repeat(20)}]`).toString('base64url')
    expect(faultOf(() => parseSdJwt(`${comity.issue.text}${deepButSmall}~`, nodeEngine))).toBe('json-too-deep')
  })
})
