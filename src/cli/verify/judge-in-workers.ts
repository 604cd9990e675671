import { Worker } from 'node:worker_threads'

import type { JudgedBatch } from './judge-batch.ts'
import type { Batch } from './read-batches.ts'
import type { WorkerTask } from './verify-worker.ts'

/** Batches that a worker has before it: one that it works on, one that is ready. */
const ahead = 2

interface Waiting {
  readonly resolve: (judged: JudgedBatch) => void
  readonly reject: (error: Error) => void
}

interface Crew {
  /** Hands a batch to a worker; its bytes are given away. */
  readonly judge: (batch: Batch) => Promise<JudgedBatch>
  readonly dismiss: () => Promise<void>
}

/**
 * Judges batches on several threads and gives them in their order. No more are read than the workers can have before them, so memory
 * is the same for a thousand records and for a million.
 */
export async function* judgeInWorkers(
  batches: AsyncIterable<Batch>,
  task: WorkerTask,
  threads: number,
): AsyncGenerator<{ readonly batch: Batch; readonly judged: JudgedBatch }> {
  const crew = hire(task, threads)
  const running: { readonly batch: Batch; readonly judged: Promise<JudgedBatch> }[] = []
  try {
    for await (const batch of batches) {
      const judged = crew.judge(batch)
      // Awaited below, in order; until then a failure is not one that nobody hears of.
      judged.catch(() => undefined)
      running.push({ batch, judged })
      if (running.length >= threads * ahead) {
        const first = running.shift()!
        yield { batch: first.batch, judged: await first.judged }
      }
    }
    for (const { batch, judged } of running.splice(0)) yield { batch, judged: await judged }
  } finally {
    await crew.dismiss()
  }
}

function hire(task: WorkerTask, threads: number): Crew {
  const workers = Array.from({ length: threads }, () => {
    const worker = new Worker(new URL('./verify-worker.ts', import.meta.url), { workerData: task, env: {} })
    const waiting: Waiting[] = []
    const fail = (error: Error): void => {
      for (const { reject } of waiting.splice(0)) reject(error)
    }
    worker.on('message', (judged: JudgedBatch) => waiting.shift()?.resolve(judged))
    worker.on('error', fail)
    worker.on('exit', (code) => fail(new Error(`a verify worker ended with ${code}`)))
    return { worker, waiting }
  })
  return {
    judge: (batch) =>
      new Promise((resolve, reject) => {
        const { worker, waiting } = workers.reduce((idlest, candidate) => (candidate.waiting.length < idlest.waiting.length ? candidate : idlest))
        waiting.push({ resolve, reject })
        // The rest of the batch stays with us: only its bytes are handed over.
        worker.postMessage(batch, [batch.bytes.buffer])
      }),
    dismiss: async () => {
      await Promise.all(workers.map(({ worker }) => worker.terminate()))
    },
  }
}
