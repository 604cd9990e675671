import type { Trust } from '#core/trust/assemble-trust.ts'
import type { Office } from '../office.ts'

/** How many cosignatures make a proof of this city's log count in every alliance that it belongs to; 1 where none has agreed on a number. */
export const quorumAround = ({ authority }: Pick<Office, 'authority'>, { alliances }: Pick<Trust, 'alliances'>): number =>
  Math.max(1, ...alliances.flatMap(({ payload }) => (payload.members.some(({ iss }) => iss === authority.iss) ? [payload.thresholds.cosigners ?? 1] : [])))
