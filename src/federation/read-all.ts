import { Fault } from '#core/fault.ts'

/** An answer as the platform's `fetch` gives it. */
export interface StreamedAnswer {
  readonly status: number
  readonly url: string
  readonly headers: { readonly get: (name: string) => string | null }
  readonly body: ReadableStream<Uint8Array> | null
}

/** Reads the body as it comes and stops at the cap: how long it says it is, is not believed. */
export async function readAll({ body }: StreamedAnswer, at: string, { fileBytes }: { readonly fileBytes: number }): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let length = 0
  // Leaving the loop by a fault cancels the stream, and with it the connection.
  for await (const chunk of body ?? []) {
    length += chunk.length
    if (length > fileBytes) throw new Fault('bytes-too-many', { at, detail: `at most ${fileBytes} bytes` })
    chunks.push(chunk)
  }
  const bytes = new Uint8Array(length)
  let filled = 0
  for (const chunk of chunks) {
    bytes.set(chunk, filled)
    filled += chunk.length
  }
  return bytes
}
