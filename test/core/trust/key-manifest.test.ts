import { describe, expect, it } from 'vitest'

import { encodeBase64url } from '#core/encoding/base64url.ts'
import { digestOf } from '#core/model/digest.ts'
import { acceptManifest, type AcceptedManifest, type KeyManifest } from '#core/trust/key-manifest.ts'
import { nodeEngine } from '#custody/engine-node.ts'
import smallOrder from '../../vectors/ed25519/small-order.json' with { type: 'json' }
import { faultOf } from '../../support/fault-of.ts'
import { keysOf, makeCity, makeTestKey, manifestKey, manifestPayload, signManifest, type ManifestKey } from '../../support/make-alliance.ts'

const iat = 1_780_000_000
const jinan = makeCity('370100')
const zibo = makeCity('370300')
const authority = { iss: jinan.iss, division: jinan.division, key: jinan.authority.public }
const keys = keysOf(jinan, iat)

const sign = (changes: Partial<KeyManifest> = {}, signer = jinan.authority.signer): string => signManifest(manifestPayload(jinan, iat, changes), signer)
const accept = (text: string, current?: AcceptedManifest): AcceptedManifest => acceptManifest(text, authority, current, nodeEngine)

const firstText = sign()
const first = accept(firstText)
const next = (changes: Partial<KeyManifest> = {}): string => sign({ version: 2, prev: digestOf(firstText, nodeEngine), ...changes })
const fault = (text: string, current?: AcceptedManifest): string => faultOf(() => accept(text, current))

describe('a manifest', () => {
  it('is accepted under the authority key, with its keys by their thumbprints', () => {
    expect([...first.keys.keys()]).toEqual([jinan.issue.public.kid, jinan.status.public.kid, jinan.token.public.kid])
    expect([...first.keys.values()].map(({ use }) => use)).toEqual(['issue', 'status', 'token'])
    expect(first.digest).toBe(digestOf(firstText, nodeEngine))
  })

  it('is refused under any other signer, also one that it lists itself', () => {
    expect(fault(sign({}, zibo.authority.signer))).toBe('trust-signer-unknown')
    expect(fault(sign({}, jinan.issue.signer))).toBe('trust-signer-unknown')
    const forged = { kid: jinan.authority.signer.kid, sign: zibo.authority.signer.sign }
    expect(fault(sign({}, forged))).toBe('signature-wrong')
  })

  it('is refused for another authority or another place', () => {
    expect(fault(sign({ iss: zibo.iss }))).toBe('trust-issuer-differs')
    expect(fault(sign({ division: zibo.division }))).toBe('trust-issuer-differs')
  })

  it('is refused when one byte of it was changed', () => {
    const [header, payload, signature] = firstText.split('.')
    const changed = Buffer.from(payload!, 'base64url').toString('utf8').replace('"version":1', '"version":3')
    expect(fault(`${header}.${encodeBase64url(Buffer.from(changed))}.${signature}`)).toBe('signature-wrong')
  })

  it('lets no weak key in', () => {
    for (const hex of smallOrder.encodings) {
      const x = encodeBase64url(Buffer.from(hex, 'hex'))
      const entry = { ...manifestKey(jinan.issue, 'issue', iat), jwk: { kty: 'OKP' as const, crv: 'Ed25519' as const, x } }
      expect(fault(sign({ keys: [entry] }))).toBe('key-weak')
    }
  })

  it('is refused when a key is named by anything but its thumbprint, stands twice, or is the authority’s own', () => {
    expect(fault(sign({ keys: [{ ...keys[0]!, kid: jinan.status.public.kid }] }))).toBe('key-id-differs')
    expect(fault(sign({ keys: [keys[0]!, manifestKey(jinan.issue, 'status', iat)] }))).toBe('key-repeated')
    expect(fault(sign({ keys: [manifestKey(jinan.authority, 'issue', iat)] }))).toBe('key-repeated')
  })

  it('is refused with members that nobody knows', () => {
    expect(fault(sign({ extra: 1 } as unknown as Partial<KeyManifest>))).toBe('trust-malformed')
    expect(fault(sign({ keys: [] }))).toBe('trust-malformed')
  })
})

describe('the chain of manifests', () => {
  const closed = (revoked: ManifestKey['revoked']): readonly ManifestKey[] => [{ ...keys[0]!, revoked }, keys[1]!, keys[2]!]
  const superseded = { at: iat + 100, reason: 'superseded' as const }
  const compromised = { at: iat + 100, reason: 'compromised' as const, compromisedSince: iat + 50 }

  it('goes on with a new key beside the old ones, and with an old one closed', () => {
    const added = manifestKey(makeTestKey('new'), 'issue', iat)
    expect(accept(next({ keys: [...keys, added] }), first).keys.size).toBe(4)
    expect(accept(next({ keys: [...closed(superseded)] }), first).keys.get(keys[0]!.kid)?.revoked).toEqual(superseded)
  })

  it('takes the same manifest again', () => expect(accept(firstText, first)).toEqual(first))

  it.each<readonly [string, string, string]>([
    ['an older version', sign(), 'trust-rolled-back'],
    ['another content of the same version', sign({ version: 2, prev: digestOf(firstText, nodeEngine), ttl: 1 }), 'trust-forked'],
    ['a next version that follows from another', sign({ version: 3, prev: digestOf('another', nodeEngine) }), 'trust-chain-broken'],
    ['a next version that follows from none', sign({ version: 3, prev: null }), 'trust-chain-broken'],
    ['a later version without one of the keys', sign({ version: 5, keys: [keys[0]!, keys[1]!] }), 'trust-key-dropped'],
    [
      'a later version with a key put to another use',
      sign({ version: 5, keys: [manifestKey(jinan.issue, 'token', iat), keys[1]!, keys[2]!] }),
      'key-use-differs',
    ],
  ])('refuses %s', (_what, text, code) => {
    expect(fault(text, accept(next(), first))).toBe(code)
  })

  it.each<readonly [string, ManifestKey['revoked'], ManifestKey['revoked'], string]>([
    ['opened again', superseded, undefined, 'trust-key-reopened'],
    ['closed at a later time', superseded, { ...superseded, at: iat + 101 }, 'trust-key-reopened'],
    ['no longer compromised', compromised, { ...compromised, compromisedSince: undefined }, 'trust-key-reopened'],
    ['compromised since later', compromised, { ...compromised, compromisedSince: iat + 51 }, 'trust-key-reopened'],
    ['compromised since earlier', compromised, { ...compromised, compromisedSince: iat + 49 }, 'no fault'],
    ['found to have been compromised after it was superseded', superseded, compromised, 'no fault'],
  ])('answers as it should to a key that is %s', (_what, before, after, code) => {
    const held = accept(next({ keys: [...closed(before)] }), first)
    // JSON has no undefined members.
    const revoked = after === undefined ? undefined : (JSON.parse(JSON.stringify(after)) as ManifestKey['revoked'])
    const [entry, ...others] = keys
    const changed = revoked === undefined ? entry! : { ...entry!, revoked }
    expect(fault(sign({ version: 9, keys: [changed, ...others] }), held)).toBe(code)
  })
})
