import { Fault } from '#core/fault.ts'
import { placesForRoot, rootOf } from '#core/log/merkle.ts'
import { sameBytes } from '#core/log/same-bytes.ts'
import { readFromTiles, tilesFor } from '#core/log/tiles.ts'
import { findLogHead } from '#storage/log.ts'
import type { HeadFile } from '#storage/head-file.ts'
import type { Reader } from '#storage/open-store.ts'
import type { Office } from '../office.ts'
import { readTiles } from './read-tiles.ts'

/** Seconds that a neighbour's clock may be from this node's before one of the two is wrong. */
export const clockTolerance = 300

/** How long the neighbours' word about this node's clock counts, by that clock. Seconds. */
const heardFor = 600

/**
 * What most of the neighbours' clocks, as they stand in their cosignatures, say of this node's. `agrees`: it is right. `differs`: it is wrong by
 * so many seconds, ahead where they are more than 0. `unheard`: too few were heard, or they do not agree among themselves.
 */
export type ClockWord = { readonly kind: 'agrees' | 'unheard' } | { readonly kind: 'differs'; readonly seconds: number }

/**
 * Whether this node may sign anything. A database that came back from an old backup would give the same numbers twice, bring revoked records
 * back to life and sign a second history of its log; and under a wrong clock it would sign records of a time to come, which nobody takes. So
 * nothing leaves the house until it has caught up, or until its clock is right.
 */
export interface IssuingGate {
  /** Faults: the one that the gate was closed with; `clock-differs`. */
  readonly check: () => void
  /** The same as an answer. */
  readonly isOpen: () => boolean
  readonly close: (why: Fault) => void
  readonly open: () => void
  /** @param word undefined where what was heard before stands; @param now seconds, by this clock, as for the following */
  readonly hear: (word: ClockWord | undefined, now: number) => void
  /** That neighbours were heard of late, and this clock has not jumped since. */
  readonly clockIsHeard: (now: number) => boolean
  /** That most of the neighbours were, and say that it is right. */
  readonly clockIsRight: (now: number) => boolean
}

export function openGate(): IssuingGate {
  let closed: Fault | undefined
  let heard: ClockWord = { kind: 'unheard' }
  let heardAt = Number.NEGATIVE_INFINITY
  const clockIsHeard = (now: number): boolean => now >= heardAt - clockTolerance && now <= heardAt + heardFor
  return {
    check: () => {
      if (closed !== undefined) throw new Fault(closed.code, { at: closed.at, detail: closed.detail })
      if (heard.kind === 'differs') throw new Fault('clock-differs', { at: 'clock', detail: `${heard.seconds} seconds` })
    },
    isOpen: () => closed === undefined && heard.kind !== 'differs',
    close: (why) => {
      closed ??= why
    },
    open: () => {
      closed = undefined
    },
    hear: (word, now) => {
      heard = word ?? heard
      heardAt = now
    },
    clockIsHeard,
    clockIsRight: (now) => heard.kind === 'agrees' && clockIsHeard(now),
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
