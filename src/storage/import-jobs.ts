import { and, asc, desc, eq, gt, inArray, max, sql } from 'drizzle-orm'

import type { Reader, Writer } from './engine.ts'
import { insertion, reading, readingOne, writing, type Given } from './statement.ts'
import type { ImportState, Row } from './tables.ts'

/** A ledger on its way in. Whoever holds the lease works on it; a lease that has run out may be taken over. */
export type ImportJob = Row<'importJob'>

/** What became of one row of the file; the header is row 1. */
export type ImportRow = Row<'importRow'>

const insertJobs = insertion('importJob')
const insertFiles = insertion('importFile')

/** Queues a job together with its file. */
export async function insertImportJob(tx: Writer, job: ImportJob, body: Uint8Array): Promise<void> {
  await insertJobs(tx, [job])
  await insertFiles(tx, [{ jobId: job.id, body }])
}

export const findImportJob = readingOne((db, { importJob }, given: Given<{ readonly id: Uint8Array }>) =>
  db.select().from(importJob).where(eq(importJob.id, given.id)),
)

/** A page of jobs, oldest first. `after` is the id of the last of the page before, or an empty array. */
export const listImportJobs = reading((db, { importJob }, given: Given<{ readonly after: Uint8Array; readonly limit: number }>) =>
  db.select().from(importJob).where(gt(importJob.id, given.after)).orderBy(asc(importJob.id)).limit(given.limit),
)

/** Earlier jobs over the same file, newest first. */
export const findImportJobsByFile = reading((db, { importJob }, given: Given<{ readonly fileDigest: Uint8Array }>) =>
  db.select().from(importJob).where(eq(importJob.fileDigest, given.fileDigest)).orderBy(desc(importJob.id)),
)

export const loadImportFile = readingOne((db, { importFile }, given: Given<{ readonly jobId: Uint8Array }>) =>
  db.select({ body: importFile.body }).from(importFile).where(eq(importFile.jobId, given.jobId)),
)

/** The file goes when the job is done: it holds personal data, and all that is kept of it is in the records and results. */
export const deleteImportFile = writing((db, { importFile }, given: Given<{ readonly jobId: Uint8Array }>) =>
  db.delete(importFile).where(eq(importFile.jobId, given.jobId)),
)

interface Lease {
  readonly owner: string
  readonly now: number
  readonly leaseUntil: number
}

const claimable = readingOne((db, { importJob }, given: Given<{ readonly now: number }>) =>
  db
    .select({ id: importJob.id })
    .from(importJob)
    .where(and(inArray(importJob.state, ['queued', 'running']), sql`(${importJob.leaseUntil} is null or ${importJob.leaseUntil} < ${given.now})`))
    .orderBy(asc(importJob.id))
    .limit(1),
)

const claim = writing((db, { importJob }, given: Given<Lease & { readonly id: Uint8Array }>) =>
  db
    .update(importJob)
    .set({ state: 'running', leaseOwner: given.owner, leaseUntil: given.leaseUntil, updatedAt: given.now })
    // Asked again: where transactions are weaker than serializable, somebody may have come in between.
    .where(and(eq(importJob.id, given.id), sql`(${importJob.leaseUntil} is null or ${importJob.leaseUntil} < ${given.now})`))
    .returning(),
)

/** Takes the oldest job that waits, or whose worker has let its lease run out; undefined when there is none. */
export async function claimImportJob(tx: Writer, lease: Lease): Promise<ImportJob | undefined> {
  const found = await claimable(tx, lease)
  return found === undefined ? undefined : (await claim(tx, { ...lease, ...found }))[0]
}

/** Takes one job, which the caller has seen waiting or running in this transaction; undefined while somebody else's lease lasts. */
export async function claimOneImportJob(tx: Writer, values: Lease & { readonly id: Uint8Array }): Promise<ImportJob | undefined> {
  return (await claim(tx, values))[0]
}

interface Progress extends Lease {
  readonly id: Uint8Array
  readonly total: number | null
  readonly done: number
  readonly counts: ImportJob['counts']
}

const progress = writing((db, { importJob }, given: Given<Progress>) =>
  db
    .update(importJob)
    .set({ total: given.total, done: given.done, counts: given.counts, leaseUntil: given.leaseUntil, updatedAt: given.now })
    .where(and(eq(importJob.id, given.id), eq(importJob.leaseOwner, given.owner), eq(importJob.state, 'running')))
    .returning({ id: importJob.id }),
)

/**
 * Says how far the job has come, and prolongs the lease. In the transaction that stores the rows it speaks of.
 * False when the lease has passed to somebody else: the caller then throws, so that its rows are not stored a second time.
 */
export async function advanceImportJob(tx: Writer, values: Progress): Promise<boolean> {
  return (await progress(tx, values)).length === 1
}

const finish = writing(
  (
    db,
    { importJob },
    given: Given<{ readonly id: Uint8Array; readonly owner: string; readonly state: ImportState; readonly error: string | null; readonly now: number }>,
  ) =>
    db
      .update(importJob)
      .set({ state: given.state, error: given.error, leaseUntil: null, leaseOwner: null, updatedAt: given.now })
      .where(and(eq(importJob.id, given.id), eq(importJob.leaseOwner, given.owner), eq(importJob.state, 'running')))
      .returning({ id: importJob.id }),
)

interface Ending {
  readonly id: Uint8Array
  readonly owner: string
  /** `queued` gives an unfinished job back, for instance when the node shuts down. */
  readonly state: 'done' | 'failed' | 'queued'
  readonly error: string | null
  readonly now: number
}

/** Ends the lease. False when it has passed to somebody else. */
export async function finishImportJob(tx: Writer, ending: Ending): Promise<boolean> {
  return (await finish(tx, ending)).length === 1
}

export const insertImportRows = insertion('importRow')

/** A page of results, by row. `after` is the last row of the page before, or 0. */
export const listImportRows = reading((db, { importRow }, given: Given<{ readonly jobId: Uint8Array; readonly after: number; readonly limit: number }>) =>
  db
    .select()
    .from(importRow)
    .where(and(eq(importRow.jobId, given.jobId), gt(importRow.row, given.after)))
    .orderBy(asc(importRow.row))
    .limit(given.limit),
)

const last = readingOne((db, { importRow }, given: Given<{ readonly jobId: Uint8Array }>) =>
  db
    .select({ row: max(importRow.row) })
    .from(importRow)
    .where(eq(importRow.jobId, given.jobId)),
)

/** Where to go on after a crash: the last row that has a result, 0 when none has. */
export async function lastImportRow(from: Reader, jobId: Uint8Array): Promise<number> {
  return (await last(from, { jobId }))?.row ?? 0
}
