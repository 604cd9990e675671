import { hashLeaf } from '#core/log/merkle.ts'
import { signCheckpoint } from '#core/log/checkpoint.ts'
import { leafBytes, type LeafKind } from '#core/log/leaf.ts'
import { sameBytes } from '#core/log/same-bytes.ts'
import { appendLeaves, type TreeEdge } from '#core/log/tiles.ts'
import { Fault } from '#core/fault.ts'
import { secondsOf } from '#core/model/instant.ts'
import { findLogHead, forgetBareCheckpoints, insertLogCheckpoints, insertLogLeaves, putLogTiles, swapLogHead, type LogLeaf } from '#storage/log.ts'
import type { Writer } from '#storage/open-store.ts'
import { listUnpublished, markPublished } from '#storage/outbox.ts'
import type { Office } from '../office.ts'
import { requireOpenKey } from '../open-key.ts'
import { rememberHead } from './issuing-gate.ts'
import { ownLogKey } from './own-keys.ts'
import { readEdge } from './read-tiles.ts'

/** Leaves that are appended in one transaction: a few milliseconds, so that requests get their turn between two. */
const atOnce = 256

/** What a transaction has appended. */
export interface Grown {
  readonly leaves: number
  readonly root: Uint8Array
  readonly edge: TreeEdge
}

// The right edge as this process left it, with the hashes between its tiles: read from the tiles they are some five hundred. Of use only while the
// head is the very one that it makes; whatever else has happened to the log, another process or a transaction that was lost, the tiles are read.
const edges = new WeakMap<Office['store'], Grown>()

type Sequencing = Pick<Office, 'authority' | 'store' | 'engine' | 'keyring' | 'clock' | 'headFile' | 'gate'>

/**
 * Takes up all that the outbox holds, oldest first, and signs the new heads. Returns how many leaves it appended; 0 when nothing waits.
 *
 * Any number of processes may try at once. The outbox is the stage: what waits in it is as durable as the object itself. Leaves, tiles,
 * the head and its signature are one transaction, and the head is compared and swapped in it, so a crash leaves either the log as it was
 * and everything still waiting, or all of it. What a crash can cost is cosignatures, which are asked for again.
 *
 * @param between awaited between two transactions
 */
export async function sequenceLog(office: Sequencing, between?: () => Promise<unknown>): Promise<number> {
  office.gate.check()
  let leaves = 0
  // Without a transaction where there is nothing to do, which is most of the time.
  while (office.gate.isOpen() && (await listUnpublished(office.store.read, { limit: 1 })).length > 0) {
    const grown = await office.store.atomically((tx) => appendWaiting(tx, office, atOnce))
    if (grown === undefined) break
    keepEdge(office, grown)
    leaves += grown.leaves
    await between?.()
  }
  // Once, since it waits for the disk; and also where another process has appended, or this one before it was killed.
  await rememberHead(office)
  return leaves
}

/** Called with what a transaction has appended when it is committed: the next one needs not read the edge. */
export const keepEdge = ({ store }: Pick<Office, 'store'>, grown: Grown): void => void edges.set(store, grown)

/** An object that was signed. */
export type Leaf = Pick<LogLeaf, 'kind' | 'digest'>

/**
 * The same within the caller's transaction: so many at most of those that wait, and after them those that the caller is about to put into the outbox, as
 * published. Undefined where there are none. A fault of the log or its key comes before anything is written. Fault `storage-busy`: somebody else has
 * appended meanwhile, and the transaction is to run again from the start.
 */
export async function appendWaiting(tx: Writer, office: Sequencing, limit: number, after: readonly Leaf[] = []): Promise<Grown | undefined> {
  const { engine, keyring } = office
  const waiting = await listUnpublished(tx, { limit })
  const appended: readonly Leaf[] = [...waiting, ...after]
  if (appended.length === 0) return undefined
  await requireOpenKey(tx, keyring.log.kid)
  const key = await ownLogKey(tx, office)
  const at = secondsOf(office.clock())
  const head = await findLogHead(tx, {})
  const from = head?.size ?? 0
  const leaves = appended.map(({ kind, digest }) => hashLeaf(leafBytes(kind as LeafKind, digest), engine.sha256)) // this software alone fills the outbox
  const held = edges.get(office.store)
  const isHead = head !== undefined && held?.edge.size === head.size && sameBytes(held.root, head.root)
  const { size, root, changed, edge } = appendLeaves(isHead ? held.edge : { size: from, tiles: await readEdge(tx, from) }, leaves, engine.sha256)
  const note = signCheckpoint({ origin: key.name, size, root, extensions: [] }, keyring.log, key)
  if (!(await swapLogHead(tx, head, { size, root }))) throw new Fault('storage-busy', { at: 'log', detail: 'another sequencer was first' })
  await insertLogLeaves(
    tx,
    appended.map(({ kind, digest }, offset) => ({ index: from + offset, kind, digest, loggedAt: at })),
  )
  await putLogTiles(
    tx,
    changed.map(({ level, index, hashes }) => ({ level, index, body: hashes })),
  )
  await markPublished(
    tx,
    { at },
    waiting.map(({ id }) => id),
  )
  await insertLogCheckpoints(tx, [{ size, note, madeAt: at }])
  await forgetBareCheckpoints(tx, { below: size })
  return { leaves: appended.length, root, edge: { size, tiles: edge } }
}
