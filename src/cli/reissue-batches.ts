import type { BatchPlan, ReissueBatch } from '#registry/reissue-records.ts'
import type { Given } from './command.ts'
import type { Exit } from './exit-codes.ts'
import { openProgress } from './progress.ts'
import type { Shell } from './shell.ts'

const batchSize = 200

/** Works through the whole queue, or on the one record that is named, and says what was passed over. A run that was broken off is simply run again. */
export async function workBatches(shell: Shell, given: Given, total: number, work: (plan: BatchPlan) => Promise<ReissueBatch>): Promise<Exit> {
  const [record] = given.words
  const progress = openProgress(shell, shell.say({ zh: '份记录', en: 'records' }))
  let done = 0
  let passed = 0
  try {
    for (let after: string | undefined; ;) {
      const batch = await work(record === undefined ? { after, limit: batchSize } : { record })
      for (const row of batch.done) await shell.tell(row)
      for (const row of batch.passed) await shell.tell(row, `${row.record}  ${row.code}`)
      done += batch.done.length
      passed += batch.passed.length
      progress.at(done + passed, total)
      if (batch.next === null) break
      after = batch.next
    }
  } finally {
    progress.end()
  }
  await shell.tell({ summary: { done, passed } }, shell.say({ zh: `完成 ${done}，未处理 ${passed}`, en: `done ${done}, passed over ${passed}` }))
  return 'done'
}
