import { families, familyOfCode } from '#core/credential/families.ts'
import type { JsonObject } from '#core/encoding/parse-json.ts'
import { Fault, type FaultCode } from '#core/fault.ts'
import { asLedgerFamily, type LedgerFamily } from '#core/ledger/columns.ts'
import type { Outcome } from '#core/ledger/judgement.ts'
import { dayOf, secondsOf } from '#core/model/instant.ts'
import type { PartialDate } from '#core/model/partial-date.ts'
import { readUuid, uuidText } from '#core/model/uuid.ts'
import {
  advanceImportJob,
  finishImportJob,
  findImportJob,
  insertImportJob,
  insertImportRows,
  listImportRows,
  loadImportFile,
  type ImportJob,
  type ImportRow,
} from '#storage/import-jobs.ts'
import type { Writer } from '#storage/open-store.ts'
import type { LedgerFinding } from './ledger/judge-ledger.ts'
import { ledgerLimits } from './ledger/ledger-limits.ts'
import { judgeInWorker } from './ledger/run-in-worker.ts'
import { keepEdge, type Grown } from './log/sequence-log.ts'
import type { Office } from './office.ts'
import { ownSchemes } from './open-office.ts'
import { audit, perform, type Request } from './perform.ts'
import { logBatch } from './publish-batch.ts'
import { ledgerIndex, openLedgerFile, sealLedger } from './record-personal.ts'
import { refuseIdentityNumber } from './refuse-identity-number.ts'
import { samePerson } from './same-person.ts'
import { checkRows, settleRows, type CheckedRows, type ImportedRow, type SettledRow } from './settle-ledger-rows.ts'

export interface NewImport {
  readonly family: LedgerFamily
  readonly fileName: string
  readonly bytes: Uint8Array
  readonly dryRun: boolean
  /** Rows that the file is known to have, from a run before. */
  readonly total?: number | undefined
}

/** Stores a ledger as a job, so that nothing is lost between its arrival and its last row, whatever dies in between. */
export function queueImport(office: Office, request: Request, plan: NewImport): Promise<{ readonly job: string }> {
  return perform(office, request, async (tx) => ({ job: uuidText((await storeImport(tx, office, request, plan)).id) }))
}

/** The same within a transaction. A job that comes with a lease is its caller's from the beginning; any other waits. */
export async function storeImport(
  tx: Writer,
  office: Office,
  { actor }: Request,
  { family, fileName, bytes, dryRun, total }: NewImport,
  lease?: { readonly owner: string; readonly until: number },
): Promise<ImportJob> {
  refuseIdentityNumber(fileName, 'fileName')
  const now = secondsOf(office.clock())
  const job: ImportJob = {
    id: office.newId(),
    family: families[family].code,
    fileName,
    fileDigest: ledgerIndex(office, bytes),
    state: lease === undefined ? 'queued' : 'running',
    dryRun,
    total: total ?? null,
    done: 0,
    counts: {},
    requestedBy: actor,
    createdAt: now,
    updatedAt: now,
    leaseUntil: lease?.until ?? null,
    leaseOwner: lease?.owner ?? null,
    error: null,
  }
  await insertImportJob(tx, job, sealLedger(office.vault, job.id, bytes))
  await audit(tx, office, { actor, action: dryRun ? 'import-dry-run' : 'import', subject: uuidText(job.id), detail: { family } })
  return job
}

/** Second of two people: what a dry run has shown is issued. The file is the same bytes, and whoever brought it cannot approve it. */
export async function approveImport(office: Office, request: Request, jobId: string): Promise<{ readonly job: string }> {
  const job = await findJob(office, jobId)
  if (job.state !== 'done' || !job.dryRun) throw new Fault('import-not-ready', { at: jobId, detail: `${job.dryRun ? 'dry run' : 'import'}, ${job.state}` })
  if (samePerson(job.requestedBy, request.actor)) throw new Fault('draft-own-approval', { at: jobId })
  const file = await loadImportFile(office.store.read, { jobId: job.id })
  if (file === undefined) throw new Fault('import-unknown', { at: jobId })
  const family = asLedgerFamily(familyOfCode(job.family)!.id)
  return queueImport(office, request, {
    family,
    fileName: job.fileName,
    bytes: openLedgerFile(office.vault, job.id, file.body),
    dryRun: false,
    total: job.done,
  })
}

