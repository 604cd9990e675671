import { unknownOf, type CompiledRule, type Unknown } from './compile-rules.ts'
import type { FailedCondition, Path } from './decision.ts'
import type { FactValue } from './facts.ts'
import { holds, slot, type Slots, type Test } from './test-condition.ts'

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
export const inWindow = ({ dated, rule }: CompiledRule, on: string): boolean =>
  !dated || ((rule.from === undefined || rule.from <= on) && (rule.until === undefined || rule.until === null || on < rule.until))

/** What is unknown of a rule. Most often it is one condition, and that has been worked out beforehand. */
export const unknownIn = (rule: CompiledRule, unknown: number): Unknown =>
  (unknown & (unknown - 1)) === 0
    ? rule.unknown[31 - Math.clz32(unknown)]! // the place of the only bit
    : unknownOf(
        rule.tests.filter((_test, index) => (unknown & (1 << index)) !== 0),
        rule.denial,
        rule.applies,
      )

const issuerSlot = slot('issuer')

/** A fact as it was found. Membership is asked of the issuer, and the issuer is what is told. */
export const foundBy = (test: Test, slots: Slots): FactValue | undefined => slots[test.fact === 'issuer' ? issuerSlot : test.slot]

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
    const only = onlyFailure(rule, slots)
    if (only === undefined || !inWindow(rule, on)) continue
    const failed = { fact: only.fact, expected: only.expected, found: foundBy(only, slots) }
    const missing = [...new Set(rule.tests.filter((test) => holds(test, slots) === undefined).map(({ fact }) => fact))]
    found.push({ rule, failed, path: { ...rule.applies, answer: 'does-not-apply', failed: [failed], missing: missing.length === 0 ? undefined : missing } })
  }
  return found
}

function onlyFailure(rule: CompiledRule, slots: Slots): Test | undefined {
  let only: Test | undefined
  for (const test of rule.tests) {
    if (holds(test, slots) !== false) continue
    if (only !== undefined) return undefined
    only = test
  }
  return only
}
