import { describe, expect, it } from 'vitest'

import { acceptAllianceList, type AllianceList, type AllianceMember } from '#core/trust/alliance-list.ts'
import { chairOn, secretariatOf } from '#core/trust/alliance-organs.ts'
import { nodeEngine } from '#custody/engine-node.ts'
import { faultOf } from '../../support/fault-of.ts'
import { alliancePayload, anchorOf, makeCity, memberOf, signAllianceList } from '../../support/make-alliance.ts'

const iat = 1_780_000_000 // 2026-05-29 in Shandong
const cities = ['370200', '370600', '370700', '371000'].map((division) => makeCity(division))
const [qingdao, yantai, weifang, weihai] = cities as [(typeof cities)[0], (typeof cities)[0], (typeof cities)[0], (typeof cities)[0]]
const signers = cities.map(({ authority }) => authority.signer)
const members = cities.map((city) => memberOf(city))
const listOf = (changes: Partial<AllianceList>, listed: readonly AllianceMember[] = members): AllianceList => alliancePayload('blue', listed, iat, changes)
/** Accepted by all its voters, or why not. */
const accepted = (list: AllianceList): string => {
  const file = signAllianceList(list, signers)
  return faultOf(() => acceptAllianceList(file, anchorOf(list, file), nodeEngine))
}
const term = (chair: string, from: string, until: string) => ({ chair: chair as never, from, until })
const terms = [term('370200', '2025-01-01', '2026-01-01'), term('370600', '2026-01-01', '2027-01-01'), term('370700', '2027-01-01', '2028-01-01')]

describe('the rotating chair', () => {
  const list = listOf({ terms })
  const on = (day: string, of: AllianceList = list) => chairOn(of, day)?.division

  it('passes on the day that the terms say, without anybody signing anything', () => {
    expect(accepted(list)).toBe('no fault')
    expect(['2025-12-31', '2026-01-01', '2026-12-31', '2027-01-01', '2027-12-31'].map((day) => on(day))).toEqual([
      '370200',
      '370600',
      '370600',
      '370700',
      '370700',
    ])
  })

  it('is nobody outside the terms, or whoever the list names for such days', () => {
    expect([on('2024-12-31'), on('2028-01-01')]).toEqual([undefined, undefined])
    const withFallback = listOf({ terms, chair: '371000' as never })
    expect([on('2024-12-31', withFallback), on('2026-05-29', withFallback), on('2028-01-01', withFallback)]).toEqual(['371000', '370600', '371000'])
    expect(on('2026-05-29', listOf({ chair: '370200' as never }))).toBe('370200')
    expect(on('2026-05-29', listOf({}))).toBeUndefined()
  })

  it('is nobody once whoever should chair has gone', () => {
    const gone = members.with(1, memberOf(yantai, { state: 'left', until: '2026-03-01' }))
    expect([on('2026-02-28', listOf({ terms }, gone)), on('2026-03-01', listOf({ terms }, gone))]).toEqual(['370600', undefined])
  })

  it.each<readonly [string, Partial<AllianceList>, string]>([
    ['a gap between two terms', { terms: [terms[0]!, terms[2]!] }, 'trust-terms-broken'],
    ['a gap of a day', { terms: [terms[0]!, term('370600', '2026-01-02', '2027-01-01')] }, 'trust-terms-broken'],
    ['an overlap', { terms: [terms[0]!, term('370600', '2025-12-31', '2027-01-01')] }, 'trust-terms-broken'],
    ['terms out of their order', { terms: [terms[1]!, terms[0]!] }, 'trust-terms-broken'],
    ['an empty term', { terms: [term('370200', '2026-01-01', '2026-01-01')] }, 'trust-terms-broken'],
    ['a chair who is no member', { terms: [...terms, term('370100', '2028-01-01', '2029-01-01')] }, 'trust-organ-unfit'],
    ['a fixed chair who is no member', { chair: '370100' as never }, 'trust-organ-unfit'],
    ['a secretariat that is no member', { secretariat: '370100' as never }, 'trust-organ-unfit'],
  ])('is refused with %s', (_what, changes, code) => {
    expect(accepted(listOf(changes))).toBe(code)
  })

  it('must be taken from a member that is suspended or leaves, while terms that are over stay told', () => {
    for (const changes of [{ state: 'suspended' as const }, { state: 'left' as const, until: '2026-05-01' }]) {
      expect(accepted(listOf({ terms }, members.with(1, memberOf(yantai, changes))))).toBe('trust-organ-unfit')
      expect(accepted(listOf({ terms }, members.with(0, memberOf(qingdao, changes))))).toBe('no fault')
    }
  })
})

