import { firstDayOf, lastDayOf, type PartialDate } from '../model/partial-date.ts'
import { factNames, type FactName, type Facts, type FactValue } from './facts.ts'
import type { Expectation } from './decision.ts'
import type { Condition } from './rule-set.ts'

/** What is known of a case, one place per fact in the order of `factNames`, then what the alliance knows of the issuer. */
export type Slots = (FactValue | undefined)[]

const slotOf: Readonly<Record<string, number>> = Object.fromEntries(factNames.map((name, slot) => [name, slot]))
/** Filled anew for each rule set: whether the issuer is a member of the set's alliance, or one or the prefecture above one. */
export const memberSlot = factNames.length
export const memberOrParentSlot = factNames.length + 1

/** Written out, not looped: reading a member by its own name is several times faster than by a variable. */
export const slotsOf = (facts: Facts): Slots => [
  facts.family,
  facts.level,
  facts.series,
  facts.seriesInNational27,
  facts.method,
  facts.scope,
  facts.issuer,
  facts.issuerRank,
  facts.crossProvince,
  facts.nationallyValid,
  facts.qualificationName,
  facts.skillFiledInOsta,
  facts.obtainedOn,
  facts.issuedOn,
  facts.status,
  facts.authentic,
  facts.outcome,
  facts.appealWindowClosed,
  facts.stage,
  facts.insuredPlace,
  facts.registeredAtIssuer,
  facts.superseded,
  facts.holderDishonestyRecordActive,
  facts.meetsNationalBasicStandard,
  facts.verifierDivision,
  facts.purpose,
  facts.target,
  undefined,
  undefined,
]

export const slot = (fact: FactName): number => slotOf[fact]! // every fact has its place

/** A condition made ready. Data, not a closure: one small loop runs them all. */
export interface Test {
  readonly slot: number
  readonly operator: 'is' | 'is-not' | 'one-of' | 'none-of' | 'on-or-after' | 'before'
  /** The only value of `is` and `is-not`, the first day of a bound; else the first of `values`. */
  readonly value: FactValue
  readonly values: ReadonlySet<FactValue>
  readonly assumable: boolean
  readonly fact: FactName
  readonly expected: Expectation
}

export function compileCondition(condition: Condition): Test {
  const { fact, whenUnknown, ...expected } = condition
  const test = (operator: Test['operator'], values: readonly FactValue[], at = slot(fact)): Test => ({
    slot: at,
    operator,
    value: values[0]!, // the schema wants at least one
    values: new Set(values),
    assumable: whenUnknown === 'condition',
    fact,
    expected,
  })
  if (condition.in !== undefined) return test(condition.in.length === 1 ? 'is' : 'one-of', condition.in)
  if (condition.notIn !== undefined) return test(condition.notIn.length === 1 ? 'is-not' : 'none-of', condition.notIn)
  if (condition.members !== undefined) return test('is', [true], condition.members === true ? memberSlot : memberOrParentSlot)
  if (condition.onOrAfter !== undefined) return test('on-or-after', [firstDayOf(condition.onOrAfter)])
  if (condition.before !== undefined) return test('before', [firstDayOf(condition.before)])
  return test('is', [condition.is!]) // the schema allows exactly one operator, and the others are done
}

/** Whether the condition holds; undefined when the fact is unknown, or known too roughly: '2021' is neither before nor after '2021-06'. */
export function holds(test: Test, slots: Slots): boolean | undefined {
  const found = slots[test.slot]
  if (found === undefined) return undefined
  switch (test.operator) {
    case 'is':
      return found === test.value
    case 'is-not':
      return found !== test.value
    case 'one-of':
      return test.values.has(found)
    case 'none-of':
      return !test.values.has(found)
    default: {
      const bound = test.value as string // a first day, by `compileCondition`
      const date = String(found) as PartialDate // a date fact is one; any other text compares as text and stays deterministic
      if (firstDayOf(date) >= bound) return test.operator === 'on-or-after'
      return lastDayOf(date) < bound ? test.operator === 'before' : undefined
    }
  }
}
