import { randomUUID } from 'node:crypto'

import type { Express, Request as Asking, Response } from 'express'
import type { RateLimitRequestHandler } from 'express-rate-limit'

import { witnessSizeType } from '#contract/log.ts'
import { token as tokenRoute } from '#contract/oauth.ts'
import type { BodyOf, ParamsOf, QueryOf, Replied, Route, Throttle } from '#contract/route.ts'
import { Fault, type FaultCode } from '#core/fault.ts'
import { parseOrFault } from '#core/model/parse-or-fault.ts'
import type { Request } from '#registry/perform.ts'
import type { Caller, TokenDesk } from '#registry/token-desk.ts'
import type { Metrics } from './metrics.ts'
import { oauthProblemOf } from './oauth-problem.ts'
import { faultOfError, problemOf, problemType } from './problem.ts'
import { parseBody, parseForm, readBody } from './read-body.ts'
import { noteOurs, type AnsweredRequest, type Log } from './request-log.ts'
import { sendFile, sendJson, sendText, type Extra, type FileAnswer } from './send.ts'
import { throttleSeconds } from './throttle.ts'

/** A request after everything about it has been checked: what an answer is made from. */
export interface Asked<R extends Route> {
  readonly params: ParamsOf<R>
  readonly query: QueryOf<R>
  readonly body: BodyOf<R>
  /** Media type of the body, without parameters. */
  readonly contentType: string
  /** Who asks, and the key of a write. */
  readonly request: Request
  /** The client; on a public route nobody with no duties. */
  readonly caller: Caller
}

export type AnswerOf<R extends Route> = [Replied<R>] extends [never] ? FileAnswer : Replied<R>

export interface Binding {
  readonly app: Express
  readonly tokens: TokenDesk
  readonly throttles: Readonly<Record<Throttle, RateLimitRequestHandler>>
  readonly metrics: Pick<Metrics, 'answered'>
  readonly answered: (request: AnsweredRequest) => void
  readonly log: Log
  /** Parse what goes out as well: in tests, so that an answer that differs from its description is found there and costs nothing elsewhere. */
  readonly checkReplies: boolean
}

const nobody: Caller = { client: 'public', duties: new Set() }

/**
 * Binds a route to Express. The one place where a request is let in, read, answered and noted; what comes in is parsed by the route's
 * schemas, and every fault leaves as a problem.
 */
export function bind<R extends Route>(binding: Binding, route: R, answer: (asked: Asked<NoInfer<R>>) => Promise<AnswerOf<NoInfer<R>>>): void {
  const { app, metrics, answered, log, checkReplies } = binding
  const read = reader(binding, route)
  const changes = route.idempotent === true
  app[route.method](pathOf(route), async (asking: Asking, response: Response) => {
    const started = performance.now()
    let client: string | undefined
    let fault: Fault | undefined
    let id: string | undefined
    try {
      const asked = await read(asking, response)
      client = asked.caller === nobody ? undefined : asked.caller.client
      const reply = await answer(asked)
      if (route.reply === undefined) await sendFile(asking, response, reply as FileAnswer) // a route without a reply schema answers a file
      else sendJson(response, checkReplies ? route.reply.parse(reply) : reply)
    } catch (error) {
      fault = faultOfError(error)
      id = randomUUID()
      noteOurs(log, fault, { id, route: route.id })
      sendProblem(route, response, fault, id)
    }
    const milliseconds = performance.now() - started
    metrics.answered(route.id, response.statusCode, milliseconds)
    const ours = response.statusCode >= 500
    answered({ route: route.id, status: response.statusCode, milliseconds, changes, client, code: fault?.code, ...(ours ? { id, detail: fault?.detail } : {}) })
  })
}

