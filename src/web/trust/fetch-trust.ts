import { trustAnchors, TrustIndex, trustIndex, type TrustIndexEntry } from '#contract/public.ts'
import { nobleEngine } from '#core/crypto/engine-noble.ts'
import { encodeBase64url } from '#core/encoding/base64url.ts'
import { parseJson, type JsonLimits } from '#core/encoding/parse-json.ts'
import { Fault } from '#core/fault.ts'
import { parseOrFault } from '#core/model/parse-or-fault.ts'
import { Anchors } from '#core/trust/anchors.ts'
import { peekTrustFile } from '#core/trust/peek-trust-file.ts'
import type { HeldFile, HeldFiles } from './trust-cache.ts'

/** Of one file, and of all together. Bytes. */
const limits = { file: 8 * 1024 * 1024, total: 64 * 1024 * 1024 } as const

/** For one file. Milliseconds. */
const patience = 10_000

/** Requests that are under way at once: what a browser opens to one host over HTTP/1.1. */
const atOnce = 6

const jsonLimits: JsonLimits = { bytes: limits.file, depth: 12 }

export interface Fetched {
  readonly held: HeldFiles
  /** Files that the index names and that did not come; what was held of them before is held on. */
  readonly missing: number
  /** What the node's clock said, seconds since 1970; undefined where it did not say. */
  readonly nodeTime: number | undefined
}

/**
 * Fetches this node's trust files, over plain GET to this same origin; what is held already is not asked for again. What comes is unchecked: it is
 * `assembleTrust` that believes or refuses it. Faults: `service-unreachable`, `service-answer-malformed`, `bytes-too-many`.
 *
 * @param now seconds since 1970, by the clock of the device
 */
export async function fetchTrust(before: HeldFiles | undefined, now: () => number): Promise<Fetched> {
  const [index, anchors] = await Promise.all([get(trustIndex.path), get(trustAnchors.path)])
  const { files: entries } = parseOrFault(TrustIndex, parseJson(index.bytes, jsonLimits, 'index'), 'service-answer-malformed', 'index')
  const accepted = parseOrFault(Anchors, parseJson(anchors.bytes, jsonLimits, 'anchors'), 'service-answer-malformed', 'anchors')
  const byDigest = new Map(before?.files.map((file) => [`${file.kind} ${file.digest}`, file]))
  const bySubject = new Map(before?.files.map((file) => [`${file.kind} ${file.subject}`, file]))
  const files: (HeldFile | undefined)[] = []
  let missing = 0
  let total = 0
  const waiting = entries.entries()
  const work = async (): Promise<void> => {
    for (const [place, entry] of waiting) {
      files[place] = byDigest.get(`${entry.kind} ${entry.digest}`)
      if (files[place] !== undefined) continue
      try {
        const { bytes } = await get(`/${entry.path}`)
        total += bytes.length
        if (total > limits.total) throw new Fault('bytes-too-many', { at: 'trust', detail: `at most ${limits.total} bytes` })
        files[place] = labelled(entry, bytes)
      } catch (fault) {
        if (!(fault instanceof Fault) || fault.code === 'bytes-too-many') throw fault
        missing++
        files[place] = bySubject.get(`${entry.kind} ${entry.subject}`)
      }
    }
  }
  await Promise.all(Array.from({ length: atOnce }, work))
  return {
    held: { anchors: accepted, files: files.filter((file) => file !== undefined), fetchedAt: now() },
    missing,
    nodeTime: index.nodeTime,
  }
}

/**
 * Filed under the digest that it has, not under the one that the index gives: a status list may have been published anew between the two
 * answers, and must not stand for the one before.
 */
function labelled({ kind, subject, digest }: TrustIndexEntry, bytes: Uint8Array): HeldFile {
  const peek = peekTrustFile(bytes, nobleEngine)
  return { kind, subject, digest: peek instanceof Fault ? digest : encodeBase64url(peek.digest), bytes }
}

async function get(path: string): Promise<{ readonly bytes: Uint8Array; readonly nodeTime: number | undefined }> {
  const ending = new AbortController()
  const timer = setTimeout(() => ending.abort(), patience)
  try {
    const answer = await fetch(path, { cache: 'no-cache', credentials: 'omit', redirect: 'error', signal: ending.signal })
    if (answer.status !== 200) throw new Fault('service-unreachable', { at: path, detail: `status ${answer.status}` })
    const told = Date.parse(answer.headers.get('date') ?? '')
    return { bytes: await readAll(answer.body, path), nodeTime: Number.isNaN(told) ? undefined : Math.floor(told / 1000) }
  } catch (error) {
    if (error instanceof Fault) throw error
    throw new Fault('service-unreachable', { at: path, cause: error })
  } finally {
    clearTimeout(timer)
  }
}

/** Stops at the cap: how long the answer says it is, is not believed. */
async function readAll(body: ReadableStream<Uint8Array> | null, at: string): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let length = 0
  const reader = body?.getReader()
  for (;;) {
    const { done, value } = (await reader?.read()) ?? { done: true, value: undefined }
    if (done || value === undefined) break
    length += value.length
    if (length > limits.file) {
      await reader?.cancel()
      throw new Fault('bytes-too-many', { at, detail: `at most ${limits.file} bytes` })
    }
    chunks.push(value)
  }
  const bytes = new Uint8Array(length)
  let filled = 0
  for (const chunk of chunks) {
    bytes.set(chunk, filled)
    filled += chunk.length
  }
  return bytes
}