export async function findJob({ store }: Pick<Office, 'store'>, jobId: string): Promise<ImportJob> {
  const id = readUuid(jobId)
  const job = id === undefined ? undefined : await findImportJob(store.read, { id })
  if (job === undefined) throw new Fault('import-unknown', { at: jobId })
  return job
}

export interface ImportHooks {
  readonly header?: (headers: readonly string[], unknown: readonly string[]) => Promise<void> | void
  /** Called after the rows are durable. */
  readonly rows?: (rows: readonly ImportedRow[], done: number) => Promise<void> | void
  /** Asked between batches; true gives the job back unfinished. */
  readonly stopped?: () => boolean
  /** Seconds, in place of `leaseSeconds`. */
  readonly lease?: number | undefined
  /** Rows of one transaction, in place of `batchRows`. */
  readonly batch?: number | undefined
  /** Whether the rows handed out carry their texts, for a result file. */
  readonly cells?: boolean | undefined
}

/** How long a job is its worker's after each batch; a worker that has died is not waited for longer. */
export const leaseSeconds = 120

const passing: readonly FaultCode[] = [
  'clock-differs',
  'commit-unknown',
  'device-absent',
  'device-failed',
  'key-revoked',
  'log-rolled-back',
  'storage-busy',
  'storage-closed',
  'storage-damaged',
  'storage-failed',
  'storage-full',
  'storage-unreachable',
  'storage-unwritable',
]

/** Whether it is the store, the key or the node that is in trouble and not the ledger: the job is then open still, and is gone on with when the trouble has passed. */
export const leavesImportOpen = (error: unknown): boolean => error instanceof Fault && passing.includes(error.code)

/**
 * Rows of one transaction. The indexes of a register are scattered by nature, so a transaction writes most of their pages whether it has two
 * hundred rows or five hundred. It holds up other writers for some fifty milliseconds, and nobody who reads.
 */
const batchRows = 500

export type ImportCounts = Readonly<Record<Outcome | 'issued' | 'already', number>>

/**
 * Carries out a job whose lease the caller holds, from the row where an earlier run stopped. A batch of rows is one transaction:
 * records, numbers, outbox, log, row results and progress. If we die, the batch has happened or it has not, and the next run goes on there.
 */
