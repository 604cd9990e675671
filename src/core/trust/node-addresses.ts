import type { AllianceList } from './alliance-list.ts'
import type { AllianceMember } from './alliance-member.ts'

/** `NodeAddress` allows plain HTTP on the own machine alone. */
const isOnThisMachine = (address: string): boolean => address.startsWith('http://')

/**
 * Where a member of a list may be asked. Addresses on the asking machine are for a demonstration, whose whole list is on it: in any other list
 * they would have every member ask services of its own that nobody else can reach.
 */
export function addressesOf({ members }: Pick<AllianceList, 'members'>, { addresses }: Pick<AllianceMember, 'addresses'>): readonly string[] {
  const demonstration = members.every((member) => member.addresses.every(isOnThisMachine))
  return demonstration ? addresses : addresses.filter((address) => !isOnThisMachine(address))
}
