import { and, asc, eq, gt, inArray, isNotNull } from 'drizzle-orm'

import type { Reader, Writer } from './engine.ts'
import { insertion, reading, readingEach, readingOne, writing, type Given, type GivenList } from './statement.ts'
import type { Row, StatusValue } from './tables.ts'

/** What decisions, look-ups and statistics read of a record. Nothing personal in clear. */
export type RecordRow = Row<'record'>

/** The issuer-signed part, without disclosures, and beside it the disclosures, sealed; null when the person has been erased. */
export type RecordBody = Omit<Row<'recordBody'>, 'recordId'>

export interface NewRecord {
  readonly record: RecordRow
  readonly body: RecordBody
}

const insertRows = insertion('record')
const insertBodies = insertion('recordBody')

/** Faults: `storage-conflict` when id, digest, number, serial or status place is taken. */
export const insertRecord = (tx: Writer, entry: NewRecord): Promise<void> => insertRecords(tx, [entry])

/** The same for many: all or none, since a failed statement fails the work. */
export async function insertRecords(tx: Writer, entries: readonly NewRecord[]): Promise<void> {
  await insertRows(
    tx,
    entries.map(({ record }) => record),
  )
  await insertBodies(
    tx,
    entries.map(({ record, body }) => ({ recordId: record.id, signed: body.signed, disclosuresSealed: body.disclosuresSealed })),
  )
}

export const findRecordById = readingOne((db, { record }, given: Given<{ readonly id: Uint8Array }>) => db.select().from(record).where(eq(record.id, given.id)))

/** `family` is the family's code. A number means something only within its family. */
export const findRecordByNumber = readingOne((db, { record }, given: Given<{ readonly family: number; readonly number: string }>) =>
  db
    .select()
    .from(record)
    .where(and(eq(record.family, given.family), eq(record.number, given.number))),
)

/** Those of the numbers that there are, in no order. What a ledger's page asks once instead of row by row. */
export const findRecordsByNumbers = readingEach((db, { record }, given: Given<{ readonly family: number }>, numbers: GivenList<string>) =>
  db
    .select({ id: record.id, number: record.number, contentDigest: record.contentDigest, origin: record.origin, state: record.state })
    .from(record)
    .where(and(eq(record.family, given.family), inArray(record.number, [...numbers]))),
)

/** By the digest of the issuer-signed part. */
export const findRecordByDigest = readingOne((db, { record }, given: Given<{ readonly digest: Uint8Array }>) =>
  db.select().from(record).where(eq(record.digest, given.digest)),
)

/** All records of a person, oldest first, by the keyed hash of the identity number. */
export const findRecordsByHolder = reading((db, { record }, given: Given<{ readonly holderIndex: Uint8Array }>) =>
  db.select().from(record).where(eq(record.holderIndex, given.holderIndex)).orderBy(asc(record.id)),
)

/** Recognition records over the record with this digest, oldest first. */
export const findRecordsBySource = reading((db, { record }, given: Given<{ readonly sourceDigest: Uint8Array }>) =>
  db
    .select()
    .from(record)
    .where(and(eq(record.sourceDigest, given.sourceDigest), isNotNull(record.sourceDigest)))
    .orderBy(asc(record.id)),
)

export const loadBody = readingOne((db, { recordBody }, given: Given<{ readonly id: Uint8Array }>) =>
  db.select({ signed: recordBody.signed, disclosuresSealed: recordBody.disclosuresSealed }).from(recordBody).where(eq(recordBody.recordId, given.id)),
)

const updateState = writing((db, { record }, given: Given<{ readonly id: Uint8Array; readonly state: StatusValue }>) =>
  db.update(record).set({ state: given.state }).where(eq(record.id, given.id)).returning({ statusList: record.statusList }),
)

/** The state that the next status list shows. The list it stands in is answered, to be marked; undefined when there is no such record. */
export async function setState(tx: Writer, values: { readonly id: Uint8Array; readonly state: StatusValue }): Promise<number | undefined> {
  return (await updateState(tx, values))[0]?.statusList
}

const clearDisclosures = writing((db, { recordBody }, given: Given<{ readonly id: Uint8Array }>) =>
  db.update(recordBody).set({ disclosuresSealed: null }).where(eq(recordBody.recordId, given.id)).returning({ id: recordBody.recordId }),
)

/** Erases the person from a record; signature, status and statistics stay valid. False when there is no such record. */
export async function eraseDisclosures(tx: Writer, id: Uint8Array): Promise<boolean> {
  return (await clearDisclosures(tx, { id })).length === 1
}

const listAll = reading((db, { record }, given: Given<{ readonly after: Uint8Array; readonly limit: number }>) =>
  db.select().from(record).where(gt(record.id, given.after)).orderBy(asc(record.id)).limit(given.limit),
)
const listFamily = reading((db, { record }, given: Given<{ readonly after: Uint8Array; readonly limit: number; readonly family: number }>) =>
  db
    .select()
    .from(record)
    .where(and(gt(record.id, given.after), eq(record.family, given.family)))
    .orderBy(asc(record.id))
    .limit(given.limit),
)

export interface RecordPage {
  /** The id of the last record of the page before; an empty array for the first page. */
  readonly after: Uint8Array
  readonly limit: number
  readonly family?: number | undefined
}

/** A page of records, oldest first. */
export const listRecords = (from: Reader, { after, limit, family }: RecordPage): Promise<readonly RecordRow[]> =>
  family === undefined ? listAll(from, { after, limit }) : listFamily(from, { after, limit, family })
