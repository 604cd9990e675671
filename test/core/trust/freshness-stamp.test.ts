import { describe, expect, it } from 'vitest'

import { instantOf } from '#core/model/instant.ts'
import { RuleSet } from '#core/rules/rule-set.ts'
import { acceptAllianceList, type AcceptedAllianceList, type AllianceList } from '#core/trust/alliance-list.ts'
import { freshnessAt, sourceOf } from '#core/trust/freshness.ts'
import { acceptStamp, stamped, type FreshnessStamp } from '#core/trust/freshness-stamp.ts'
import { nodeEngine } from '#custody/engine-node.ts'
import { faultOf } from '../../support/fault-of.ts'
import {
  alliancePayload,
  anchorOf,
  anchorsOf,
  assemble,
  fileOf,
  makeCity,
  memberOf,
  payloadDigest,
  ruleSetPayload,
  signAllianceList,
  signRuleSet,
  signStamp,
  type City,
} from '../../support/make-alliance.ts'

const day = 24 * 3600
const iat = 1_780_000_000
const cities = ['370200', '370600', '370700', '371000'].map((division) => makeCity(division))
const [qingdao, yantai, weifang, weihai] = cities as [City, City, City, City]
const signersOf = (...signing: readonly City[]) => signing.map(({ authority }) => authority.signer)

// Qingdao keeps the secretariat; Weihai has left.
const members = [memberOf(qingdao), memberOf(yantai), memberOf(weifang), memberOf(weihai, { state: 'left', until: '2026-01-01' })]
const payload = alliancePayload('blue', members, iat, { secretariat: '370200' as never, thresholds: { list: 3, rules: 2, freshness: 2 } })
const file = signAllianceList(payload, signersOf(qingdao, yantai, weifang))
const list = acceptAllianceList(file, anchorOf(payload, file), nodeEngine)
const stamp = (changes: Partial<FreshnessStamp> = {}): FreshnessStamp => ({
  alliance: 'blue',
  version: 1,
  digest: list.digest,
  iat: iat + 20 * day,
  ttl: 30 * day,
  ...changes,
})
const accept = (bytes: Uint8Array, on: AcceptedAllianceList = list) => acceptStamp(bytes, on, on.stamp, nodeEngine)
const fault = (bytes: Uint8Array, on: AcceptedAllianceList = list): string => faultOf(() => accept(bytes, on))
const signed = (changes: Partial<FreshnessStamp>, ...signing: readonly City[]) => signStamp(stamp(changes), signersOf(...signing))

describe('a stamp', () => {
  it('keeps a list fresh from its own second on, up to the expiry that the members have signed and no further', () => {
    const later = stamped(list, accept(signed({}, qingdao)))
    const at = (of: AcceptedAllianceList, offset: number) => freshnessAt(of.times, instantOf(iat + offset))
    expect([30, 31, 50, 51, 399, 400].map((days) => at(list, days * day))).toEqual(['fresh', 'stale', 'stale', 'stale', 'stale', 'expired'])
    expect([30, 31, 50, 51, 399, 400].map((days) => at(later, days * day))).toEqual(['fresh', 'fresh', 'fresh', 'stale', 'stale', 'expired'])
    const long = stamped(list, accept(signed({ ttl: 400 * day }, qingdao)))
    expect([at(long, 399 * day), at(long, 400 * day)]).toEqual(['fresh', 'expired'])
  })

  it('is told beside the list’s own date: when it was made, when it was confirmed, and how old that is', () => {
    const later = stamped(list, accept(signed({}, qingdao)))
    expect(sourceOf('alliance-list', 'blue', later.times, later.digest, instantOf(iat + 21 * day))).toEqual({
      kind: 'alliance-list',
      id: 'blue',
      version: 1,
      digest: list.digest,
      issuedAt: instantOf(iat),
      confirmedAt: instantOf(iat + 20 * day),
      ageSeconds: day,
      freshness: 'fresh',
    })
  })

  it('is the secretariat’s, or of as many voters as the list asks for', () => {
    expect(fault(signed({}, yantai))).toBe('trust-threshold-missed')
    expect(fault(signed({}, yantai, weifang))).toBe('no fault')
    expect(fault(signed({}, qingdao))).toBe('no fault')
    const strict = (thresholds: AllianceList['thresholds'], secretariat?: string): AcceptedAllianceList => {
      const other = { ...payload, thresholds, secretariat: secretariat as never }
      if (secretariat === undefined) delete other.secretariat
      const bytes = signAllianceList(other, signersOf(qingdao, yantai, weifang))
      return acceptAllianceList(bytes, anchorOf(other, bytes), nodeEngine)
    }
    const none = strict({ list: 3, rules: 2 })
    expect(fault(signed({ digest: none.digest }, qingdao, yantai), none)).toBe('trust-threshold-missed')
    expect(fault(signed({ digest: none.digest }, qingdao, yantai, weifang), none)).toBe('no fault')
  })

  it('is not of a member that has left, nor of a stranger, nor counted twice', () => {
    expect(fault(signed({}, yantai, weihai))).toBe('trust-threshold-missed')
    expect(fault(signed({}, yantai, makeCity('370100')))).toBe('trust-threshold-missed')
    const twice = JSON.parse(Buffer.from(signed({}, yantai)).toString('utf8')) as { readonly payload: string; signatures: unknown[] }
    twice.signatures.push(twice.signatures[0])
    expect(fault(Buffer.from(JSON.stringify(twice)))).toBe('signature-repeated')
  })

  it.each<readonly [string, Partial<FreshnessStamp>, string]>([
    ['another alliance', { alliance: 'other' }, 'trust-issuer-differs'],
    ['another list of this version', { digest: 'A'.repeat(43) }, 'trust-forked'],
    ['a version that is not here yet', { version: 2 }, 'trust-missing'],
    ['a time before the list was made', { iat: iat - 1 }, 'trust-rolled-back'],
  ])('is refused for %s', (_what, changes, code) => {
    expect(fault(signed(changes, qingdao))).toBe(code)
  })

  it('never goes back, and of two of one second neither is the newer', () => {
    const held = stamped(list, accept(signed({}, qingdao)))
    expect(fault(signed({ iat: iat + 20 * day - 1 }, qingdao), held)).toBe('trust-rolled-back')
    expect(fault(signed({ ttl: 5 }, qingdao), held)).toBe('trust-forked')
    expect(fault(signed({}, qingdao, yantai), held)).toBe('no fault')
    expect(fault(signed({ iat: iat + 21 * day }, qingdao), held)).toBe('no fault')
  })

  it('of the version before says nothing of the next', () => {
    const second = { ...payload, version: 2, prev: list.digest }
    const next = acceptAllianceList(signAllianceList(second, signersOf(qingdao, yantai, weifang)), list, nodeEngine)
    expect([next.stamp, fault(signed({}, qingdao), next)]).toEqual([undefined, 'trust-rolled-back'])
  })

  it('is short-lived by its form', () => {
    expect(faultOf(() => signed({ ttl: 400 * day + 1 }, qingdao))).toBe('trust-malformed')
    expect(faultOf(() => signed({ exp: iat } as object, qingdao))).toBe('trust-malformed')
  })
})

