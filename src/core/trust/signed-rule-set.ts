import { z } from 'zod'

import { NumericDate } from '../credential/envelope.ts'
import type { Engine } from '../crypto/engine.ts'
import { Fault } from '../fault.ts'
import { digestOf } from '../model/digest.ts'
import { parseOrFault } from '../model/parse-or-fault.ts'
import { RuleSet } from '../rules/rule-set.ts'
import type { AcceptedAllianceList } from './alliance-list.ts'
import type { Timed } from './freshness.ts'
import { parseGeneralJws, signersOf } from './parse-general-jws.ts'

export const ruleSetType = 'comity-rules+jwt'

export const SignedRuleSet = z.strictObject({ iat: NumericDate, ttl: z.int().min(1), exp: NumericDate, ruleSet: RuleSet }).meta({ id: 'SignedRuleSet' })
export type SignedRuleSet = z.infer<typeof SignedRuleSet>

export interface AcceptedRuleSet {
  readonly payload: SignedRuleSet
  readonly digest: string
  /** From when to when it can be relied on: its own times, or later ones where the members have said since that it is still the newest. */
  readonly times: Timed
}

/**
 * A rule set speaks for an alliance when as many of its voting members have signed as the list in force demands, or when that list carries it over.
 * @param held what is held already of the same id: an older version is refused, and another content of the same version too
 */
export function acceptRuleSet(bytes: Uint8Array, list: AcceptedAllianceList, held: AcceptedRuleSet | undefined, engine: Engine): AcceptedRuleSet {
  const jws = parseGeneralJws(bytes, ruleSetType)
  const payload = parseOrFault(SignedRuleSet, jws.payload, 'trust-malformed', 'rule-set')
  const { ruleSet } = payload
  const at = `rule-set/${ruleSet.id}`
  if (ruleSet.alliance !== list.payload.alliance) throw new Fault('trust-issuer-differs', { at })
  const { size } = signersOf(jws, list.voters, engine)
  const threshold = list.payload.thresholds.rules
  const digest = digestOf(jws.payloadText, engine)
  const carried = list.payload.ruleSets?.some((entry) => entry.digest === digest) === true
  if (size < threshold && !carried) throw new Fault('trust-threshold-missed', { at, detail: `${size} of ${threshold}` })
  if (held !== undefined && held.payload.ruleSet.id === ruleSet.id) {
    const version = held.payload.ruleSet.version
    if (ruleSet.version < version) throw new Fault('trust-rolled-back', { at, detail: `${ruleSet.version} after ${version}` })
    if (ruleSet.version === version && digest !== held.digest) throw new Fault('trust-forked', { at, detail: `two of version ${version}` })
  }
  return { payload, digest, times: payload }
}
