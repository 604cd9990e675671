import { and, asc, count, desc, eq, gt, gte, lt, sql } from 'drizzle-orm'

import type { Reader, Writer } from './engine.ts'
import { insertion, reading, readingOne, writing, type Given } from './statement.ts'
import type { Row } from './tables.ts'

/** One entry of the own log: what kind of object was signed, and its digest. Dense from 0. */
export type LogLeaf = Row<'logLeaf'>
export type LogTile = Row<'logTile'>
export type LogCheckpoint = Row<'logCheckpoint'>
export type LogCosignature = Row<'logCosignature'>

interface Head {
  readonly size: number
  readonly root: Uint8Array
}

const onlyRow = 1

/** Undefined before the first leaf of all. */
export const findLogHead = readingOne((db, { logHead }) => db.select({ size: logHead.size, root: logHead.root }).from(logHead).where(eq(logHead.id, onlyRow)))

const openHead = writing((db, { logHead }, given: Given<Head>) =>
  db.insert(logHead).values({ id: onlyRow, size: given.size, root: given.root }).onConflictDoNothing().returning({ size: logHead.size }),
)

const swap = writing((db, { logHead }, given: Given<Head & { readonly fromSize: number; readonly fromRoot: Uint8Array }>) =>
  db
    .update(logHead)
    .set({ size: given.size, root: given.root })
    .where(and(eq(logHead.id, onlyRow), eq(logHead.size, given.fromSize), eq(logHead.root, given.fromRoot)))
    .returning({ size: logHead.size }),
)

/**
 * Compares the head with what the caller has built on, and puts the new one in its place. False when somebody else has appended
 * meanwhile: the caller's transaction must then not be committed.
 */
export async function swapLogHead(tx: Writer, from: Head | undefined, to: Head): Promise<boolean> {
  const rows = from === undefined ? await openHead(tx, to) : await swap(tx, { ...to, fromSize: from.size, fromRoot: from.root })
  return rows.length === 1
}

export const insertLogLeaves = insertion('logLeaf')

/** The leaves `from ≤ index < to`, in order. */
export const listLogLeaves = reading((db, { logLeaf }, given: Given<{ readonly from: number; readonly to: number }>) =>
  db
    .select()
    .from(logLeaf)
    .where(and(gte(logLeaf.index, given.from), lt(logLeaf.index, given.to)))
    .orderBy(asc(logLeaf.index)),
)

/** Where an object stands in the log; the first place, should it stand there twice. */
export const findLogLeaf = readingOne((db, { logLeaf }, given: Given<{ readonly kind: string; readonly digest: Uint8Array }>) =>
  db
    .select()
    .from(logLeaf)
    .where(and(eq(logLeaf.digest, given.digest), eq(logLeaf.kind, given.kind)))
    .orderBy(asc(logLeaf.index))
    .limit(1),
)

const putTile = writing((db, { logTile }, given: Given<LogTile>) =>
  db
    .insert(logTile)
    .values({ level: given.level, index: given.index, body: given.body })
    .onConflictDoUpdate({ target: [logTile.level, logTile.index], set: { body: given.body } }),
)

export async function putLogTiles(tx: Writer, tiles: readonly LogTile[]): Promise<void> {
  for (const tile of tiles) await putTile(tx, tile)
}

export const findLogTile = readingOne((db, { logTile }, given: Given<{ readonly level: number; readonly index: number }>) =>
  db
    .select()
    .from(logTile)
    .where(and(eq(logTile.level, given.level), eq(logTile.index, given.index))),
)

export const insertLogCheckpoints = insertion('logCheckpoint')

export const findNewestCheckpoint = readingOne((db, { logCheckpoint }) => db.select().from(logCheckpoint).orderBy(desc(logCheckpoint.size)).limit(1))

/** Of the checkpoints that cover an index, the first ones. */
export const listCheckpointsOver = reading((db, { logCheckpoint }, given: Given<{ readonly index: number; readonly limit: number }>) =>
  db.select().from(logCheckpoint).where(gt(logCheckpoint.size, given.index)).orderBy(asc(logCheckpoint.size)).limit(given.limit),
)

/** A signed head, and how many lines of witnesses are kept of it. */
export interface CosignedHead extends LogCheckpoint {
  readonly cosignatures: number
}

interface CosignedOver {
  readonly index: number
  /** So many cosignatures at least. */
  readonly least: number
  /** Heads that are looked through. */
  readonly within: number
  readonly limit: number
}

const cosignedOver = (order: typeof asc) =>
  reading((db, { logCheckpoint, logCosignature }, given: Given<CosignedOver>) => {
    const cosignatures = count().as('cosignatures')
    // The primary key begins with the size, so no more rows are read than those of the heads that are looked through.
    const heads = db
      .select({ size: logCosignature.size, cosignatures })
      .from(logCosignature)
      .where(gt(logCosignature.size, given.index))
      .groupBy(logCosignature.size)
      .orderBy(order(logCosignature.size))
      .limit(given.within)
      .as('heads')
    return db
      .select({
        size: logCheckpoint.size,
        note: logCheckpoint.note,
        madeAt: logCheckpoint.madeAt,
        cosignatures: sql<number>`${heads.cosignatures}`.mapWith(Number),
      })
      .from(heads)
      .innerJoin(logCheckpoint, eq(logCheckpoint.size, heads.size))
      .where(gte(heads.cosignatures, given.least))
      .orderBy(order(logCheckpoint.size))
      .limit(given.limit)
  })

/** Of the cosigned heads that cover an index, the first ones with so many cosignatures. */
export const listFirstCosignedOver: (from: Reader, given: CosignedOver) => Promise<readonly CosignedHead[]> = cosignedOver(asc)
/** The same from the newest on. */
export const listLastCosignedOver: (from: Reader, given: CosignedOver) => Promise<readonly CosignedHead[]> = cosignedOver(desc)

/**
 * Heads that nobody has cosigned and that a newer one has overtaken: no proof will ever be made from them. Looked for above the newest cosigned one
 * alone, since each new head has had those before it forgotten: a log that is cosigned every minute has half a million such heads a year.
 */
export const forgetBareCheckpoints = writing((db, { logCheckpoint }, given: Given<{ readonly below: number }>) =>
  db
    .delete(logCheckpoint)
    .where(
      and(lt(logCheckpoint.size, given.below), sql`${logCheckpoint.size} > (select coalesce(max(size), 0) from log_cosignature where size < ${given.below})`),
    ),
)

const insertCosignature = writing((db, { logCosignature }, given: Given<LogCosignature>) =>
  db.insert(logCosignature).values({ size: given.size, kid: given.kid, cosignedAt: given.cosignedAt, line: given.line }).onConflictDoNothing(),
)

/** Each witness counts once a head, and with its first word: a second one is not kept. */
export async function insertCosignatures(tx: Writer, rows: readonly LogCosignature[]): Promise<void> {
  for (const row of rows) await insertCosignature(tx, row)
}

export const listCosignatures = reading((db, { logCosignature }, given: Given<{ readonly size: number }>) =>
  db.select().from(logCosignature).where(eq(logCosignature.size, given.size)).orderBy(asc(logCosignature.cosignedAt), asc(logCosignature.kid)),
)
