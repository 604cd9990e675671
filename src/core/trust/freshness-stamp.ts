import { z } from 'zod'

import { NumericDate } from '../credential/envelope.ts'
import type { Engine } from '../crypto/engine.ts'
import { Fault } from '../fault.ts'
import { Digest, digestOf } from '../model/digest.ts'
import { parseOrFault } from '../model/parse-or-fault.ts'
import type { AcceptedAllianceList } from './alliance-list.ts'
import { secretariatOf } from './alliance-organs.ts'
import { parseGeneralJws, signersOf } from './parse-general-jws.ts'
import type { AcceptedRuleSet } from './signed-rule-set.ts'

export const freshnessType = 'comity-freshness+jwt'

const longest = 400 * 24 * 3600

/**
 * "Version N with digest D is still the newest", said again at `iat` for `ttl` seconds: what keeps a list and its rule sets fresh without
 * everybody signing them anew. It moves no expiry: whoever only stamps can hold verifiers at an old list until that list expires, no longer.
 */
export const FreshnessStamp = z
  .strictObject({
    alliance: z.string().regex(/^[a-z0-9-]{1,64}$/),
    version: z.int().min(1),
    digest: Digest,
    iat: NumericDate,
    ttl: z.int().min(1).max(longest),
    ruleSets: z
      .array(z.strictObject({ id: z.string().min(1).max(100), version: z.int().min(1), digest: Digest }))
      .max(1000)
      .optional(),
  })
  .meta({ id: 'FreshnessStamp', description: 'A list and its rule sets are still the newest (DESIGN §3, freshness)' })
export type FreshnessStamp = z.infer<typeof FreshnessStamp>

export interface AcceptedStamp {
  readonly payload: FreshnessStamp
  readonly digest: string
}

/** How many voters must sign a stamp that the secretariat has not. */
export const stampThreshold = ({ thresholds }: AcceptedAllianceList['payload']): number => thresholds.freshness ?? thresholds.list

/**
 * A stamp speaks for the list that it names, under the key of that list's secretariat or of as many voters as the list asks for. One for an
 * earlier version or older than the one held is refused (`trust-rolled-back`), one for another list of this version too (`trust-forked`);
 * one for a later version says that a list is missing here (`trust-missing`).
 */
export function acceptStamp(bytes: Uint8Array, list: AcceptedAllianceList, held: AcceptedStamp | undefined, engine: Engine): AcceptedStamp {
  const jws = parseGeneralJws(bytes, freshnessType)
  const payload = parseOrFault(FreshnessStamp, jws.payload, 'trust-malformed', 'freshness')
  const at = `freshness/${payload.alliance}`
  if (payload.alliance !== list.payload.alliance) throw new Fault('trust-issuer-differs', { at })
  const { version } = list.payload
  if (payload.version > version) throw new Fault('trust-missing', { at, detail: `version ${payload.version}` })
  if (payload.version < version || payload.iat < list.payload.iat) throw new Fault('trust-rolled-back', { at, detail: `version ${payload.version}` })
  if (payload.digest !== list.digest) throw new Fault('trust-forked', { at, detail: `two of version ${version}` })
  const signers = signersOf(jws, list.voters, engine)
  const secretariat = list.authorityKeys.get(secretariatOf(list.payload)?.iss ?? '')
  const threshold = stampThreshold(list.payload)
  if (!(secretariat !== undefined && signers.has(secretariat.kid)) && signers.size < threshold)
    throw new Fault('trust-threshold-missed', { at, detail: `${signers.size} of ${threshold}, and not by the secretariat` })
  const digest = digestOf(jws.payloadText, engine)
  if (held !== undefined && payload.iat < held.payload.iat) throw new Fault('trust-rolled-back', { at, detail: 'older than the one held' })
  if (held !== undefined && payload.iat === held.payload.iat && digest !== held.digest) throw new Fault('trust-forked', { at, detail: 'two of one second' })
  return { payload, digest }
}

/** The list as it can be relied on after the stamp. */
export const stamped = (list: AcceptedAllianceList, stamp: AcceptedStamp): AcceptedAllianceList => {
  const { version, exp, iat } = list.payload
  return { ...list, stamp, times: { version, exp, issued: iat, iat: stamp.payload.iat, ttl: stamp.payload.ttl } }
}

/** The same for a rule set, if its alliance's stamp names this very content. */
export function stampedRules(ruleSet: AcceptedRuleSet, stamp: AcceptedStamp | undefined): AcceptedRuleSet {
  const { iat, exp } = ruleSet.payload
  if (stamp === undefined || stamp.payload.iat < iat || stamp.payload.ruleSets?.some(({ digest }) => digest === ruleSet.digest) !== true) return ruleSet
  return { ...ruleSet, times: { exp, issued: iat, iat: stamp.payload.iat, ttl: stamp.payload.ttl } }
}
