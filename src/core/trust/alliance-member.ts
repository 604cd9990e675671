import { z } from 'zod'

import { IssuerUrl } from '../credential/envelope.ts'
import { Fault } from '../fault.ts'
import { DivisionCode, rankOf } from '../model/division-code.ts'
import { Localised } from '../model/localised.ts'
import { Scope } from './scope.ts'

const Day = z.iso.date()

/** Where a member's node answers. Plain HTTP is for loopback only; an address is a place to fetch from, never an identity. */
export const NodeAddress = z
  .string()
  .max(200)
  .regex(/^(https:\/\/[a-z0-9.-]+(:\d{1,5})?|http:\/\/(127\.0\.0\.1|localhost|\[::1\]):\d{1,5})(\/[A-Za-z0-9._~-]+)*$/)
  .meta({ id: 'NodeAddress' })

/**
 * `guidance`: an authority above the members that they look to; `accepted`: an issuer outside whose records the members agreed to take;
 * `associate`: one that belongs to the alliance without a vote. Only `member` votes.
 */
export const memberRoles = ['member', 'guidance', 'accepted', 'associate'] as const

/**
 * What a member is. A bureau, a province's department and a district's bureau issue; a park, an association and an observer never do, and an
 * observer does not vote either. Left out in lists from before there were kinds: an authority that issues.
 */
export const memberKinds = ['bureau', 'province', 'district', 'park', 'association', 'observer'] as const
export type MemberKind = (typeof memberKinds)[number]

export const AllianceMember = z
  .strictObject({
    division: DivisionCode,
    name: Localised,
    iss: IssuerUrl,
    authorityKey: z.strictObject({ kty: z.literal('OKP'), crv: z.literal('Ed25519'), x: z.string() }),
    role: z.enum(memberRoles),
    kind: z.enum(memberKinds).optional(),
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
export type AllianceMember = z.infer<typeof AllianceMember>

/** Whether a member's authority key counts towards the thresholds. */
export const mayVote = ({ role, state }: Pick<AllianceMember, 'role' | 'state'>): boolean => role === 'member' && state === 'active'

const issuingKinds: readonly (MemberKind | undefined)[] = ['bureau', 'province', 'district', undefined]

export type IssuingMember = AllianceMember & { readonly role: Exclude<AllianceMember['role'], 'associate'> }

/** Whether it stands for its division: a park in a city is not the city, and an associate is not bound by what the members agree. */
export const isIssuing = (member: AllianceMember): member is IssuingMember => issuingKinds.includes(member.kind) && member.role !== 'associate'

/** Membership is by exact division code, so the kind must be one that the code can have; and whoever does not issue is authorised for nothing. */
export function checkKind(member: AllianceMember, at: string): void {
  const { kind, role, division, authorised, coversSubordinates } = member
  const rank = rankOf(division)
  const unfit =
    (kind === 'bureau' && rank === 'province') ||
    (kind === 'province' && rank !== 'province') ||
    (kind === 'district' && rank !== 'county') ||
    ((kind === 'park' || kind === 'association') && role !== 'member' && role !== 'associate') ||
    (kind === 'observer' && role !== 'associate')
  if (unfit || (!isIssuing(member) && (authorised.length > 0 || coversSubordinates))) throw new Fault('trust-member-unfit', { at, detail: kind ?? role })
}

/** Whether the member's place is in force on a day: within its dates and not suspended or gone. */
export const memberOn = (member: AllianceMember, day: string): boolean =>
  member.from <= day && (member.until === undefined || day < member.until) && (member.state === 'active' || (member.until !== undefined && day < member.until))
