import { Fault } from '#core/fault.ts'
import { verifyCheckpoint, type Checkpoint } from '#core/log/checkpoint.ts'
import { hashLeaf } from '#core/log/merkle.ts'
import { logOriginOf } from '#core/log/names.ts'
import { sameBytes } from '#core/log/same-bytes.ts'
import { tileWidth } from '#core/log/tile-path.ts'
import { appendLeaves, edgeTiles, encodeEntries, parseEntries, type Tile, type TreeEdge } from '#core/log/tiles.ts'
import { secondsOf } from '#core/model/instant.ts'
import { decodeUtf8 } from '#core/encoding/utf8.ts'
import type { Authority } from '#core/trust/assemble-trust.ts'
import { logKeysOf } from '#core/trust/log-keys.ts'
import type { RemoteLog } from '#federation/fetch-log.ts'
import {
  entriesLevel,
  findMirroredLog,
  findMirroredTile,
  putMirroredLog,
  putMirroredTiles,
  type MirroredLog,
  type MirroredTile,
} from '#storage/mirrored-logs.ts'
import type { Reader } from '#storage/open-store.ts'
import type { Office } from '../office.ts'
import { audit } from '../perform.ts'
import { keepFork } from './keep-fork.ts'
import { mirroredEntries } from './mirrored-entries.ts'

export interface FollowReport {
  readonly iss: string
  /**
   * `followed`: it has grown, and all of it is here. `current`: nothing new. `catching-up`: its time was over before all of it was here; the next round
   * goes on. `empty`: it has no head yet. `unreachable`: not heard. `refused`: what it offers is not signed by it, or malformed. `behind`: it shows less than it has shown before. `forked`: it has signed two roots
   * of one size; the proof is kept. `diverged`: what it shows does not go on from what it has shown before.
   */
  readonly outcome: 'followed' | 'current' | 'catching-up' | 'empty' | 'unreachable' | 'refused' | 'behind' | 'forked' | 'diverged'
  /** Leaves that are here and make the last head that was accepted. */
  readonly size: number
  readonly detail?: string
}

/** Bundles that are stored in one transaction, a few milliseconds, and fetched side by side. */
const bundlesAtOnce = 16

type Following = Pick<Office, 'store' | 'engine' | 'clock' | 'newId'>

/**
 * Follows a neighbour's log: fetches what it has grown by, computes the tree over it and what is here, and accepts its head only if that is
 * the tree's root. What was accepted stays; a log that goes back on it is named, and what is here is not given up for it.
 */
export async function followLog(office: Following, city: Authority, remote: RemoteLog): Promise<FollowReport> {
  const origin = logOriginOf(city.iss)
  const held = await findMirroredLog(office.store.read, { origin })
  const size = held?.size ?? 0
  const report = (outcome: FollowReport['outcome'], detail?: string): FollowReport => ({
    iss: city.iss,
    outcome,
    size,
    ...(detail === undefined ? {} : { detail }),
  })
  try {
    const bytes = await remote.checkpoint()
    if (bytes === undefined) return size === 0 ? report('empty') : await trouble(office, held!, report('behind', `0 of ${size}`))
    const text = decodeUtf8(bytes, 'checkpoint')
    const { checkpoint } = verifyCheckpoint(text, logKeysOf(city, office.engine).log, office.engine)
    if (held !== undefined && checkpoint.size < held.size) return await trouble(office, held, report('behind', `${checkpoint.size} of ${held.size}`))
    if (held !== undefined && checkpoint.size === held.size) {
      if (!sameBytes(checkpoint.root, held.root)) {
        await office.store.atomically((tx) => keepFork(tx, office, { origin, one: held.note, other: text }))
        return await trouble(office, held, report('forked'))
      }
      await accept(office, city, checkpoint, text)
      return report('current')
    }
    const span = { origin, from: size, to: checkpoint.size }
    let made = await mirror(office, remote, span, true)
    // What an earlier round has brought was proven by no head yet: if it was a lie, the truth is asked for once more.
    if (made.reused && !sameBytes(made.root, checkpoint.root)) made = await mirror(office, remote, span, false)
    if (!sameBytes(made.root, checkpoint.root)) {
      const diverged = report('diverged', `at ${checkpoint.size}`)
      return held === undefined ? diverged : await trouble(office, held, diverged)
    }
    await accept(office, city, checkpoint, text)
    return { ...report('followed'), size: checkpoint.size }
  } catch (fault) {
    if (!(fault instanceof Fault) || !(fault.code.startsWith('log-') || answers.has(fault.code))) throw fault
    if (fault.code === 'neighbour-slow') return report('catching-up', fault.detail)
    return report(fault.code.startsWith('log-') ? 'refused' : 'unreachable', fault.code)
  }
}

/** What is wrong with an answer and not with this node. */
const answers: ReadonlySet<string> = new Set(['neighbour-unreachable', 'neighbour-slow', 'neighbour-address-refused', 'bytes-too-many', 'text-not-utf8'])

