import type { Family, RecordClaims } from '../credential/family.ts'
import { rankOf } from '../model/division-code.ts'
import { dayOf, type Instant } from '../model/instant.ts'
import { allOf } from '../model/truth.ts'
import type { CompiledRules } from '../rules/compile-rules.ts'
import { decide } from '../rules/decide.ts'
import type { AllianceView, Decision } from '../rules/decision.ts'
import type { Facts } from '../rules/facts.ts'
import type { RuleSet } from '../rules/rule-set.ts'
import { isIssuing } from '../trust/alliance-member.ts'
import type { Authority, Trust } from '../trust/assemble-trust.ts'
import { freshnessAt, type Freshness, type Timed } from '../trust/freshness.ts'
import type { Check, CheckId, RecognitionQuestion } from './verdict.ts'

/** Rules as verification uses them: compiled once for a version of the trust data, with the digest of each set's signed bytes. */
export interface Rules {
  readonly compiled: CompiledRules
  /** `id@version` → digest. */
  readonly digests: ReadonlyMap<string, string>
  /** `id@version` → the times of its signed file; none for national law, which comes with the software. */
  readonly times: ReadonlyMap<string, Timed>
}

export const nameOf = ({ id, version }: Pick<RuleSet, 'id' | 'version'>): string => `${id}@${version}`

interface Examined {
  readonly family: Family
  readonly claims: RecordClaims
  readonly disclosed: Readonly<Record<string, unknown>>
  readonly checks: readonly Check[]
  readonly authority: Authority
}

/** What the record counts for in another place (DESIGN §3.1, step 6). */
export function recognise(examined: Examined, trust: Trust, rules: Rules, at: Instant, question: RecognitionQuestion): Decision {
  const { family, claims, disclosed, authority } = examined
  // Whether a record is genuine and in force is found here and never stated.
  const { status: _status, authentic: _authentic, ...stated } = question.stated ?? {}
  const facts: Facts = {
    ...stated,
    ...family.facts(claims, disclosed),
    family: family.id,
    issuer: claims.division,
    issuerRank: rankOf(claims.division),
    crossProvince: claims.division.slice(0, 2) !== question.for.slice(0, 2),
    verifierDivision: question.for,
    ...(question.purpose === undefined ? {} : { purpose: question.purpose }),
    ...authenticityFacts(examined),
  }
  const places = { issuer: authority.division, verifier: question.for }
  const decision = decide(rules.compiled, viewsOf(trust), facts, places, question.appliedOn ?? dayOf(at))
  const unfounded = rulesFreshness(decision, rules, at) === 'expired' && !examined.checks.some(({ answer }) => answer === 'no')
  return unfounded ? unsettled(decision) : decision
}

/**
 * What verification found, as facts: an unknown stays out, so that no rule can take it for a yes or a no. A conclusion that another
 * supersedes is cancelled by whoever issued it, so a valid one is not superseded.
 */
function authenticityFacts({ checks }: Examined): Facts {
  const lapsed = checks.find(({ id, answer }) => standingChecks.has(id) && answer === 'no')
  const standing = allOf(checks.filter(({ id }) => standingChecks.has(id)).map(({ answer }) => answer))
  const statusFact: Facts =
    standing === 'yes'
      ? { status: 'valid', superseded: false }
      : lapsed === undefined
        ? {}
        : { status: (lapsed.reason ?? '').replace(/^(?:status|record)-/, '') }
  const authentic = allOf(checks.filter(({ id }) => !standingChecks.has(id)).map(({ answer }) => answer))
  return { ...statusFact, ...(authentic === 'cannot-tell' ? {} : { authentic: authentic === 'yes' }) }
}

/** Checks that say whether a genuine record is still in force; all others say whether it is genuine. */
const standingChecks: ReadonlySet<CheckId> = new Set(['validity', 'status', 'source'])

/** How old the signed rules are that carried a decision; undefined where none did, or national law. */
export const rulesFreshness = ({ carriedBy }: Decision, { times }: Rules, at: Instant): Freshness | undefined => {
  const file = carriedBy === undefined ? undefined : times.get(nameOf({ id: carriedBy.ruleSet, version: carriedBy.version }))
  return file === undefined ? undefined : freshnessAt(file, at)
}

/** Rules whose file has expired may have been replaced long ago: what they would say is for a person to weigh. */
const unsettled = (decision: Decision): Decision => ({
  answer: 'cannot-tell',
  mode: 'manual_review',
  effects: [],
  conditions: [],
  materials: [],
  openQuestions: [],
  ...(decision.carriedBy === undefined ? {} : { carriedBy: decision.carriedBy }),
  reasons: ['RULES_NOT_IN_FORCE'],
  paths: decision.paths,
  whatWouldMakeItYes: [{ way: 'officer' }],
})

const views = new WeakMap<Trust, readonly AllianceView[]>()

// One array for a version of the trust data: what deciding derives from it is kept by its identity.
function viewsOf(trust: Trust): readonly AllianceView[] {
  let known = views.get(trust)
  if (known === undefined)
    views.set(trust, (known = trust.alliances.map(({ payload }) => ({ id: payload.alliance, name: payload.name, members: payload.members.filter(isIssuing) }))))
  return known
}
