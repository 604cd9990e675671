import type { Truth } from '../model/truth.ts'
import { rulesFor, type CompiledRule } from './compile-rules.ts'
import type { Path } from './decision.ts'
import { applies, assumed, examine, fails, inWindow, missingFacts, nearMisses, unknownPath } from './examine-rule.ts'
import type { FactName } from './facts.ts'
import { favour } from './favour.ts'
import { candidatesOf } from './rule-tree.ts'
import type { SceneSet } from './scene.ts'
import { memberOrParentSlot, memberSlot, slot, type Slots } from './test-condition.ts'

/** What one rule set says of a case, and how firmly. */
export interface Voice {
  /** The rule that speaks; undefined when nothing matched. */
  readonly winner: CompiledRule | undefined
  readonly answer: Truth
  readonly favour: number
  /** False when facts that are missing could bring another answer. */
  readonly firm: boolean
  /** Facts that the answer takes for granted by leave of the agreement. */
  readonly open: readonly FactName[]
  /** An absolute denial that holds. */
  readonly absolute: CompiledRule | undefined
  /** An absolute denial that may hold. */
  readonly absoluteUnknown: boolean
  readonly absoluteOpen: readonly FactName[]
  /** Answers that a denial of this set would bring if it held, of those that may hold (`threats`) or are taken not to (`deferred`). */
  readonly threats: number
  readonly deferred: number
}

/** Sets of answers in one number. */
export const answerBit: Readonly<Record<Truth, number>> = { yes: 1, no: 2, 'cannot-tell': 4 }

const none: readonly FactName[] = []
const familySlot = slot('family')

/**
 * Walks one rule set in order of precedence. The first rule that holds speaks for the set; a rule above it that may hold leaves the
 * answer firm only if it would bring the same one (Kleene: whatever the missing facts turn out to be, the answer stays).
 */
export function hear({ set, member, memberOrParent }: SceneSet, slots: Slots, on: string, paths: Path[]): Voice {
  slots[memberSlot] = member
  slots[memberOrParentSlot] = memberOrParent
  const { tree, grants } = rulesFor(set, slots[familySlot])
  let winner: CompiledRule | undefined
  let open = none
  let absolute: CompiledRule | undefined
  let absoluteUnknown = false
  let absoluteOpen = none
  let rivals = 0
  let threats = 0
  let deferred = 0
  let otherModes: FactName[] | undefined
  for (const rule of candidatesOf(tree, slots)) {
    const unknown = examine(rule, slots)
    if (unknown === fails || !inWindow(rule, on)) continue
    if (unknown === applies) {
      paths.push(rule.applies)
      if (rule.absolute) absolute ??= rule
      winner ??= rule
      continue
    }
    const taken = assumed(rule, unknown)
    const missing = missingFacts(rule, unknown)
    paths.push(taken && !rule.denial ? { ...rule.applies, missing } : unknownPath(rule, unknown))
    const bit = answerBit[rule.answer]
    if (rule.absolute) {
      if (taken) absoluteOpen = union(absoluteOpen, missing)
      else absoluteUnknown = true
    } else if (winner !== undefined) continue
    else if (!taken) {
      rivals |= bit
      if (rule.denial) threats |= bit
      else (otherModes ??= []).push(...missing)
    } else if (rule.denial) {
      deferred |= bit
      open = union(open, missing)
    } else {
      winner = rule
      open = union(open, missing)
    }
  }
  if (winner === undefined && rivals === 0) tellNothingMatched(set.nothingMatched, grants, slots, on, paths)
  const answer = winner?.answer ?? 'cannot-tell'
  const disturbing = answer === 'yes' ? rivals : rivals | deferred
  return {
    winner,
    answer,
    favour: winner?.favour ?? favour.manual_review,
    firm: answer === 'cannot-tell' ? rivals === 0 : (disturbing & ~answerBit[answer]) === 0,
    // A grant that may hold above the winner brings the same answer by another mode: whoever signs that mode has to know.
    open: otherModes === undefined ? open : union(open, otherModes),
    absolute,
    absoluteUnknown,
    absoluteOpen,
    threats,
    deferred,
  }
}

/** National law that says nothing of a case is silent; an alliance that says nothing of it leaves it to an officer. */
function tellNothingMatched(nothingMatched: Path, grants: readonly CompiledRule[], slots: Slots, on: string, paths: Path[]): void {
  for (const { path } of nearMisses(grants, slots, on)) paths.push(path)
  if (nothingMatched.alliance !== null) paths.push(nothingMatched)
}

export const union = (a: readonly FactName[], b: readonly FactName[]): readonly FactName[] => (a.length === 0 ? b : b.length === 0 ? a : [...new Set([...a, ...b])])
