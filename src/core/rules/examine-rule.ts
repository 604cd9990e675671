import type { CompiledRule } from './compile-rules.ts'
import type { FailedCondition, Path } from './decision.ts'
import type { FactName } from './facts.ts'
import { holds, slot, type Slots } from './test-condition.ts'

export const fails = -1
export const applies = 0

/** `fails`, `applies`, or else the conditions whose facts are unknown, one bit each (a rule has at most 28). */
export function examine(rule: CompiledRule, slots: Slots): number {
  const { tests } = rule
  let unknown = 0
  for (let index = 0; index < tests.length; index++) {
    const held = holds(tests[index]!, slots) // index is within the array
    if (held === false) return fails
    if (held === undefined) unknown |= 1 << index
  }
  return unknown
}

/** Whether the rule itself holds on this day; most rules last as long as their set. */
export const inWindow = ({ rule }: CompiledRule, on: string): boolean =>
  (rule.from === undefined || rule.from <= on) && (rule.until === undefined || rule.until === null || on < rule.until)

const unknownTests = (rule: CompiledRule, unknown: number) => rule.tests.filter((_test, index) => (unknown & (1 << index)) !== 0)

export const missingFacts = (rule: CompiledRule, unknown: number): readonly FactName[] => [...new Set(unknownTests(rule, unknown).map((test) => test.fact))]

/**
 * Whether the agreement lets the outcome stand while the unknown facts are open. A grant needs that of every unknown condition;
 * a denial is kept off as soon as one of its unknown conditions is taken not to hold.
 */
export const assumed = (rule: CompiledRule, unknown: number): boolean =>
  rule.denial ? unknownTests(rule, unknown).some((test) => test.assumable) : unknownTests(rule, unknown).every((test) => test.assumable)

export const unknownPath = (rule: CompiledRule, unknown: number): Path => ({ ...rule.applies, answer: 'cannot-tell', missing: missingFacts(rule, unknown) })

const issuerSlot = slot('issuer')

export interface NearMiss {
  readonly rule: CompiledRule
  readonly failed: FailedCondition
  readonly path: Path
}

// An explanation shows a few; a set of ten thousand rules must not make one decision slow.
const shown = 3
const looked = 200

/** Grants of which exactly one condition fails, in order of precedence: what the holder was one step away from. */
export function nearMisses(grants: readonly CompiledRule[], slots: Slots, on: string): readonly NearMiss[] {
  const found: NearMiss[] = []
  for (let index = 0; index < grants.length && index < looked && found.length < shown; index++) {
    const rule = grants[index]! // index is within the array
    if (!inWindow(rule, on)) continue
    const held = rule.tests.map((test) => holds(test, slots))
    if (held.filter((truth) => truth === false).length !== 1) continue
    const test = rule.tests[held.indexOf(false)]!
    const failed = { fact: test.fact, expected: test.expected, found: slots[test.fact === 'issuer' ? issuerSlot : test.slot] }
    const missing = [...new Set(rule.tests.filter((_test, at) => held[at] === undefined).map(({ fact }) => fact))]
    found.push({ rule, failed, path: { ...rule.applies, answer: 'does-not-apply', failed: [failed], missing: missing.length === 0 ? undefined : missing } })
  }
  return found
}
