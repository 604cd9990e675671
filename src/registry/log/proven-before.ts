import { Fault } from '#core/fault.ts'
import { parseSignedNote } from '#core/log/signed-note.ts'
import { secondsOf, type Instant } from '#core/model/instant.ts'
import type { Trust } from '#core/trust/assemble-trust.ts'
import { alliancesAsking, quorumTimes } from '#core/verify/quorum-times.ts'
import { listCosignatures, type LogCheckpoint } from '#storage/log.ts'
import { listCosignedBefore } from '#storage/record-keys.ts'
import type { Office } from '../office.ts'

const page = 32

/**
 * The size of the newest tree of the own log that verifiers take to have been there before an instant: what is in it was. Of a city in several
 * alliances, whoever verifies may hold the list of any one of them, so each must have its quorum. 0 where there is none.
 */
export async function sizeProvenBefore(
  { store: { read }, authority, engine, clock }: Pick<Office, 'store' | 'authority' | 'engine' | 'clock'>,
  { authorities }: Pick<Trust, 'authorities'>,
  instant: Instant,
): Promise<number> {
  const before = secondsOf(instant)
  const issuer = authorities.get(authority.iss)
  const asking = issuer === undefined ? [] : alliancesAsking(issuer)
  // Those that ask have it.
  const least = Math.max(1, ...asking.map(({ payload }) => payload.thresholds.cosigners!))
  for (let below = Number.MAX_SAFE_INTEGER; ;) {
    const heads = await listCosignedBefore(read, { before, below, least, limit: page })
    for (const head of heads) if (await isProven(head)) return head.size
    const last = heads.at(-1)
    if (last === undefined || heads.length < page) return 0
    below = last.size
  }

  async function isProven({ size, note }: Pick<LogCheckpoint, 'size' | 'note'>): Promise<boolean> {
    if (issuer === undefined || asking.length === 0) return true
    const lines = (await listCosignatures(read, { size })).map(({ line }) => line)
    try {
      const quorums = quorumTimes(parseSignedNote(note + lines.join('')), issuer, { authorities }, clock(), engine)
      return quorums.filter(({ seconds }) => seconds < before).length === asking.length
    } catch (fault) {
      // A row that somebody has spoilt proves nothing.
      if (fault instanceof Fault) return false
      throw fault
    }
  }
}
