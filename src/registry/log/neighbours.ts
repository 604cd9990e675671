import { dayOf } from '#core/model/instant.ts'
import { memberOn } from '#core/trust/alliance-list.ts'
import type { Authority, Trust } from '#core/trust/assemble-trust.ts'
import { addressesOf } from '#core/trust/node-addresses.ts'
import type { Office } from '../office.ts'

export interface Neighbour {
  readonly city: Authority
  /** As the accepted lists give them; nobody is asked anywhere else. */
  readonly addresses: readonly string[]
}

/** The other full members of this city's alliances, each once: who witnesses its log, and whose logs it follows. */
export function logNeighbours({ alliances, authorities }: Trust, { authority, clock }: Pick<Office, 'authority' | 'clock'>): readonly Neighbour[] {
  const neighbours = new Map<string, Neighbour>()
  for (const { payload } of alliances) {
    if (!payload.members.some(({ iss }) => iss === authority.iss)) continue
    for (const member of payload.members) {
      const city = authorities.get(member.iss)
      if (city === undefined || member.iss === authority.iss || member.role !== 'member' || !memberOn(member, dayOf(clock()))) continue
      const addresses = [...new Set([...(neighbours.get(member.iss)?.addresses ?? []), ...addressesOf(payload, member)])]
      if (addresses.length > 0) neighbours.set(member.iss, { city, addresses })
    }
  }
  return [...neighbours.values()]
}
