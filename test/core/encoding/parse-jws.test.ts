import { describe, expect, it } from 'vitest'

import { readPublicKeyBytes } from '#core/crypto/read-public-key.ts'
import { encodeBase64url } from '#core/encoding/base64url.ts'
import { parseCompactJws, signCompactJws } from '#core/encoding/parse-jws.ts'
import { nodeEngine } from '#custody/engine-node.ts'
import { nodeSigner, publicBytesOfSeed } from '#custody/node-signer.ts'
import { faultOf } from '../../support/fault-of.ts'

// RFC 8037 appendix A.1 to A.5
const seed = new Uint8Array(Buffer.from('nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A', 'base64url'))
const signer = nodeSigner(seed)
const kid = 'kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k'
const typ = 'test+jwt'

const b64 = (value: string | object): string => encodeBase64url(Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)))
const good = { alg: 'Ed25519', typ, kid }
const signature = encodeBase64url(new Uint8Array(64))
const withHeader = (header: string | object): string => `${b64(header)}.${b64({ a: 1 })}.${signature}`
const parse = (text: string) => parseCompactJws(text, { typ })

describe('a compact JWS', () => {
  it('is written and read back, and its signature holds', () => {
    const text = signCompactJws({ typ }, { iss: 'https://jinan.example', n: 1 }, signer)
    expect(text).toBe(
      'eyJ0eXAiOiJ0ZXN0K2p3dCIsImFsZyI6IkVkMjU1MTkiLCJraWQiOiJrUHJLX3FteFZXYVlWQTl3d0JGNkl1bzN2Vnp6N1R4SENUd1hCeWdyUzRrIn0' +
        '.eyJpc3MiOiJodHRwczovL2ppbmFuLmV4YW1wbGUiLCJuIjoxfQ' +
        `.${Buffer.from(signer.sign(Buffer.from(text.slice(0, text.lastIndexOf('.'))))).toString('base64url')}`,
    )
    const jws = parse(text)
    expect(jws.header).toEqual({ typ, alg: 'Ed25519', kid })
    expect(jws.payload).toEqual({ iss: 'https://jinan.example', n: 1 })
    expect(nodeEngine.verify(readPublicKeyBytes(publicBytesOfSeed(seed)), jws.signingInput, jws.signature)).toBe(true)
  })

  it('makes the signature of RFC 8037 A.4', () => {
    expect(Buffer.from(signer.sign(Buffer.from('eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc'))).toString('base64url')).toBe(
      'hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg',
    )
  })

  it.each([
    ['none', { ...good, alg: 'none' }, 'jws-algorithm-refused'],
    ['HS256 with a public key', { ...good, alg: 'HS256' }, 'jws-algorithm-refused'],
    ['ES256', { ...good, alg: 'ES256' }, 'jws-algorithm-refused'],
    ['ed25519 in small letters', { ...good, alg: 'ed25519' }, 'jws-algorithm-refused'],
    ['no alg', { typ, kid }, 'jws-algorithm-refused'],
    ['an array for alg', { ...good, alg: ['Ed25519'] }, 'jws-algorithm-refused'],
    ['jwk', { ...good, jwk: { kty: 'OKP' } }, 'jws-header-refused'],
    ['jku', { ...good, jku: 'https://evil.example' }, 'jws-header-refused'],
    ['x5c', { ...good, x5c: [] }, 'jws-header-refused'],
    ['x5u', { ...good, x5u: 'https://evil.example' }, 'jws-header-refused'],
    ['x5t', { ...good, x5t: 'a' }, 'jws-header-refused'],
    ['x5t#S256', { ...good, 'x5t#S256': 'a' }, 'jws-header-refused'],
    ['crit', { ...good, crit: ['exp'] }, 'jws-header-refused'],
    ['an empty crit', { ...good, crit: [] }, 'jws-header-refused'],
    ['b64', { ...good, b64: false }, 'jws-header-refused'],
    ['zip', { ...good, zip: 'DEF' }, 'jws-header-refused'],
    ['no kid', { alg: 'Ed25519', typ }, 'jws-header-refused'],
    ['an empty kid', { ...good, kid: '' }, 'jws-header-refused'],
    ['a number for kid', { ...good, kid: 1 }, 'jws-header-refused'],
    ['no typ', { alg: 'Ed25519', kid }, 'jws-type-refused'],
    ['another typ', { ...good, typ: 'dc+sd-jwt' }, 'jws-type-refused'],
    ['another spelling of typ', { ...good, typ: 'Test+JWT' }, 'jws-type-refused'],
    ['a repeated member', `{"alg":"none","alg":"Ed25519","typ":"${typ}","kid":"a"}`, 'json-member-repeated'],
    ['an array', '[]', 'jws-malformed'],
    ['a huge header', { ...good, x: 'a'.repeat(3000) }, 'bytes-too-many'],
  ])('with %s in its header is refused', (_, header, code) => {
    expect(faultOf(() => parse(withHeader(header)))).toBe(code)
    expect(faultOf(() => parse(withHeader(good)))).toBe('no fault')
  })

  it('is taken with EdDSA, and with header members that have no power', () => {
    expect(parse(withHeader({ ...good, alg: 'EdDSA' })).header.alg).toBe('EdDSA')
    expect(parse(withHeader({ ...good, vctm: ['e30'] })).header.kid).toBe(kid)
  })

  it('is refused for its type also when the same header was good for another reader', () => {
    expect(faultOf(() => parse(withHeader(good)))).toBe('no fault')
    expect(faultOf(() => parseCompactJws(withHeader(good), { typ: 'other+jwt' }))).toBe('jws-type-refused')
  })

  const [header, payload] = [b64(good), b64({ a: 1 })]
  it.each([
    ['two parts', `${header}.${payload}`, 'jws-malformed'],
    ['four parts', `${header}.${payload}.${signature}.`, 'jws-malformed'],
    ['no header', `.${payload}.${signature}`, 'jws-malformed'],
    ['nothing', '', 'jws-malformed'],
    ['an empty payload', `${header}..${signature}`, 'json-malformed'],
    ['a payload that is no object', `${header}.${b64('[1]')}.${signature}`, 'jws-malformed'],
    ['no signature', `${header}.${payload}.`, 'jws-malformed'],
    ['a short signature', `${header}.${payload}.${encodeBase64url(new Uint8Array(63))}`, 'jws-malformed'],
    ['a long signature', `${header}.${payload}.${encodeBase64url(new Uint8Array(65))}`, 'jws-malformed'],
    ['padding in the signature', `${header}.${payload}.${signature}==`, 'base64url-malformed'],
    ['flipped unused bits in the signature', `${header}.${payload}.${signature.slice(0, -1)}B`, 'base64url-malformed'],
    ['padding in the payload', `${header}.${payload}=.${signature}`, 'base64url-malformed'],
    ['white space at the end', `${header}.${payload}.${signature}\n`, 'base64url-malformed'],
    ['white space before', ` ${header}.${payload}.${signature}`, 'base64url-malformed'],
    ['characters beyond ASCII', `${header}.${payload}é.${signature}`, 'jws-malformed'],
    ['a repeated member in the payload', `${header}.${b64('{"iss":"a","iss":"b"}')}.${signature}`, 'json-member-repeated'],
    ['8 MB of payload', `${header}.${'A'.repeat(8 * 1024 * 1024)}.${signature}`, 'bytes-too-many'],
  ])('with %s is refused', (_, text, code) => {
    expect(faultOf(() => parse(text))).toBe(code)
  })

  it('is not signed when its own reader would refuse it', () => {
    expect(faultOf(() => signCompactJws({ typ }, { a: 'x\ud800' }, signer))).toBe('json-surrogate-lone')
    expect(faultOf(() => signCompactJws({ typ }, { a: 'x'.repeat(70_000) }, signer))).toBe('bytes-too-many')
    expect(parse(signCompactJws({ typ }, { a: '\\ud800 is how it is spelt', b: '𩶘' }, signer)).payload).toEqual({ a: '\\ud800 is how it is spelt', b: '𩶘' })
  })

  it('goes on being read after more keys than it remembers', () => {
    for (let index = 0; index < 600; index++) expect(parse(withHeader({ ...good, kid: `k${index}` })).header.kid).toBe(`k${index}`)
    expect(parse(withHeader({ ...good, kid: 'k0' })).header.kid).toBe('k0')
  })
})
