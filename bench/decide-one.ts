import { evaluate } from 'certlogic-js'

import { compileRules } from '#core/rules/compile-rules.ts'
import { decide } from '#core/rules/decide.ts'
import type { AllianceView } from '#core/rules/decision.ts'
import type { Facts } from '#core/rules/facts.ts'
import { nationalLaw } from '#core/rules/national-law.ts'
import { RuleSet } from '#core/rules/rule-set.ts'
import { atLeast, atMost, micros, perSecond, whole, type Line } from './line.ts'
import { interleave, median, rateAgainst, type Cost } from './measure.ts'

const sizes = [10, 1_000, 10_000] as const
const cases = 64
const day = '2026-06-01'
const places = { issuer: '370100', verifier: '370300' }

const alliance: AllianceView = {
  id: 'circle',
  name: { zh: '都市圈', en: 'Circle' },
  members: ['370100', '370300'].map((division) => ({ division, coversSubordinates: false, role: 'member', from: '2020-01-01', state: 'active' })),
}

const levels = ['entry', 'assistant', 'intermediate', 'associate_senior', 'full_senior'] as const
const methods = ['review', 'initialRecognition', 'exam', 'examPlusReview', 'confirm', 'direct', 'convert', 'selfEvaluation'] as const
const purposes = ['appointment', 'next_level_application', 'talent_services'] as const

/** What the n-th rule asks for. Rules of an agreement part the cases; those past the last title series are of series that nobody has yet. */
const askedBy = (index: number): { readonly series: string; readonly level: string; readonly method: string } => ({
  series: String(Math.floor(index / levels.length) % 100).padStart(2, '0'),
  level: levels[index % levels.length]!,
  method: methods[Math.floor(index / (levels.length * 100)) % methods.length]!,
})

/** An agreement of so many grants with three conditions each, two denials over them, and national law beside it. */
function rulesOf(size: number): ReturnType<typeof compileRules> {
  const grants = Array.from({ length: size - 2 }, (_, index) => {
    const { series, level, method } = askedBy(index)
    return {
      id: `grant-${index}`,
      families: ['title'],
      kind: 'grant',
      when: [
        { fact: 'series', in: [series] },
        { fact: 'level', in: [level] },
        { fact: 'method', in: [method] },
        // Past every combination of the three, agreements part cases by the day.
        ...(index >= levels.length * 100 * methods.length ? [{ fact: 'obtainedOn', onOrAfter: '2020-01-01' }] : []),
      ],
      mode: 'direct',
      effects: ['appointment'],
      clause: { zh: `第${index + 1}条`, en: `Clause ${index + 1}` },
      origin: 'design',
    }
  })
  const denial = { families: ['title'], kind: 'denial', mode: 'not_recognized', origin: 'design' }
  const agreed = RuleSet.parse({
    id: 'circle/2026-1',
    version: 1,
    alliance: alliance.id,
    from: '2026-01-01',
    origin: 'design',
    defaultMode: 'manual_review',
    rules: [
      { ...denial, id: 'narrow', when: [{ fact: 'scope', in: ['county_only', 'unit_only'] }] },
      { ...denial, id: 'dishonest', when: [{ fact: 'holderDishonestyRecordActive', is: true, whenUnknown: 'condition' }] },
      ...grants,
    ],
  })
  return compileRules([...nationalLaw, agreed])
}

/** Most match one of the first eight rules, some match none, some have a narrow scope: the same cases whatever the number of rules. */
const factsOf = (index: number): Facts => ({
  ...askedBy(index % 8),
  family: 'title',
  seriesInNational27: true,
  scope: index % 16 === 7 ? 'county_only' : 'nationwide',
  ...(index % 8 === 5 ? { method: 'convert' } : {}),
  obtainedOn: '2021-03-05',
  issuedOn: '2021-05-29',
  status: 'valid',
  authentic: true,
  superseded: false,
  purpose: purposes[index % purposes.length]!,
})

/** A decision with all that explains it (every path, reasons, what would make it a yes), against one boolean of the peer and against a bare comparison. */
export async function decideOne(): Promise<readonly Line[]> {
  const given = Array.from({ length: cases }, (_, index) => factsOf(index))
  const alliances = [alliance]
  const ours = Object.fromEntries(
    sizes.map((size) => {
      const compiled = rulesOf(size)
      const run = (times: number): void => {
        for (let index = 0; index < times; index++) if (decide(compiled, alliances, given[index % cases]!, places, day).paths.length === 0) throw new Error('a decision without a reason')
      }
      return [`ours ${size}`, run]
    }),
  )
  const equal = (fact: string, value: string) => ({ '===': [{ var: fact }, value] })
  const { series, level, method } = askedBy(0)
  const three = { and: [equal('series', series), equal('level', level), equal('method', method)] }
  const one = equal('level', level)
  const peer = (rule: object) => (times: number): void => {
    for (let index = 0; index < times; index++) if (typeof evaluate(rule as never, given[index % cases]!) !== 'boolean') throw new Error('not an answer') // its type of expressions is written out by hand
  }
  const cost: Readonly<Record<string, Cost>> = await interleave({ ...ours, three: peer(three), one: peer(one) })
  const at = (name: string): readonly number[] => cost[name]!.cpu
  const few = at(`ours ${sizes[0]}`)
  return sizes.flatMap((size): readonly Line[] => {
    const mine = at(`ours ${size}`)
    const line = { work: `recognition decision, ${whole(size)} rules`, limit: '', ours: micros(median(mine)), perCpuSecond: perSecond(median(mine)) }
    const flat: readonly Line[] = size === sizes[0] ? [] : [{ ...line, limit: `with 10 rules ${micros(median(few))}`, value: 1 / rateAgainst(mine, few), bar: atMost(1, '× its cost with 10 rules') }]
    return [
      { ...line, peer: `certlogic-js, and of three === ${micros(median(at('three')))}`, value: rateAgainst(mine, at('three')), ...(size === 1_000 ? { bar: atLeast(1, '× peer') } : {}) },
      { ...line, peer: `certlogic-js, one === ${micros(median(at('one')))}`, value: rateAgainst(mine, at('one')) },
      ...flat,
    ]
  })
}
