import { trustIndex, TrustIndex, type TrustIndexEntry } from '#contract/public.ts'
import { parseJson, type JsonLimits } from '#core/encoding/parse-json.ts'
import { Fault } from '#core/fault.ts'
import { parseOrFault } from '#core/model/parse-or-fault.ts'
import type { TrustFile } from '#core/trust/assemble-trust.ts'
import { checkAddress } from './check-address.ts'
import { readAll, type StreamedAnswer } from './read-all.ts'

/** What this layer needs of `fetch`; the platform's own fits. */
export type FetchStream = (
  url: string,
  init: { readonly headers: Record<string, string>; readonly redirect: 'error'; readonly signal: AbortSignal },
) => Promise<StreamedAnswer>

export interface FetchLimits {
  /** Of one file, counted as it streams in, after any decompression. */
  readonly fileBytes: number
  readonly files: number
  readonly totalBytes: number
  /** For one file, from the request to its last byte. */
  readonly milliseconds: number
}

export const fetchLimits: FetchLimits = { fileBytes: 8 * 1024 * 1024, files: 500, totalBytes: 32 * 1024 * 1024, milliseconds: 10_000 }

export interface FetchedFile extends TrustFile {
  readonly entry: TrustIndexEntry
}

export interface FetchedFiles {
  /** `unchanged`: the index is the one that `etag` named; nothing else was asked for. */
  readonly outcome: 'unchanged' | 'fetched'
  readonly etag: string | undefined
  readonly files: readonly FetchedFile[]
}

const indexLimits: JsonLimits = { bytes: fetchLimits.fileBytes, depth: 4 }

/**
 * Fetches what a neighbour has to give and the caller wants, over plain GET. The address comes from an accepted alliance list and is
 * used as it stands there; nothing that the neighbour says leads anywhere else: paths are of one fixed form below the address, and
 * redirects are refused. What comes back is unchecked bytes. Faults: `neighbour-address-refused`, `neighbour-unreachable`,
 * `bytes-too-many`, `service-answer-malformed`.
 */
export async function fetchTrustFiles(
  address: string,
  { etag, wanted }: { readonly etag?: string | undefined; readonly wanted: (entry: TrustIndexEntry) => boolean },
  fetch: FetchStream,
  limits: FetchLimits = fetchLimits,
): Promise<FetchedFiles> {
  const base = checkAddress(address)
  const index = await get(`${base}${trustIndex.path}`, etag, fetch, limits)
  if (index === 'unchanged') return { outcome: 'unchanged', etag, files: [] }
  const { files: entries } = parseOrFault(
    TrustIndex,
    parseJson(index.bytes, { ...indexLimits, bytes: limits.fileBytes }, 'index'),
    'service-answer-malformed',
    'index',
  )
  const files: FetchedFile[] = []
  let total = 0
  for (const entry of entries.filter(wanted)) {
    if (files.length === limits.files) break // the rest comes with the next round
    const answer = await get(`${base}/${entry.path}`, undefined, fetch, limits)
    if (answer === 'unchanged') continue
    total += answer.bytes.length
    if (total > limits.totalBytes) throw new Fault('bytes-too-many', { at: base, detail: `at most ${limits.totalBytes} bytes from one neighbour` })
    files.push({ entry, name: `${base}/${entry.path}`, bytes: answer.bytes })
  }
  return { outcome: 'fetched', etag: index.etag, files }
}

async function get(
  url: string,
  etag: string | undefined,
  fetch: FetchStream,
  limits: FetchLimits,
): Promise<{ readonly bytes: Uint8Array; readonly etag: string | undefined } | 'unchanged'> {
  const signal = AbortSignal.timeout(limits.milliseconds)
  try {
    const answer = await fetch(url, { headers: etag === undefined ? {} : { 'if-none-match': etag }, redirect: 'error', signal })
    if (answer.status === 304 && etag !== undefined) {
      await answer.body?.cancel()
      return 'unchanged'
    }
    if (answer.status !== 200 || answer.url !== url) {
      await answer.body?.cancel()
      throw new Fault('neighbour-unreachable', { at: url, detail: answer.status === 200 ? 'it answered from elsewhere' : `status ${answer.status}` })
    }
    return { bytes: await readAll(answer, url, limits), etag: answer.headers.get('etag') ?? undefined }
  } catch (error) {
    if (error instanceof Fault) throw error
    throw new Fault('neighbour-unreachable', {
      at: url,
      detail: signal.aborted ? `no answer within ${limits.milliseconds} ms` : 'no connection, or a redirect',
      cause: error,
    })
  }
}
