import { canonicalJson } from '../encoding/canonical-json.ts'
import { familyIds } from '../model/family-id.ts'
import { obtainMethods } from '../model/obtain-method.ts'
import { skillLevels } from '../model/skill-level.ts'
import { titleLevels } from '../model/title-level.ts'
import { facts, type FactName } from './facts.ts'
import { effects, type Condition, type Rule, type RuleSet } from './rule-set.ts'

export type RuleFinding = 'rule-id-repeated' | 'code-unknown' | 'value-of-wrong-kind' | 'window-empty' | 'rule-unreachable' | 'grant-changes-nothing'

export interface RuleLint {
  /** `rules/3/when/0`; empty for the set itself. */
  readonly at: string
  readonly code: RuleFinding
  readonly severity: 'refusal' | 'warning'
}

/** Values that a code fact can have. A fact that is left out here has an open list (names, series). */
export const knownCodes: Partial<Record<FactName, readonly string[]>> = {
  family: familyIds,
  level: [...titleLevels, ...skillLevels],
  method: obtainMethods,
  scope: ['nationwide', 'province', 'city', 'county_only', 'unit_only', 'grassroots'],
  issuerRank: ['province', 'prefecture', 'county'],
  status: ['valid', 'suspended', 'revoked', 'penalty', 'cancelled', 'voided'],
  outcome: ['recognised', 'deemed', 'notRecognised'],
  stage: ['first', 'second', 'review'],
  purpose: effects,
  target: ['constructionElectrician', 'lowVoltageElectrician', 'constructionWelder', 'specialEquipmentWelder', 'skillLevel'],
}

/** What publishing refuses or warns of beyond the schema (which knows every fact, mode and effect). Against older versions: the caller. */
export function lintRules(set: RuleSet): readonly RuleLint[] {
  const findings: RuleLint[] = []
  if (isEmpty(set.from, set.until)) findings.push({ at: '', code: 'window-empty', severity: 'refusal' })
  const ids = new Set<string>()
  const spoken: Rule[] = []
  for (const [index, rule] of set.rules.entries()) {
    const at = `rules/${index}`
    if (ids.has(rule.id)) findings.push({ at, code: 'rule-id-repeated', severity: 'refusal' })
    ids.add(rule.id)
    if (isEmpty(later(rule.from, set.from), earlier(rule.until, set.until))) findings.push({ at, code: 'window-empty', severity: 'refusal' })
    for (const [place, condition] of rule.when.entries()) findings.push(...lintCondition(condition, `${at}/when/${place}`))
    if (spoken.some((other) => silences(other, rule))) findings.push({ at, code: 'rule-unreachable', severity: 'warning' })
    if (rule.kind === 'grant' && rule.mode === 'manual_review' && rule.reason === undefined)
      findings.push({ at, code: 'grant-changes-nothing', severity: 'warning' })
    spoken.push(rule)
  }
  return findings
}

function lintCondition(condition: Condition, at: string): readonly RuleLint[] {
  const { kind } = facts[condition.fact]
  const texts = condition.in ?? condition.notIn ?? (typeof condition.is === 'string' ? [condition.is] : undefined)
  const wrongKind = kind === 'boolean' ? typeof condition.is !== 'boolean' : condition.is !== undefined && typeof condition.is !== 'string'
  if (wrongKind) return [{ at, code: 'value-of-wrong-kind', severity: 'refusal' }]
  const known = knownCodes[condition.fact]
  const unknown =
    texts !== undefined &&
    ((known !== undefined && texts.some((text) => !known.includes(text))) || (kind === 'division' && texts.some((text) => !/^[1-9]\d{5}$/.test(text))))
  return unknown ? [{ at, code: 'code-unknown', severity: 'refusal' }] : []
}

/** An earlier rule of the same rank with the same conditions for at least the same families and days leaves the later one nothing. */
const silences = (earlierRule: Rule, rule: Rule): boolean =>
  earlierRule.kind === rule.kind &&
  (earlierRule.absolute === true) === (rule.absolute === true) &&
  (earlierRule.families === '*' || (rule.families !== '*' && rule.families.every((family) => earlierRule.families.includes(family)))) &&
  (earlierRule.from === undefined || earlierRule.from <= (rule.from ?? '')) &&
  ((earlierRule.until ?? undefined) === undefined || ((rule.until ?? undefined) !== undefined && rule.until! <= earlierRule.until!)) &&
  canonicalConditions(earlierRule) === canonicalConditions(rule)

const canonicalConditions = (rule: Rule): string =>
  rule.when
    .map((condition) => canonicalJson({ ...condition, in: condition.in?.toSorted(), notIn: condition.notIn?.toSorted() }))
    .toSorted()
    .join()

type Day = string | null | undefined

const isEmpty = (from: Day, until: Day): boolean => typeof from === 'string' && typeof until === 'string' && until <= from
const later = (a: Day, b: Day): Day => (typeof a === 'string' && typeof b === 'string' ? (a > b ? a : b) : (a ?? b))
const earlier = (a: Day, b: Day): Day => (typeof a === 'string' && typeof b === 'string' ? (a < b ? a : b) : (a ?? b))
