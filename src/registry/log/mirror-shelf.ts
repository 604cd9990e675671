import { encodeBase64url } from '#core/encoding/base64url.ts'
import { encodeUtf8 } from '#core/encoding/utf8.ts'
import { Fault } from '#core/fault.ts'
import { logOriginOf } from '#core/log/names.ts'
import { tileWidth } from '#core/log/tile-path.ts'
import { encodeEntries, parseEntries, readTilePath } from '#core/log/tiles.ts'
import type { Trust } from '#core/trust/assemble-trust.ts'
import { entriesLevel, findMirroredLog, findMirroredTile } from '#storage/mirrored-logs.ts'
import type { Office } from '../office.ts'
import type { StaticFile } from '../trust-shelf.ts'

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
    const held =
      index * tileWidth + width > below ? undefined : await findMirroredTile(read, { origin, level: level === 'entries' ? entriesLevel : level, index })
    if (held === undefined) continue
    return {
      body: level === 'entries' ? firstEntries(held.body, width) : held.body.subarray(0, width * 32),
      etag: `"${path}"`,
      contentType: 'application/octet-stream',
    }
  }
  throw new Fault('log-tile-unknown')
}

/** The beginning of a bundle: what is held may have grown since. */
export function firstEntries(body: Uint8Array, width: number): Uint8Array {
  let end = 0
  for (let count = 0; count < width; count++) end += 2 + (body[end] ?? 0) * 256 + (body[end + 1] ?? 0)
  return encodeEntries(parseEntries(body.subarray(0, end), width))
}
