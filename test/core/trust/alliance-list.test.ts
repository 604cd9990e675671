import { describe, expect, it } from 'vitest'

import { encodeBase64url } from '#core/encoding/base64url.ts'
import {
  acceptAllianceList,
  acceptAllianceLists,
  memberOn,
  type AcceptedAllianceList,
  type AllianceList,
  type AllianceMember,
} from '#core/trust/alliance-list.ts'
import { countersign, proposeSharedFile } from '#core/trust/sign-general-jws.ts'
import { allianceListType } from '#core/trust/alliance-list.ts'
import { nodeEngine } from '#custody/engine-node.ts'
import { faultOf } from '../../support/fault-of.ts'
import { alliancePayload, anchorOf, makeCity, memberOf, payloadDigest, signAllianceList, type City } from '../../support/make-alliance.ts'

const iat = 1_780_000_000
const cities = ['370100', '370300', '370900', '371500', '371400'].map((division) => makeCity(division))
const [jinan, zibo, taian, liaocheng, dezhou] = cities as unknown as readonly [City, City, City, City, City]
const outsider = makeCity('370200')
const signersOf = (...signing: readonly City[]) => signing.map(({ authority }) => authority.signer)

// Four members, three of whom must sign.
const founders = [jinan, zibo, taian, liaocheng].map((city) => memberOf(city))
const payload = alliancePayload('circle', founders, iat, { thresholds: { list: 3, rules: 3 } })
const firstFile = signAllianceList(payload, signersOf(jinan, zibo, taian))
const anchor = anchorOf(payload, firstFile)
const accept = (file: Uint8Array, held: AcceptedAllianceList | typeof anchor = anchor): AcceptedAllianceList => acceptAllianceList(file, held, nodeEngine)
const fault = (file: Uint8Array, held: AcceptedAllianceList | typeof anchor = anchor): string => faultOf(() => accept(file, held))
const first = accept(firstFile)

/** A list that is its own anchor: what is wrong with it is not that it is another. */
const alone = (changed: AllianceList, ...signing: readonly City[]): string => {
  const file = signAllianceList(changed, signersOf(...signing))
  return fault(file, anchorOf(changed, file))
}

type Signed = { payload: string; signatures: { protected: string; signature: string }[] }
const edited = (file: Uint8Array, edit: (signed: Signed) => void): Uint8Array => {
  const signed = JSON.parse(Buffer.from(file).toString('utf8')) as Signed
  edit(signed)
  return Buffer.from(JSON.stringify(signed))
}

describe('the first list', () => {
  it('is the one that the anchor names, signed by as many as it demands', () => {
    expect(first.payload).toEqual(payload)
    expect([...first.voters.keys()]).toEqual([jinan, zibo, taian, liaocheng].map(({ authority }) => authority.public.kid))
  })

  it('is refused when it is not the one that the anchor names', () => {
    const other = signAllianceList({ ...payload, ttl: 1 }, signersOf(jinan, zibo, taian, liaocheng))
    expect(fault(other)).toBe('trust-anchor-differs')
    expect(fault(firstFile, { ...anchor, version: 2 })).toBe('trust-anchor-differs')
    expect(fault(firstFile, { ...anchor, alliance: 'other' })).toBe('trust-anchor-differs')
  })
})

