import { z } from 'zod'

import { IssuerUrl, NumericDate } from '../credential/envelope.ts'
import type { Engine, PublicKey } from '../crypto/engine.ts'
import { readPublicKey } from '../crypto/read-public-key.ts'
import { Fault } from '../fault.ts'
import { Digest, digestOf } from '../model/digest.ts'
import { DivisionCode } from '../model/division-code.ts'
import { Localised } from '../model/localised.ts'
import { parseOrFault } from '../model/parse-or-fault.ts'
import { parseGeneralJws, signersOf, type GeneralJws } from './parse-general-jws.ts'
import { Scope } from './scope.ts'

export const allianceListType = 'comity-alliance+jwt'

const Day = z.iso.date()

/** Where a member's node answers. Plain HTTP is for loopback only; an address is a place to fetch from, never an identity. */
export const NodeAddress = z
  .string()
  .max(200)
  .regex(/^(https:\/\/[a-z0-9.-]+(:\d{1,5})?|http:\/\/(127\.0\.0\.1|localhost|\[::1\]):\d{1,5})(\/[A-Za-z0-9._~-]+)*$/)
  .meta({ id: 'NodeAddress' })

/** `guidance`: an authority above the members that they look to; `accepted`: an issuer outside whose records the members agreed to take. Neither votes. */
export const memberRoles = ['member', 'guidance', 'accepted'] as const

const Member = z
  .strictObject({
    division: DivisionCode,
    name: Localised,
    iss: IssuerUrl,
    authorityKey: z.strictObject({ kty: z.literal('OKP'), crv: z.literal('Ed25519'), x: z.string() }),
    role: z.enum(memberRoles),
    /** Whether places below this division count as members too (a province for its cities). Never implied by the code. */
    coversSubordinates: z.boolean(),
    state: z.enum(['active', 'suspended', 'left']),
    from: Day,
    until: Day.optional(),
    authorised: z.array(Scope).max(100),
    addresses: z.array(NodeAddress).max(8),
    logKey: z.string().max(100).optional(),
    witnessKey: z.string().max(100).optional(),
  })
  .meta({ id: 'AllianceMember' })

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
    /** How many members must sign the next list, and a rule set. */
    /** `cosigners`: how many other members must have cosigned a head of a member's log before its time counts. Without it no time is proven. */
    thresholds: z.strictObject({ list: z.int().min(1), rules: z.int().min(1), cosigners: z.int().min(1).optional() }),
    members: z.array(Member).min(1).max(1000),
    organs: z.array(Localised).max(50).optional(),
    chair: DivisionCode.optional(),
    secretariat: DivisionCode.optional(),
    terms: z
      .array(z.strictObject({ chair: DivisionCode, from: Day, until: Day }))
      .max(100)
      .optional(),
  })
  .meta({ id: 'AllianceList', description: 'Members of an alliance, what each may issue, and who must sign (DESIGN §3)' })
export type AllianceList = z.infer<typeof AllianceList>
export type AllianceMember = z.infer<typeof Member>

export interface AcceptedAllianceList {
  readonly payload: AllianceList
  readonly digest: string
  /** Keys of the members that may vote: role `member`, state `active`. */
  readonly voters: ReadonlyMap<string, PublicKey>
  readonly authorityKeys: ReadonlyMap<string, PublicKey>
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
  const next = withKeys(payload, digestOf(jws.payloadText, engine))
  if ('payload' in held) checkSuccession(jws, next, held, engine)
  else {
    if (payload.alliance !== held.alliance || payload.version !== held.version || next.digest !== held.digest)
      throw new Fault('trust-anchor-differs', { at: `alliance-list/${held.alliance}` })
  }
  requireSigners(jws, next.voters, payload.thresholds.list, `version ${payload.version}`, engine)
  return next
}

function withKeys(payload: AllianceList, digest: string): AcceptedAllianceList {
  const voters = new Map<string, PublicKey>()
  const authorityKeys = new Map<string, PublicKey>()
  const seen = new Set<string>()
  for (const [index, member] of payload.members.entries()) {
    const at = `alliance-list/members/${index}`
    const key = readPublicKey(member.authorityKey, at)
    // One key for two members would let one city be counted as two.
    if (seen.has(key.kid) || authorityKeys.has(member.iss)) throw new Fault('trust-member-repeated', { at })
    seen.add(key.kid)
    authorityKeys.set(member.iss, key)
    if (member.role === 'member' && member.state === 'active') voters.set(key.kid, key)
  }
  if (payload.thresholds.list > voters.size || payload.thresholds.rules > voters.size)
    throw new Fault('trust-threshold-unreachable', { at: 'alliance-list/thresholds', detail: `${voters.size} voters` })
  return { payload, digest, voters, authorityKeys }
}

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

/** Whether the member's place is in force on a day: within its dates and not suspended or gone. */
export const memberOn = (member: AllianceMember, day: string): boolean =>
  member.from <= day && (member.until === undefined || day < member.until) && (member.state === 'active' || (member.until !== undefined && day < member.until))
