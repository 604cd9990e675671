import { encodeBase64url } from '#core/encoding/base64url.ts'
import { encodeUtf8 } from '#core/encoding/utf8.ts'
import { Fault } from '#core/fault.ts'
import { logOriginOf } from '#core/log/names.ts'
import { tileWidth } from '#core/log/tile-path.ts'
import { encodeEntries, readTilePath } from '#core/log/tiles.ts'
import type { Trust } from '#core/trust/assemble-trust.ts'
import { findMirroredLog, findMirroredTile } from '#storage/mirrored-logs.ts'
import type { Office } from '../office.ts'
import type { StaticFile } from '../trust-shelf.ts'
import { mirroredEntries } from './mirrored-entries.ts'

type Shelving = Pick<Office, 'store' | 'engine'>

/** Origins of the logs of a place's authorities: one, or none. */
const originsAt = ({ authorities }: Pick<Trust, 'authorities'>, division: string): readonly string[] =>
  [...authorities.values()].filter((city) => city.division === division).map(({ iss }) => logOriginOf(iss))

/** The newest head of a neighbour's log that this node has followed. Fault: `log-empty` where it has followed none. */
export async function mirroredCheckpoint({ store: { read }, engine }: Shelving, trust: Pick<Trust, 'authorities'>, division: string): Promise<StaticFile> {
  for (const origin of originsAt(trust, division)) {
    const held = await findMirroredLog(read, { origin })
    if (held === undefined) continue
    const body = encodeUtf8(held.note)
    return { body, etag: `"${encodeBase64url(engine.sha256(body))}"`, contentType: 'text/plain; charset=utf-8' }
  }
  throw new Fault('log-empty', { at: division })
}

/** A tile or a bundle of entries of a followed log, below its accepted head. Fault: `log-tile-unknown`. */
export async function mirroredTile({ store: { read } }: Shelving, trust: Pick<Trust, 'authorities'>, division: string, path: string): Promise<StaticFile> {
  const name = readTilePath(path)
  if (name === undefined) throw new Fault('log-tile-unknown')
  const { level, index, width } = name
  for (const origin of originsAt(trust, division)) {
    const size = (await findMirroredLog(read, { origin }))?.size ?? 0
    const below = level === 'entries' ? size : Math.floor(size / tileWidth ** level)
    if (index * tileWidth + width > below) continue
    const body =
      level === 'entries' ? await bundle(origin, index, width) : (await findMirroredTile(read, { origin, level, index }))?.body.subarray(0, width * 32)
    if (body === undefined) continue
    return {
      body,
      etag: `"${path}"`,
      contentType: 'application/octet-stream',
    }
  }
  throw new Fault('log-tile-unknown')

  async function bundle(origin: string, at: number, howMany: number): Promise<Uint8Array | undefined> {
    const entries = await mirroredEntries(read, { origin, index: at }, howMany)
    return entries === undefined ? undefined : encodeEntries(entries)
  }
}
