import { describe, expect, it } from 'vitest'

import { lintRules } from '#core/rules/lint-rules.ts'
import { RuleSet } from '#core/rules/rule-set.ts'
import { sampleRuleSets } from './sample-rules.ts'

const set = (rules: readonly Record<string, unknown>[], rest: Record<string, unknown> = {}): RuleSet =>
  RuleSet.parse({
    id: 'test/1',
    version: 1,
    alliance: 'test',
    from: '2026-01-01',
    origin: 'sample',
    defaultMode: 'manual_review',
    rules: rules.map((rule, index) => ({ id: `r${index}`, families: ['title'], kind: 'grant', when: [], mode: 'direct', origin: 'sample', ...rule })),
    ...rest,
  })
const found = (made: RuleSet): readonly string[] => lintRules(made).map(({ at, code }) => `${at} ${code}`)

describe('the lint of rule sets', () => {
  it('has nothing to say of the sample sets', () => {
    expect(sampleRuleSets.flatMap((made) => lintRules(made))).toEqual([])
  })

  it('names repeated ids, unknown codes, values of the wrong kind, empty windows and rules that nothing reaches', () => {
    expect(found(set([{ id: 'x' }, { id: 'x', families: ['skill'] }]))).toEqual(['rules/1 rule-id-repeated'])
    expect(found(set([{ when: [{ fact: 'level', in: ['intermediate', 'senoir'] }] }]))).toEqual(['rules/0/when/0 code-unknown'])
    expect(found(set([{ when: [{ fact: 'issuer', is: 'Jinan' }] }]))).toEqual(['rules/0/when/0 code-unknown'])
    expect(found(set([{ when: [{ fact: 'superseded', is: 'no' }] }]))).toEqual(['rules/0/when/0 value-of-wrong-kind'])
    expect(found(set([{ when: [{ fact: 'superseded', in: ['false'] }] }]))).toEqual(['rules/0/when/0 value-of-wrong-kind'])
    expect(found(set([], { until: '2026-01-01' }))).toEqual([' window-empty'])
    expect(found(set([{ until: '2025-12-31' }]))).toEqual(['rules/0 window-empty'])
    const when = [
      { fact: 'level', in: ['entry', 'assistant'] },
      { fact: 'method', is: 'review' },
    ]
    expect(found(set([{ when }, { when: [when[1], { fact: 'level', in: ['assistant', 'entry'] }], mode: 'review' }]))).toEqual(['rules/1 rule-unreachable'])
    expect(found(set([{ when }, { when, families: ['title', 'skill'] }]))).toEqual([])
    expect(found(set([{ mode: 'manual_review' }]))).toEqual(['rules/0 grant-changes-nothing'])
  })
})

describe('the schema of rule sets', () => {
  const rejected = (rule: Record<string, unknown>, rest: Record<string, unknown> = {}): boolean => {
    try {
      set([rule], rest)
      return false
    } catch {
      return true
    }
  }

  it('refuses what could be misread', () => {
    expect(rejected({})).toBe(false)
    expect(rejected({ when: [{ fact: 'level', in: ['entry'], notIn: ['senior'] }] })).toBe(true)
    expect(rejected({ when: [{ fact: 'level' }] })).toBe(true)
    expect(rejected({ when: [{ fact: 'levle', in: ['entry'] }] })).toBe(true)
    expect(rejected({ when: [{ fact: 'level', members: true }] })).toBe(true)
    expect(rejected({ when: [{ fact: 'level', before: '2021' }] })).toBe(true)
    expect(rejected({ when: [{ fact: 'obtainedOn', in: ['2021'] }] })).toBe(true)
    expect(rejected({ when: [{ fact: 'issuer', members: true }] }, { alliance: null })).toBe(true)
    expect(rejected({ kind: 'denial' })).toBe(true)
    expect(rejected({ mode: 'not_recognized' })).toBe(true)
    expect(rejected({ absolute: true })).toBe(true)
    expect(rejected({ kind: 'denial', mode: 'manual_review', absolute: true })).toBe(true)
    expect(rejected({ materials: ['applicationForm', { zh: '单位证明', en: 'Statement of the employer' }] })).toBe(false)
    expect(rejected({ materials: ['aplicationForm'] })).toBe(true)
    expect(rejected({ unknown: 1 })).toBe(true)
    expect(rejected({}, { defaultMode: 'not_recognized' })).toBe(true)
    expect(rejected({}, { from: '2026-02-30' })).toBe(true)
  })
})
