import { z } from 'zod'

import { NumericDate } from '../credential/envelope.ts'
import type { Engine, PublicKey } from '../crypto/engine.ts'
import { readPublicKey } from '../crypto/read-public-key.ts'
import { Fault } from '../fault.ts'
import { Digest, digestOf } from '../model/digest.ts'
import { DivisionCode } from '../model/division-code.ts'
import { Localised } from '../model/localised.ts'
import { parseOrFault } from '../model/parse-or-fault.ts'
import { AllianceMember, checkKind, mayVote } from './alliance-member.ts'
import { checkOrgans, Organ, Term } from './alliance-organs.ts'
import type { Timed } from './freshness.ts'
import type { AcceptedStamp } from './freshness-stamp.ts'
import { parseGeneralJws, signersOf, type GeneralJws } from './parse-general-jws.ts'

export { AllianceMember, memberOn, NodeAddress } from './alliance-member.ts'

export const allianceListType = 'comity-alliance+jwt'

const CarriedRuleSet = z.strictObject({ id: z.string().min(1).max(100), version: z.int().min(1), digest: Digest })

export const AllianceList = z
  .strictObject({
    alliance: z.string().regex(/^[a-z0-9-]{1,64}$/),
    name: Localised,
    version: z.int().min(1),
    /** Digest of the payload of the version before; null for the first. */
    prev: Digest.nullable(),
    iat: NumericDate,
    ttl: z.int().min(1),
    exp: NumericDate,
    /**
     * How many members must sign the next list, and a rule set; how many other members must have cosigned a head of a
     * member's log before its time counts (without it no time is proven); and how many may say in place of the
     * secretariat that this list is still the newest (as many as for a list, where it is left out).
     */
    thresholds: z.strictObject({
      list: z.int().min(1),
      rules: z.int().min(1),
      cosigners: z.int().min(1).optional(),
      freshness: z.int().min(1).optional(),
    }),
    members: z.array(AllianceMember).min(1).max(1000),
    organs: z.array(Organ).max(50).optional(),
    chair: DivisionCode.optional(),
    secretariat: DivisionCode.optional(),
    /** Who chairs when: in order, each from the day on which the one before ends. */
    terms: z.array(Term).max(100).optional(),
    /**
     * Rule sets that stay in force with this list whoever signed them. Signing the list signs them again: else one member that leaves could take the
     * rules of all others with it, its signature being one of those that carried them.
     */
    ruleSets: z.array(CarriedRuleSet).max(1000).optional(),
  })
  .meta({ id: 'AllianceList', description: 'Members of an alliance, what each may issue, and who must sign (DESIGN §3)' })
export type AllianceList = z.infer<typeof AllianceList>

export interface AcceptedAllianceList {
  readonly payload: AllianceList
  readonly digest: string
  /** Keys of the members that may vote: role `member`, state `active`. */
  readonly voters: ReadonlyMap<string, PublicKey>
  readonly authorityKeys: ReadonlyMap<string, PublicKey>
  /** From when to when it can be relied on: its own times, or later ones where the members have said since that it is still the newest. */
  readonly times: Timed & { readonly version: number }
  readonly stamp?: AcceptedStamp
}

/** What a verifier holds of an alliance before it has any list: the digest of one list's payload, taken from a trusted hand. */
export interface AllianceAnchor {
  readonly alliance: string
  readonly version: number
  readonly digest: string
}

/**
 * Accepts a list on top of what is held already. The first list must be the one that the anchor names and meet its own
 * threshold; version N+1 must meet the thresholds of N *and* of N+1 (TUF §5.3, root rotation), and link to N by its digest.
 */
export function acceptAllianceList(bytes: Uint8Array, held: AcceptedAllianceList | AllianceAnchor, engine: Engine): AcceptedAllianceList {
  const jws = parseGeneralJws(bytes, allianceListType)
  const payload = parseOrFault(AllianceList, jws.payload, 'trust-malformed', 'alliance-list')
  const next = readAllianceList(payload, digestOf(jws.payloadText, engine))
  if ('payload' in held) checkSuccession(jws, next, held, engine)
  else {
    if (payload.alliance !== held.alliance || payload.version !== held.version || next.digest !== held.digest)
      throw new Fault('trust-anchor-differs', { at: `alliance-list/${held.alliance}` })
  }
  requireSigners(jws, next.voters, signaturesNeeded(payload), `version ${payload.version}`, engine)
  return next
}

/**
 * What a list says of its members' keys and thresholds, whoever has signed it: sound keys, each member once, kinds, organs and terms that fit,
 * thresholds that its voters can meet.
 */
export function readAllianceList(payload: AllianceList, digest: string): AcceptedAllianceList {
  const voters = new Map<string, PublicKey>()
  const authorityKeys = new Map<string, PublicKey>()
  const seen = new Set<string>()
  checkOrgans(payload)
  for (const [index, member] of payload.members.entries()) {
    const at = `alliance-list/members/${index}`
    checkKind(member, at)
    const key = readPublicKey(member.authorityKey, at)
    // One key for two members would let one city be counted as two.
    if (seen.has(key.kid) || authorityKeys.has(member.iss)) throw new Fault('trust-member-repeated', { at })
    seen.add(key.kid)
    authorityKeys.set(member.iss, key)
    if (mayVote(member)) voters.set(key.kid, key)
  }
  const { list, rules, freshness = 1 } = payload.thresholds
  if (Math.max(list, rules, freshness) > voters.size)
    throw new Fault('trust-threshold-unreachable', { at: 'alliance-list/thresholds', detail: `${voters.size} voters` })
  return { payload, digest, voters, authorityKeys, times: payload }
}

/** How many of its own voters a list needs: one that carries rule sets over as many as these would need, too. */
export const signaturesNeeded = ({ thresholds, ruleSets = [] }: Pick<AllianceList, 'thresholds' | 'ruleSets'>): number =>
  ruleSets.length === 0 ? thresholds.list : Math.max(thresholds.list, thresholds.rules)

function checkSuccession(jws: GeneralJws, next: AcceptedAllianceList, held: AcceptedAllianceList, engine: Engine): void {
  const { alliance, version, thresholds } = held.payload
  const at = `alliance-list/${alliance}`
  if (next.payload.alliance !== alliance) throw new Fault('trust-issuer-differs', { at })
  if (next.payload.version < version) throw new Fault('trust-rolled-back', { at, detail: `${next.payload.version} after ${version}` })
  if (next.payload.version === version) {
    if (next.digest !== held.digest) throw new Fault('trust-forked', { at, detail: `two of version ${version}` })
    return
  }
  if (next.payload.version !== version + 1 || next.payload.prev !== held.digest) throw new Fault('trust-chain-broken', { at })
  requireSigners(jws, held.voters, thresholds.list, `version ${version}`, engine)
}

function requireSigners(jws: GeneralJws, voters: ReadonlyMap<string, PublicKey>, threshold: number, of: string, engine: Engine): void {
  const { size } = signersOf(jws, voters, engine)
  if (size < threshold) throw new Fault('trust-threshold-missed', { at: 'signatures', detail: `${size} of ${threshold} by ${of}` })
}

/** Accepts a chain of lists, oldest first, starting at the anchor; gives the newest. */
export function acceptAllianceLists(files: readonly Uint8Array[], anchor: AllianceAnchor, engine: Engine): AcceptedAllianceList {
  let held: AcceptedAllianceList | AllianceAnchor = anchor
  for (const file of files) held = acceptAllianceList(file, held, engine)
  if (!('payload' in held)) throw new Fault('trust-missing', { at: `alliance-list/${anchor.alliance}` })
  return held
}
