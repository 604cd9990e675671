import { createHash } from 'node:crypto'
import type { IncomingMessage } from 'node:http'

import { bodyLimits, type BodyOf, type Route } from '#contract/route.ts'
import { parseJson, type JsonLimits } from '#core/encoding/parse-json.ts'
import { decodeUtf8 } from '#core/encoding/utf8.ts'
import { Fault } from '#core/fault.ts'
import { parseOrFault } from '#core/model/parse-or-fault.ts'

export interface ReadBody {
  readonly bytes: Uint8Array
  /** Of method, path and body: what an Idempotency-Key stands for. Only for a route that needs one. */
  readonly digest: Uint8Array | undefined
}

const nothing = new Uint8Array(0)

/**
 * The body as it came, never more than the route allows: a length that is announced is refused before a byte is read, one that is
 * not is counted. Faults: `content-type-refused`, `bytes-too-many`, `request-malformed`.
 */
export async function readBody(request: IncomingMessage, route: Route, url: string): Promise<ReadBody> {
  const announced = request.headers['content-length']
  const empty = request.headers['transfer-encoding'] === undefined && (announced === undefined || announced === '0')
  const takes = route.body !== undefined || route.contentType !== undefined
  if (!takes && !empty) throw new Fault('request-malformed', { at: 'body', detail: 'the route takes none' })
  if (takes) checkType(request, route.anyType === true ? undefined : (route.contentType ?? jsonTypes))
  const limit = bodyLimits[route.limit ?? 'default']
  if (Number(announced ?? 0) > limit) throw tooMany(limit)
  const hash = route.idempotent === true ? createHash('sha256').update(`${route.method} ${url}\n`) : undefined
  const bytes = empty ? nothing : await collect(request, limit, hash)
  return { bytes, digest: hash?.digest() }
}

const jsonTypes = ['application/json'] as const

const tooMany = (limit: number): Fault => new Fault('bytes-too-many', { at: 'body', detail: `at most ${limit} bytes` })

/** One spelling: the type, and UTF-8 if a character set is named at all. A compressed body could be a bomb, and other character sets hide from filters. */
function checkType({ headers }: IncomingMessage, types: readonly string[] | undefined): void {
  const [type = '', ...parameters] = (headers['content-type'] ?? '').split(';').map((part) => part.trim().toLowerCase())
  const plain = headers['content-encoding'] === undefined || headers['content-encoding'] === 'identity'
  const named = types === undefined || (types.includes(type) && parameters.every((parameter) => /^charset=("utf-8"|utf-8)$/.test(parameter)))
  if (!named || !plain) throw new Fault('content-type-refused', { at: plain ? 'content-type' : 'content-encoding', detail: types?.join(', ') })
}

type Hash = ReturnType<typeof createHash>

function collect(request: IncomingMessage, limit: number, hash: Hash | undefined): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let length = 0
    request.on('data', (chunk: Buffer) => {
      length += chunk.length
      if (length > limit) {
        request.pause().removeAllListeners('data')
        reject(tooMany(limit))
        return
      }
      hash?.update(chunk)
      chunks.push(chunk)
    })
    request.on('end', () => resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, length)))
    request.on('error', () => reject(new Fault('request-malformed', { at: 'body', detail: 'it broke off' })))
    request.on('close', () => {
      if (!request.complete) reject(new Fault('request-malformed', { at: 'body', detail: 'it broke off' }))
    })
  })
}

const depth = 16

/** The body by the route's schema: strict JSON, a form, or the bytes themselves. */
export function parseBody<R extends Route>(route: R, bytes: Uint8Array): BodyOf<R> {
  return parseAnyBody(route, bytes) as BodyOf<R> // by the route's own schema
}

function parseAnyBody({ body, contentType, limit }: Route, bytes: Uint8Array): unknown {
  if (body === undefined) return contentType === undefined ? undefined : bytes
  if (contentType !== undefined) return parseOrFault(body, parseForm(decodeUtf8(bytes, 'body')), 'request-malformed', 'body')
  const limits: JsonLimits = { bytes: bodyLimits[limit ?? 'default'], depth }
  return parseOrFault(body, parseJson(bytes, limits, 'body'), 'request-malformed', 'body')
}

/** `name=value&…` of a form or a query; a name that stands twice (RFC 6749 §3.2) and an escape that stands for nothing are refused. */
export function parseForm(text: string, at = 'body'): Readonly<Record<string, string>> {
  // URLSearchParams would put another character in its place.
  if (text.includes('%') && !isDecodable(text)) throw new Fault('request-malformed', { at, detail: 'percent-encoding' })
  const members: [string, string][] = []
  for (const [name, value] of new URLSearchParams(text)) {
    if (members.some(([before]) => before === name)) throw new Fault('request-malformed', { at: `${at}/${name}`, detail: 'repeated' })
    members.push([name, value])
  }
  return Object.fromEntries(members)
}

function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text)
    return true
  } catch {
    return false
  }
}
