import { describe, expect, it } from 'vitest'

import { encodeUtf8 } from '#core/encoding/utf8.ts'
import { instantOf } from '#core/model/instant.ts'
import type { FamilyId } from '#core/model/family-id.ts'
import type { Facts } from '#core/rules/facts.ts'
import { RuleSet } from '#core/rules/rule-set.ts'
import type { Draft } from '#core/credential/family.ts'
import { prepareRules } from '#core/verify/prepare-rules.ts'
import { shippedPolicy, type RecognitionQuestion, type Verdict } from '#core/verify/verdict.ts'
import { verify } from '#core/verify/verify.ts'
import { nodeEngine } from '#custody/engine-node.ts'
import { presentSdJwt } from '#core/credential/present-sd-jwt.ts'
import { resign } from '../../support/craft-record.ts'
import { labourCapacityDraft, qualificationDraft, recognitionDraft, skillDraft, titleDraft, workInjuryDraft } from '../../support/examples.ts'
import { agreedRuleSets, fileOf, makeShandong, ruleSetPayload, signRuleSet, signStatusList, type TestAlliance } from '../../support/make-alliance.ts'

const shandong = makeShandong()
const { iat } = shandong
const day = 24 * 3600

const ask = (
  record: string,
  place: string,
  question: Partial<RecognitionQuestion> = {},
  world: TestAlliance | ReturnType<TestAlliance['reassemble']> = shandong,
  at = shandong.at,
): Verdict => verify(encodeUtf8(record), world.trust, world.rules, at, { ...shippedPolicy, recognition: { for: place as never, ...question } }, nodeEngine)

const told = ({ answer, recognition }: Verdict): readonly string[] => [
  answer,
  recognition === null ? 'not asked' : `${recognition.answer} ${recognition.mode}`,
  recognition?.carriedBy === undefined ? '-' : `${recognition.carriedBy.ruleSet} ${recognition.carriedBy.rule}`,
  (recognition?.reasons ?? []).join(' '),
]

const record = (from: string, family: FamilyId, draft: Draft): string => shandong.issue(from, family, draft)

describe('an intermediate engineer’s title', () => {
  it.each<readonly [string, string, string, readonly string[]]>([
    ['Jinan', 'Zibo', '370100 370300', ['yes', 'yes verify_and_record', 'sd-capital-circle/2021-1 t2', 'RULE_MATCHED STANDS_ON_CONDITION']],
    ['Jinan', 'Qingdao', '370100 370200', ['yes', 'cannot-tell manual_review', '-', 'NO_COMMON_ALLIANCE']],
    ['Binzhou', 'Qingdao', '371600 370200', ['yes', 'yes verify_and_record', 'jiaodong-blue-zone/2022-1 t1', 'RULE_MATCHED STANDS_ON_CONDITION']],
    ['Binzhou', 'Jinan', '371600 370100', ['yes', 'yes verify_and_record', 'sd-capital-circle/2021-1 t2', 'RULE_MATCHED STANDS_ON_CONDITION']],
    [
      'Binzhou',
      'Dongying, both in both alliances',
      '371600 370500',
      ['yes', 'yes verify_and_record', 'jiaodong-blue-zone/2022-1 t1', 'RULE_MATCHED MOST_FAVOURABLE_OF_SEVERAL STANDS_ON_CONDITION'],
    ],
    ['Jinan', 'Jinan itself', '370100 370100', ['yes', 'yes direct', '-', 'OWN_RECORD']],
  ])('of %s in %s', (_from, _to, places, expected) => {
    const [from, to] = places.split(' ') as [string, string]
    expect(told(ask(record(from, 'title', titleDraft()), to))).toEqual(expected)
  })

  it('is told with every path that was looked at', () => {
    const { recognition } = ask(record('371600', 'title', titleDraft()), '370500')
    expect(new Set(recognition!.paths.map(({ alliance }) => alliance))).toEqual(new Set(['jiaodong-blue-zone', 'sd-capital-circle']))
  })
})

