import type { Family, RecordClaims } from '../credential/family.ts'
import { rankOf } from '../model/division-code.ts'
import { dayOf, type Instant } from '../model/instant.ts'
import type { Truth } from '../model/truth.ts'
import type { CompiledRules } from '../rules/compile-rules.ts'
import { decide } from '../rules/decide.ts'
import type { AllianceView, Decision } from '../rules/decision.ts'
import type { Facts } from '../rules/facts.ts'
import type { Authority, Trust } from '../trust/assemble-trust.ts'
import type { Check, RecognitionQuestion } from './verdict.ts'

/** Rules as verification uses them: compiled once for a version of the trust data, with the digest of each set's signed bytes. */
export interface Rules {
  readonly compiled: CompiledRules
  /** `id@version` → digest. */
  readonly digests: ReadonlyMap<string, string>
}

interface Examined {
  readonly family: Family
  readonly claims: RecordClaims
  readonly disclosed: Readonly<Record<string, unknown>>
  readonly checks: readonly Check[]
  readonly answer: Truth
  readonly authority: Authority
}

/** What the record counts for in another place (DESIGN §3.1, step 6). */
export function recognise(examined: Examined, trust: Trust, rules: Rules, at: Instant, question: RecognitionQuestion): Decision {
  const { family, claims, disclosed, authority } = examined
  const facts: Facts = {
    ...question.stated,
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
  return decide(rules.compiled, viewsOf(trust), facts, places, question.appliedOn ?? dayOf(at))
}

/**
 * What verification found, as facts: an unknown stays out, so that no rule can take it for a yes or a no. A conclusion that another
 * supersedes is cancelled by whoever issued it, so a valid one is not superseded.
 */
function authenticityFacts({ checks, answer }: Examined): Facts {
  const status = checks.find(({ id }) => id === 'status')
  const statusFact: Facts =
    status?.answer === 'yes' ? { status: 'valid', superseded: false } : status?.answer === 'no' ? { status: (status.reason ?? '').replace('status-', '') } : {}
  const others = checks.filter(({ id }) => id !== 'status')
  const authentic: Facts = others.some((check) => check.answer === 'no')
    ? { authentic: false }
    : answer === 'cannot-tell' && others.some((check) => check.answer !== 'yes')
      ? {}
      : { authentic: true }
  return { ...statusFact, ...authentic }
}

const views = new WeakMap<Trust, readonly AllianceView[]>()

// One array for a version of the trust data: what deciding derives from it is kept by its identity.
function viewsOf(trust: Trust): readonly AllianceView[] {
  let known = views.get(trust)
  if (known === undefined)
    views.set(trust, (known = trust.alliances.map(({ payload }) => ({ id: payload.alliance, name: payload.name, members: payload.members }))))
  return known
}
