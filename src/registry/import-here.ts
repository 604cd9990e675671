import { families } from '#core/credential/families.ts'
import { Fault } from '#core/fault.ts'
import { secondsOf } from '#core/model/instant.ts'
import type { PartialDate } from '#core/model/partial-date.ts'
import { uuidText } from '#core/model/uuid.ts'
import { claimOneImportJob, findImportJobsByFile, finishImportJob, type ImportJob } from '#storage/import-jobs.ts'
import { cleanUp } from './clean-up.ts'
import { ledgerLimits } from './ledger/ledger-limits.ts'
import { judgeInWorker } from './ledger/run-in-worker.ts'
import { leaseSeconds, runImport, storeImport, type ImportCounts, type ImportHooks, type NewImport } from './import-ledger.ts'
import type { Office } from './office.ts'
import { audit, type Request } from './perform.ts'
import { publishBatch } from './publish-batch.ts'
import { ledgerIndex } from './record-personal.ts'

export interface Importer {
  /** Names this process among all that may work on the store. */
  readonly owner: string
  /** Whether the process of that name has ended: its lease need not be waited for. */
  readonly isGone: (owner: string) => boolean
}

export interface DoneImport {
  readonly job: string
  /** An earlier run over the same bytes stopped in the middle, and this one went on there. */
  readonly resumed: boolean
  readonly counts: ImportCounts | 'stopped'
}

/**
 * Imports a ledger in this process, from the first row or from where an earlier run over the same bytes stopped: that one was told to,
 * or was killed. Its job, its results and its numbers are gone on with, so nothing is issued twice and no number is left out.
 */
export async function importHere(office: Office, request: Request, plan: NewImport, { owner, isGone }: Importer, hooks: ImportHooks): Promise<DoneImport> {
  if (!plan.dryRun) await requireWhole(plan)
  const { job, resumed } = await takeUp(office, request, plan, { owner, isGone })
  const publish = async (): Promise<void> => {
    if (!plan.dryRun) await publishBatch(office)
  }
  const rows: ImportHooks['rows'] = async (settled, done) => {
    await publish()
    await hooks.rows?.(settled, done)
  }
  const counts = await runImport(office, job, owner, { ...hooks, rows })
  await publish()
  // Where no server runs, nobody else forgets the files of old imports.
  await cleanUp(office)
  return { job: uuidText(job.id), resumed, counts }
}

/**
 * Reads the ledger to its end before the first of its rows is issued. Rows are issued as they are read, and a file that breaks off, or unpacks to
 * more than it says, shows it at its end only: refused as a whole it leaves nothing. Whoever hands it in at a server has tried it first.
 */
async function requireWhole({ family, bytes }: Pick<NewImport, 'family' | 'bytes'>): Promise<void> {
  // No row is judged here, so no day and no issuer counts.
  const context = { today: '1970-01-01' as PartialDate, issuerNames: [] } // a day of the calendar
  for await (const part of judgeInWorker({ source: { bytes }, family, context, limits: ledgerLimits, batchRows: 1, cells: false, unjudged: true })) void part
}

async function takeUp(
  office: Office,
  request: Request,
  plan: NewImport,
  { owner, isGone }: Importer,
): Promise<{ readonly job: ImportJob; readonly resumed: boolean }> {
  const now = secondsOf(office.clock())
  const leaseUntil = now + leaseSeconds
  return office.store.atomically(async (tx) => {
    const earlier = await findImportJobsByFile(tx, { fileDigest: ledgerIndex(office, plan.bytes) })
    const open = earlier.find(
      ({ family, dryRun, state }) => family === families[plan.family].code && dryRun === plan.dryRun && (state === 'queued' || state === 'running'),
    )
    if (open === undefined) return { job: await storeImport(tx, office, request, plan, { owner, until: leaseUntil }), resumed: false }
    if (open.leaseOwner !== null && isGone(open.leaseOwner))
      await finishImportJob(tx, { id: open.id, owner: open.leaseOwner, state: 'queued', error: null, now })
    const job = await claimOneImportJob(tx, { id: open.id, owner, now, leaseUntil })
    if (job === undefined) throw new Fault('import-not-ready', { at: uuidText(open.id), detail: 'another process works on it' })
    await audit(tx, office, { actor: request.actor, action: 'import-resumed', subject: uuidText(job.id), detail: { done: job.done } })
    return { job, resumed: true }
  })
}