describe('what verification found', () => {
  const title = shandong.issue('370100', 'title', titleDraft(), { idx: 77 })
  const own = shandong.files.statusLists.findIndex(({ name }) => name === 'status/370100-1.jwt')
  const listed = (kind: 'revoked' | 'suspended') =>
    shandong.reassemble({
      statusLists: shandong.files.statusLists.with(
        own,
        fileOf('list', signStatusList(shandong.city('370100'), iat, new Map([[77, [{ kind, reason: 'x', from: iat }]]]))),
      ),
    })

  it('denies a record that is not in force', () => {
    expect(told(ask(title, '370300', {}, listed('revoked')))).toEqual(['no', 'no not_recognized', 'national/standing n-status', 'STATUS_NOT_VALID'])
    expect(told(ask(title, '370300', {}, listed('suspended')))).toEqual(['no', 'no not_recognized', 'national/standing n-status', 'STATUS_NOT_VALID'])
    const expired = resign(title, shandong.city('370100').issue.signer, { payload: { exp: iat + 1 } })
    expect(told(ask(expired, '370300'))).toEqual(['no', 'no not_recognized', 'national/standing n-status', 'STATUS_NOT_VALID'])
  })

  it('denies a record that its issuer was not allowed to issue', () => {
    const beyond = resign(title, shandong.city('370100').issue.signer, { payload: { division: '370200' } })
    expect(told(ask(beyond, '370300'))).toEqual(['no', 'no not_recognized', 'national/standing n-signature', 'NOT_AUTHENTIC'])
  })

  it('never says yes nor no of a record whose status or key is not known', () => {
    const noLists = shandong.reassemble({ statusLists: [] })
    expect(told(ask(title, '370300', {}, noLists))).toEqual(['cannot-tell', 'cannot-tell manual_review', '-', 'FACTS_MISSING'])
    expect(ask(title, '370300', {}, shandong, instantOf(iat + 200 * day)).recognition!.answer).toBe('cannot-tell')
  })

  it('is not overruled by what an officer states', () => {
    const stated: Facts = { status: 'valid', authentic: true, level: 'full_senior', issuer: '370300', family: 'skill' }
    expect(told(ask(title, '370300', { stated }, listed('revoked')))).toEqual(['no', 'no not_recognized', 'national/standing n-status', 'STATUS_NOT_VALID'])
    expect(told(ask(title, '370300', { stated }, shandong.reassemble({ statusLists: [] })))).toEqual([
      'cannot-tell',
      'cannot-tell manual_review',
      '-',
      'FACTS_MISSING',
    ])
    expect(told(ask(title, '370300', { stated }))).toEqual(told(ask(title, '370300')))
  })

  it('never takes one recognition for another', () => {
    expect(ask(record('370300', 'recognition', recognitionDraft()), '370900').recognition!.answer).toBe('cannot-tell')
  })
})

describe('an officer', () => {
  it('states what no record carries, and the answer follows', () => {
    const dishonest: Facts = { holderDishonestyRecordActive: true }
    const title = record('370100', 'title', titleDraft())
    expect(ask(title, '370300', { stated: dishonest }).recognition!.mode).toBe('manual_review')
    expect(ask(title, '370300', { stated: { holderDishonestyRecordActive: false } }).recognition!.openQuestions).toEqual([])
  })
})

