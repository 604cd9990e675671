import type { Writable } from 'node:stream'

import { familyOfCode } from '#core/credential/families.ts'
import { faultTexts } from '#core/fault-texts.ts'
import { Fault, type FaultCode } from '#core/fault.ts'
import { asLedgerFamily } from '#core/ledger/columns.ts'
import type { Outcome } from '#core/ledger/judgement.ts'
import type { FamilyId } from '#core/model/family-id.ts'
import { findingTexts } from '#core/model/finding-texts.ts'
import { dayOf, instantOf, type Instant } from '#core/model/instant.ts'
import type { PartialDate } from '#core/model/partial-date.ts'
import { uuidText } from '#core/model/uuid.ts'
import { listImportJobs, listImportRows, loadImportFile, type ImportJob } from '#storage/import-jobs.ts'
import { failureOf, findJob, storedOutcome, type ImportFailure } from './import-ledger.ts'
import type { LedgerFinding } from './ledger/judge-ledger.ts'
import { ledgerLimits } from './ledger/ledger-limits.ts'
import { judgeInWorker } from './ledger/run-in-worker.ts'
import { resultWriter, type ResultFormat, type ResultWriter } from './ledger/write-result.ts'
import type { Office } from './office.ts'
import { openLedgerFile } from './record-personal.ts'
import { pageOf, pageStart, type Page, type PageRequest } from './page.ts'

export interface ImportStatus {
  readonly job: string
  readonly family: FamilyId
  readonly state: ImportJob['state']
  readonly dryRun: boolean
  readonly total?: number
  readonly done: number
  readonly counts: ImportJob['counts']
  readonly requestedBy: string
  readonly createdAt: Instant
  readonly updatedAt: Instant
  readonly error?: string
  readonly problem?: {
    readonly title: string
    readonly titleEn: string
    readonly remedy: string
    readonly remedyEn: string
    readonly at?: string
    readonly detail?: string
  }
}

const statusOf = (job: ImportJob): ImportStatus => ({
  job: uuidText(job.id),
  family: familyOfCode(job.family)!.id, // written by queueImport alone
  state: job.state,
  dryRun: job.dryRun,
  ...(job.total === null ? {} : { total: job.total }),
  done: job.done,
  counts: job.counts,
  requestedBy: job.requestedBy,
  createdAt: instantOf(job.createdAt),
  updatedAt: instantOf(job.updatedAt),
  ...(job.error === null ? {} : problemOf(failureOf(job.error))),
})

function problemOf({ code, ...place }: ImportFailure): Pick<ImportStatus, 'error' | 'problem'> {
  if (!Object.hasOwn(faultTexts, code)) return { error: code }
  const { zh, en, remedy } = faultTexts[code as FaultCode] // a key of the table, as was just seen
  return { error: code, problem: { title: zh, titleEn: en, remedy: remedy.zh, remedyEn: remedy.en, ...place } }
}

/** How far an import has come. Fault: `import-unknown`. */
export const importStatus = async (office: Pick<Office, 'store'>, jobId: string): Promise<ImportStatus> => statusOf(await findJob(office, jobId))

export async function importPage({ store }: Pick<Office, 'store'>, request: PageRequest): Promise<Page<ImportStatus>> {
  const { after, limit } = pageStart(request)
  return pageOf(await listImportJobs(store.read, { after, limit: limit + 1 }), limit, ({ id }) => id, statusOf)
}

export interface ImportRowFinding {
  readonly column: string
  readonly code: string
  readonly severity: LedgerFinding['severity']
  readonly message: string
  readonly messageEn: string
  readonly remedy: string
  readonly remedyEn: string
  readonly earlierRow?: number
}

export interface ImportRowResult {
  readonly row: number
  readonly outcome: Outcome
  readonly findings: readonly ImportRowFinding[]
  readonly record?: string
}

/** Results by row of the file, after the row given. */
export async function importRows(
  office: Pick<Office, 'store'>,
  jobId: string,
  { after = 0, limit = 200 }: { readonly after?: number | undefined; readonly limit?: number | undefined },
): Promise<{ readonly rows: readonly ImportRowResult[]; readonly next: number | null }> {
  const { id } = await findJob(office, jobId)
  const stored = await listImportRows(office.store.read, { jobId: id, after, limit: limit + 1 })
  const rows = stored.slice(0, limit).map((row): ImportRowResult => {
    const { outcome, findings, record } = storedOutcome(row)
    return { row: row.row, outcome, findings: findings.map(explained), ...(record === undefined ? {} : { record: uuidText(record) }) }
  })
  return { rows, next: stored.length > limit ? (rows.at(-1)?.row ?? null) : null }
}

function explained({ column, code, severity, earlierRow }: LedgerFinding): ImportRowFinding {
  const { message, remedy } = findingTexts[code]
  return {
    column,
    code,
    severity,
    message: message.zh,
    messageEn: message.en,
    remedy: remedy.zh,
    remedyEn: remedy.en,
    ...(earlierRow === undefined ? {} : { earlierRow }),
  }
}

/**
 * The ledger again with its results, into a sink, row by row as it is read. The cells come from the file, the outcomes from what was
 * stored, so that the file says what happened and not what would happen today. Faults before anything is written: `import-unknown`,
 * `import-not-ready`, `import-file-gone`.
 */
export async function openImportResult(
  office: Pick<Office, 'store' | 'clock' | 'vault'>,
  jobId: string,
): Promise<(sink: Writable, plan: { readonly format: ResultFormat; readonly all: boolean }) => Promise<void>> {
  const job = await findJob(office, jobId)
  if (job.state !== 'done') throw new Fault('import-not-ready', { at: jobId, detail: job.state })
  const file = await loadImportFile(office.store.read, { jobId: job.id })
  if (file === undefined) throw new Fault('import-file-gone', { at: jobId })
  const family = asLedgerFamily(familyOfCode(job.family)!.id) // as above
  const context = { today: dayOf(office.clock()) as PartialDate, issuerNames: [] } // a day of the calendar
  return async (sink, { format, all }) => {
    let writer: ResultWriter | undefined
    for await (const part of judgeInWorker({
      source: { bytes: openLedgerFile(office.vault, job.id, file.body) },
      family,
      context,
      limits: ledgerLimits,
      batchRows: 500,
      cells: true,
    })) {
      if (part.kind === 'header') writer = await resultWriter(sink, { format, headers: part.headers, all })
      else {
        const outcomes = await outcomesOf(office, job, part.rows[0]!.row, part.rows.length)
        for (const judged of part.rows) await writer?.write({ ...judged, ...outcomes.get(judged.row) })
      }
    }
    await writer?.close()
  }
}

async function outcomesOf({ store }: Pick<Office, 'store'>, job: ImportJob, first: number, count: number) {
  const rows = await listImportRows(store.read, { jobId: job.id, after: first - 1, limit: count })
  return new Map(rows.map((row) => [row.row, { outcome: row.outcome, findings: storedOutcome(row).findings }]))
}
