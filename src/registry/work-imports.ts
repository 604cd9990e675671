import { secondsOf } from '#core/model/instant.ts'
import { uuidText } from '#core/model/uuid.ts'
import { claimImportJob, listImportJobs, type ImportJob } from '#storage/import-jobs.ts'
import { runImport, type ImportCounts, type ImportHooks } from './import-ledger.ts'
import type { Office } from './office.ts'
import { publishStatusLists } from './publish.ts'

/** A lease that is not prolonged for so long has lost its worker. Seconds. */
const leaseSeconds = 120

export interface WorkedImport {
  readonly job: string
  readonly counts: ImportCounts | 'stopped'
}

/**
 * Takes the oldest import that waits and carries it out. Undefined when none waits. If we die in the middle, the lease runs out and
 * whoever asks next goes on after the last batch that was committed. Lists that the import opens are published as they are opened:
 * a record must never point at a list that nobody can fetch.
 */
export async function workNextImport(office: Office, owner: string, { stopped }: Pick<ImportHooks, 'stopped'> = {}): Promise<WorkedImport | undefined> {
  const now = secondsOf(office.clock())
  const job = await office.store.atomically((tx) => claimImportJob(tx, { owner, now, leaseUntil: now + leaseSeconds }))
  if (job === undefined) return undefined
  const publish = async (): Promise<void> => {
    if (!job.dryRun) await publishStatusLists(office)
  }
  const counts = await runImport(office, job, owner, { rows: publish, ...(stopped === undefined ? {} : { stopped }) })
  await publish()
  return { job: uuidText(job.id), counts }
}

/** How many imports wait or run, by state. What has been done for good is passed over page by page. */
export async function importsByState({ store }: Pick<Office, 'store'>): Promise<Readonly<Record<ImportJob['state'], number>>> {
  const counts = { queued: 0, running: 0, done: 0, failed: 0 }
  let after: Uint8Array = new Uint8Array(0)
  for (;;) {
    const page = await listImportJobs(store.read, { after, limit: 1000 })
    for (const { state } of page) counts[state]++
    if (page.length < 1000) return counts
    after = page.at(-1)!.id
  }
}

/** Whether a worker would find something to do. */
export async function importWaits(office: Pick<Office, 'store' | 'clock'>): Promise<boolean> {
  const now = secondsOf(office.clock())
  let after: Uint8Array = new Uint8Array(0)
  for (;;) {
    const page = await listImportJobs(office.store.read, { after, limit: 1000 })
    if (page.some(({ state, leaseUntil }) => state === 'queued' || (state === 'running' && (leaseUntil ?? 0) < now))) return true
    if (page.length < 1000) return false
    after = page.at(-1)!.id
  }
}
