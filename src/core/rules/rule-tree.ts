import { facts, factNames, type FactValue } from './facts.ts'
import type { CompiledRule } from './compile-rules.ts'
import type { Slots, Test } from './test-condition.ts'

/**
 * An index over the rules of one set and family: at each branch the value of one fact leaves the few rules that it does not
 * rule out, so that a decision looks at a handful of rules however many there are. What it leaves out has a condition that fails.
 */
export interface RuleTree {
  /** All rules below this branch, in order of precedence: what is looked at when the branch's fact is unknown. */
  readonly rules: readonly CompiledRule[]
  readonly branch: { readonly slot: number; readonly children: ReadonlyMap<FactValue, RuleTree>; readonly other: RuleTree } | undefined
}

const leafSize = 8
const deepest = 8

/** A tree of one leaf: every rule is looked at. */
export const unbranched = (rules: readonly CompiledRule[]): RuleTree => ({ rules, branch: undefined })

// Only what a record itself says is worth a branch: facts from elsewhere are often unknown, and then a branch helps nobody.
const branchable = factNames.map((name) => facts[name].knower === 'record' || name === 'verifierDivision')

/** For each fact that makes a branch, the values without which the rule cannot apply. */
export function demandsOf(tests: readonly Test[]): ReadonlyMap<number, ReadonlySet<FactValue>> {
  const demands = new Map<number, ReadonlySet<FactValue>>()
  for (const { slot, operator, values } of tests)
    if (branchable[slot] === true && (operator === 'one-of' || operator === 'is') && !demands.has(slot)) demands.set(slot, values)
  return demands
}

export function growTree(rules: readonly CompiledRule[], depth = 0): RuleTree {
  const slot = rules.length > leafSize && depth < deepest ? bestBranch(rules) : undefined
  if (slot === undefined) return unbranched(rules)
  const byValue = new Map<FactValue, CompiledRule[]>()
  for (const rule of rules) for (const value of rule.demands.get(slot) ?? []) byValue.set(value, [])
  const other: CompiledRule[] = []
  for (const rule of rules) {
    const values = rule.demands.get(slot)
    if (values === undefined) other.push(rule)
    for (const value of values ?? byValue.keys()) byValue.get(value)!.push(rule) // every demanded value was put in above
  }
  return {
    rules,
    branch: { slot, children: new Map([...byValue].map(([value, below]) => [value, growTree(below, depth + 1)])), other: growTree(other, depth + 1) },
  }
}

/** The fact whose values part the rules best: the fewest rules left to look at on average, without copying them too often. */
function bestBranch(rules: readonly CompiledRule[]): number | undefined {
  const tallies = new Map<number, { readonly values: Set<FactValue>; asking: number; placed: number }>()
  for (const { demands } of rules)
    for (const [slot, demanded] of demands) {
      let tally = tallies.get(slot)
      if (tally === undefined) tallies.set(slot, (tally = { values: new Set(), asking: 0, placed: 0 }))
      for (const value of demanded) tally.values.add(value)
      tally.asking++
      tally.placed += demanded.size
    }
  let best: number | undefined
  let fewest = rules.length * 0.7
  for (const [slot, { values, asking, placed }] of tallies) {
    const copies = placed + (rules.length - asking) * (values.size + 1)
    const left = copies / (values.size + 1)
    if (left < fewest && copies <= rules.length * 8 + 64) {
      best = slot
      fewest = left
    }
  }
  return best
}

/** The rules that the known facts do not rule out at a glance. */
export function candidatesOf(tree: RuleTree, slots: Slots): readonly CompiledRule[] {
  let at = tree
  while (at.branch !== undefined) {
    const value = slots[at.branch.slot]
    if (value === undefined) break
    at = at.branch.children.get(value) ?? at.branch.other
  }
  return at.rules
}
