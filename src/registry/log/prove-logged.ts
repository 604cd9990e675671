import { leafBytes, type LeafKind } from '#core/log/leaf.ts'
import { logProofText } from '#core/log/log-proof.ts'
import { placesForInclusion, proveInclusion } from '#core/log/merkle.ts'
import { readFromTiles, tilesFor } from '#core/log/tiles.ts'
import type { Trust } from '#core/trust/assemble-trust.ts'
import { findLogLeaf } from '#storage/log.ts'
import type { Office } from '../office.ts'
import { chooseHead } from './choose-head.ts'
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

/**
 * The proof that an object stands in the own log: to the earliest head whose cosignatures prove a time to whoever holds these lists, else to the
 * one that the most have cosigned. Undefined while the log has not taken it up yet, which is a matter of seconds. Fault: `log-damaged`.
 *
 * @param trust what this node holds: verifiers hold the same lists, or older ones
 */
export async function proveLogged(
  office: Pick<Office, 'authority' | 'store' | 'engine' | 'clock'>,
  { kind, digest }: { readonly kind: LeafKind; readonly digest: Uint8Array },
  trust: Pick<Trust, 'authorities'>,
): Promise<ProvenLeaf | undefined> {
  const { store, engine } = office
  const leaf = await findLogLeaf(store.read, { kind, digest })
  if (leaf === undefined) return undefined
  const { size, note, lines } = await chooseHead(office, trust, leaf.index)
  const tiles = await readTiles(store.read, tilesFor(placesForInclusion(leaf.index, size), size))
  const hashes = proveInclusion(leaf.index, size, readFromTiles(tiles, engine.sha256), engine.sha256)
  const checkpoint = note + lines.join('')
  return { proof: logProofText({ index: leaf.index, hashes, checkpoint }), leaf: leafBytes(kind, digest), index: leaf.index, cosigners: lines.length }
}
