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

// Only what a record itself says is worth a branch: facts from elsewhere are often unknown, and then a branch helps nobody.
const branchable = factNames.map((name) => facts[name].knower === 'record' || name === 'verifierDivision')

const demands = (rule: CompiledRule, slot: number): readonly FactValue[] | undefined => {
  let found: Test | undefined
  for (const test of rule.tests) if (test.slot === slot && (test.operator === 'one-of' || test.operator === 'is')) found ??= test
  return found?.values
}

export function growTree(rules: readonly CompiledRule[], depth = 0): RuleTree {
  const slot = rules.length > leafSize && depth < deepest ? bestBranch(rules) : undefined
  if (slot === undefined) return { rules, branch: undefined }
  const byValue = new Map<FactValue, CompiledRule[]>()
  for (const rule of rules) for (const value of demands(rule, slot) ?? []) byValue.set(value, [])
  const other: CompiledRule[] = []
  for (const rule of rules) {
    const values = demands(rule, slot)
    if (values === undefined) other.push(rule)
    for (const value of new Set(values ?? byValue.keys())) byValue.get(value)!.push(rule) // every demanded value was put in above
  }
  return {
    rules,
    branch: { slot, children: new Map([...byValue].map(([value, below]) => [value, growTree(below, depth + 1)])), other: growTree(other, depth + 1) },
  }
}

/** The fact whose values part the rules best: the fewest rules left to look at on average, without copying them too often. */
function bestBranch(rules: readonly CompiledRule[]): number | undefined {
  let best: number | undefined
  let fewest = rules.length * 0.7
  for (let slot = 0; slot < branchable.length; slot++) {
    if (!branchable[slot]) continue
    const values = new Set<FactValue>()
    let unconstrained = 0
    let placed = 0
    for (const rule of rules) {
      const demanded = demands(rule, slot)
      if (demanded === undefined) unconstrained++
      else placed += new Set(demanded).size
      for (const value of demanded ?? []) values.add(value)
    }
    const copies = placed + unconstrained * (values.size + 1)
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
