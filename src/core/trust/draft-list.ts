import { z } from 'zod'

import { IssuerUrl } from '../credential/envelope.ts'
import { Fault } from '../fault.ts'
import { Localised } from '../model/localised.ts'
import { parseOrFault } from '../model/parse-or-fault.ts'
import { AllianceList, type AcceptedAllianceList } from './alliance-list.ts'
import { AllianceMember } from './alliance-member.ts'

const Day = z.iso.date()
const { role, kind, coversSubordinates, until, authorised, addresses, logKey, witnessKey, authorityKey } = AllianceMember.shape
const { thresholds, organs, chair, secretariat, terms } = AllianceList.shape

/** One thing that is to be otherwise in the next list; everything else stays as it is. */
export const ListChange = z
  .discriminatedUnion('change', [
    z.strictObject({ change: z.literal('join'), member: AllianceMember }),
    /** `until`: the first day on which it is no member any more. What it issued before stays what it was. */
    z.strictObject({ change: z.literal('leave'), iss: IssuerUrl, until: Day }),
    /** `from`: the first day of it. Left out, nobody can tell what it issued before from what it issued after. */
    z.strictObject({ change: z.literal('suspend'), iss: IssuerUrl, from: Day.optional() }),
    z.strictObject({ change: z.literal('reinstate'), iss: IssuerUrl }),
    z.strictObject({
      change: z.literal('amend'),
      iss: IssuerUrl,
      name: Localised.optional(),
      role: role.optional(),
      kind,
      coversSubordinates: coversSubordinates.optional(),
      until,
      authorised: authorised.optional(),
      addresses: addresses.optional(),
      authorityKey: authorityKey.optional(),
      logKey,
      witnessKey,
    }),
    /** Null takes a chair or a secretariat away. */
    z.strictObject({
      change: z.literal('set'),
      name: Localised.optional(),
      thresholds: thresholds.optional(),
      organs,
      terms,
      chair: chair.unwrap().nullable().optional(),
      secretariat: secretariat.unwrap().nullable().optional(),
    }),
  ])
  .meta({ id: 'AllianceListChange' })
export type ListChange = z.infer<typeof ListChange>

const { alliance } = AllianceList.shape

/** What changes from the list in force to the next. */
const ChangesDraft = z.strictObject({ alliance, changes: z.array(ListChange).min(1).max(1000) })

/** The whole next list, without what follows from the one before and from the clock. */
const WholeDraft = AllianceList.omit({ iat: true, ttl: true, exp: true, version: true, prev: true }).extend({
  version: AllianceList.shape.version.optional(),
  prev: AllianceList.shape.prev.optional(),
})

export interface ListTimes {
  readonly iat: number
  readonly ttl: number
  readonly exp: number
}

/**
 * The content of the next list, from a draft of the whole of it or of what changes. It follows the list that is held, or is the first of its alliance. Faults: `request-malformed` for a change of
 * somebody who is not listed, `trust-missing` for changes to a list that is not here.
 */
export function draftList(draft: object, held: AcceptedAllianceList | undefined, times: ListTimes): AllianceList {
  const follows = { version: (held?.payload.version ?? 0) + 1, prev: held?.digest ?? null }
  if (!('changes' in draft)) {
    const whole = parseOrFault(WholeDraft, draft, 'request-malformed', 'draft')
    return { ...whole, ...times, version: whole.version ?? follows.version, prev: whole.prev ?? follows.prev }
  }
  const { alliance: of, changes } = parseOrFault(ChangesDraft, draft, 'request-malformed', 'draft')
  if (held === undefined) throw new Fault('trust-missing', { at: `alliance-list/${of}` })
  const { ruleSets: _carried, ...before } = held.payload
  return { ...changes.reduce(applyChange, before), ...times, ...follows }
}

function applyChange(list: AllianceList, change: ListChange, index: number): AllianceList {
  const at = `draft/changes/${index}`
  const amended = (iss: string, amend: (member: AllianceMember) => AllianceMember): AllianceList => {
    const place = list.members.findIndex((member) => member.iss === iss)
    const member = list.members[place]
    if (member === undefined) throw new Fault('request-malformed', { at: `${at}/iss`, detail: 'not in the list' })
    return { ...list, members: list.members.with(place, amend(member)) }
  }
  switch (change.change) {
    case 'join': {
      const place = list.members.findIndex((member) => member.iss === change.member.iss)
      if (place >= 0 && list.members[place]!.state !== 'left') throw new Fault('request-malformed', { at: `${at}/member/iss`, detail: 'in the list already' })
      // Whoever comes back takes its old place: one authority stands in a list once.
      return { ...list, members: place < 0 ? [...list.members, change.member] : list.members.with(place, change.member) }
    }
    case 'leave':
      return amended(change.iss, (member) => ({ ...member, state: 'left', until: change.until }))
    case 'suspend':
      return amended(change.iss, (member) => ({ ...member, state: 'suspended', ...(change.from === undefined ? {} : { until: change.from }) }))
    case 'reinstate':
      return amended(change.iss, ({ until: _until, ...member }) => ({ ...member, state: 'active' }))
    case 'amend': {
      const { change: _change, iss, ...amendments } = change
      return amended(iss, (member) => withAll(member, amendments))
    }
    case 'set': {
      const { change: _change, chair: nextChair, secretariat: nextSecretariat, ...rest } = change
      const { chair: oldChair, secretariat: oldSecretariat, ...others } = list
      const inChair = nextChair === undefined ? oldChair : (nextChair ?? undefined)
      const keeping = nextSecretariat === undefined ? oldSecretariat : (nextSecretariat ?? undefined)
      return { ...withAll(others, rest), ...(inChair === undefined ? {} : { chair: inChair }), ...(keeping === undefined ? {} : { secretariat: keeping }) }
    }
  }
}

/** The object with what is given in place of what it has; a member that was left out changes nothing. */
function withAll<T extends object>(object: T, given: { readonly [Name in keyof T]?: T[Name] | undefined }): T {
  const stated = Object.entries(given).filter(([, value]) => value !== undefined)
  return { ...object, ...Object.fromEntries(stated) }
}
