import { Fault } from '#core/fault.ts'
import { edgeTiles, type HashTileName, type Tile } from '#core/log/tiles.ts'
import { findLogTile } from '#storage/log.ts'
import type { Reader } from '#storage/open-store.ts'

const hashBytes = 32

/**
 * Tiles of the own log at the width that was asked for: a tile only ever grows at its end, so a narrower one is its beginning.
 * Fault: `log-damaged` where one is missing or too short.
 */
export const readTiles = (from: Reader, names: readonly HashTileName[]): Promise<readonly Tile[]> =>
  Promise.all(
    names.map(async ({ level, index, width }) => {
      const body = (await findLogTile(from, { level, index }))?.body
      if (body === undefined || body.length < width * hashBytes) throw new Fault('log-damaged', { at: `tile/${level}/${index}` })
      return { level, index, hashes: body.subarray(0, width * hashBytes) }
    }),
  )

/** What a tree of this size grows from: its tiles that are not full. */
export const readEdge = (from: Reader, size: number): Promise<readonly Tile[]> => readTiles(from, edgeTiles(size))