export async function runImport(office: Office, job: ImportJob, owner: string, hooks: ImportHooks = {}): Promise<ImportCounts | 'stopped'> {
  const file = await loadImportFile(office.store.read, { jobId: job.id })
  if (file === undefined) throw new Fault('import-unknown', { at: uuidText(job.id) })
  const family = asLedgerFamily(familyOfCode(job.family)!.id)
  const context = { today: dayOf(office.clock()) as PartialDate, issuerNames: [], scheme: ownSchemes(office.authority, office.schemes)[family] } // a day of the calendar
  const counts: Record<string, number> = { accepted: 0, normalised: 0, warned: 0, refused: 0, issued: 0, already: 0, ...job.counts }
  let done = job.done
  const now = () => secondsOf(office.clock())
  const end = (state: 'done' | 'failed' | 'queued', error: string | null) =>
    office.store.atomically((tx) => finishImportJob(tx, { id: job.id, owner, state, error, now: now() }))
  try {
    const earlier = await rowsDone(office, job)
    for await (const part of judgeInWorker({
      source: { bytes: openLedgerFile(office.vault, job.id, file.body) },
      family,
      context,
      limits: ledgerLimits,
      batchRows: hooks.batch ?? batchRows,
      cells: hooks.cells ?? false,
    })) {
      if (part.kind === 'header') {
        await hooks.header?.(part.headers, part.unknown)
        continue
      }
      const again = part.rows.filter(({ row }) => earlier.has(row)).map((judged) => ({ ...judged, ...storedOutcome(earlier.get(judged.row)!) }))
      const fresh = part.rows.filter(({ row }) => !earlier.has(row))
      let settled: readonly SettledRow[] = []
      if (fresh.length > 0) {
        // Before the transaction, which holds up other writers.
        let checked: CheckedRows | undefined = checkRows(office, family, fresh)
        const next = await office.store.atomically(async (tx) => {
          // A check opens the key once, so a work that runs again needs new ones; and so does a key that has taken the other's place meanwhile.
          const fit = checked?.kid === office.keyring.issue.kid ? checked : checkRows(office, family, fresh)
          checked = undefined
          let grown: Grown | undefined
          const rows = await settleRows(tx, office, { family, dryRun: job.dryRun }, fit.rows, async (leaves) => {
            grown = await logBatch(tx, office, leaves)
            return grown !== undefined
          })
          const counted = countRows(counts, rows)
          await insertImportRows(
            tx,
            rows.map((row) => rowOf(job, row)),
          )
          const advanced = await advanceImportJob(tx, {
            id: job.id,
            owner,
            now: now(),
            leaseUntil: now() + (hooks.lease ?? leaseSeconds),
            total: job.total,
            done: done + rows.length,
            counts: counted,
          })
          // Somebody else has the lease: these rows are theirs, and ours must not happen.
          if (!advanced) throw new Fault('import-not-ready', { at: uuidText(job.id), detail: 'the lease has passed on' })
          return { rows, counted, grown }
        })
        if (next.grown !== undefined) keepEdge(office, next.grown)
        settled = next.rows
        Object.assign(counts, next.counted)
        done += fresh.length
      }
      await hooks.rows?.([...again, ...settled], done)
      if (hooks.stopped?.() === true) {
        await end('queued', null)
        return 'stopped'
      }
    }
    await end('done', null)
    return counts as ImportCounts // every member was set above
  } catch (error) {
    // Given back, so that somebody else may go on at once; where even that fails, the lease runs out.
    if (leavesImportOpen(error)) await end('queued', null).catch(() => undefined)
    else if (error instanceof Fault) await end('failed', failureText(error))
    throw error
  }
}

/** What ended a job, as it is stored with it: a code, or with the place and the detail that only this file has, such as the columns that it lacks. */
const failureText = ({ code, at, detail }: Fault): string => (at === undefined && detail === undefined ? code : JSON.stringify({ code, at, detail }))

export interface ImportFailure {
  readonly code: string
  readonly at?: string
  readonly detail?: string
}

export const failureOf = (text: string): ImportFailure => (text.startsWith('{') ? (JSON.parse(text) as ImportFailure) : { code: text }) // written above alone

async function rowsDone({ store }: Pick<Office, 'store'>, job: ImportJob): Promise<ReadonlyMap<number, ImportRow>> {
  const rows = new Map<number, ImportRow>()
  let after = 0
  while (job.done > 0) {
    const page = await listImportRows(store.read, { jobId: job.id, after, limit: 5000 })
    for (const row of page) rows.set(row.row, row)
    if (page.length < 5000) break
    after = page.at(-1)!.row
  }
  return rows
}

export const storedOutcome = ({ outcome, findings, recordId }: ImportRow) => ({
  outcome,
  findings: findings as unknown as readonly LedgerFinding[], // written by rowOf alone
  ...(recordId === null ? {} : { record: recordId }),
})

const rowOf = (job: ImportJob, { row, outcome, findings, contentDigest: digest, record }: SettledRow): ImportRow => ({
  jobId: job.id,
  row,
  outcome,
  findings: findings as unknown as readonly JsonObject[], // plain data
  contentDigest: digest ?? null,
  recordId: record ?? null,
})

function countRows(before: Readonly<Record<string, number>>, rows: readonly SettledRow[]): Record<string, number> {
  const counts = { ...before }
  const add = (name: string): void => {
    counts[name] = (counts[name] ?? 0) + 1
  }
  for (const { outcome, issued, record } of rows) {
    add(outcome)
    if (issued === true) add('issued')
    else if (record !== undefined) add('already')
  }
  return counts
}
