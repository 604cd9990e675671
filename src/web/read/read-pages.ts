import jbig2Url from 'pdfjs-dist/wasm/jbig2.wasm?url'
import openjpegUrl from 'pdfjs-dist/wasm/openjpeg.wasm?url'
import wasmUrl from 'zxing-wasm/reader/zxing_reader.wasm?url'

import { callWorker, type WorkerFailure } from './call-worker.ts'
import type { PagesAnswer, PagesQuestion } from './pdf-pages-worker.ts'

const patience = 25_000

/**
 * Lays a PDF out and looks at its pages, in a worker that ends with the question: what a file made it allocate goes with it, and a file that
 * never lets it finish takes nobody else's time.
 */
export async function readPages(bytes: Uint8Array, withAttachments: boolean): Promise<PagesAnswer | { readonly kind: WorkerFailure }> {
  const worker = new Worker(new URL('./pdf-pages-worker.ts', import.meta.url), { type: 'module', name: 'pdf-pages' })
  try {
    const question: PagesQuestion = { bytes, withAttachments, wasmUrl, decoderUrls: { 'jbig2.wasm': jbig2Url, 'openjpeg.wasm': openjpegUrl } }
    const answer = await callWorker<PagesAnswer>(worker, question, { transfer: [bytes.buffer], milliseconds: patience })
    return answer.kind === 'answer' ? answer.answer : { kind: answer.why }
  } finally {
    worker.terminate()
  }
}
