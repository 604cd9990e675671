import { secondsOf } from '#core/model/instant.ts'
import { forgetAssertions } from '#storage/clients.ts'
import { forgetClaimCodes } from '#storage/claim-codes.ts'
import { forgetRequests } from '#storage/idempotency.ts'
import { deleteImportFile, listImportJobs } from '#storage/import-jobs.ts'
import type { Office } from './office.ts'

const day = 24 * 3600

/** How long a repeated request is recognised, and how long an import's file can be fetched and approved. Seconds. */
export const keptFor = { requests: 2 * day, importFiles: 30 * day } as const

/** Forgets what has served its purpose: answers to repeat, used assertions, expired claim codes, and files of imports, which are personal. */
export async function cleanUp(office: Pick<Office, 'store' | 'clock'>): Promise<void> {
  const now = secondsOf(office.clock())
  await office.store.atomically(async (tx) => {
    await forgetRequests(tx, { before: now - keptFor.requests })
    await forgetAssertions(tx, { before: now })
    await forgetClaimCodes(tx, { before: now })
  })
  let after: Uint8Array = new Uint8Array(0)
  for (;;) {
    const page = await listImportJobs(office.store.read, { after, limit: 500 })
    const over = page.filter(({ state, updatedAt }) => (state === 'done' || state === 'failed') && updatedAt < now - keptFor.importFiles)
    if (over.length > 0)
      await office.store.atomically(async (tx) => {
        for (const { id } of over) await deleteImportFile(tx, { jobId: id })
      })
    if (page.length < 500) return
    after = page.at(-1)!.id
  }
}
