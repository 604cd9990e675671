import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { canonicalJson } from '#core/encoding/canonical-json.ts'
import { compileRules, type FamilyRules } from '#core/rules/compile-rules.ts'
import { decide } from '#core/rules/decide.ts'
import type { AllianceView } from '#core/rules/decision.ts'
import type { Facts, FactValue } from '#core/rules/facts.ts'
import { favour } from '#core/rules/favour.ts'
import { RuleSet } from '#core/rules/rule-set.ts'

const day = '2026-06-01'
const places = { issuer: '370100', verifier: '370300' }
const name = { zh: '联盟', en: 'Alliance' }
const from = '2020-01-01'

const member = (division: string, coversSubordinates = false) => ({ division, coversSubordinates, role: 'member', from, state: 'active' }) as const
const alliances: readonly AllianceView[] = ['a', 'b', 'c'].map((id) => ({ id, name, members: [member('370100'), member('370300')] }))

/** Small worlds: every fact has few values, so that rules often meet and all completions can be tried. */
const domain = {
  family: ['title', 'skill'],
  level: ['junior', 'intermediate', 'senior'],
  scope: ['nationwide', 'grassroots'],
  status: ['valid', 'revoked'],
  holderDishonestyRecordActive: [true, false],
  obtainedOn: ['2020-03-01', '2021-03-01', '2021-09-01'],
} as const satisfies Partial<Record<keyof Facts, readonly FactValue[]>>
type Name = keyof typeof domain
const names = Object.keys(domain) as readonly Name[] // the keys of the table above

const condition = fc.oneof(
  fc.record({ fact: fc.constantFrom('level', 'scope', 'status'), pick: fc.nat(), negated: fc.boolean() }).map(({ fact, pick, negated }) => {
    const values = domain[fact as 'level'] // any of the three: all are lists of texts
    return { fact, [negated ? 'notIn' : 'in']: [values[pick % values.length]] }
  }),
  fc.record({ fact: fc.constant('holderDishonestyRecordActive'), is: fc.boolean() }),
  fc.record({ fact: fc.constant('obtainedOn'), bound: fc.constantFrom('onOrAfter', 'before') }).map(({ fact, bound }) => ({ fact, [bound]: '2021-06' })),
  fc.constant({ fact: 'issuer', members: true }),
)
const when = (national: boolean) =>
  fc.array(
    condition
      .filter((made) => !national || !('members' in made))
      .chain((made) =>
        fc.option(fc.constant('condition'), { nil: undefined, freq: 3 }).map((whenUnknown) => (whenUnknown === undefined ? made : { ...made, whenUnknown })),
      ),
    { maxLength: 3 },
  )
const families = fc.constantFrom('*', ['title'], ['skill'], ['title', 'skill'])
const grantModes = ['direct', 'verify_and_record', 'review', 'delegated_to_city', 'manual_review'] as const
const rule = (national: boolean, absolute: boolean) =>
  fc.oneof(
    { weight: 4, arbitrary: fc.record({ families, kind: fc.constant('grant'), mode: fc.constantFrom(...grantModes), when: when(national) }) },
    {
      weight: 2,
      arbitrary: fc.record({ families, kind: fc.constant('denial'), mode: fc.constantFrom('not_recognized', 'manual_review'), when: when(national) }),
    },
    ...(absolute
      ? [
          {
            weight: 1,
            arbitrary: fc.record({
              families,
              kind: fc.constant('denial'),
              mode: fc.constant('not_recognized'),
              absolute: fc.constant(true),
              when: when(national),
            }),
          },
        ]
      : []),
  )
const setOf = (id: string, alliance: string | null, rules: readonly object[]): RuleSet =>
  RuleSet.parse({
    id,
    version: 1,
    alliance,
    from,
    origin: 'sample',
    defaultMode: 'manual_review',
    rules: rules.map((made, index) => ({ id: `r${index}`, origin: 'sample', ...made })),
  })
const ruleSet = (id: string, alliance: string | null, absolute = true): fc.Arbitrary<RuleSet> =>
  fc.array(rule(alliance === null, absolute), { maxLength: 5 }).map((rules) => setOf(id, alliance, rules))
const world = fc
  .tuple(
    fc.option(ruleSet('national/1', null), { nil: undefined }),
    fc.option(ruleSet('a/1', 'a'), { nil: undefined }),
    fc.option(ruleSet('b/1', 'b'), { nil: undefined }),
  )
  .map((sets) => sets.filter((set) => set !== undefined))

const known = fc.record(Object.fromEntries(names.map((fact) => [fact, fc.constantFrom(...(domain[fact] as readonly FactValue[]))])), {
  requiredKeys: [],
}) as fc.Arbitrary<Facts>

/** Every way in which the unknown facts among these could turn out. */
const completions = (facts: Facts, among: readonly Name[]): readonly Facts[] =>
  among
    .filter((fact) => facts[fact] === undefined)
    .reduce<readonly Facts[]>(
      (sofar, fact) => sofar.flatMap((one) => (domain[fact] as readonly FactValue[]).map((value) => ({ ...one, [fact]: value }))),
      [facts],
    )

