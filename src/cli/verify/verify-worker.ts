import { parentPort, workerData } from 'node:worker_threads'

import type { TrustFiles } from '#core/trust/assemble-trust.ts'
import { judgeBatch, type Form } from './judge-batch.ts'
import { openJudge, type Question } from './open-judge.ts'
import type { Batch } from './read-batches.ts'

/** What a worker is started with. It assembles the trust files itself: accepted trust data hold keys that do not cross threads. */
export interface WorkerTask {
  readonly files: TrustFiles
  readonly question: Question
  readonly form: Form
}

const port = parentPort!
const { files, question, form } = workerData as WorkerTask // started by judge-in-workers alone
const judge = openJudge(files, question)

port.on('message', (batch: Batch) => {
  const judged = judgeBatch(batch, judge, form)
  port.postMessage(judged, [judged.lines.buffer])
})
