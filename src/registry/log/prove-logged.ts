import { Fault } from '#core/fault.ts'
import { leafBytes, type LeafKind } from '#core/log/leaf.ts'
import { logProofText } from '#core/log/log-proof.ts'
import { placesForInclusion, proveInclusion } from '#core/log/merkle.ts'
import { readFromTiles, tilesFor } from '#core/log/tiles.ts'
import { findLogLeaf, findNewestCheckpoint, listCheckpointsOver, listCosignatures, type LogCheckpoint } from '#storage/log.ts'
import type { Reader } from '#storage/open-store.ts'
import type { Office } from '../office.ts'
import { readTiles } from './read-tiles.ts'

export interface ProvenLeaf {
  /** C2SP tlog-proof. */
  readonly proof: string
  /** The leaf's bytes, whose hash the proof leads to the root. */
  readonly leaf: Uint8Array
  readonly index: number
  /** How many witnesses have cosigned the head that it leads to. */
  readonly cosigners: number
}

/** Heads that are looked through for one with enough cosignatures. Witnesses are asked for a cosignature a minute, so the first few have them. */
const mostHeads = 32

/**
 * The proof that an object stands in the own log: to the earliest head that enough witnesses have cosigned, else to the one that the most
 * have. Undefined while the log has not taken it up yet, which is a matter of seconds. Fault: `log-damaged`.
 *
 * @param enough how many cosignatures are enough; where fewer are to be had, what there is is given
 */
export async function proveLogged(
  { store: { read }, engine }: Pick<Office, 'store' | 'engine'>,
  { kind, digest }: { readonly kind: LeafKind; readonly digest: Uint8Array },
  enough: number,
): Promise<ProvenLeaf | undefined> {
  const leaf = await findLogLeaf(read, { kind, digest })
  if (leaf === undefined) return undefined
  const { head, lines } = await bestHead(read, leaf.index, enough)
  const tiles = await readTiles(read, tilesFor(placesForInclusion(leaf.index, head.size), head.size))
  const hashes = proveInclusion(leaf.index, head.size, readFromTiles(tiles, engine.sha256), engine.sha256)
  const checkpoint = head.note + lines.join('')
  return { proof: logProofText({ index: leaf.index, hashes, checkpoint }), leaf: leafBytes(kind, digest), index: leaf.index, cosigners: lines.length }
}

async function bestHead(read: Reader, index: number, enough: number): Promise<{ readonly head: LogCheckpoint; readonly lines: readonly string[] }> {
  let best: { readonly head: LogCheckpoint; readonly lines: readonly string[] } | undefined
  for (const head of await listCheckpointsOver(read, { index, limit: mostHeads })) {
    const lines = (await listCosignatures(read, { size: head.size })).map(({ line }) => line)
    if (best === undefined || lines.length > best.lines.length) best = { head, lines }
    if (lines.length >= enough) break
  }
  if (best !== undefined) return best
  const head = await findNewestCheckpoint(read, {})
  if (head === undefined || head.size <= index) throw new Fault('log-damaged', { at: 'checkpoint' })
  return { head, lines: [] }
}