describe('signatures', () => {
  it('are too few with one less than the threshold', () => {
    expect(fault(signAllianceList(payload, signersOf(jinan, zibo)))).toBe('trust-threshold-missed')
  })

  it('never make one member count as two', () => {
    const twice = edited(signAllianceList(payload, signersOf(jinan, zibo)), ({ signatures }) => signatures.push({ ...signatures[0]! }))
    expect(fault(twice)).toBe('signature-repeated')
    expect(faultOf(() => countersign(allianceListType, firstFile, zibo.authority.signer))).toBe('signature-repeated')
  })

  it('of strangers count for nothing, and spoil nothing', () => {
    expect(fault(signAllianceList(payload, signersOf(jinan, zibo, outsider)))).toBe('trust-threshold-missed')
    expect(fault(signAllianceList(payload, signersOf(jinan, zibo, taian, outsider)))).toBe('no fault')
    // The key that signs a city's records is not the key that speaks for the city.
    expect(fault(signAllianceList(payload, [jinan.authority.signer, zibo.authority.signer, taian.issue.signer]))).toBe('trust-threshold-missed')
  })

  it('that were changed are refused, even where the others would be enough', () => {
    const all = signAllianceList(payload, signersOf(jinan, zibo, taian, liaocheng))
    const changed = edited(all, ({ signatures }) => {
      const bytes = Buffer.from(signatures[3]!.signature, 'base64url')
      bytes[0]! ^= 1
      signatures[3]!.signature = encodeBase64url(bytes)
    })
    expect(fault(changed)).toBe('signature-wrong')
    const borrowed = edited(all, ({ signatures }) => {
      signatures[3]!.signature = signatures[0]!.signature
    })
    expect(fault(borrowed)).toBe('signature-wrong')
  })

  it('stand over the content and the content alone', () => {
    const swapped = edited(firstFile, (signed) => {
      signed.payload = encodeBase64url(Buffer.from(JSON.stringify({ ...payload, ttl: 1 })))
    })
    expect(fault(swapped, { ...anchor, digest: payloadDigest(swapped) })).toBe('signature-wrong')
    const unprotected = edited(firstFile, (signed) => Object.assign(signed.signatures[0]!, { header: { kid: 'x' } }))
    expect(fault(unprotected)).toBe('jws-malformed')
  })
})

describe('members', () => {
  it('vote while they are active members, and in no other role or state', () => {
    const listed: readonly AllianceMember[] = [
      memberOf(jinan),
      memberOf(zibo, { role: 'guidance' }),
      memberOf(taian, { role: 'accepted' }),
      memberOf(liaocheng, { state: 'suspended' }),
      memberOf(dezhou, { state: 'left', until: '2025-01-01' }),
    ]
    const changed = alliancePayload('circle', listed, iat, { thresholds: { list: 1, rules: 1 } })
    expect(alone(changed, jinan)).toBe('no fault')
    for (const city of [zibo, taian, liaocheng, dezhou]) expect(alone(changed, city)).toBe('trust-threshold-missed')
  })

  it('cannot be asked for more signatures than there are voters', () => {
    for (const thresholds of [
      { list: 5, rules: 3 },
      { list: 3, rules: 5 },
    ])
      expect(alone({ ...payload, thresholds }, jinan, zibo, taian, liaocheng)).toBe('trust-threshold-unreachable')
    expect(faultOf(() => signAllianceList({ ...payload, thresholds: { list: 0, rules: 3 } }, signersOf(jinan)))).toBe('trust-malformed')
  })

  it('stand once each, by issuer and by key', () => {
    const sameKey = { ...memberOf(zibo), authorityKey: jinan.authority.jwk }
    expect(alone({ ...payload, members: [memberOf(jinan), sameKey, memberOf(taian)] }, jinan, zibo, taian)).toBe('trust-member-repeated')
    const sameIssuer = memberOf(zibo, { iss: jinan.iss })
    expect(alone({ ...payload, members: [memberOf(jinan), sameIssuer, memberOf(taian)] }, jinan, zibo, taian)).toBe('trust-member-repeated')
  })

  it('are named by sound keys only', () => {
    const weak = {
      ...memberOf(zibo),
      authorityKey: { kty: 'OKP' as const, crv: 'Ed25519' as const, x: encodeBase64url(Buffer.from([1, ...new Uint8Array(31)])) },
    }
    expect(alone({ ...payload, members: [...founders.slice(0, 1), weak, ...founders.slice(2)] }, jinan, taian, liaocheng)).toBe('key-weak')
  })
})

