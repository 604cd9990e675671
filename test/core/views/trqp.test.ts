import { describe, expect, it } from 'vitest'

import { vctOf } from '#core/credential/family.ts'
import { Fault } from '#core/fault.ts'
import { instantOf, secondsOf, type Instant } from '#core/model/instant.ts'
import type { AllianceMember } from '#core/trust/alliance-list.ts'
import { allianceIdentifier, authorization, recognition, type TrqpAnswer, type TrqpQuestion } from '#core/views/trqp.ts'
import { makeAlliance, makeCity, memberOf, testInstant } from '../../support/make-alliance.ts'

const jinan = makeCity('370100')
const zibo = makeCity('370300')
const weihai = makeCity('371000')
const circle = allianceIdentifier('circle')
const day = 24 * 3600

const world = (member: Partial<AllianceMember> = {}) =>
  makeAlliance({ cities: ['370100', '370300', '371000'], alliances: { circle: [memberOf(jinan), memberOf(zibo, member)], coast: [memberOf(weihai)] } })

interface Case {
  readonly member?: Partial<AllianceMember>
  readonly at?: Instant
  readonly question?: Partial<TrqpQuestion>
}

const question = (changes: Partial<TrqpQuestion> = {}): TrqpQuestion => ({
  entity: zibo.iss,
  authority: circle,
  action: 'issue',
  resource: vctOf('title'),
  ...changes,
})

function told(ask: typeof authorization, { member, at = testInstant, question: changes }: Case): boolean | string {
  try {
    return ask(question(changes), { iss: jinan.iss, trust: world(member).trust, at }).answer
  } catch (fault) {
    if (!(fault instanceof Fault)) throw fault
    return [fault.code, fault.at, fault.detail].join(' ').trim()
  }
}

const ends = { state: 'left', until: '2026-05-20' } as const
const titlesOnly: Partial<AllianceMember> = { authorised: [{ families: ['title'], divisions: ['370300' as never] }] }
const upTo: Partial<AllianceMember> = { authorised: [{ families: ['title'], levels: ['junior', 'intermediate'], series: ['05'] }] }

describe('whether an authority authorises', () => {
  it.each<[string, Case, boolean | string]>([
    ['a member, for a family of its scope', {}, true],
    ['the same by its did:web', { question: { entity: 'did:web:370300.comity.example' } }, true],
    ['a family outside its scope', { member: titlesOnly, question: { resource: vctOf('skill') } }, false],
    ['a place outside its scope', { question: { division: '370100' } }, false],
    ['a level of its scope', { member: upTo, question: { level: 'junior', series: '05' } }, true],
    ['a level outside', { member: upTo, question: { level: 'senior', series: '05' } }, false],
    ['all levels, of which some are authorised', { member: upTo, question: { series: '05' } }, 'question-too-wide context level'],
    ['a whole family, of which a part is authorised', { member: upTo }, 'question-too-wide context series, level'],
    ['a member before it came', { member: { from: '2026-05-20' }, at: '2026-05-19T15:59:59Z' as Instant }, false],
    ['a member from its first day, where the bureaus are', { member: { from: '2026-05-20' }, at: '2026-05-19T16:00:00Z' as Instant }, true],
    ['a member that has left, before that', { member: ends, at: '2026-05-19T15:59:59Z' as Instant }, true],
    ['a member that has left, from that day on', { member: ends, at: '2026-05-19T16:00:00Z' as Instant }, false],
    ['a member that has left without a day', { member: { state: 'left' } }, 'answer-unknown authority_id issuer-no-longer-authorised'],
    ['somebody who is known and no member of that alliance', { question: { entity: weihai.iss } }, false],
    ['the same, asked of all that the node trusts', { question: { entity: weihai.iss, authority: jinan.iss } }, true],
    ['by its did:web, the node itself as authority', { question: { authority: 'did:web:370100.comity.example' } }, true],
    ['somebody whom nobody names', { question: { entity: 'https://370900.comity.example' } }, 'question-unknown entity_id'],
    ['by an alliance that is not held', { question: { authority: allianceIdentifier('delta') } }, 'question-unknown authority_id'],
    ['by another city, for which this one does not speak', { question: { authority: zibo.iss } }, 'question-unknown authority_id'],
    ['another action', { question: { action: 'verify' } }, 'question-unknown action issue'],
    ['a family that does not exist', { question: { resource: 'https://comity.example/vct/title/2' } }, 'question-unknown resource'],
    ['when the list has expired', { at: instantOf(secondsOf(testInstant) + 500 * day) }, 'answer-unknown authority_id alliance-list-expired'],
    ['when the list is stale, still', { at: instantOf(secondsOf(testInstant) + 31 * day) }, true],
  ])('%s', (_name, given, expected) => {
    expect(told(authorization, given)).toBe(expected)
  })

  it('says which list it rests on, and warns of a stale one', () => {
    const { trust } = world()
    const at = instantOf(secondsOf(testInstant) + 31 * day)
    const [fresh, stale] = [testInstant, at].map((instant): TrqpAnswer => authorization(question(), { iss: jinan.iss, trust, at: instant }))
    expect(fresh).toEqual({
      answer: true,
      text: { zh: '已获授权签发', en: 'authorised to issue it' },
      source: {
        kind: 'alliance-list',
        id: 'circle',
        version: 1,
        digest: trust.alliances[0]!.digest,
        issuedAt: '2026-06-01T03:00:00Z',
        ageSeconds: 3600,
        freshness: 'fresh',
      },
    })
    expect([stale!.answer, stale!.text.en, stale!.source?.freshness]).toEqual([true, expect.stringContaining('stale'), 'stale'])
  })
})

describe('whether an authority recognises', () => {
  it.each<[string, Case, boolean | string]>([
    ['a member', {}, true],
    ['a member for a family of which it may issue a part', { member: upTo }, true],
    ['a member for a family that is not its own', { member: titlesOnly, question: { resource: vctOf('skill') } }, false],
    ['a member that has left', { member: ends }, false],
    ['a member of another alliance: nothing is passed on', { question: { entity: weihai.iss } }, false],
    ['somebody whom nobody names', { question: { entity: 'https://370900.comity.example' } }, 'question-unknown entity_id'],
  ])('%s', (_name, given, expected) => {
    expect(told(recognition, given)).toBe(expected)
  })
})

describe('an alliance whose list is not at hand', () => {
  const { files, reassemble } = world()
  const { trust } = reassemble({ allianceLists: files.allianceLists.slice(0, 1) })
  const ask = (changes: Partial<TrqpQuestion>) => () => authorization(question(changes), { iss: jinan.iss, trust, at: testInstant })

  it('cannot be asked, and nobody is told a no for it', () => {
    expect(ask({ authority: allianceIdentifier('coast') })).toThrow('answer-unknown: authority_id: alliance-list-missing')
    expect(ask({ authority: allianceIdentifier('coast'), entity: weihai.iss })).toThrow('answer-unknown: entity_id: alliance-list-missing')
    expect(ask({ authority: jinan.iss, entity: weihai.iss })).toThrow('answer-unknown: entity_id: alliance-list-missing')
  })

  it('keeps nobody else from being answered', () => {
    expect(ask({})().answer).toBe(true)
    expect(ask({ authority: jinan.iss })().answer).toBe(true)
    expect(ask({ division: '370100' })().answer).toBe(false)
  })
})
