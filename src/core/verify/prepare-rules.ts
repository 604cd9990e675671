import type { Engine } from '../crypto/engine.ts'
import { canonicalJson } from '../encoding/canonical-json.ts'
import { digestOf } from '../model/digest.ts'
import { compileRules } from '../rules/compile-rules.ts'
import { nationalLaw } from '../rules/national-law.ts'
import type { RuleSet } from '../rules/rule-set.ts'
import type { Timed } from '../trust/freshness.ts'
import type { AcceptedRuleSet } from '../trust/signed-rule-set.ts'
import { nameOf, type Rules } from './recognise.ts'

/** Agreements as they were signed, and national law, made ready once for a version of the trust data. */
export function prepareRules(agreed: readonly AcceptedRuleSet[], engine: Pick<Engine, 'sha256'>, law: readonly RuleSet[] = nationalLaw): Rules {
  const digests = new Map([
    ...law.map((ruleSet): [string, string] => [nameOf(ruleSet), digestOf(canonicalJson(ruleSet), engine)]),
    ...agreed.map(({ payload, digest }): [string, string] => [nameOf(payload.ruleSet), digest]),
  ])
  const times = new Map(agreed.map(({ payload, times: of }): [string, Timed] => [nameOf(payload.ruleSet), of]))
  return { compiled: compileRules(withSuccessors([...law, ...agreed.map(({ payload }) => payload.ruleSet)])), digests, times }
}

/** A version that has a successor ends where the successor begins: two versions of one set are never in force together. */
function withSuccessors(ruleSets: readonly RuleSet[]): readonly RuleSet[] {
  return ruleSets.map((ruleSet) => {
    const next = ruleSets
      .filter(({ alliance, id, version }) => alliance === ruleSet.alliance && id === ruleSet.id && version > ruleSet.version)
      .toSorted((a, b) => a.version - b.version)[0]
    const until = ruleSet.until ?? undefined
    return next === undefined || (until !== undefined && until <= next.from) ? ruleSet : { ...ruleSet, until: next.from }
  })
}
