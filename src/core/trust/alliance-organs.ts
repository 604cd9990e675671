import { z } from 'zod'

import { IssuerUrl } from '../credential/envelope.ts'
import { Fault } from '../fault.ts'
import { DivisionCode } from '../model/division-code.ts'
import { dayAt } from '../model/bureau-day.ts'
import { Localised } from '../model/localised.ts'
import type { AllianceList } from './alliance-list.ts'
import { memberOn, mayVote, type AllianceMember } from './alliance-member.ts'

/** 联席会议、理事会、秘书处、工作专班、监督、专家咨询委员会. They decide and prepare; what counts is signed by the members' authority keys. */
export const organKinds = ['joint-conference', 'council', 'secretariat', 'working-team', 'supervisor', 'expert-committee'] as const
export type OrganKind = (typeof organKinds)[number]

export const organTexts: Readonly<Record<OrganKind, Localised>> = {
  'joint-conference': { zh: '联席会议', en: 'joint conference' },
  council: { zh: '理事会', en: 'council' },
  secretariat: { zh: '秘书处', en: 'secretariat' },
  'working-team': { zh: '工作专班', en: 'working team' },
  supervisor: { zh: '监督', en: 'supervisor' },
  'expert-committee': { zh: '专家咨询委员会', en: 'expert committee' },
}

export const Organ = z
  .strictObject({
    kind: z.enum(organKinds),
    name: Localised,
    /** Who sits in it, by issuer URL: of one division both a bureau and a park may be members. */
    seats: z.array(z.strictObject({ iss: IssuerUrl, seats: z.int().min(1).max(99) })).max(1000),
  })
  .meta({ id: 'AllianceOrgan' })
export type Organ = z.infer<typeof Organ>

const Day = z.iso.date()

/** A term of the chair, in days of the bureaus' calendar. `until` is the first day that is no longer of it. */
export const Term = z.strictObject({ chair: DivisionCode, from: Day, until: Day }).meta({ id: 'AllianceTerm' })
export type Term = z.infer<typeof Term>

type Chaired = Pick<AllianceList, 'chair' | 'terms' | 'members'>

/**
 * Who chairs on a day. Terms pass on their own: nobody signs anything when one ends. `chair` is whoever chairs where no term says so.
 * Undefined when nobody does: none is named, or the one who is has left.
 */
export function chairOn({ chair, terms = [], members }: Chaired, day: string): AllianceMember | undefined {
  const division = terms.find(({ from, until }) => from <= day && day < until)?.chair ?? chair
  return members.find((member) => member.division === division && member.role === 'member' && memberOn(member, day))
}

/** The member that keeps the secretariat, while it may vote. */
export const secretariatOf = ({ secretariat, members }: Pick<AllianceList, 'secretariat' | 'members'>): AllianceMember | undefined =>
  members.find((member) => member.division === secretariat && mayVote(member))

/**
 * Terms follow on one another without a gap or an overlap, so that on every day of them one member chairs and only one; whoever chairs now or
 * later is a member in force. Seats are the members'. Faults: `trust-terms-broken`, `trust-organ-unfit`.
 */
export function checkOrgans(list: AllianceList): void {
  const { terms = [], organs = [], members } = list
  for (const [index, { from, until }] of terms.entries()) {
    const at = `alliance-list/terms/${index}`
    const before = terms[index - 1]
    if (until <= from) throw new Fault('trust-terms-broken', { at, detail: `${from} to ${until}` })
    if (before !== undefined && from !== before.until)
      throw new Fault('trust-terms-broken', { at, detail: from < before.until ? `overlap: ${from} to ${before.until}` : `gap: ${before.until} to ${from}` })
  }
  const today = dayAt(list.iat)
  const holdsOffice = (division: string | undefined): boolean =>
    division === undefined || members.some((member) => member.division === division && mayVote(member))
  for (const [index, { chair, until }] of terms.entries())
    if (until > today && !holdsOffice(chair)) throw new Fault('trust-organ-unfit', { at: `alliance-list/terms/${index}/chair`, detail: chair })
  if (!holdsOffice(list.chair)) throw new Fault('trust-organ-unfit', { at: 'alliance-list/chair', detail: list.chair })
  if (!holdsOffice(list.secretariat)) throw new Fault('trust-organ-unfit', { at: 'alliance-list/secretariat', detail: list.secretariat })
  for (const [index, { seats }] of organs.entries()) {
    const seated = new Set<string>()
    for (const { iss } of seats) {
      const member = members.find((candidate) => candidate.iss === iss)
      if (member === undefined || member.state === 'left' || seated.has(iss))
        throw new Fault('trust-organ-unfit', { at: `alliance-list/organs/${index}`, detail: iss })
      seated.add(iss)
    }
  }
}
