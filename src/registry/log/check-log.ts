import { encodeBase64url } from '#core/encoding/base64url.ts'
import { Fault } from '#core/fault.ts'
import { verifyCheckpoint } from '#core/log/checkpoint.ts'
import { leafBytes, type LeafKind } from '#core/log/leaf.ts'
import type { LogFindingCode } from '#core/log/log-finding-texts.ts'
import { hashLeaf } from '#core/log/merkle.ts'
import { sameBytes } from '#core/log/same-bytes.ts'
import { tileWidth } from '#core/log/tile-path.ts'
import { appendLeaves, type Tile, type TreeEdge } from '#core/log/tiles.ts'
import type { NoteKey } from '#core/log/signed-note.ts'
import { findLogHead, findLogTile, listCheckpointsOver, listLogLeaves, type LogLeaf } from '#storage/log.ts'
import { findRecordByDigest } from '#storage/records.ts'
import type { Office } from '../office.ts'
import { checkRecords, type Found } from './check-records.ts'
import { rootAt } from './issuing-gate.ts'
import { ownLogKeys } from './own-keys.ts'

/** What does not agree, and where: a record by its number, a leaf by its index, a head by its size. */
export interface LogFinding {
  readonly [member: string]: string
  readonly code: LogFindingCode
  readonly at: string
}

export interface LogCheck {
  readonly leaves: number
  readonly records: number
  readonly findings: readonly LogFinding[]
}

/** Findings beyond it are counted no more: a database that is broken all over is known to be by then. */
const mostFindings = 1000
/** A page of leaves is a tile. */
const page = tileWidth

type Checking = Pick<Office, 'authority' | 'store' | 'engine' | 'vault'>

/**
 * Holds the own register and the own log against one another: every leaf against the tiles, every tile and root as the leaves make them,
 * every signed head against the tree of its size, every record and status change against its leaf and what was signed, every leaf of one
 * against the register. Whoever changes a row with SQL changes one of them and not the others.
 */
export async function checkLog(office: Checking, onProgress: (done: number, total: number) => void): Promise<LogCheck> {
  const findings: LogFinding[] = []
  const found = (code: LogFindingCode, at: string): void => {
    if (findings.length < mostFindings) findings.push({ code, at })
  }
  const size = (await findLogHead(office.store.read, {}))?.size ?? 0
  const { records, changes } = await checkRecords(office, found)
  await checkLeaves(office, size, changes, found, onProgress)
  await checkHeads(office, found)
  return { leaves: size, records, findings }
}

async function checkLeaves(
  { store: { read }, engine }: Checking,
  size: number,
  changes: ReadonlySet<string>,
  found: Found,
  onProgress: (done: number, total: number) => void,
): Promise<void> {
  let tree: TreeEdge = { size: 0, tiles: [] }
  let root: Uint8Array | undefined
  for (let from = 0; from < size; from += page) {
    const to = Math.min(size, from + page)
    const leaves = await listLogLeaves(read, { from, to })
    if (leaves.length !== to - from) {
      found('leaf-altered', String(from + leaves.findIndex(({ index }, offset) => index !== from + offset)))
      return
    }
    const hashes = leaves.map(({ kind, digest }) => hashLeaf(leafBytes(kind as LeafKind, digest), engine.sha256)) // a kind that is none hashes to something else, which is what is looked for
    const stored = (await findLogTile(read, { level: 0, index: from / page }))?.body
    for (const [offset, hash] of hashes.entries())
      if (stored === undefined || !sameBytes(stored.subarray(offset * 32, offset * 32 + 32), hash)) found('leaf-altered', String(from + offset))
    for (const leaf of leaves) await checkLeaf(read, leaf, changes, found)
    const appended = appendLeaves(tree, hashes, engine.sha256)
    for (const tile of appended.changed) await checkTile(read, tile, found)
    tree = { size: appended.size, tiles: appended.edge }
    root = appended.root
    onProgress(to, size)
  }
  const head = await findLogHead(read, {})
  if (root !== undefined && head !== undefined && !sameBytes(head.root, root)) found('head-differs', String(size))
}

type Read = Checking['store']['read']

/** A record, or what befell one, that the log knows and the register does not was taken out of it. */
async function checkLeaf(read: Read, { index, kind, digest }: LogLeaf, changes: ReadonlySet<string>, found: Found): Promise<void> {
  if (kind === 'record' && (await findRecordByDigest(read, { digest })) === undefined) found('leaf-without-record', String(index))
  if (kind === 'status' && !changes.has(encodeBase64url(digest))) found('leaf-without-change', String(index))
}

/** Above the leaves. A tile at the edge may have grown since: its beginning counts. */
async function checkTile(read: Read, { level, index, hashes }: Tile, found: Found): Promise<void> {
  if (level === 0) return
  const stored = (await findLogTile(read, { level, index }))?.body
  if (stored === undefined || !sameBytes(stored.subarray(0, hashes.length), hashes)) found('tile-altered', `${level}/${index}`)
}

async function checkHeads(office: Checking, found: Found): Promise<void> {
  const { read } = office.store
  const keys = await ownLogKeys(read, office)
  for (let index = 0; ;) {
    const heads = await listCheckpointsOver(read, { index, limit: page })
    for (const { size, note } of heads) if (!(await standsFor(office, size, note, keys))) found('checkpoint-refused', String(size))
    const last = heads.at(-1)
    if (last === undefined || heads.length < page) return
    index = last.size
  }
}

async function standsFor({ store: { read }, engine }: Checking, size: number, note: string, keys: readonly NoteKey[]): Promise<boolean> {
  try {
    const { checkpoint } = verifyCheckpoint(note, keys, engine)
    return checkpoint.size === size && sameBytes(checkpoint.root, await rootAt(read, size, engine))
  } catch (fault) {
    if (fault instanceof Fault) return false
    throw fault
  }
}
