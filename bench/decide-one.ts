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

/** What the n-th rule asks for: no two ask for the same. Most series are of nobody's; there are only 27 of them in truth. */
const askedBy = (index: number): { readonly series: string; readonly level: string; readonly method: string } => ({
  series: String(Math.floor(index / (levels.length * methods.length))).padStart(2, '0'),
  level: levels[index % levels.length]!,
  method: methods[Math.floor(index / levels.length) % methods.length]!,
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

/** The same cases whatever the number of rules: each matches one of the first eight, and one in sixteen is denied for its narrow scope. */
const factsOf = (index: number): Facts => ({
  ...askedBy(index % 8),
  family: 'title',
  seriesInNational27: true,
  scope: index % 16 === 7 ? 'county_only' : 'nationwide',
  obtainedOn: '2021-03-05',
  issuedOn: '2021-05-29',
  status: 'valid',
  authentic: true,
  superseded: false,
  purpose: purposes[index % purposes.length]!,
})
/** No agreement speaks of this series, so the decision tells which grants it missed by one condition. */
const strange = Array.from({ length: cases }, (_, index): Facts => ({ ...factsOf(index), scope: 'nationwide', series: 'XX' }))

/** A decision with all that explains it (every path, reasons, what would make it a yes), against one boolean of the peer and against a bare comparison. */
export async function decideOne(): Promise<readonly Line[]> {
  const given = Array.from({ length: cases }, (_, index) => factsOf(index))
  const alliances = [alliance]
  const decided = (size: number, asked: readonly Facts[]) => {
    const compiled = rulesOf(size)
    return (times: number): void => {
      for (let index = 0; index < times; index++)
        if (decide(compiled, alliances, asked[index % cases]!, places, day).paths.length === 0) throw new Error('a decision without a reason')
    }
  }
  const ours = Object.fromEntries(
    sizes.flatMap((size) => [[`matched ${size}`, decided(size, given)] as const, [`unmatched ${size}`, decided(size, strange)] as const]),
  )
  const equal = (fact: string, value: string) => ({ '===': [{ var: fact }, value] })
  const { series, level, method } = askedBy(0)
  const peer =
    (rule: object) =>
    (times: number): void => {
      // The peer's type of expressions wants tuples.
      for (let index = 0; index < times; index++) if (typeof evaluate(rule as never, given[index % cases]!) !== 'boolean') throw new Error('not an answer')
    }
  const cost: Readonly<Record<string, Cost>> = await interleave({
    ...ours,
    three: peer({ and: [equal('series', series), equal('level', level), equal('method', method)] }),
    one: peer(equal('level', level)),
  })
  const at = (name: string): readonly number[] => cost[name]!.cpu
  const linesOf = (which: string, told: string, size: number): readonly Line[] => {
    const mine = at(`${which} ${size}`)
    const few = at(`${which} ${sizes[0]}`)
    const line = { work: `recognition decision, ${told}${whole(size)} rules`, limit: '', ours: micros(median(mine)), perCpuSecond: perSecond(median(mine)) }
    const barred = which === 'matched'
    const against: Line = {
      ...line,
      peer: `certlogic-js, three === ${micros(median(at('three')))}`,
      value: rateAgainst(mine, at('three')),
      ...(barred && size === 1_000 ? { bar: atLeast(1, '× peer') } : {}),
    }
    const bare: readonly Line[] = barred ? [{ ...line, peer: `certlogic-js, one === ${micros(median(at('one')))}`, value: rateAgainst(mine, at('one')) }] : []
    const flat: readonly Line[] =
      size === sizes[0]
        ? []
        : [
            {
              ...line,
              limit: `with 10 rules ${micros(median(few))}`,
              value: 1 / rateAgainst(mine, few),
              ...(barred ? { bar: atMost(1.5, '× its cost with 10 rules') } : {}),
            },
          ]
    return [against, ...bare, ...flat]
  }
  return [...sizes.flatMap((size) => linesOf('matched', '', size)), ...sizes.flatMap((size) => linesOf('unmatched', 'nothing matches, ', size))]
}
