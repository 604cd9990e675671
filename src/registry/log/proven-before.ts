import { Fault } from '#core/fault.ts'
import { parseSignedNote } from '#core/log/signed-note.ts'
import { secondsOf, type Instant } from '#core/model/instant.ts'
import type { Trust } from '#core/trust/assemble-trust.ts'
import { alliancesAsking, quorumTimes, type Quorum } from '#core/verify/quorum-times.ts'
import { listCosignatures, type LogCheckpoint } from '#storage/log.ts'
import { listCosignedBefore } from '#storage/record-keys.ts'
import type { Office } from '../office.ts'

const page = 32

/**
 * The size of the newest tree of the own log that verifiers take to have been there before an instant: what is in it was. Of a city in several
 * alliances, whoever verifies may hold the list of any one of them, so it is the smallest that one of them goes by. An alliance whose members
 * have never cosigned enough has proven nothing of any record, and takes none from the others. 0 where nothing is proven.
 */
export async function sizeProvenBefore(
  { store: { read }, authority, engine, clock }: Pick<Office, 'store' | 'authority' | 'engine' | 'clock'>,
  { authorities }: Pick<Trust, 'authorities'>,
  instant: Instant,
): Promise<number> {
  const before = secondsOf(instant)
  const issuer = authorities.get(authority.iss)
  const asking = issuer === undefined ? [] : alliancesAsking(issuer)
  if (issuer === undefined || asking.length === 0) return newest(1, async () => true)
  const sizes = await Promise.all(
    asking.map(({ payload: { alliance, thresholds } }) =>
      // Those that ask have it.
      newest(thresholds.cosigners!, async (head) => (await quorumsOf(head)).some((quorum) => quorum.alliance === alliance && quorum.seconds < before)),
    ),
  )
  const proven = sizes.filter((size) => size > 0)
  return proven.length === 0 ? 0 : Math.min(...proven)

  async function newest(least: number, isProven: (head: Pick<LogCheckpoint, 'size' | 'note'>) => Promise<boolean>): Promise<number> {
    for (let below = Number.MAX_SAFE_INTEGER; ;) {
      const heads = await listCosignedBefore(read, { before, below, least, limit: page })
      for (const head of heads) if (await isProven(head)) return head.size
      const last = heads.at(-1)
      if (last === undefined || heads.length < page) return 0
      below = last.size
    }
  }

  async function quorumsOf({ size, note }: Pick<LogCheckpoint, 'size' | 'note'>): Promise<readonly Quorum[]> {
    const lines = (await listCosignatures(read, { size })).map(({ line }) => line)
    try {
      return quorumTimes(parseSignedNote(note + lines.join('')), issuer!, { authorities }, clock(), engine) // somebody asks for it
    } catch (fault) {
      // A row that somebody has spoilt proves nothing.
      if (fault instanceof Fault) return []
      throw fault
    }
  }
}
