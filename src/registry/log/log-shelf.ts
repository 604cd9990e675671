import { encodeBase64url } from '#core/encoding/base64url.ts'
import { encodeUtf8 } from '#core/encoding/utf8.ts'
import { Fault } from '#core/fault.ts'
import { leafBytes, type LeafKind } from '#core/log/leaf.ts'
import { tileWidth } from '#core/log/tile-path.ts'
import { encodeEntries, readTilePath } from '#core/log/tiles.ts'
import { findLogHead, findNewestCheckpoint, listCosignatures, listLogLeaves } from '#storage/log.ts'
import type { Office } from '../office.ts'
import type { StaticFile } from '../trust-shelf.ts'
import { readTiles } from './read-tiles.ts'

type Shelving = Pick<Office, 'store' | 'engine'>

/** The newest signed head with the cosignatures that it has, as C2SP tlog-tiles serves it. Fault: `log-empty`. */
export async function checkpointFile({ store: { read }, engine }: Shelving): Promise<StaticFile> {
  const head = await findNewestCheckpoint(read, {})
  if (head === undefined) throw new Fault('log-empty')
  const lines = (await listCosignatures(read, { size: head.size })).map(({ line }) => line)
  const body = encodeUtf8(head.note + lines.join(''))
  return { body, etag: `"${encodeBase64url(engine.sha256(body))}"`, contentType: 'text/plain; charset=utf-8' }
}

/**
 * A tile or a bundle of entries by its path below the log's address. It never changes, so its path is its tag. Fault: `log-tile-unknown`
 * for a path that is not spelt as the specification has it, and for what the log has not grown to.
 */
export async function tileFile({ store: { read } }: Shelving, path: string): Promise<StaticFile> {
  const name = readTilePath(path)
  if (name === undefined) throw new Fault('log-tile-unknown')
  const { level, index, width } = name
  const size = (await findLogHead(read, {}))?.size ?? 0
  const below = level === 'entries' ? size : Math.floor(size / tileWidth ** level)
  if (index * tileWidth + width > below) throw new Fault('log-tile-unknown')
  const body = level === 'entries' ? await entries(index * tileWidth, width) : (await readTiles(read, [{ level, index, width }]))[0]!.hashes
  return { body, etag: `"${path}"`, contentType: 'application/octet-stream' }

  async function entries(from: number, howMany: number): Promise<Uint8Array> {
    const leaves = await listLogLeaves(read, { from, to: from + howMany })
    if (leaves.length !== howMany) throw new Fault('log-damaged', { at: path })
    return encodeEntries(leaves.map(({ kind, digest }) => leafBytes(kind as LeafKind, digest))) // this software alone writes them
  }
}
