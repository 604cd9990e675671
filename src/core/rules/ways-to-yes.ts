import { rulesFor, type CompiledRule } from './compile-rules.ts'
import type { Expectation, WayToYes } from './decision.ts'
import { applies, examine, fails, foundBy, inWindow, unknownIn, type NearMiss } from './examine-rule.ts'
import { candidatesOf } from './rule-tree.ts'
import type { Scene } from './scene.ts'
import { memberOrParentSlot, memberSlot, slot, type Slots } from './test-condition.ts'

const familySlot = slot('family')

/** What a denial asks for, turned round: status not in [valid] → status in [valid]. Membership has no opposite that anybody could bring about. */
function opposite({ in: listed, notIn, is, onOrAfter, before }: Expectation): Expectation | undefined {
  if (listed !== undefined) return { notIn: listed }
  if (notIn !== undefined) return { in: notIn }
  if (typeof is === 'boolean') return { is: !is }
  if (is !== undefined) return { notIn: [String(is)] }
  if (onOrAfter !== undefined) return { before: onOrAfter }
  return before === undefined ? undefined : { onOrAfter: before }
}

/** Obstacles between this case and a yes: what denies, what is not known, what is nearly met, what is not in force yet. */
export function waysToYes(scene: Scene, slots: Slots, on: string, nearly: readonly NearMiss[]): WayToYes[] {
  const denied: WayToYes[] = []
  const unknown: WayToYes[] = []
  const awaited: WayToYes[] = []
  for (const { set, inForce, member, memberOrParent } of scene.sets) {
    const { tree, grants } = rulesFor(set, slots[familySlot])
    if (!inForce) {
      if (set.from > on && grants.length > 0) awaited.push({ way: 'await', alliance: set.alliance, ruleSet: set.id, version: set.version, from: set.from })
      continue
    }
    slots[memberSlot] = member
    slots[memberOrParentSlot] = memberOrParent
    for (const rule of candidatesOf(tree, slots)) {
      const held = inWindow(rule, on) ? examine(rule, slots) : fails
      if (held === applies && rule.denial) denied.push(...withoutDenial(rule, slots))
      if (held <= applies) continue
      const { missing, taken } = unknownIn(rule, held)
      if (rule.denial ? !taken : rule.answer === 'yes') unknown.push({ way: 'establish', facts: missing, by: rule.reference })
    }
  }
  return [...denied, ...unknown, ...nearly.map(({ rule, failed }) => ({ way: 'differ' as const, ...failed, by: rule.reference })), ...awaited]
}

const withoutDenial = (rule: CompiledRule, slots: Slots): readonly WayToYes[] =>
  rule.tests.flatMap((test) => {
    const expected = opposite(test.expected)
    return expected === undefined ? [] : [{ way: 'differ' as const, fact: test.fact, expected, found: foundBy(test, slots), by: rule.reference }]
  })
