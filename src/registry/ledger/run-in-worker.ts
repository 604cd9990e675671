import { Worker } from 'node:worker_threads'
import { Fault } from '#core/fault.ts'
import type { LedgerJob, LedgerPart } from './judge-ledger.ts'
import type { WorkerMessage } from './ledger-worker.ts'

/** Old-generation memory of the worker. A ledger of 100,000 rows needs a tenth of it; one that needs more is made to. */
export const workerMegabytes = 512

/**
 * Reads and judges a ledger in a thread of its own, which may use so much memory and no more. Parts come as fast as they are
 * taken; whoever stops taking stops the thread. Running out of memory is the fault `ledger-too-complex`; this process lives on.
 */
export async function* judgeInWorker(job: LedgerJob, megabytes: number = workerMegabytes): AsyncGenerator<LedgerPart> {
  const worker = new Worker(new URL('./ledger-worker.ts', import.meta.url), {
    workerData: job,
    resourceLimits: { maxOldGenerationSizeMb: megabytes, maxYoungGenerationSizeMb: 64 },
    env: {},
  })
  const arrived: (WorkerMessage | { readonly kind: 'lost'; readonly error: Error })[] = []
  let wake: (() => void) | undefined
  const arrive = (message: (typeof arrived)[number]): void => {
    arrived.push(message)
    wake?.()
  }
  worker.on('message', (message: WorkerMessage) => arrive(message))
  worker.on('error', (error: Error) => arrive({ kind: 'lost', error }))
  worker.on('exit', (code) => arrive({ kind: 'lost', error: new Error(`the ledger worker ended with ${code}`) }))
  try {
    for (;;) {
      while (arrived.length === 0) await new Promise<void>((resolve) => (wake = resolve))
      const message = arrived.shift()!
      switch (message.kind) {
        case 'header':
        case 'rows':
          yield message
          worker.postMessage('more')
          break
        case 'end':
          return
        case 'fault':
          throw new Fault(message.code, { at: message.at, detail: message.detail })
        case 'crash':
          throw new Error(message.message)
        case 'lost':
          if ('code' in message.error && message.error.code === 'ERR_WORKER_OUT_OF_MEMORY') throw new Fault('ledger-too-complex', { detail: `${megabytes} MB` })
          throw message.error
      }
    }
  } finally {
    await worker.terminate()
  }
}
