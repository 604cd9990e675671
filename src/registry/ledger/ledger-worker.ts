import { parentPort, workerData } from 'node:worker_threads'
import { Fault, type FaultCode } from '#core/fault.ts'
import { judgeLedger, type LedgerJob, type LedgerPart } from './judge-ledger.ts'

/** What the worker sends. A fault crosses as its parts: its class would not survive. */
export type WorkerMessage =
  | LedgerPart
  | { readonly kind: 'end' }
  | { readonly kind: 'fault'; readonly code: FaultCode; readonly at: string | undefined; readonly detail: string | undefined }
  | { readonly kind: 'crash'; readonly message: string }

/** Parts that may be on their way or waiting at the receiver: one that is worked on, one that is ready. */
const partsAhead = 2

const port = parentPort!
let credit = partsAhead
let wake: (() => void) | undefined
port.on('message', () => {
  credit++
  wake?.()
})

const post = (message: WorkerMessage): void => port.postMessage(message)

// The receiver asks for each further part: a slow database holds this thread, and memory stays flat.
try {
  for await (const part of judgeLedger(workerData as LedgerJob)) {
    while (credit === 0) await new Promise<void>((resolve) => (wake = resolve))
    credit--
    post(part)
  }
  post({ kind: 'end' })
} catch (error) {
  if (error instanceof Fault) post({ kind: 'fault', code: error.code, at: error.at, detail: error.detail })
  else post({ kind: 'crash', message: error instanceof Error ? (error.stack ?? error.message) : 'unknown' })
}
port.close()
