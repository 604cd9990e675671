import { CompactSign, compactVerify, GeneralSign, generalVerify, importJWK, jwtVerify } from 'jose'
import { describe, expect, it } from 'vitest'

import { decodeBase64url, encodeBase64url } from '#core/encoding/base64url.ts'
import { parseCompactJws, signCompactJws } from '#core/encoding/parse-jws.ts'
import { decodeUtf8, encodeUtf8 } from '#core/encoding/utf8.ts'
import { thumbprint } from '#core/crypto/thumbprint.ts'
import { parseGeneralJws, signersOf } from '#core/trust/parse-general-jws.ts'
import { nodeEngine } from '#custody/engine-node.ts'
import { makeShandong, makeTestKey } from '../../support/make-alliance.ts'
import { titleDraft } from '../../support/examples.ts'

// jose is the other implementation: what it signs we read, what we sign it reads.
const key = makeTestKey('interop')
const joseKey = { ...key.jwk, alg: 'Ed25519' }
const payload = { iss: 'https://370100.comity.example', iat: 1_780_000_000, name: '济南' }

describe('what we sign, jose verifies', () => {
  it('a compact JWS, in every member', async () => {
    const text = signCompactJws({ typ: 'test+jwt' }, payload, key.signer)
    const verified = await compactVerify(text, await importJWK(joseKey), { algorithms: ['Ed25519'] })
    expect(verified.protectedHeader).toEqual({ alg: 'Ed25519', kid: thumbprint(key.jwk.x), typ: 'test+jwt' })
    expect(JSON.parse(decodeUtf8(verified.payload))).toEqual(payload)
  })

  it("a record's issuer-signed part, as a JWT with its type", async () => {
    const alliance = makeShandong()
    const text = alliance.issue('370100', 'title', titleDraft())
    const city = alliance.city('370100')
    const { payload: claims } = await jwtVerify(text.split('~')[0]!, await importJWK({ ...city.issue.jwk, alg: 'Ed25519' }), {
      algorithms: ['Ed25519'],
      typ: 'dc+sd-jwt',
      currentDate: new Date('2026-06-01T04:00:00Z'),
    })
    expect(claims['division']).toBe('370100')
    expect(claims['_sd_alg']).toBe('sha-256')
  })
})

describe('what jose signs, we read', () => {
  it('a compact JWS under Ed25519 and EdDSA alike', async () => {
    const secret = {
      ...joseKey,
      d: encodeBase64url(decodeBase64url('nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A')),
      x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo',
    } // RFC 8037 appendix A.1
    const kid = thumbprint(secret.x)
    for (const alg of ['Ed25519', 'EdDSA']) {
      const text = await new CompactSign(encodeUtf8(JSON.stringify(payload)))
        .setProtectedHeader({ alg, kid, typ: 'test+jwt' })
        .sign(await importJWK(secret, alg))
      const jws = parseCompactJws(text, { typ: 'test+jwt' })
      expect(jws.payload).toEqual(payload)
      expect(nodeEngine.verify({ kid, x: decodeBase64url(secret.x) }, jws.signingInput, jws.signature)).toBe(true)
    }
  })

  it('a general JWS with two signers, each counted once; and jose verifies it again after our reading', async () => {
    const secret = { kty: 'OKP', crv: 'Ed25519', d: 'nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A', x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo' }
    const kid = thumbprint(secret.x)
    const typ = 'comity-alliance+jwt'
    const sign = new GeneralSign(encodeUtf8(JSON.stringify(payload)))
    sign.addSignature(await importJWK(secret, 'Ed25519')).setProtectedHeader({ alg: 'Ed25519', kid, typ })
    const general = await sign.sign()
    const jws = parseGeneralJws(encodeUtf8(JSON.stringify(general)), typ)
    expect(jws.payload).toEqual(payload)
    expect([...signersOf(jws, new Map([[kid, { kid, x: decodeBase64url(secret.x) }]]), nodeEngine)]).toEqual([kid])
    const verified = await generalVerify(general, await importJWK({ kty: 'OKP', crv: 'Ed25519', x: secret.x }, 'Ed25519'), { algorithms: ['Ed25519'] })
    expect(JSON.parse(decodeUtf8(verified.payload))).toEqual(payload)
  })
})
