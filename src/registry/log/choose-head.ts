import { Fault } from '#core/fault.ts'
import { parseSignedNote } from '#core/log/signed-note.ts'
import type { Trust } from '#core/trust/assemble-trust.ts'
import { alliancesAsking, quorumTimes, type Quorum } from '#core/verify/quorum-times.ts'
import { findNewestCheckpoint, listCosignatures, listFirstCosignedOver, listLastCosignedOver, type CosignedHead } from '#storage/log.ts'
import type { Office } from '../office.ts'

type Choosing = Pick<Office, 'authority' | 'store' | 'engine' | 'clock'>

/** A head of the own log that a proof can lead to, and the lines of the witnesses who have cosigned it. */
export interface ChosenHead {
  readonly size: number
  readonly note: string
  readonly lines: readonly string[]
}

/** Heads whose cosignatures are verified, at a tenth of a millisecond each. Witnesses are asked once a minute, so the first few have them. */
const mostJudged = 32
/** Heads that are counted where the first few have no quorum: three days of them. A witness that is away for hours leaves as many. */
const mostCounted = 4096
/** After the first head that proves a time, so many more are looked at for one that proves it to every alliance. */
const mostBeyond = 8

/**
 * The head that a proof of a leaf leads to: the earliest whose cosignatures prove a time by what verifiers go by. Of a city in several alliances
 * whoever verifies may hold the list of any one of them, so a head a few minutes later that proves it to more of them is taken instead. Where
 * none proves a time, the one with the most cosignatures. Fault: `log-damaged` where no head covers the leaf.
 */
export async function chooseHead(office: Choosing, { authorities }: Pick<Trust, 'authorities'>, index: number): Promise<ChosenHead> {
  const { read } = office.store
  const issuer = authorities.get(office.authority.iss)
  const asking = issuer === undefined ? [] : alliancesAsking(issuer)
  if (issuer === undefined || asking.length === 0) return (await withMostLines()) ?? newest()

  const judged = (note: string): readonly Quorum[] => {
    try {
      return quorumTimes(parseSignedNote(note), issuer, { authorities }, office.clock(), office.engine)
    } catch (fault) {
      // A row that somebody has spoilt proves nothing, and takes no other head with it.
      if (fault instanceof Fault) return []
      throw fault
    }
  }
  const least = Math.min(...asking.map(({ payload }) => payload.thresholds.cosigners!)) // those that ask have it
  const first = await listFirstCosignedOver(read, { index, least, within: mostJudged, limit: mostJudged })
  return (
    (await firstProving(first)) ??
    (first.length < mostJudged
      ? await firstProving((await listFirstCosignedOver(read, { index, least, within: mostCounted, limit: mostJudged })).slice(first.length))
      : undefined) ??
    // By then the witnesses may be others than those whom the alliance counts no more.
    (await firstProving(await listLastCosignedOver(read, { index, least, within: mostJudged, limit: 1 }))) ??
    (await withMostLines()) ??
    newest()
  )

  async function firstProving(heads: readonly CosignedHead[]): Promise<ChosenHead | undefined> {
    let best: { readonly head: ChosenHead; readonly quorums: number } | undefined
    let beyond = 0
    for (const head of heads) {
      const chosen = await withLines(head)
      const quorums = judged(chosen.note + chosen.lines.join('')).length
      if (quorums > (best?.quorums ?? 0)) best = { head: chosen, quorums }
      if (best !== undefined && (best.quorums === asking.length || ++beyond > mostBeyond)) break
    }
    return best?.head
  }

  async function withMostLines(): Promise<ChosenHead | undefined> {
    const heads = await listFirstCosignedOver(read, { index, least: 1, within: mostJudged, limit: mostJudged })
    const most = heads.toSorted((one, other) => other.cosignatures - one.cosignatures)[0]
    return most === undefined ? undefined : withLines(most)
  }

  async function withLines({ size, note }: Pick<CosignedHead, 'size' | 'note'>): Promise<ChosenHead> {
    return { size, note, lines: (await listCosignatures(read, { size })).map(({ line }) => line) }
  }

  async function newest(): Promise<ChosenHead> {
    const head = await findNewestCheckpoint(read, {})
    if (head === undefined || head.size <= index) throw new Fault('log-damaged', { at: 'checkpoint' })
    return { ...head, lines: [] }
  }
}