const somePlaces = fc.constantFrom(places, { issuer: '370100', verifier: '370100' }, { issuer: '370000', verifier: '370300' })
const withProvince: readonly AllianceView[] = [...alliances, { id: 'p', name, members: [member('370000', true)] }]

describe('deciding', () => {
  it('gives no yes and no no that the unknown facts contradict, but for the open questions that it names', () => {
    const seen = { yes: 0, no: 0, 'cannot-tell': 0 }
    fc.assert(
      fc.property(world, known, somePlaces, (sets, facts, where) => {
        const rules = compileRules(sets)
        const { answer, openQuestions } = decide(rules, withProvince, facts, where, day)
        seen[answer]++
        if (answer === 'cannot-tell') return
        if (answer === 'no') expect(openQuestions).toEqual([])
        const rest = names.filter((fact) => !openQuestions.includes(fact))
        for (const completion of completions(facts, rest)) expect(decide(rules, withProvince, completion, where, day).answer).toBe(answer)
      }),
      { numRuns: 4000 },
    )
    expect(Math.min(...Object.values(seen))).toBeGreaterThan(50)
  })

  it('never says no where no rule matched', () => {
    fc.assert(
      fc.property(world, known, (sets, facts) => {
        const decision = decide(compileRules(sets), alliances, facts, places, day)
        if (decision.answer === 'no') expect(decision.carriedBy).toBeDefined()
        if (decision.paths.every(({ rule, answer }) => rule === null || answer !== 'applies')) expect(decision.answer).toBe('cannot-tell')
      }),
      { numRuns: 1500 },
    )
  })

  it('never turns worse by another alliance, once national law or an alliance has spoken, unless a denial is absolute', () => {
    fc.assert(
      fc.property(ruleSet('national/1', null, false), ruleSet('a/1', 'a', false), ruleSet('b/1', 'b', false), known, (national, a, b, facts) => {
        const before = decide(compileRules([national, a]), alliances, facts, places, day)
        const after = decide(compileRules([national, a, b]), alliances, facts, places, day)
        expect(favour[after.mode]).toBeGreaterThanOrEqual(favour[before.mode])
        if (before.answer === 'yes') expect(after.answer).toBe('yes')
      }),
      { numRuns: 2000 },
    )
  })

  it('does not depend on the order of rule sets or alliances, and says the same twice byte for byte', () => {
    fc.assert(
      fc.property(world, known, (sets, facts) => {
        const once = canonicalJson(decide(compileRules(sets), alliances, facts, places, day))
        expect(canonicalJson(decide(compileRules(sets.toReversed()), alliances.toReversed(), facts, places, day))).toBe(once)
        expect(JSON.stringify(decide(compileRules(sets), alliances, facts, places, day))).toBe(
          JSON.stringify(decide(compileRules(sets), alliances, facts, places, day)),
        )
      }),
      { numRuns: 500 },
    )
  })

  it('finds among many rules, by its index, what a walk over all of them finds', () => {
    const asked = fc.oneof(
      ...(['level', 'scope', 'series', 'method'] as const).map((fact) =>
        fc.uniqueArray(fc.constantFrom('1', '2', '3', '4'), { minLength: 1, maxLength: 3 }).map((values) => ({ fact, in: values })),
      ),
      fc.constant({ fact: 'holderDishonestyRecordActive', is: true }),
    )
    const one = fc.record({
      families,
      kind: fc.constant('grant'),
      mode: fc.constantFrom(...grantModes),
      when: fc.uniqueArray(asked, { minLength: 1, maxLength: 3, selector: ({ fact }) => fact }),
    })
    const many = fc.array(one, { minLength: 40, maxLength: 60 }).map((rules) => setOf('a/1', 'a', rules))
    const value = fc.constantFrom('1', '2', '3', '4', '5')
    const facts = fc.record(
      { family: fc.constantFrom('title', 'skill', 'work-injury'), level: value, scope: value, series: value, method: value },
      { requiredKeys: [] },
    )
    let branched = 0
    fc.assert(
      fc.property(many, facts, (set, known) => {
        const rules = compileRules([set])
        const compiled = rules.byAlliance.get('a')![0]! // the one set above
        if (compiled.families.get('title')?.tree.branch !== undefined) branched++
        const walked = {
          ...compiled,
          families: new Map([...compiled.families].map(([family, found]) => [family, walkedInFull(found)])),
          every: walkedInFull(compiled.every),
        }
        const plain = { ...rules, byAlliance: new Map([['a', [walked]]]) }
        expect(decide(rules, alliances, known, places, day)).toEqual(decide(plain, alliances, known, places, day))
      }),
      { numRuns: 300 },
    )
    expect(branched).toBeGreaterThan(100)
  })
})

const walkedInFull = (found: FamilyRules): FamilyRules => ({ ...found, tree: { rules: found.tree.rules, branch: undefined } })
