import { decodeUtf8 } from '#core/encoding/utf8.ts'
import { Fault } from '#core/fault.ts'
import { verifyCheckpoint, type Checkpoint } from '#core/log/checkpoint.ts'
import { readLeaf, type Leaf } from '#core/log/leaf.ts'
import { hashLeaf } from '#core/log/merkle.ts'
import { sameBytes } from '#core/log/same-bytes.ts'
import { tileWidth } from '#core/log/tile-path.ts'
import { appendLeaves, type Appended } from '#core/log/tiles.ts'
import { families } from '#core/credential/families.ts'
import { familyIds } from '#core/model/family-id.ts'
import { dayOf, secondsOf } from '#core/model/instant.ts'
import type { Trust } from '#core/trust/assemble-trust.ts'
import { openRemoteLog, type RemoteLog } from '#federation/fetch-log.ts'
import type { FetchStream } from '#federation/fetch-trust-files.ts'
import { takeNumbers } from '#storage/counters.ts'
import { findLogHead, insertLogCheckpoints, insertLogLeaves, putLogTiles, swapLogHead } from '#storage/log.ts'
import type { Reader, Writer } from '#storage/open-store.ts'
import { findRecordByDigest } from '#storage/records.ts'
import { takeStatusPlaces } from '#storage/status-lists.ts'
import type { Office } from '../office.ts'
import { audit, type Request } from '../perform.ts'
import { bundleOf } from './follow-log.ts'
import { compareWithHead, rememberHead } from './issuing-gate.ts'
import { logNeighbours } from './neighbours.ts'
import { ownLogKeys } from './own-keys.ts'
import { recallWitnessed } from './recall-witnessed.ts'
import { readEdge } from './read-tiles.ts'

export interface Recovery {
  readonly [member: string]: number
  /** Leaves of the log now. */
  readonly size: number
  /** Leaves that came back from the neighbours. */
  readonly taken: number
  /** Of them records, and status changes, whose content this node no longer has. */
  readonly lostRecords: number
  readonly lostChanges: number
}

/**
 * Brings a log that came back from an old backup up to what this node had signed and its neighbours have mirrored, and opens the gate.
 *
 * The log holds digests and no contents, so records of the lost time are lost here: their holders have them, and they stay valid. Their
 * numbers, serials and places in the status lists are passed over, so that nothing is given twice. A lost status change would be
 * undone by the next status list, so with one of them the gate stays shut until somebody says by `acceptLoss` that it will be entered again.
 *
 * Faults: `log-rolled-back` where the neighbours do not have it all, or what they have does not go on from what is here; `log-loss-unaccepted`.
 */
export async function recoverLog(office: Office, request: Request, trust: Trust, fetch: FetchStream, acceptLoss: string | undefined): Promise<Recovery> {
  const head = await findLogHead(office.store.read, {})
  const size = head?.size ?? 0
  const { mirror, missing } = await whatIsMissing(office, size, await ownMirrors(office, trust, fetch))
  let lostRecords = 0
  for (const { kind, digest } of missing) if (kind === 'record' && (await findRecordByDigest(office.store.read, { digest })) === undefined) lostRecords++
  const lostChanges = missing.filter(({ kind }) => kind === 'status').length
  if (lostChanges > 0 && acceptLoss === undefined) throw new Fault('log-loss-unaccepted', { at: 'log', detail: `${lostChanges} status changes` })
  if (mirror !== undefined && missing.length > 0)
    await office.store.atomically(async (tx) => {
      await takeBack(tx, office, mirror, missing)
      await passOver(tx, office, lostRecords)
      await audit(tx, office, {
        actor: request.actor,
        action: 'recover-log',
        subject: office.authority.division,
        ...(acceptLoss === undefined ? {} : { reason: acceptLoss }),
        detail: { taken: missing.length, lostRecords, lostChanges },
      })
    })
  // Its word about others came back from the same backup.
  await recallWitnessed(office, trust, fetch)
  office.gate.open()
  await compareWithHead(office)
  office.gate.check()
  await rememberHead(office)
  return { size: size + missing.length, taken: missing.length, lostRecords, lostChanges }
}

interface Mirror {
  readonly checkpoint: Checkpoint
  readonly note: string
  readonly remote: RemoteLog
}

