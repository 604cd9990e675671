import { z } from 'zod'

import { asObject, parseJson, type JsonLimits } from '#core/encoding/parse-json.ts'
import { Fault, type FaultCode } from '#core/fault.ts'
import { faultTexts } from '#core/fault-texts.ts'
import { parseOrFault } from '#core/model/parse-or-fault.ts'
import type { ReplyOf, Route, SentBody, SentParams, SentQuery } from './route.ts'

/** What this client needs of `fetch`; the platform's own fits. */
export type Fetch = (url: string, init: FetchInit) => Promise<FetchAnswer>

interface FetchInit {
  readonly method: string
  readonly headers: Record<string, string>
  readonly body?: string | Uint8Array<ArrayBuffer>
  readonly redirect: 'error'
}

interface FetchAnswer {
  readonly status: number
  readonly headers: { readonly get: (name: string) => string | null }
  readonly arrayBuffer: () => Promise<ArrayBuffer>
}

type Member<Name extends string, Value> = [Value] extends [undefined] ? { readonly [N in Name]?: undefined } : { readonly [N in Name]: Value }

/** Everything that a call of the route needs, and nothing that it does not take. */
export type Call<R extends Route> = {
  /** The node's address, without a slash at its end. */
  readonly base: string
  readonly token?: string | undefined
  readonly idempotencyKey?: string | undefined
  /** Media type of a body of bytes, where the route takes several. */
  readonly contentType?: string | undefined
} & Member<'params', SentParams<R>> &
  (SentQuery<R> extends undefined ? { readonly query?: undefined } : { readonly query?: SentQuery<R> }) &
  Member<'body', SentBody<R>>

const replyLimits: JsonLimits = { bytes: 16 * 1024 * 1024, depth: 32 }

/**
 * Calls a route of a node and reads the answer strictly. A problem comes as the fault that the node named, so that a caller over
 * the network is told the same as one inside. Faults: those of the route, `service-unreachable`, `service-answer-malformed`.
 */
export async function callRoute<R extends Route>(route: R, call: Call<R>, fetch: Fetch): Promise<ReplyOf<R>> {
  const answer = await send(route, call, fetch)
  const bytes = await readBytes(answer, call.base)
  if (answer.status !== 200) throw problemFault(bytes, answer.status)
  if (route.reply === undefined) return bytes as ReplyOf<R> // a route without a reply schema answers a file
  return parseOrFault(route.reply, parseJson(bytes, replyLimits, 'reply'), 'service-answer-malformed', 'reply') as ReplyOf<R> // by the route's own schema
}

interface AnyCall {
  readonly base: string
  readonly token?: string | undefined
  readonly idempotencyKey?: string | undefined
  readonly contentType?: string | undefined
  readonly params?: unknown
  readonly query?: unknown
  readonly body?: unknown
}

async function send(route: Route, { base, params, query, body, token, idempotencyKey, contentType }: AnyCall, fetch: Fetch): Promise<FetchAnswer> {
  const headers: Record<string, string> = {
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
    ...(body === undefined ? {} : { 'content-type': contentType ?? route.contentType?.[0] ?? 'application/json' }),
  }
  const url = `${base}${pathOf(route, params)}${queryOf(query)}`
  try {
    return await fetch(url, { method: route.method.toUpperCase(), headers, redirect: 'error', ...(body === undefined ? {} : { body: bodyText(route, body) }) })
  } catch (cause) {
    throw new Fault('service-unreachable', { at: base, cause })
  }
}

/** A connection can end in the middle of an answer: the caller knows as little as if none had come. */
async function readBytes(answer: FetchAnswer, at: string): Promise<Uint8Array> {
  try {
    return new Uint8Array(await answer.arrayBuffer())
  } catch (cause) {
    throw new Fault('service-unreachable', { at, cause })
  }
}

/** The path with its parameters filled in. */
export const pathOf = ({ path }: Route, params: unknown): string =>
  path.replace(/\{(\w+)(\*?)\}/g, (_whole, name: string, rest: string) => {
    const value = String((params as Readonly<Record<string, unknown>>)[name]) // the route's own parameters
    return rest === '' ? encodeURIComponent(value) : value.split('/').map(encodeURIComponent).join('/')
  })

function queryOf(query: unknown): string {
  const given = Object.entries((query ?? {}) as Readonly<Record<string, unknown>>).filter(([, value]) => value !== undefined) // the route's own query
  return given.length === 0 ? '' : `?${given.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(String(value))}`).join('&')}`
}

function bodyText(route: Route, body: unknown): string | Uint8Array<ArrayBuffer> {
  if (route.contentType === undefined) return JSON.stringify(body)
  if (route.body === undefined) return body as Uint8Array<ArrayBuffer> // a body of bytes has no schema
  return queryOf(body).slice(1) // a form
}

const ProblemLike = z.looseObject({
  code: z.string(),
  at: z.string().optional(),
  detail: z.string().optional(),
  findings: z.array(z.looseObject({ at: z.string(), code: z.string() })).optional(),
})

function problemFault(bytes: Uint8Array, status: number): Fault {
  try {
    const { code, at, detail, findings } = parseOrFault(
      ProblemLike,
      asObject(parseJson(bytes, replyLimits), 'service-answer-malformed', 'problem'),
      'service-answer-malformed',
      'problem',
    )
    // A newer node may know codes that this version does not.
    if (!Object.hasOwn(faultTexts, code)) return new Fault('service-answer-malformed', { at: 'problem/code', detail: `status ${status}` })
    return new Fault(code as FaultCode, { at, detail, findings: findings?.map((finding) => ({ at: finding.at, code: finding.code })) }) // looked up above
  } catch (cause) {
    return new Fault('service-answer-malformed', { at: 'problem', detail: `status ${status}`, cause })
  }
}
