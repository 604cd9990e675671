import type { Truth } from '../model/truth.ts'
import { rulesFor, type CompiledRule, type CompiledRuleSet } from './compile-rules.ts'
import type { Path } from './decision.ts'
import { applies, examine, fails, inWindow, nearMisses, unknownIn, type NearMiss } from './examine-rule.ts'
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

/** What is told of a case while its rule sets are heard. */
export interface Told {
  readonly paths: Path[]
  readonly nearly: NearMiss[]
}

/** Sets of answers in one number. */
export const answerBit: Readonly<Record<Truth, number>> = { yes: 1, no: 2, 'cannot-tell': 4 }

const none: readonly FactName[] = []
const familySlot = slot('family')

/**
 * Walks one rule set in order of precedence. The first rule that holds speaks for the set; a rule above it that may hold leaves the
 * answer firm only if it would bring the same one (Kleene: whatever the missing facts turn out to be, the answer stays).
 */
export function hear({ set, member, memberOrParent }: SceneSet, slots: Slots, on: string, { paths, nearly }: Told): Voice {
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
    const { missing, taken, path } = unknownIn(rule, unknown)
    paths.push(path)
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
  if (winner === undefined && rivals === 0) tellNothingMatched(set, grants, slots, on, paths, nearly)
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

function tellNothingMatched(
  { alliance, nothingMatched }: CompiledRuleSet,
  grants: readonly CompiledRule[],
  slots: Slots,
  on: string,
  paths: Path[],
  nearly: NearMiss[],
): void {
  for (const near of nearMisses(grants, slots, on)) {
    nearly.push(near)
    paths.push(near.path)
  }
  // National law that says nothing of a case is silent; an alliance that says nothing of it leaves it to an officer.
  if (alliance !== null) paths.push(nothingMatched)
}

export const union = (a: readonly FactName[], b: readonly FactName[]): readonly FactName[] =>
  a.length === 0 ? b : b.length === 0 ? a : [...new Set([...a, ...b])]
