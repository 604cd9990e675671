import { secondsOf } from '#core/model/instant.ts'
import { uuidText } from '#core/model/uuid.ts'
import { claimImportJob, finishImportJob, listImportJobs, type ImportJob } from '#storage/import-jobs.ts'
import { leaseSeconds, runImport, type ImportCounts, type ImportHooks } from './import-ledger.ts'
import type { Office } from './office.ts'
import { publishBatch } from './publish-batch.ts'

export interface WorkedImport {
  readonly job: string
  readonly counts: ImportCounts | 'stopped'
}

/**
 * Takes the oldest import that waits and carries it out. Undefined when none waits. If we die in the middle, the lease runs out and
 * whoever asks next goes on after the last batch that was committed.
 */
export async function workNextImport(
  office: Office,
  owner: string,
  { stopped, lease = leaseSeconds, batch }: Pick<ImportHooks, 'stopped' | 'lease' | 'batch'> = {},
): Promise<WorkedImport | undefined> {
  const now = secondsOf(office.clock())
  const job = await office.store.atomically((tx) => claimImportJob(tx, { owner, now, leaseUntil: now + lease }))
  if (job === undefined) return undefined
  const publish = async (): Promise<void> => {
    if (!job.dryRun) await publishBatch(office)
  }
  const counts = await runImport(office, job, owner, { rows: publish, lease, batch, ...(stopped === undefined ? {} : { stopped }) })
  await publish()
  return { job: uuidText(job.id), counts }
}

async function* allJobs({ store }: Pick<Office, 'store'>): AsyncGenerator<ImportJob> {
  let after: Uint8Array = new Uint8Array(0)
  for (;;) {
    const page = await listImportJobs(store.read, { after, limit: 1000 })
    yield* page
    if (page.length < 1000) return
    after = page.at(-1)!.id
  }
}

/** How many imports there are, by state. */
export async function importsByState(office: Pick<Office, 'store'>): Promise<Readonly<Record<ImportJob['state'], number>>> {
  const counts = { queued: 0, running: 0, done: 0, failed: 0 }
  for await (const { state } of allJobs(office)) counts[state]++
  return counts
}

/** Whether a worker would find something to do. */
export async function importWaits(office: Pick<Office, 'store' | 'clock'>): Promise<boolean> {
  const now = secondsOf(office.clock())
  for await (const { state, leaseUntil } of allJobs(office)) if (state === 'queued' || (state === 'running' && (leaseUntil ?? 0) < now)) return true
  return false
}

/** Gives back the jobs of workers that are known to be gone, so that nobody waits for their leases to run out. */
export async function releaseImports(office: Pick<Office, 'store' | 'clock'>, gone: (owner: string) => boolean): Promise<void> {
  const now = secondsOf(office.clock())
  for await (const { id, state, leaseOwner } of allJobs(office)) {
    if (state !== 'running' || leaseOwner === null || !gone(leaseOwner)) continue
    await office.store.atomically((tx) => finishImportJob(tx, { id, owner: leaseOwner, state: 'queued', error: null, now }))
  }
}
