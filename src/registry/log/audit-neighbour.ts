import { encodeBase64url } from '#core/encoding/base64url.ts'
import { decodeUtf8 } from '#core/encoding/utf8.ts'
import { verifyCheckpoint } from '#core/log/checkpoint.ts'
import { hashLeaf } from '#core/log/merkle.ts'
import { logOriginOf } from '#core/log/names.ts'
import { sameBytes } from '#core/log/same-bytes.ts'
import { tileWidth } from '#core/log/tile-path.ts'
import { appendLeaves, type TreeEdge } from '#core/log/tiles.ts'
import { Fault } from '#core/fault.ts'
import type { Authority, Trust } from '#core/trust/assemble-trust.ts'
import { logKeysOf } from '#core/trust/log-keys.ts'
import { openRemoteLog, type RemoteLog } from '#federation/fetch-log.ts'
import type { FetchStream } from '#federation/fetch-trust-files.ts'
import { findMirroredLog } from '#storage/mirrored-logs.ts'
import { findWitnessedLog } from '#storage/witnessed-logs.ts'
import type { Office } from '../office.ts'
import type { LogFinding } from './check-log.ts'
import { bundleOf } from './follow-log.ts'
import { mirroredEntries } from './mirrored-entries.ts'
import { logNeighbours } from './neighbours.ts'

/** Something that the city has handed out. */
export interface Shown {
  /** What the finding calls it. */
  readonly name: string
  /** The bytes of its leaf. */
  readonly leaf: Uint8Array
}

export interface LogAudit {
  readonly origin: string
  readonly leaves: number
  readonly findings: readonly LogFinding[]
}

/**
 * Reads a neighbour's whole log as it serves it today, and holds it against its signed head, against every entry that this node has mirrored, and
 * against the head that this node has cosigned. What was altered since is named by its index. What the city has shown must stand in it. Faults:
 * `log-empty`, those of a checkpoint, `neighbour-unreachable`.
 */
export async function auditNeighbour(
  { store: { read }, engine }: Pick<Office, 'store' | 'engine'>,
  city: Authority,
  remote: RemoteLog,
  onProgress: (done: number, total: number) => void,
  shown: readonly Shown[] = [],
): Promise<LogAudit> {
  const origin = logOriginOf(city.iss)
  const bytes = await remote.checkpoint()
  if (bytes === undefined) throw new Fault('log-empty', { at: origin })
  const { checkpoint } = verifyCheckpoint(decodeUtf8(bytes, 'checkpoint'), logKeysOf(city, engine).log, engine)
  const mirrored = await findMirroredLog(read, { origin })
  const witnessed = await findWitnessedLog(read, { origin })
  const findings: LogFinding[] = []
  if (checkpoint.size < Math.max(mirrored?.size ?? 0, witnessed?.size ?? 0)) findings.push({ code: 'head-behind', at: String(checkpoint.size) })
  const missing = new Map(shown.map(({ name, leaf }) => [encodeBase64url(leaf), name]))
  let tree: TreeEdge = { size: 0, tiles: [] }
  let root: Uint8Array | undefined
  for (let index = 0; index * tileWidth < checkpoint.size; index++) {
    const width = Math.min(tileWidth, checkpoint.size - index * tileWidth)
    const entries = await bundleOf(remote, index, width)
    if (missing.size > 0) for (const entry of entries) missing.delete(encodeBase64url(entry))
    const known = await acceptedEntries(index)
    for (const [offset, entry] of known.entries()) {
      const served = entries[offset]
      if (served !== undefined && !sameBytes(entry, served)) findings.push({ code: 'leaf-altered', at: String(index * tileWidth + offset) })
    }
    const appended = appendLeaves(
      tree,
      entries.map((entry) => hashLeaf(entry, engine.sha256)),
      engine.sha256,
    )
    for (const [held, what] of [
      [mirrored, 'mirrored'],
      [witnessed, 'cosigned'],
    ] as const) {
      if (held === undefined || held.size <= tree.size || held.size > appended.size) continue
      const there = appendLeaves(
        tree,
        entries.slice(0, held.size - tree.size).map((entry) => hashLeaf(entry, engine.sha256)),
        engine.sha256,
      )
      if (!sameBytes(there.root, held.root)) findings.push({ code: what === 'cosigned' ? 'cosigned-differs' : 'mirror-differs', at: String(held.size) })
    }
    tree = { size: appended.size, tiles: appended.edge }
    root = appended.root
    onProgress(tree.size, checkpoint.size)
  }
  if (root === undefined || !sameBytes(root, checkpoint.root)) findings.push({ code: 'head-differs', at: String(checkpoint.size) })
  for (const name of missing.values()) findings.push({ code: 'shown-unlogged', at: name })
  return { origin, leaves: checkpoint.size, findings }

  /** Those that this node has accepted; what lies beyond its accepted head was never proven. */
  async function acceptedEntries(index: number): Promise<readonly Uint8Array[]> {
    const accepted = Math.min(tileWidth, (mirrored?.size ?? 0) - index * tileWidth)
    return accepted <= 0 ? [] : ((await mirroredEntries(read, { origin, index }, accepted)) ?? [])
  }
}

/** The same for the city of a place, at the first address of the accepted lists that answers. Fault: `witness-log-unknown` where they give none. */
export async function auditCity(
  office: Office,
  trust: Trust,
  division: string,
  fetch: FetchStream,
  onProgress: (done: number, total: number) => void,
  shown: readonly Shown[] = [],
): Promise<LogAudit> {
  const neighbour = logNeighbours(trust, office).find(({ city }) => city.division === division)
  if (neighbour === undefined) throw new Fault('witness-log-unknown', { at: division })
  let unreachable: unknown
  for (const address of neighbour.addresses)
    try {
      return await auditNeighbour(office, neighbour.city, openRemoteLog(address, 'log', fetch), onProgress, shown)
    } catch (fault) {
      if (!(fault instanceof Fault) || !fault.code.startsWith('neighbour-')) throw fault
      unreachable = fault
    }
  throw unreachable // a neighbour has an address
}
