import { and, asc, count, desc, eq, exists, isNull, lt, not, sql } from 'drizzle-orm'

import type { Db, Reader, Writer } from './engine.ts'
import { reading, readingOne, writing, type Given } from './statement.ts'
import type { Tables } from './tables.ts'

/** How many records each key has signed, by the key's number. */
export const countRecordsByKey = reading((db, { record }) =>
  db
    .select({ no: sql<number>`${record.keyNo}`.mapWith(Number), records: count() })
    .from(record)
    .where(sql`${record.keyNo} is not null`)
    .groupBy(record.keyNo),
)

/** Records whose key is not noted down yet, with the beginning of the signed text, which names it. */
export const listRecordsWithoutKey = reading((db, { record, recordBody }, given: Given<{ readonly limit: number }>) =>
  db
    .select({ id: record.id, head: sql<string>`substr(${recordBody.signed}, 1, 1000)` })
    .from(record)
    .innerJoin(recordBody, eq(recordBody.recordId, record.id))
    .where(isNull(record.keyNo))
    .orderBy(asc(record.id))
    .limit(given.limit),
)

export const setRecordKey = writing((db, { record }, given: Given<{ readonly id: Uint8Array; readonly keyNo: number }>) =>
  db
    .update(record)
    .set({ keyNo: given.keyNo })
    .where(and(eq(record.id, given.id), isNull(record.keyNo))),
)

/**
 * By what a record's time is known: cosignatures of other cities, which is what verifiers go by; this node's own log; or, where there is no
 * log, when the record was entered.
 */
export type TimeBasis = 'cosigned' | 'logged' | 'recorded'

const anyCosignature = readingOne((db, { logCosignature }) => db.select({ size: logCosignature.size }).from(logCosignature).limit(1))
const anyLeaf = readingOne((db, { logLeaf }) => db.select({ index: logLeaf.index }).from(logLeaf).limit(1))

export async function timeBasis(from: Reader): Promise<TimeBasis> {
  if ((await anyCosignature(from, {})) !== undefined) return 'cosigned'
  return (await anyLeaf(from, {})) === undefined ? 'recorded' : 'logged'
}

/** The heads of which so many lines of witnesses are from before an instant, the newest first. Whether they count is not for the store to know. */
export const listCosignedBefore = reading(
  (db, { logCheckpoint, logCosignature }, given: Given<{ readonly before: number; readonly below: number; readonly least: number; readonly limit: number }>) =>
    db
      .select({ size: logCheckpoint.size, note: logCheckpoint.note })
      .from(logCosignature)
      .innerJoin(logCheckpoint, eq(logCheckpoint.size, logCosignature.size))
      .where(and(lt(logCosignature.cosignedAt, given.before), lt(logCosignature.size, given.below)))
      .groupBy(logCheckpoint.size, logCheckpoint.note)
      .having(sql`count(*) >= ${given.least}`)
      .orderBy(desc(logCheckpoint.size))
      .limit(given.limit),
)

/** Which records of a key are meant: those of its number, told apart by an instant and, by cosignatures, by the size that stands for it. */
export interface KeyAndTime {
  readonly keyNo: number
  /** Seconds since 1970. */
  readonly since: number
  /** Of the newest tree that was there before it, by cosignatures that verifiers count. */
  readonly size: number
}

/** Whether a record is proven to have been there before the instant, as a condition. What is not in the log is not. */
function wasThere(basis: TimeBasis, db: Pick<Db, 'select'>, { record, logLeaf }: Tables, given: Given<KeyAndTime>) {
  if (basis === 'recorded') return lt(record.recordedAt, given.since)
  const inTime = basis === 'cosigned' ? lt(logLeaf.index, given.size) : lt(logLeaf.loggedAt, given.since)
  return exists(
    db
      .select({ index: logLeaf.index })
      .from(logLeaf)
      .where(and(eq(logLeaf.digest, record.digest), inTime)),
  )
}

const perBasis = <Made>(make: (basis: TimeBasis) => Made): Readonly<Record<TimeBasis, Made>> => ({
  cosigned: make('cosigned'),
  logged: make('logged'),
  recorded: make('recorded'),
})

const countsBefore = perBasis((basis) =>
  readingOne((db, tables, given: Given<KeyAndTime>) =>
    db
      .select({ records: count() })
      .from(tables.record)
      .where(and(eq(tables.record.keyNo, given.keyNo), wasThere(basis, db, tables, given))),
  ),
)

/** How many records of a key were there before the instant. */
export async function countRecordsBefore(from: Reader, basis: TimeBasis, values: KeyAndTime): Promise<number> {
  return (await countsBefore[basis](from, values))!.records
}

/** What is revoked or has ended needs no successor: it is records in force (0) and suspended ones (2) that a key may take down. */
const taken = (basis: TimeBasis, db: Pick<Db, 'select'>, tables: Tables, given: Given<KeyAndTime>) =>
  and(eq(tables.record.keyNo, given.keyNo), sql`${tables.record.state} in (0, 2)`, not(wasThere(basis, db, tables, given)))

const countsTaken = perBasis((basis) =>
  readingOne((db, tables, given: Given<KeyAndTime>) =>
    db
      .select({ records: count() })
      .from(tables.record)
      .where(taken(basis, db, tables, given)),
  ),
)

/** How many records in force, or suspended, cannot be shown to have been there before the instant. */
export async function countTakenDown(from: Reader, basis: TimeBasis, values: KeyAndTime): Promise<number> {
  return (await countsTaken[basis](from, values))!.records
}

const queues = perBasis((basis) =>
  writing((db, tables, given: Given<KeyAndTime & { readonly reason: string; readonly kid: string; readonly at: number }>) =>
    db
      .insert(tables.reissue)
      .select(
        db
          .select({
            recordId: tables.record.id,
            reason: sql<string>`cast(${given.reason} as text)`.as('reason'),
            kid: sql<string>`cast(${given.kid} as text)`.as('kid'),
            queuedAt: sql<number>`cast(${given.at} as bigint)`.as('queued_at'),
            draftId: sql<Uint8Array | null>`cast(null as bytea)`.as('draft_id'),
            doneAt: sql<number | null>`cast(null as bigint)`.as('done_at'),
          })
          .from(tables.record)
          .where(taken(basis, db, tables, given)),
      )
      .onConflictDoNothing(),
  ),
)

/** Queues those same records to be issued again: one statement, however many they are. Those that are queued already stay as they are. */
export const queueTakenDown = (
  tx: Writer,
  basis: TimeBasis,
  values: KeyAndTime & { readonly reason: string; readonly kid: string; readonly at: number },
): Promise<unknown> => queues[basis](tx, values)
