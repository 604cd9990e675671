import { and, asc, eq } from 'drizzle-orm'

import type { Writer } from './engine.ts'
import { reading, readingOne, writing, type Given } from './statement.ts'
import type { Row } from './tables.ts'

/** How far a neighbour's log has been followed, and why no further. */
export type MirroredLog = Row<'mirroredLog'>
export type MirroredTile = Row<'mirroredTile'>

/** The level under which the entries of 256 leaves are kept. */
export const entriesLevel = -1

export const findMirroredLog = readingOne((db, { mirroredLog }, given: Given<{ readonly origin: string }>) =>
  db.select().from(mirroredLog).where(eq(mirroredLog.origin, given.origin)),
)

export const listMirroredLogs = reading((db, { mirroredLog }) => db.select().from(mirroredLog).orderBy(asc(mirroredLog.origin)))

export const putMirroredLog = writing((db, { mirroredLog }, given: Given<MirroredLog>) => {
  const contents = {
    iss: given.iss,
    size: given.size,
    root: given.root,
    note: given.note,
    followedAt: given.followedAt,
    problem: given.problem,
    problemAt: given.problemAt,
  }
  return db
    .insert(mirroredLog)
    .values({ origin: given.origin, ...contents })
    .onConflictDoUpdate({ target: mirroredLog.origin, set: contents })
})

const putTile = writing((db, { mirroredTile }, given: Given<MirroredTile>) =>
  db
    .insert(mirroredTile)
    .values({ origin: given.origin, level: given.level, index: given.index, body: given.body })
    .onConflictDoUpdate({ target: [mirroredTile.origin, mirroredTile.level, mirroredTile.index], set: { body: given.body } }),
)

export async function putMirroredTiles(tx: Writer, tiles: readonly MirroredTile[]): Promise<void> {
  for (const tile of tiles) await putTile(tx, tile)
}

export const findMirroredTile = readingOne((db, { mirroredTile }, given: Given<{ readonly origin: string; readonly level: number; readonly index: number }>) =>
  db
    .select()
    .from(mirroredTile)
    .where(and(eq(mirroredTile.origin, given.origin), eq(mirroredTile.level, given.level), eq(mirroredTile.index, given.index))),
)
