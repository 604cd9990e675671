import { Fault } from '#core/fault.ts'
import { placesForRoot, rootOf } from '#core/log/merkle.ts'
import { sameBytes } from '#core/log/same-bytes.ts'
import { readFromTiles, tilesFor } from '#core/log/tiles.ts'
import { findLogHead } from '#storage/log.ts'
import type { HeadFile } from '#storage/head-file.ts'
import type { Reader } from '#storage/open-store.ts'
import type { Office } from '../office.ts'
import { readTiles } from './read-tiles.ts'

/**
 * Whether this node may sign anything. A database that came back from an old backup would give the same numbers twice, bring revoked records
 * back to life and sign a second history of its log, so nothing leaves the house until it has caught up.
 */
export interface IssuingGate {
  /** Fault: the one that the gate was closed with. */
  readonly check: () => void
  readonly close: (why: Fault) => void
  readonly open: () => void
}

export function openGate(): IssuingGate {
  let closed: Fault | undefined
  return {
    check: () => {
      if (closed !== undefined) throw new Fault(closed.code, { at: closed.at, detail: closed.detail })
    },
    close: (why) => {
      closed ??= why
    },
    open: () => {
      closed = undefined
    },
  }
}

/** Compares the log with the newest head that this node has made public, and closes the gate where the log is older or another one. */
export async function compareWithHead({ store: { read }, engine, headFile, gate }: Pick<Office, 'store' | 'engine' | 'headFile' | 'gate'>): Promise<void> {
  const published = headFile.read()
  if (published === undefined || published.size === 0) return
  const size = (await findLogHead(read, {}))?.size ?? 0
  if (size < published.size) gate.close(new Fault('log-rolled-back', { at: 'log', detail: `${size} leaves of ${published.size}` }))
  else if (!sameBytes(await rootAt(read, published.size, engine), published.root))
    gate.close(new Fault('log-rolled-back', { at: 'log', detail: `another history up to leaf ${published.size}` }))
}

/** The root that the log had when it was so large. */
export async function rootAt(read: Reader, size: number, { sha256 }: Pick<Office['engine'], 'sha256'>): Promise<Uint8Array> {
  const tiles = await readTiles(read, tilesFor(placesForRoot(size), size))
  return rootOf(size, readFromTiles(tiles, sha256), sha256)
}

/**
 * Remembers the newest head beside the database, if it has grown. Called when it is committed: a file that is ahead of its log would be an alarm;
 * and a file that is behind, because nobody came to write it, would let an old backup pass.
 */
export async function rememberHead({
  store: { read },
  headFile,
}: {
  readonly store: Pick<Office['store'], 'read'>
  readonly headFile: HeadFile
}): Promise<void> {
  const head = await findLogHead(read, {})
  if (head !== undefined && head.size > (headFile.read()?.size ?? 0)) headFile.write(head)
}