describe('in a trust folder', () => {
  const rules = RuleSet.parse({ id: 'blue/1', version: 1, alliance: 'blue', from: '2021-01-01', origin: 'sample', defaultMode: 'manual_review', rules: [] })
  const rulesFile = signRuleSet(ruleSetPayload(rules, iat), signersOf(qingdao, yantai))
  const named = { ruleSets: [{ id: 'blue/1', version: 1, digest: payloadDigest(rulesFile) }] }
  const lists = [fileOf('list', file)]
  const withStamps = (...stamps: readonly Uint8Array[]) =>
    assemble({
      anchors: anchorsOf(lists),
      allianceLists: lists,
      manifests: [],
      statusLists: [],
      ruleSets: [fileOf('rules', rulesFile)],
      freshness: stamps.map((bytes, index) => fileOf(`stamp ${index}`, bytes)),
    })

  it('the newest stamp counts, for the list and for the rule sets that it names', () => {
    const { trust, refused } = withStamps(signed(named, qingdao), signed({ ...named, iat: iat + 40 * day }, qingdao), signed({ iat: iat + 25 * day }, qingdao))
    expect([refused, trust.alliances[0]!.times.iat, trust.alliances[0]!.digest]).toEqual([[], iat + 40 * day, list.digest])
    const [set] = trust.ruleSets
    expect([set!.times, set!.payload.iat]).toEqual([{ exp: iat + 400 * day, issued: iat, iat: iat + 40 * day, ttl: 30 * day }, iat])
  })

  it('a rule set that the stamp does not name ages on its own', () => {
    const other = { ruleSets: [{ id: 'blue/1', version: 1, digest: 'A'.repeat(43) }] }
    for (const changes of [{}, other]) expect(withStamps(signed(changes, qingdao)).trust.ruleSets[0]!.times.iat).toBe(iat)
    expect(withStamps().trust.alliances[0]!.times.iat).toBe(iat)
  })

  it('a stamp that is refused is named and takes nothing with it', () => {
    const stranger = signed({ alliance: 'nobody' }, qingdao)
    const { trust, refused } = withStamps(signed({ iat: iat + 30 * day }, weihai), stranger, signed({}, qingdao), Buffer.from('{}'))
    expect(refused.map(({ name, fault: { code } }) => `${name}: ${code}`).toSorted()).toEqual([
      'stamp 0: trust-threshold-missed',
      'stamp 1: trust-issuer-unnamed',
      'stamp 3: jws-malformed',
    ])
    expect(trust.alliances[0]!.times.iat).toBe(iat + 20 * day)
  })
})