/** The heads of this node's own log that neighbours show. They bear this node's signature, so none of them can make one up. */
async function ownMirrors(office: Office, trust: Trust, fetch: FetchStream): Promise<readonly Mirror[]> {
  const keys = await ownLogKeys(office.store.read, office)
  const mirrors: Mirror[] = []
  for (const { addresses } of logNeighbours(trust, office))
    for (const address of addresses) {
      const remote = openRemoteLog(address, `log/mirror/${office.authority.division}`, fetch)
      try {
        const bytes = await remote.checkpoint()
        if (bytes === undefined) continue
        const note = decodeUtf8(bytes, 'checkpoint')
        mirrors.push({ checkpoint: verifyCheckpoint(note, keys, office.engine).checkpoint, note, remote })
      } catch (fault) {
        if (!(fault instanceof Fault)) throw fault // one neighbour that is down or lies is not the last
      }
    }
  return mirrors
}

interface Missing {
  readonly mirror?: Mirror
  readonly missing: readonly FoundLeaf[]
}

/**
 * What the largest head has beyond so many leaves. Whoever shows it and gives leaves that do not make it is passed over for the next who
 * shows it; a smaller head is never made do with. Faults: those of the last one that was asked.
 */
async function whatIsMissing(office: Office, size: number, mirrors: readonly Mirror[]): Promise<Missing> {
  const largest = Math.max(size, ...mirrors.map(({ checkpoint }) => checkpoint.size))
  if (largest === size) return { missing: [] }
  let refused: Fault | undefined
  for (const mirror of mirrors.filter(({ checkpoint }) => checkpoint.size === largest))
    try {
      const missing = await leavesFrom(mirror.remote, size, largest)
      await grow(office.store.read, office, size, mirror, missing)
      return { mirror, missing }
    } catch (fault) {
      if (!(fault instanceof Fault)) throw fault
      refused = fault
    }
  throw refused! // one of them shows the largest
}

interface FoundLeaf extends Leaf {
  readonly entry: Uint8Array
}

async function leavesFrom(remote: RemoteLog, from: number, to: number): Promise<readonly FoundLeaf[]> {
  const leaves: FoundLeaf[] = []
  for (let index = Math.floor(from / tileWidth); index * tileWidth < to; index++) {
    const entries = await bundleOf(remote, index, Math.min(tileWidth, to - index * tileWidth))
    for (const entry of entries.slice(Math.max(0, from - index * tileWidth))) leaves.push({ ...readLeaf(entry), entry })
  }
  return leaves
}

/** The tree of what is here and what was missing. Fault: `log-rolled-back` unless it is the one that the mirror's head states. */
async function grow(from: Reader, { engine }: Pick<Office, 'engine'>, size: number, { checkpoint }: Mirror, missing: readonly FoundLeaf[]): Promise<Appended> {
  const appended = appendLeaves(
    { size, tiles: await readEdge(from, size) },
    missing.map(({ entry }) => hashLeaf(entry, engine.sha256)),
    engine.sha256,
  )
  // What is here is not the beginning of what was published: somebody has issued on the restored copy, and two histories can't be joined.
  if (appended.size !== checkpoint.size || !sameBytes(appended.root, checkpoint.root))
    throw new Fault('log-rolled-back', { at: 'log', detail: `what is here does not lead to the head of ${checkpoint.size} leaves` })
  return appended
}

async function takeBack(tx: Writer, office: Office, mirror: Mirror, missing: readonly FoundLeaf[]): Promise<void> {
  const head = await findLogHead(tx, {})
  const from = head?.size ?? 0
  const appended = await grow(tx, office, from, mirror, missing)
  if (!(await swapLogHead(tx, head, appended))) throw new Fault('storage-busy', { at: 'log' })
  const at = secondsOf(office.clock())
  await insertLogLeaves(
    tx,
    missing.map(({ kind, digest }, offset) => ({ index: from + offset, kind, digest, loggedAt: at })),
  )
  await putLogTiles(
    tx,
    appended.changed.map(({ level, index, hashes }) => ({ level, index, body: hashes })),
  )
  await insertLogCheckpoints(tx, [{ size: appended.size, note: mirror.note, madeAt: at }])
}

/** Of which family the lost records were is not known, so every counter passes over as many. */
async function passOver(tx: Writer, office: Office, howMany: number): Promise<void> {
  if (howMany === 0) return
  const year = Number(dayOf(office.clock()).slice(0, 4))
  for (const id of familyIds) for (const name of [families[id].id, `${families[id].id}/number`]) await takeNumbers(tx, { class: name, year, howMany })
  await takeStatusPlaces(tx, howMany, () => office.random(16))
}