describe('the next list', () => {
  const second = (changes: Partial<AllianceList> = {}): AllianceList => ({ ...payload, version: 2, prev: first.digest, ...changes })

  it('links to the one before', () => {
    const file = signAllianceList(second(), signersOf(jinan, zibo, taian))
    expect(accept(file, first).payload.version).toBe(2)
    expect(acceptAllianceLists([firstFile, file], anchor, nodeEngine).payload.version).toBe(2)
    expect(faultOf(() => acceptAllianceLists([], anchor, nodeEngine))).toBe('trust-missing')
    expect(faultOf(() => acceptAllianceLists([file, firstFile], anchor, nodeEngine))).toBe('trust-anchor-differs')
  })

  it('must be signed as the list before it demands', () => {
    // The new list asks for one signature only: those whom the old one names still have to agree.
    const easier = second({ thresholds: { list: 1, rules: 1 } })
    expect(fault(signAllianceList(easier, signersOf(jinan, zibo)), first)).toBe('trust-threshold-missed')
    expect(fault(signAllianceList(easier, signersOf(jinan, zibo, taian)), first)).toBe('no fault')
  })

  it('must be signed as it demands itself', () => {
    const members = [memberOf(jinan), memberOf(zibo), memberOf(taian), memberOf(liaocheng), memberOf(dezhou)]
    const stricter = second({ members, thresholds: { list: 5, rules: 3 } })
    expect(fault(signAllianceList(stricter, signersOf(jinan, zibo, taian, liaocheng)), first)).toBe('trust-threshold-missed')
    expect(fault(signAllianceList(stricter, signersOf(jinan, zibo, taian, liaocheng, dezhou)), first)).toBe('no fault')
  })

  it('cannot be carried by those whom it brings in', () => {
    const taken = second({ members: [memberOf(jinan), memberOf(zibo), memberOf(dezhou)], thresholds: { list: 3, rules: 3 } })
    expect(fault(signAllianceList(taken, signersOf(jinan, zibo, dezhou)), first)).toBe('trust-threshold-missed')
    expect(fault(signAllianceList(taken, signersOf(jinan, zibo, dezhou, taian)), first)).toBe('no fault')
  })

  it.each<readonly [string, Uint8Array, string]>([
    ['another alliance', signAllianceList(second({ alliance: 'other' }), signersOf(jinan, zibo, taian)), 'trust-issuer-differs'],
    ['another content of the same version', signAllianceList({ ...payload, ttl: 1 }, signersOf(jinan, zibo, taian)), 'trust-forked'],
    ['a skipped version', signAllianceList(second({ version: 3 }), signersOf(jinan, zibo, taian)), 'trust-chain-broken'],
    ['a version that follows from another', signAllianceList(second({ prev: 'A'.repeat(43) }), signersOf(jinan, zibo, taian)), 'trust-chain-broken'],
    ['a version that follows from none', signAllianceList(second({ prev: null }), signersOf(jinan, zibo, taian)), 'trust-chain-broken'],
  ])('is refused as %s', (_what, file, code) => {
    expect(fault(file, first)).toBe(code)
  })

  it('never goes back', () => {
    const held = accept(signAllianceList(second(), signersOf(jinan, zibo, taian)), first)
    expect(fault(firstFile, held)).toBe('trust-rolled-back')
  })
})

describe('signing', () => {
  it('refuses to propose or countersign what is no list', () => {
    expect(faultOf(() => proposeSharedFile(allianceListType, { ...payload, extra: 1 }, jinan.authority.signer))).toBe('trust-malformed')
    const broken = edited(firstFile, (signed) => {
      signed.payload = encodeBase64url(Buffer.from(JSON.stringify({ ...payload, version: 0 })))
    })
    expect(faultOf(() => countersign(allianceListType, broken, dezhou.authority.signer))).toBe('trust-malformed')
  })
})

it('a member is in force from its first day to the day before its last, and not after it was suspended or left without one', () => {
  const on = (changes: Partial<AllianceMember>, day: string): boolean => memberOn(memberOf(jinan, { from: '2021-01-01', ...changes }), day)
  expect([on({}, '2020-12-31'), on({}, '2021-01-01'), on({}, '2099-01-01')]).toEqual([false, true, true])
  expect([on({ until: '2024-01-01' }, '2023-12-31'), on({ until: '2024-01-01' }, '2024-01-01')]).toEqual([true, false])
  expect([on({ state: 'left', until: '2024-01-01' }, '2023-12-31'), on({ state: 'left', until: '2024-01-01' }, '2024-01-01')]).toEqual([true, false])
  expect([on({ state: 'left' }, '2023-12-31'), on({ state: 'suspended' }, '2023-12-31')]).toEqual([false, false])
})