function reader<R extends Route>({ tokens, throttles }: Binding, route: R): (asking: Asking, response: Response) => Promise<Asked<R>> {
  const throttle = route.throttle === undefined ? undefined : throttles[route.throttle]
  return async (asking, response) => {
    if (throttle !== undefined) await admit(throttle, asking, response)
    // Nothing is read of a body before its sender is known to be let in.
    const caller = route.scope === undefined ? nobody : await authorise(tokens, route.scope, asking)
    const key = route.idempotent === true ? idempotencyKey(asking) : undefined
    const query = asking.url.indexOf('?')
    const parsed = {
      params: route.params === undefined ? undefined : parseOrFault(route.params, paramsOf(asking), 'request-malformed', 'path'),
      query: parseQuery(route, query < 0 ? '' : asking.url.slice(query + 1)),
    }
    const { bytes, digest } = await readBody(asking, route, asking.url)
    return {
      ...(parsed as Pick<Asked<R>, 'params' | 'query'>), // by the route's own schemas
      body: parseBody(route, bytes),
      contentType: mediaType(asking),
      request: { actor: caller.client, ...(key === undefined || digest === undefined ? {} : { idempotency: { key, digest } }) },
      caller,
    }
  }
}

/** A route's path as Express spells it. */
export const pathOf = ({ path }: Route): string => path.replace(/\{(\w+)\}/g, ':$1').replace(/\{(\w+)\*\}/g, '*$1')

/** Express gives what is left of a path as its pieces. */
const paramsOf = ({ params }: Asking): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(params).map(([name, value]) => [name, Array.isArray(value) ? value.join('/') : value]))

const mediaType = ({ headers }: Asking): string => (headers['content-type'] ?? '').split(';', 1)[0]!.trim().toLowerCase()

const admit = (throttle: RateLimitRequestHandler, asking: Asking, response: Response): Promise<void> =>
  new Promise((resolve, reject) => {
    // Of a fault it says so by `next`; should it fail itself, by rejecting.
    Promise.resolve(
      throttle(asking, response, (error?: unknown) => (error === undefined ? resolve() : reject(error instanceof Error ? error : new Fault('internal')))),
    ).catch(reject)
  })

async function authorise(tokens: TokenDesk, scope: NonNullable<Route['scope']>, { headers: { authorization } }: Asking): Promise<Caller> {
  if (authorization === undefined) throw new Fault('token-missing')
  if (!/^bearer [\w.~+/-]+=*$/i.test(authorization)) throw new Fault('token-refused')
  const caller = await tokens.check(authorization.slice('bearer '.length))
  if (!scope.some((duty) => caller.duties.has(duty))) throw new Fault('duty-missing', { at: 'scope', detail: scope.join(' or ') })
  return caller
}

function idempotencyKey({ headers }: Asking): string {
  const key = headers['idempotency-key']
  if (typeof key !== 'string' || !/^[\x21-\x7e]{1,128}$/.test(key)) throw new Fault('idempotency-key-missing', { at: 'idempotency-key' })
  return key
}

function parseQuery({ query }: Route, text: string): unknown {
  if (query === undefined) {
    if (text !== '') throw new Fault('request-malformed', { at: 'query', detail: 'the route takes none' })
    return undefined
  }
  return parseOrFault(query, parseForm(text, 'query'), 'request-malformed', 'query')
}

function sendProblem(route: Route, response: Response, fault: Fault, id: string): void {
  // An answer that has begun can only be cut off, so that nobody takes the part for the whole.
  if (response.headersSent) {
    response.destroy()
    return
  }
  const problem = problemOf(fault, id)
  const extra = headersOfFault[fault.code]
  if (fault.code === 'witness-size-differs') sendText(response, problem.status, witnessSizeType, `${fault.detail}\n`)
  else if (route.id === tokenRoute.id) sendJson(response, oauthProblemOf(problem), problem.status, 'application/json', extra)
  else sendJson(response, problem, problem.status, problemType, extra)
}

/** What clients look for in the headers: what is missing (RFC 6750 §3), when to come again. */
const headersOfFault: Partial<Record<FaultCode, Extra>> = {
  'token-missing': { 'WWW-Authenticate': 'Bearer realm="comity"' },
  'token-refused': { 'WWW-Authenticate': 'Bearer realm="comity", error="invalid_token"' },
  'duty-missing': { 'WWW-Authenticate': 'Bearer realm="comity", error="insufficient_scope"' },
  'requests-too-many': { 'Retry-After': String(throttleSeconds) },
  'storage-busy': { 'Retry-After': '1' },
  'storage-unreachable': { 'Retry-After': '5' },
  'commit-unknown': { 'Retry-After': '1' },
  // What is left of a body that was too large is not waited for.
  'bytes-too-many': { Connection: 'close' },
}