const accept = (office: Following, { iss }: Authority, { origin, size, root }: Checkpoint, note: string): Promise<unknown> =>
  office.store.atomically((tx) => putMirroredLog(tx, { origin, iss, size, root, note, followedAt: secondsOf(office.clock()), problem: null, problemAt: null }))

/** Notes once, with the first time, that a log went back on what it had shown. */
async function trouble(office: Following, held: MirroredLog, report: FollowReport): Promise<FollowReport> {
  if (held.problem === report.outcome) return report
  await office.store.atomically(async (tx) => {
    await putMirroredLog(tx, { ...held, problem: report.outcome, problemAt: secondsOf(office.clock()) })
    await audit(tx, office, { actor: 'node', action: `log-${report.outcome}`, subject: held.origin, detail: { size: held.size } })
  })
  return report
}

interface Made {
  readonly root: Uint8Array
  /** Something of it was here already, from a round that ended too soon. */
  readonly reused: boolean
}

/**
 * Stores the entries `from ≤ index < to` and the tiles over them, and answers the root that they make together with what was there. A crash, the
 * end of its time, or a log that turns out to have lied, leaves tiles that are longer than the head that was accepted: their beginnings are what counts.
 *
 * @param reuse take full bundles that an earlier round has left; nothing proves them before the root does
 */
async function mirror(
  office: Following,
  remote: RemoteLog,
  { origin, from, to }: { readonly origin: string; readonly from: number; readonly to: number },
  reuse: boolean,
): Promise<Made> {
  const { read } = office.store
  let tree: TreeEdge = { size: from, tiles: await mirroredTiles(read, origin, edgeTiles(from)) }
  let root: Uint8Array | undefined
  let reused = false
  const last = Math.floor((to - 1) / tileWidth)
  for (let first = Math.floor(from / tileWidth); first <= last; first += bundlesAtOnce) {
    const indices = Array.from({ length: Math.min(bundlesAtOnce, last - first + 1) }, (_, offset) => first + offset)
    const bundles = await Promise.allSettled(indices.map(bundleAt))
    const rows: MirroredTile[] = []
    for (const bundle of bundles) {
      if (bundle.status === 'rejected') break
      const { index, entries } = bundle.value
      const appended = appendLeaves(
        tree,
        entries.slice(Math.max(0, tree.size - index * tileWidth)).map((entry) => hashLeaf(entry, office.engine.sha256)),
        office.engine.sha256,
      )
      rows.push({ origin, level: entriesLevel, index, body: encodeEntries(entries) })
      rows.push(...appended.changed.map(({ level, index: at, hashes }) => ({ origin, level, index: at, body: hashes })))
      tree = { size: appended.size, tiles: appended.edge }
      root = appended.root
    }
    // What has come is kept, though not all of it has.
    if (rows.length > 0) await office.store.atomically((tx) => putMirroredTiles(tx, rows))
    const lost = bundles.find(({ status }) => status === 'rejected')
    if (lost?.status === 'rejected') throw lost.reason
  }
  return { root: root!, reused } // `to` is more than `from`

  async function bundleAt(index: number): Promise<{ readonly index: number; readonly entries: readonly Uint8Array[] }> {
    const width = Math.min(tileWidth, to - index * tileWidth)
    const here = reuse && width === tileWidth ? await mirroredEntries(read, { origin, index }, width) : undefined
    reused ||= here !== undefined
    const entries = here ?? (await bundleOf(remote, index, width))
    const accepted = from - index * tileWidth
    if (accepted <= 0) return { index, entries }
    // What was accepted is not written over, whatever is said of it now.
    const before = await mirroredEntries(read, { origin, index }, accepted)
    if (before === undefined) throw new Fault('log-damaged', { at: `${origin}/tile/entries/${index}` })
    return { index, entries: [...before, ...entries.slice(accepted)] }
  }
}

/** A bundle of this width; or the beginning of the full one, where the log has dropped the partial. */
export async function bundleOf(remote: RemoteLog, index: number, width: number): Promise<readonly Uint8Array[]> {
  const bytes = await remote.entries(index, width)
  try {
    return parseEntries(bytes, width)
  } catch (fault) {
    if (width === tileWidth || !(fault instanceof Fault)) throw fault
    return parseEntries(bytes, tileWidth).slice(0, width)
  }
}

/** Mirrored tiles at the width asked for. Fault: `log-damaged`. */
export const mirroredTiles = (
  from: Reader,
  origin: string,
  names: readonly { readonly level: number; readonly index: number; readonly width: number }[],
): Promise<readonly Tile[]> =>
  Promise.all(
    names.map(async ({ level, index, width }) => {
      const body = (await findMirroredTile(from, { origin, level, index }))?.body
      if (body === undefined || body.length < width * 32) throw new Fault('log-damaged', { at: `${origin}/tile/${level}/${index}` })
      return { level, index, hashes: body.subarray(0, width * 32) }
    }),
  )
