import { describe, expect, it } from 'vitest'

import { isAlgorithm } from '#core/crypto/algorithms.ts'
import { publicJwkOf, readPublicKey, readPublicKeyBytes } from '#core/crypto/read-public-key.ts'
import { thumbprint } from '#core/crypto/thumbprint.ts'
import { encodeBase64url } from '#core/encoding/base64url.ts'
import { faultOf } from '../../support/fault-of.ts'
import smallOrder from '../../vectors/ed25519/small-order.json' with { type: 'json' }
import speccheck from '../../vectors/ed25519/speccheck.json' with { type: 'json' }

// RFC 8037 appendix A.2 and A.3
const x = '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo'
const kid = 'kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k'
const jwk = { kty: 'OKP', crv: 'Ed25519', x }
const jwkOf = (hex: string): object => ({ kty: 'OKP', crv: 'Ed25519', x: encodeBase64url(Buffer.from(hex, 'hex')) })

describe('a public key on entry', () => {
  it('is named by its thumbprint, as in RFC 8037 A.3', () => {
    expect(thumbprint(x)).toBe(kid)
    expect(readPublicKey(jwk)).toEqual({ kid, x: new Uint8Array(Buffer.from(x, 'base64url')) })
    expect(readPublicKey({ ...jwk, kid, alg: 'EdDSA', use: 'sig' }).kid).toBe(kid)
    expect(publicJwkOf(readPublicKey(jwk))).toEqual(jwk)
    expect(readPublicKeyBytes(new Uint8Array(Buffer.from(x, 'base64url')))).toEqual(readPublicKey(jwk))
  })

  it.each([
    ['a private key', { ...jwk, d: 'nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A' }, 'key-private'],
    ['another key type', { ...jwk, kty: 'EC' }, 'key-malformed'],
    ['another curve', { ...jwk, crv: 'X25519' }, 'key-malformed'],
    ['another algorithm', { ...jwk, alg: 'HS256' }, 'key-malformed'],
    ['another use', { ...jwk, use: 'enc' }, 'key-malformed'],
    ['an unknown member', { ...jwk, x5c: [] }, 'key-malformed'],
    ['a padded x', { ...jwk, x: `${x}=` }, 'key-malformed'],
    ['a short x', { ...jwk, x: x.slice(0, 42) }, 'key-malformed'],
    ['unused bits in x', { ...jwk, x: `${x.slice(0, 42)}p` }, 'base64url-malformed'],
    ['a foreign kid', { ...jwk, kid: `${kid.slice(0, 42)}A` }, 'key-id-differs'],
    ['nothing', null, 'key-malformed'],
    ['a text', x, 'key-malformed'],
  ])('is refused when it is %s', (_, value, code) => {
    expect(faultOf(() => readPublicKey(value))).toBe(code)
  })

  it.each(smallOrder.encodings)('is refused as weak when it is the small-order point %s', (encoding) => {
    expect(faultOf(() => readPublicKey(jwkOf(encoding)))).toBe('key-weak')
  })

  it.each(speccheck.cases)('is judged on entry under speccheck case $id ($why): refused $keyRefused', ({ key, keyRefused }) => {
    expect(faultOf(() => readPublicKey(jwkOf(key)))).toBe(keyRefused ? 'key-weak' : 'no fault')
  })

  it.each([
    ['y = 2, which no point has', `02${'00'.repeat(31)}`],
    ['y past the field', `f0${'ff'.repeat(30)}7f`],
    ['all bits', 'ff'.repeat(32)],
  ])('is refused as weak when it has %s', (_, encoding) => {
    expect(faultOf(() => readPublicKey(jwkOf(encoding)))).toBe('key-weak')
  })

  it.each([
    [`f0${'ff'.repeat(30)}7f`, 'no canonical point of the curve'],
    [`01${'00'.repeat(30)}80`, 'no canonical point of the curve'],
    [`01${'00'.repeat(31)}`, 'small order'],
    ['cdb267ce40c5cd45306fa5d2f29731459387dbf9eb933b7bd5aed9a765b88d4d', 'mixed order'],
  ])('says of %s why it is weak: %s', (encoding, detail) => {
    expect(() => readPublicKey(jwkOf(encoding))).toThrow(expect.objectContaining({ code: 'key-weak', at: 'jwk', detail }))
  })

  it('never shows key material in the fault', () => {
    const d = 'nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A'
    expect(() => readPublicKey({ ...jwk, d })).toThrow(expect.objectContaining({ message: 'key-private: jwk' }))
  })

  it('knows two names for one algorithm and no other', () => {
    expect(['Ed25519', 'EdDSA'].map(isAlgorithm)).toEqual([true, true])
    expect(['none', 'HS256', 'ES256', 'Ed448', 'ed25519', '', undefined, null].map(isAlgorithm)).toEqual(Array(8).fill(false))
  })
})
