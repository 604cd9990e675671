import { randomBytes } from 'node:crypto'

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { issueSdJwt } from '#core/credential/issue-sd-jwt.ts'
import { parseSdJwt } from '#core/credential/parse-sd-jwt.ts'
import { readPublicKey } from '#core/crypto/read-public-key.ts'
import type { JsonObject } from '#core/encoding/parse-json.ts'
import { nodeEngine } from '#custody/engine-node.ts'
import { makeKey } from '#custody/make-key.ts'
import { nodeSigner } from '#custody/node-signer.ts'
import { faultOf } from '../../support/fault-of.ts'
import comity from '../../vectors/sd-jwt/comity.json' with { type: 'json' }

const counting = (length: number): Uint8Array => Uint8Array.from({ length }, (_, index) => index)
const { jwk, seed } = makeKey()
const key = readPublicKey(jwk)
const signer = nodeSigner(seed)
const issue = (claims: JsonObject, disclosures: JsonObject = {}): string => issueSdJwt({ claims, disclosures }, signer, nodeEngine, randomBytes)

describe('issuing an SD-JWT', () => {
  it('gives the text of the vector, byte for byte', () => {
    const text = issueSdJwt(comity.issue.content, nodeSigner(Buffer.from(comity.issue.seed, 'hex')), nodeEngine, counting)
    expect(text).toBe(comity.issue.text)
  })

  it('gives back what was put in, under a signature that holds', () => {
    const name = fc.string({ minLength: 1 }).filter((text) => !['_sd', '_sd_alg', '...', '__proto__'].includes(text))
    const value = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
      fc.array(fc.string()),
      fc.record({ name: fc.string(), number: fc.string() }),
    )
    fc.assert(
      fc.property(fc.dictionary(name, value, { maxKeys: 8 }), fc.dictionary(name, value, { maxKeys: 5 }), (some, others) => {
        const claims = Object.fromEntries(Object.entries(some).map(([key, member]) => [`c${key}`, member]))
        const disclosures = Object.fromEntries(Object.entries(others).map(([key, member]) => [`d${key}`, member]))
        const parsed = parseSdJwt(issue(claims, disclosures), nodeEngine)
        expect([parsed.claims, parsed.disclosed]).toEqual([claims, disclosures])
        expect(parsed.header).toEqual({ typ: 'dc+sd-jwt', alg: 'Ed25519', kid: key.kid })
        expect(nodeEngine.verify(key, parsed.signingInput, parsed.signature)).toBe(true)
      }),
      { numRuns: 60 },
    )
  })

  it('sorts the digests and salts every disclosure anew, so that neither tells anything', () => {
    const texts = Array.from({ length: 20 }, () => issue({ iss: 'a' }, { a: 1, b: 1, c: 1, d: 1 }))
    const salts = new Set<unknown>()
    for (const text of texts) {
      const [jwt, ...disclosures] = text.split('~').slice(0, -1)
      const { _sd: digests } = JSON.parse(Buffer.from(jwt!.split('.')[1]!, 'base64url').toString()) as { _sd: string[] }
      expect(digests).toEqual(digests.toSorted())
      for (const disclosure of disclosures) salts.add((JSON.parse(Buffer.from(disclosure, 'base64url').toString()) as unknown[])[0])
    }
    expect(salts.size).toBe(80)
    for (const salt of salts) expect(Buffer.from(String(salt), 'base64url').length).toBe(16)
  })

  it('writes no digests where nothing can be withheld', () => {
    expect(Buffer.from(issue({ iss: 'a' }).split('.')[1]!, 'base64url').toString()).toBe('{"iss":"a"}')
    expect(issue({ iss: 'a' })).toMatch(/^[^~]+~$/)
  })

  it('puts further members into the header, but never lets them replace its own', () => {
    const text = issueSdJwt({ claims: {}, disclosures: {}, header: { vctm: [], alg: 'none', kid: 'x', typ: 'y' } }, signer, nodeEngine, randomBytes)
    expect(parseSdJwt(text, nodeEngine).header).toEqual({ vctm: [], alg: 'Ed25519', kid: key.kid, typ: 'dc+sd-jwt' })
  })

  it.each(['_sd', '...', '_sd_alg', '__proto__', 'iss', 'iat', 'exp', 'nbf', 'vct', 'cnf', 'status'])('refuses a disclosure named %s', (name) => {
    expect(faultOf(() => issue({}, Object.fromEntries([[name, 'x']])))).toBe('disclosure-name-refused')
  })

  it('refuses a disclosure with the name of a claim', () => {
    expect(faultOf(() => issue({ level: 'entry' }, { level: 'x' }))).toBe('disclosure-claim-collides')
  })

  it.each([
    [{ _sd: [] }, {}],
    [{ a: { b: [{ '...': 'x' }] } }, {}],
    [{ _sd_alg: 'sha-256' }, {}],
    [{}, { name: { _sd: ['x'] } }],
    [{}, { name: [[{ '...': 'x' }]] }],
  ])('refuses claims that would be read as digests: %j, %j', (claims, disclosures) => {
    expect(faultOf(() => issue(claims, disclosures as never))).toBe('disclosure-name-refused')
  })

  it('refuses texts that no reader would take', () => {
    expect(faultOf(() => issue({ a: '\ud800' }))).toBe('json-surrogate-lone')
    expect(faultOf(() => issue({}, { a: ['\udc00'] }))).toBe('json-surrogate-lone')
  })

  it('refuses a source of chance that gives too little', () => {
    expect(() => issueSdJwt({ claims: {}, disclosures: { a: 1 } }, signer, nodeEngine, () => new Uint8Array(8))).toThrow(RangeError)
  })
})
