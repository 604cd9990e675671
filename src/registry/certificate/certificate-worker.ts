// oxlint-disable no-restricted-globals -- a process of its own begins here

import type { CertificateData } from './certificate-data.ts'
import { openRenderer, type RenderOptions } from './render-pdf.ts'
import type { ReportData } from './report-data.ts'

/** What the desk asks of a worker. */
export type SheetData = CertificateData | ReportData

/** What a worker answers: the sheet, or why there is none, for the log of whoever runs it. */
export type WorkerAnswer = { readonly kind: 'sheet'; readonly pdf: Uint8Array } | { readonly kind: 'failed'; readonly message: string }

const renderer = openRenderer(JSON.parse(process.argv.at(-1)!) as RenderOptions) // started by the desk alone

/** What the compiler says, up to the first thing that it quotes: that may be somebody's name. */
const withoutValues = (message: string): string => (/message"?: ?"([^"\\]*)/.exec(message)?.[1] ?? 'no diagnostics').trim()

function answerTo(data: SheetData): WorkerAnswer {
  try {
    return { kind: 'sheet', pdf: renderer.render(data) }
  } catch (error) {
    return { kind: 'failed', message: withoutValues(error instanceof Error ? error.message : String(error)) }
  }
}

// Whoever stops the node by a signal to all its processes means the node, which lets what has been asked for be finished first. When the
// node is gone, however it went, the channel is closed, and nothing else keeps this process.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined)
process.on('message', (data: SheetData) => process.send!(answerTo(data)))
