import { parentPort, workerData } from 'node:worker_threads'

import type { CertificateData } from './certificate-data.ts'
import { openRenderer, type RenderOptions } from './render-pdf.ts'
import type { ReportData } from './report-data.ts'

/** What the desk asks of a worker. */
export type SheetData = CertificateData | ReportData

/** What a worker answers: the sheet, or why there is none, for the log of whoever runs it. */
export type WorkerAnswer = { readonly kind: 'sheet'; readonly pdf: Uint8Array<ArrayBuffer> } | { readonly kind: 'failed'; readonly message: string }

const port = parentPort!
const renderer = openRenderer(workerData as RenderOptions) // started by the desk alone

/** What the compiler says, up to the first thing that it quotes: that may be somebody's name. */
const withoutValues = (message: string): string => (/message"?: ?"([^"\\]*)/.exec(message)?.[1] ?? 'no diagnostics').trim()

port.on('message', (data: SheetData) => {
  try {
    const pdf = new Uint8Array(renderer.render(data)) // a copy: what the compiler hands out may be part of a larger buffer
    port.postMessage({ kind: 'sheet', pdf } satisfies WorkerAnswer, [pdf.buffer])
  } catch (error) {
    port.postMessage({ kind: 'failed', message: withoutValues(error instanceof Error ? error.message : String(error)) } satisfies WorkerAnswer)
  }
})