describe('other families', () => {
  it.each<readonly [string, FamilyId, Draft]>([
    ['a qualification', 'qualification', qualificationDraft()],
    ['a skill level', 'skill', skillDraft()],
  ])('%s of Jinan is taken directly in Zibo', (_what, family, draft) => {
    expect(told(ask(record('370100', family, draft), '370300')).slice(0, 2)).toEqual(['yes', 'yes direct'])
  })

  it('a work-injury determination says nothing to rules while it is not disclosed', () => {
    const whole = record('370100', 'work-injury', workInjuryDraft())
    const { recognition } = ask(presentSdJwt(whole, ['name', 'identity']), '370300')
    expect(recognition!.answer).toBe('cannot-tell')
    expect(JSON.stringify(recognition)).not.toContain('"found":"recognised"')
  })

  it('a labour-capacity conclusion is never more than an officer can take from it', () => {
    expect(ask(record('370100', 'labour-capacity', labourCapacityDraft()), '370300').recognition!.answer).toBe('cannot-tell')
  })
})

describe('rules', () => {
  const title = record('370100', 'title', titleDraft())
  const signers = ['370100', '370300', '370900', '371500', '371400', '371600', '370500'].map((division) => shandong.city(division).authority.signer)
  const circleRules = agreedRuleSets.find(({ alliance }) => alliance === 'sd-capital-circle')!
  const withRules = (...sets: readonly Uint8Array[]) => shandong.reassemble({ ruleSets: sets.map((bytes, index) => fileOf(`rules ${index}`, bytes)) })

  it('that are not there leave the case to a person', () => {
    expect(told(ask(title, '370300', {}, shandong.reassemble({ ruleSets: [] })))).toEqual(['yes', 'cannot-tell manual_review', '-', 'RULES_NOT_IN_FORCE'])
  })

  it('that are stale still decide, with a note; expired ones leave the case to a person', () => {
    const aged = (ttl: number, exp: number) => withRules(signRuleSet(ruleSetPayload(circleRules, iat, { ttl, exp }), signers))
    const stale = ask(title, '370300', {}, aged(3599, iat + day))
    expect([stale.recognition!.answer, stale.notes.at(-1)]).toEqual(['yes', { code: 'rule-set-stale', datum: 'sd-capital-circle/2021-1' }])
    const expired = ask(title, '370300', {}, aged(10, iat + 3600))
    expect([expired.recognition!.answer, expired.recognition!.mode, expired.notes.at(-1)]).toEqual([
      'cannot-tell',
      'manual_review',
      { code: 'rule-set-expired', datum: 'sd-capital-circle/2021-1' },
    ])
    expect(expired.answer).toBe('yes')
  })

  it('of another alliance never end those of the first, whatever name and version they bear', () => {
    const successor = RuleSet.parse({ ...circleRules, version: 2, alliance: 'jiaodong-blue-zone', from: '2021-06-01', rules: [] })
    const { compiled } = prepareRules(
      [circleRules, successor].map((ruleSet) => ruleSetPayload(ruleSet, iat)).map((payload) => ({ payload, digest: 'x', times: payload })),
      nodeEngine,
    )
    expect(compiled.byAlliance.get('sd-capital-circle')!.map(({ version, until }) => [version, until])).toEqual([[1, undefined]])
  })

  it('end where their successor begins', () => {
    const successor = RuleSet.parse({ ...circleRules, version: 2, from: '2026-06-02', rules: [] })
    const world = withRules(...[circleRules, successor].map((ruleSet) => signRuleSet(ruleSetPayload(ruleSet, iat), signers)))
    const on = (appliedOn: string) => ask(title, '370300', { appliedOn }, world).recognition!
    expect([on('2026-06-01').answer, on('2026-06-01').carriedBy?.version]).toEqual(['yes', 1])
    expect([on('2026-06-02').answer, on('2026-06-02').reasons]).toEqual(['cannot-tell', ['NOTHING_MATCHED']])
  })

  it('are those of the day of application', () => {
    expect(ask(title, '370300', { appliedOn: '2020-12-31' }).recognition!.reasons).toEqual(['RULES_NOT_IN_FORCE'])
    expect(ask(title, '370300', { appliedOn: '2020-12-03' }).recognition!.reasons).toEqual(['MEMBERSHIP_NOT_IN_FORCE'])
  })
})