describe('organs', () => {
  const council = (...seated: readonly string[]) => ({
    kind: 'council' as const,
    name: { zh: '理事会', en: 'Council' },
    seats: seated.map((iss) => ({ iss, seats: 1 })),
  })

  it('seat members, once each, and nobody else', () => {
    expect(accepted(listOf({ organs: [council(qingdao.iss, yantai.iss)] }))).toBe('no fault')
    expect(accepted(listOf({ organs: [council(qingdao.iss, qingdao.iss)] }))).toBe('trust-organ-unfit')
    expect(accepted(listOf({ organs: [council('https://370100.comity.example')] }))).toBe('trust-organ-unfit')
    const left = members.with(3, memberOf(weihai, { state: 'left', until: '2026-05-01' }))
    expect(accepted(listOf({ organs: [council(weihai.iss)] }, left))).toBe('trust-organ-unfit')
  })

  it('are of a kind that is known, with a name and whole seats', () => {
    const unfit = [
      { ...council(), kind: 'parliament' },
      { zh: '理事会', en: 'Council' },
      { ...council(qingdao.iss), seats: [{ iss: qingdao.iss, seats: 0 }] },
    ]
    for (const organ of unfit) expect(faultOf(() => signAllianceList(listOf({ organs: [organ as never] }), signers))).toBe('trust-malformed')
  })

  it('have a secretariat only while it may vote', () => {
    const of = (changes: Partial<AllianceMember>) => secretariatOf({ secretariat: '370700' as never, members: [memberOf(weifang, changes)] })?.division
    expect([of({}), of({ state: 'suspended' }), of({ role: 'guidance' })]).toEqual(['370700', undefined, undefined])
    expect(secretariatOf({ members })).toBeUndefined()
  })
})

describe('kinds of members', () => {
  const fit = (division: string, changes: Partial<AllianceMember>): string => {
    const other = makeCity(division, 'other')
    return accepted(listOf({ thresholds: { list: 3, rules: 3 } }, [...members, memberOf(other, { iss: `https://${division}.other.example`, ...changes })]))
  }

  it('have the rank of their division code', () => {
    expect([fit('370100', { kind: 'bureau' }), fit('429004', { kind: 'bureau' }), fit('370000', { kind: 'bureau' })]).toEqual([
      'no fault',
      'no fault',
      'trust-member-unfit',
    ])
    expect([fit('370000', { kind: 'province' }), fit('500000', { kind: 'province' }), fit('370100', { kind: 'province' })]).toEqual([
      'no fault',
      'no fault',
      'trust-member-unfit',
    ])
    expect([fit('320413', { kind: 'district' }), fit('320481', { kind: 'district' }), fit('320400', { kind: 'district' })]).toEqual([
      'no fault',
      'no fault',
      'trust-member-unfit',
    ])
  })

  it('that do not issue are authorised for nothing and stand for no division', () => {
    for (const kind of ['park', 'association'] as const) {
      expect(fit('370202', { kind, authorised: [] })).toBe('no fault')
      expect(fit('370202', { kind, role: 'associate', authorised: [] })).toBe('no fault')
      expect(fit('370202', { kind })).toBe('trust-member-unfit')
      expect(fit('370202', { kind, authorised: [], coversSubordinates: true })).toBe('trust-member-unfit')
      expect(fit('370202', { kind, role: 'accepted', authorised: [] })).toBe('trust-member-unfit')
    }
    expect(fit('370202', { kind: 'observer', role: 'associate', authorised: [] })).toBe('no fault')
    expect(fit('370202', { kind: 'observer', role: 'associate' })).toBe('trust-member-unfit')
    expect(fit('370202', { role: 'associate' })).toBe('trust-member-unfit')
  })

  it('vote as full members only: an observer never, a park or association by its role', () => {
    expect(fit('370202', { kind: 'observer', role: 'member', authorised: [] })).toBe('trust-member-unfit')
    const park = makeCity('370202', 'park')
    const voters = (role: 'member' | 'associate'): number => {
      const list = listOf({}, [...members, memberOf(park, { kind: 'park', role, authorised: [] })])
      const file = signAllianceList(list, signers)
      return acceptAllianceList(file, anchorOf(list, file), nodeEngine).voters.size
    }
    expect([voters('member'), voters('associate')]).toEqual([5, 4])
  })

  it('may be left out, as in lists from before there were kinds', () => {
    expect([accepted(listOf({})), Object.hasOwn(members[0]!, 'kind')]).toEqual(['no fault', false])
  })
})
