import { canonicalJson } from '../encoding/canonical-json.ts'
import type { FamilyId } from '../model/family-id.ts'
import type { Truth } from '../model/truth.ts'
import type { Path, RuleReference } from './decision.ts'
import type { FactName } from './facts.ts'
import { answerOf, favour } from './favour.ts'
import { demandsOf, growTree, unbranched, type RuleTree } from './rule-tree.ts'
import type { Rule, RuleSet } from './rule-set.ts'
import { compileCondition, type Test } from './test-condition.ts'

/** A rule made ready, with everything that does not depend on the case. */
export interface CompiledRule {
  readonly rule: Rule
  readonly tests: readonly Test[]
  readonly demands: ReturnType<typeof demandsOf>
  readonly denial: boolean
  readonly absolute: boolean
  readonly answer: Truth
  readonly favour: number
  /** Has dates of its own inside those of its set. */
  readonly dated: boolean
  readonly reference: RuleReference
  /** The path of a case in which the rule applies without reserve. */
  readonly applies: Path
  /** For each condition: what there is to say when it alone is unknown. */
  readonly unknown: readonly Unknown[]
}

/** A rule of which some conditions are unknown. */
export interface Unknown {
  readonly missing: readonly FactName[]
  /** The agreement lets the outcome stand while the missing facts are open questions. */
  readonly taken: boolean
  readonly path: Path
}

export interface CompiledRuleSet {
  readonly id: string
  readonly version: number
  readonly alliance: string | null
  readonly from: string
  readonly until: string | undefined
  /** What concerns one family, rules for every family included; `every` for a family that no rule names. */
  readonly families: ReadonlyMap<string, FamilyRules>
  readonly every: FamilyRules
  /** All rules, for a case whose family is unknown; rare enough to be walked in full. */
  readonly any: FamilyRules
  readonly nothingMatched: Path
  readonly notInForce: Path
}

export interface FamilyRules {
  readonly tree: RuleTree
  /** The rules that could say yes, for telling what was nearly met. */
  readonly grants: readonly CompiledRule[]
}

export interface CompiledRules {
  /** By id, then newest version first: the order in which paths are told. So are the sets of each alliance. */
  readonly national: readonly CompiledRuleSet[]
  readonly byAlliance: ReadonlyMap<string, readonly CompiledRuleSet[]>
}

const compare = (a: string | number, b: string | number): number => (a < b ? -1 : a > b ? 1 : 0)

/** Makes rule sets ready for deciding. Costs a walk over all rules: do it once per version, not per request. Their order does not matter. */
export function compileRules(ruleSets: readonly RuleSet[]): CompiledRules {
  const ordered = ruleSets.toSorted(
    (a, b) =>
      compare(a.id, b.id) ||
      compare(b.version, a.version) ||
      // Two contents of one version are refused where rule sets come in; here they only must not make the outcome depend on their order.
      compare(canonicalJson(a), canonicalJson(b)),
  )
  const sets = ordered.map(compileRuleSet)
  const byAlliance = new Map<string, CompiledRuleSet[]>()
  for (const set of sets) {
    if (set.alliance === null) continue
    const known = byAlliance.get(set.alliance)
    if (known === undefined) byAlliance.set(set.alliance, [set])
    else known.push(set)
  }
  return { national: sets.filter((set) => set.alliance === null), byAlliance }
}

function compileRuleSet(set: RuleSet): CompiledRuleSet {
  const rules = set.rules.map((rule) => compileRule(rule, set)).toSorted(byPrecedence)
  const named = new Set(rules.flatMap(({ rule }) => (rule.families === '*' ? [] : rule.families)))
  const concerning = (family: FamilyId | undefined): FamilyRules =>
    gather(
      rules.filter(({ rule }) => rule.families === '*' || (family !== undefined && rule.families.includes(family))),
      growTree,
    )
  const until = set.until ?? undefined
  const place = { alliance: set.alliance, ruleSet: set.id, version: set.version, rule: null }
  return {
    id: set.id,
    version: set.version,
    alliance: set.alliance,
    from: set.from,
    until,
    families: new Map([...named].map((family) => [family, concerning(family)])),
    every: concerning(undefined),
    any: gather(rules.map(withFamilyAsked), unbranched),
    nothingMatched: { ...place, answer: 'does-not-apply', mode: set.defaultMode },
    notInForce: { ...place, answer: 'not-in-force', window: until === undefined ? { from: set.from } : { from: set.from, until } },
  }
}

const gather = (rules: readonly CompiledRule[], index: (rules: readonly CompiledRule[]) => RuleTree): FamilyRules => ({
  tree: index(rules),
  grants: rules.filter((rule) => !rule.denial && rule.answer === 'yes'),
})

/**
 * Absolute denials first, then denials, then the most specific match (number of conditions), then the order of the set; sorting
 * keeps the last. Denials come before grants whatever their number of conditions: a refusal of narrow titles has one condition,
 * the grants that it narrows have three, and counted alone it could never refuse anything.
 */
function byPrecedence(a: CompiledRule, b: CompiledRule): number {
  const class_ = (rule: CompiledRule): number => (rule.absolute ? 0 : rule.denial ? 1 : 2)
  return class_(a) - class_(b) || b.tests.length - a.tests.length
}

function compileRule(rule: Rule, set: RuleSet): CompiledRule {
  const reference: RuleReference = { alliance: set.alliance, ruleSet: set.id, version: set.version, rule: rule.id, origin: rule.origin }
  const applies: Path = { ...reference, answer: 'applies', mode: rule.mode, effects: rule.effects ?? [] }
  const tests = rule.when.map(compileCondition)
  const denial = rule.kind === 'denial'
  return {
    rule,
    tests,
    demands: demandsOf(tests),
    denial,
    absolute: rule.absolute === true,
    answer: answerOf(rule.mode),
    favour: favour[rule.mode],
    dated: rule.from !== undefined || (rule.until ?? undefined) !== undefined,
    reference,
    applies,
    unknown: tests.map((test) => unknownOf([test], denial, applies)),
  }
}

/**
 * A grant stands while facts are missing only if the agreement allows that for each of them; a denial is kept off as soon as one of
 * its unknown conditions may be taken not to hold.
 */
export function unknownOf(tests: readonly Test[], denial: boolean, applies: Path): Unknown {
  const missing = [...new Set(tests.map(({ fact }) => fact))]
  const taken = denial ? tests.some(({ assumable }) => assumable) : tests.every(({ assumable }) => assumable)
  return { missing, taken, path: { ...applies, answer: taken && !denial ? 'applies' : 'cannot-tell', missing } }
}

function withFamilyAsked(compiled: CompiledRule): CompiledRule {
  const { rule, tests } = compiled
  if (rule.families === '*') return compiled
  const asked = [compileCondition({ fact: 'family', in: [...rule.families] }), ...tests]
  return { ...compiled, tests: asked, demands: demandsOf(asked), unknown: asked.map((test) => unknownOf([test], compiled.denial, compiled.applies)) }
}

/** What a set has for a case of this family. */
export const rulesFor = (set: CompiledRuleSet, family: unknown): FamilyRules =>
  family === undefined ? set.any : (set.families.get(family as string) ?? set.every) // a family is a text; anything else is in no map
