import { describe, expect, it } from 'vitest'

import { canonicalJson } from '#core/encoding/canonical-json.ts'
import { compileRules } from '#core/rules/compile-rules.ts'
import { decide } from '#core/rules/decide.ts'
import type { AllianceView } from '#core/rules/decision.ts'
import type { Facts } from '#core/rules/facts.ts'
import { RuleSet } from '#core/rules/rule-set.ts'
import { ask, carrier, day, pathsOf, sampleAlliances, sampleRules, sampleRuleSets, senior, title, told, without } from './sample-rules.ts'

const jiaodong = 'jiaodong-blue-zone/2022-1@1'

describe('a decision', () => {
  it('keep the path of every alliance', () => {
    expect(pathsOf(ask({ ...title, method: 'exam' }, '371600', '370500'))).toEqual([
      'jiaodong-blue-zone/2022-1 t1 applies',
      'sd-capital-circle/2021-1 t2 does-not-apply not:method',
      'sd-capital-circle/2021-1 - does-not-apply',
    ])
  })

  it('tell which fact is missing and which rule waits for it', () => {
    const decision = ask(without(title, 'method'), '370100', '370300')
    expect(pathsOf(decision)).toEqual(['sd-capital-circle/2021-1 t2 cannot-tell ?method', 'sd-capital-circle/2021-1 t3 cannot-tell ?method'])
    expect(decision.whatWouldMakeItYes).toEqual([
      {
        way: 'establish',
        facts: ['method'],
        by: { alliance: 'sd-capital-circle', ruleSet: 'sd-capital-circle/2021-1', version: 1, rule: 't2', origin: 'sample' },
      },
      { way: 'officer' },
    ])
  })

  it('give the whole decision with its grounds', () => {
    const t2 = { alliance: 'sd-capital-circle', ruleSet: 'sd-capital-circle/2021-1', version: 1, rule: 't2', origin: 'sample' }
    expect(JSON.parse(canonicalJson(ask(without(title, 'holderDishonestyRecordActive'), '370100', '370300')))).toEqual({
      answer: 'yes',
      mode: 'verify_and_record',
      effects: ['appointment', 'next_level_application'],
      conditions: [],
      materials: ['applicationForm'],
      openQuestions: ['holderDishonestyRecordActive'],
      timeLimit: { value: 5, unit: 'workday' },
      clause: {
        zh: '省会经济圈人力资源一体化发展战略合作协议（2020-12-04）：推动专业技术人员证书互认',
        en: 'Strategic cooperation agreement on HR integration of the provincial-capital economic circle (2020-12-04): promote mutual recognition of technical personnel’s certificates',
      },
      carriedBy: t2,
      reasons: ['RULE_MATCHED', 'STANDS_ON_CONDITION'],
      paths: [
        { ...t2, rule: 'deny-dishonesty', answer: 'cannot-tell', mode: 'manual_review', effects: [], missing: ['holderDishonestyRecordActive'] },
        { ...t2, answer: 'applies', mode: 'verify_and_record', effects: ['appointment', 'next_level_application'] },
      ],
      whatWouldMakeItYes: [],
    })
  })

  it('say what a refusal rests on and what stands in the way', () => {
    expect(ask({ ...title, status: 'revoked' }, '370100', '370200').whatWouldMakeItYes).toEqual([
      {
        way: 'differ',
        fact: 'status',
        expected: { in: ['valid'] },
        found: 'revoked',
        by: { alliance: null, ruleSet: 'national/standing', version: 1, rule: 'n-status', origin: 'fact' },
      },
    ])
    expect(ask(title, '370100', '370300', '2020-12-31').whatWouldMakeItYes).toEqual([
      { way: 'await', alliance: 'sd-capital-circle', ruleSet: 'sd-capital-circle/2021-1', version: 1, from: '2021-01-01' },
      { way: 'officer' },
    ])
    expect(ask(senior, '370100', '370300').whatWouldMakeItYes).toEqual([
      {
        way: 'differ',
        fact: 'level',
        expected: { in: ['entry', 'assistant', 'intermediate'] },
        found: 'associate_senior',
        by: { alliance: 'sd-capital-circle', ruleSet: 'sd-capital-circle/2021-1', version: 1, rule: 't2', origin: 'sample' },
      },
      {
        way: 'differ',
        fact: 'issuer',
        expected: { is: '370000' },
        found: '370100',
        by: { alliance: 'sd-capital-circle', ruleSet: 'sd-capital-circle/2021-1', version: 1, rule: 't1', origin: 'knowledge-high' },
      },
      { way: 'officer' },
    ])
    expect(ask(title, '370100', '370200').whatWouldMakeItYes).toEqual([{ way: 'common-alliance' }, { way: 'officer' }])
  })

  it('forget a member from the day it leaves or is suspended, and not before', () => {
    const changed = (state: 'left' | 'suspended', until?: string): readonly AllianceView[] =>
      sampleAlliances.map((alliance) => ({
        ...alliance,
        members: alliance.members.map((member) => (member.division === '370100' ? { ...member, state, ...(until === undefined ? {} : { until }) } : member)),
      }))
    const places = { issuer: '370100', verifier: '370300' }
    expect(decide(sampleRules, changed('left', '2026-06-01'), title, places, '2026-05-31').answer).toBe('yes')
    expect(told(decide(sampleRules, changed('left', '2026-06-01'), title, places, '2026-06-01'))).toEqual([
      'cannot-tell manual_review',
      '-',
      'MEMBERSHIP_NOT_IN_FORCE',
      '',
    ])
    expect(told(decide(sampleRules, changed('suspended'), title, places, day))).toEqual(['cannot-tell manual_review', '-', 'MEMBERSHIP_NOT_IN_FORCE', ''])
  })

  it('let an open question carry a yes, never a no', () => {
    const openDenial = {
      id: 'd1',
      families: ['title'],
      kind: 'denial',
      when: [{ fact: 'holderDishonestyRecordActive', is: true, whenUnknown: 'condition' }],
      mode: 'manual_review',
      origin: 'sample',
    } as const
    const refusal = {
      id: 'd2',
      families: ['title'],
      kind: 'denial',
      when: [{ fact: 'scope', in: ['grassroots'] }],
      mode: 'not_recognized',
      origin: 'sample',
    } as const
    const grant = { id: 'g', families: ['title'], kind: 'grant', when: [], mode: 'direct', origin: 'sample' } as const
    const set = sampleRuleSets.find(({ id }) => id === 'jiaodong-blue-zone/2022-1')!
    const rules = compileRules([RuleSet.parse({ ...set, rules: [openDenial, refusal, grant] })])
    const answer = (facts: Facts): readonly string[] => told(decide(rules, sampleAlliances, facts, { issuer: '371600', verifier: '370200' }, day))
    const unasked = without(title, 'holderDishonestyRecordActive')
    expect(answer(unasked)).toEqual(['yes direct', `${jiaodong} g`, 'RULE_MATCHED STANDS_ON_CONDITION', 'holderDishonestyRecordActive'])
    expect(answer({ ...unasked, scope: 'grassroots' })).toEqual(['cannot-tell manual_review', '-', 'FACTS_MISSING', ''])
    expect(answer({ ...title, scope: 'grassroots' })).toEqual(['no not_recognized', `${jiaodong} d2`, '', ''])
  })

  it('hold a date known by its year only against a bound inside that year', () => {
    const rules = compileRules([
      {
        ...sampleRuleSets.find(({ id }) => id === 'jiaodong-blue-zone/2022-1')!,
        rules: [
          { id: 'recent', families: ['title'], kind: 'grant', when: [{ fact: 'obtainedOn', onOrAfter: '2021-06' as never }], mode: 'direct', origin: 'sample' },
        ],
      },
    ])
    const obtained = (obtainedOn: string): string =>
      decide(rules, sampleAlliances, { ...title, obtainedOn }, { issuer: '371600', verifier: '370200' }, day).reasons.join()
    expect(['2020', '2021', '2021-05', '2021-06', '2022'].map(obtained)).toEqual([
      'NOTHING_MATCHED',
      'FACTS_MISSING',
      'NOTHING_MATCHED',
      'RULE_MATCHED',
      'RULE_MATCHED',
    ])
  })

  it('hear the newest version of a rule set that is in force, and keep the older one as a path', () => {
    const first = sampleRuleSets.find(({ id }) => id === 'jiaodong-blue-zone/2022-1')!
    const second = {
      ...first,
      version: 2,
      from: '2026-01-01',
      rules: first.rules.map((rule) => (rule.id === 't1' ? { ...rule, mode: 'direct' as const } : rule)),
    }
    const rules = compileRules([first, second])
    const beside = compileRules([first, second, { ...second, id: 'z/1', from: '2026-02-01', rules: [] }])
    expect(pathsOf(decide(beside, sampleAlliances, title, { issuer: '371600', verifier: '370200' }, day))).toEqual([
      'jiaodong-blue-zone/2022-1 t1 applies',
      'jiaodong-blue-zone/2022-1 - not-in-force',
      'z/1 - does-not-apply',
    ])
    const places = { issuer: '371600', verifier: '370200' }
    expect(pathsOf(decide(rules, sampleAlliances, title, places, day))).toEqual([
      'jiaodong-blue-zone/2022-1 t1 applies',
      'jiaodong-blue-zone/2022-1 - not-in-force',
    ])
    expect(carrier(decide(rules, sampleAlliances, title, places, day))).toBe('jiaodong-blue-zone/2022-1@2 t1')
    expect(carrier(decide(rules, sampleAlliances, title, places, '2025-12-31'))).toBe('jiaodong-blue-zone/2022-1@1 t1')
  })

  it('go by a rule set from its first day on, and no more from the day on which it ends; so by each of its rules', () => {
    const set = sampleRuleSets.find(({ id }) => id === 'jiaodong-blue-zone/2022-1')!
    const window = { from: '2026-01-01', until: '2026-07-01' }
    const days = ['2025-12-31', '2026-01-01', '2026-06-30', '2026-07-01']
    const paths = (changed: RuleSet) =>
      days.map((on) => pathsOf(decide(compileRules([changed]), sampleAlliances, title, { issuer: '371600', verifier: '370200' }, on)))
    const [applies, ended] = [['jiaodong-blue-zone/2022-1 t1 applies'], ['jiaodong-blue-zone/2022-1 - not-in-force']]
    expect(paths({ ...set, ...window })).toEqual([ended, applies, applies, ended])
    const own = paths({ ...set, rules: set.rules.map((rule) => (rule.id === 't1' ? { ...rule, ...window } : rule)) })
    expect(own.map((each) => each.includes(applies[0]!))).toEqual([false, true, true, false])
    const { whatWouldMakeItYes } = decide(compileRules([{ ...set, ...window }]), sampleAlliances, title, { issuer: '371600', verifier: '370200' }, '2026-07-01')
    expect(whatWouldMakeItYes).toEqual([{ way: 'officer' }])
  })
})
