import { randomUUID } from 'node:crypto'

import express, { type ErrorRequestHandler, type Express, type Response } from 'express'

import { allRoutes } from '#contract/routes.ts'
import { Fault } from '#core/fault.ts'
import { readGauges } from '#registry/gauges.ts'
import { bindAsOf } from './answer/as-of.ts'
import { bindBundles } from './answer/bundles.ts'
import { bindClients, bindDrafts, bindRecords } from './answer/bureau.ts'
import { bindReissues } from './answer/reissues.ts'
import { bindImports } from './answer/imports.ts'
import { bindLog } from './answer/log.ts'
import { bindOauth } from './answer/oauth.ts'
import { bindProposals } from './answer/proposals.ts'
import { bindPublic } from './answer/public.ts'
import { bindTrust } from './answer/trust.ts'
import { pathOf, type Binding } from './bind.ts'
import { bindViews } from './answer/views.ts'
import type { Desks } from './desks.ts'
import { sendLostPage, wantsPage } from './lost-page.ts'
import { openMetrics, type Metrics } from './metrics.ts'
import { addPages, pagePaths } from './pages.ts'
import { faultOfError, problemOf, problemType } from './problem.ts'
import { noteOurs, requestLog, type Log } from './request-log.ts'
import type { Refused } from './refuse-unread.ts'
import { harden, securityHeaders } from './security-headers.ts'
import { sendJson } from './send.ts'
import { openThrottle, usualLimits, type Limits } from './throttle.ts'

export interface AppOptions {
  readonly log: Log
  /** Of requests that went well and have changed nothing, one in so many is noted. */
  readonly logSample?: number | undefined
  readonly limits?: Partial<Limits> | undefined
  readonly checkReplies?: boolean | undefined
  /** The folder that `npm run build:web` fills: the pages that the node serves. None are served where it is left out. */
  readonly pages?: string | undefined
}

export interface App {
  readonly express: Express
  /** Notes what was refused before it came here. */
  readonly refused: Refused
  readonly close: () => void
}

/** All routes of a node over one Express application. */
export function openApp(desks: Desks, { log, logSample = 100, limits = {}, checkReplies = false, pages }: AppOptions): App {
  const app = express()
  app.disable('x-powered-by')
  app.disable('etag')
  app.set('query parser', false)
  app.enable('case sensitive routing')
  app.enable('strict routing')
  // A proxy on the same machine may say whom it speaks for; nobody else may.
  app.set('trust proxy', 'loopback')
  const metrics = openMetrics(() => readGauges(desks.office, desks.desk))
  const allowed = { ...usualLimits, ...limits }
  const binding: Binding = {
    app,
    tokens: desks.tokens,
    throttles: {
      verify: openThrottle(allowed.verify),
      claim: openThrottle(allowed.claim),
      certificate: openThrottle(allowed.certificate),
      token: openThrottle(allowed.token),
      witness: openThrottle(allowed.witness),
    },
    metrics,
    answered: requestLog(log, logSample),
    log,
    checkReplies,
  }
  bindPublic(binding, desks)
  bindBundles(binding, desks)
  bindLog(binding, desks)
  bindViews(binding, desks)
  bindAsOf(binding, desks)
  bindOauth(binding, desks)
  bindDrafts(binding, desks)
  bindRecords(binding, desks)
  bindReissues(binding, desks)
  bindImports(binding, desks)
  bindTrust(binding, desks)
  bindProposals(binding, desks)
  bindClients(binding, desks)
  addMetrics(app, metrics)
  if (pages !== undefined) addPages(app, pages, binding)
  addDocsWhenAsked(app)
  addRefusals(app, binding, pages === undefined ? [] : pagePaths)
  return {
    express: app,
    refused: ({ code }, status) => {
      metrics.answered('other', status, 0)
      binding.answered({ route: 'other', status, milliseconds: 0, changes: false, code })
    },
    close: metrics.close,
  }
}

function addMetrics(app: Express, metrics: Metrics): void {
  app.get('/metrics', async (_asking, response: Response) => {
    const { contentType, text } = await metrics.text()
    response.writeHead(200, [...securityHeaders, 'Content-Type', contentType, 'Cache-Control', 'no-store']).end(text)
  })
}

/** The page and its document are made when somebody first looks: a node starts without them. */
function addDocsWhenAsked(app: Express): void {
  const docs = express()
  let made: Promise<void> | undefined
  app.use(async (asking, response, next) => {
    const looks = asking.method === 'GET' || asking.method === 'HEAD'
    if (!looks || (asking.path !== '/openapi.json' && asking.path !== '/docs' && !asking.path.startsWith('/docs/'))) return next()
    made ??= import('./docs.ts').then(({ addDocs }) => addDocs(docs))
    await made
    harden(asking, response, (error) => (error === undefined ? docs(asking, response, next) : next(error)))
  })
}

/** What is there to look at and is no route. */
const besideRoutes = ['/metrics', '/openapi.json', '/docs', '/docs/'] as const

/** Whatever is left: another method, no such address, and errors of Express itself. @param shown paths that a page stands at, so that GET is good there */
function addRefusals(app: Express, { metrics, answered, log }: Binding, shown: readonly string[]): void {
  const methods = new Map<string, Set<string>>([...shown, ...besideRoutes].map((path) => [path, new Set(['GET', 'HEAD'])]))
  for (const route of allRoutes) {
    const allowed = methods.get(pathOf(route)) ?? new Set()
    for (const method of route.method === 'get' ? ['GET', 'HEAD'] : [route.method.toUpperCase()]) allowed.add(method)
    methods.set(pathOf(route), allowed)
  }
  for (const [path, allowed] of methods)
    app.all(path, () => {
      throw new Fault('method-refused', { detail: [...allowed].join(', ') })
    })
  app.use(() => {
    throw new Fault('route-unknown')
  })
  const refuse: ErrorRequestHandler = (error: unknown, asking, response: Response, _next) => {
    const fault = error instanceof URIError || isBadRequest(error) ? new Fault('request-malformed', { at: 'path' }) : faultOfError(error)
    const id = randomUUID()
    noteOurs(log, fault, { id, route: 'other' })
    const problem = problemOf(fault, id)
    if (response.headersSent) response.destroy()
    else if (fault.code === 'route-unknown' && shown.length > 0 && wantsPage(asking)) sendLostPage(response, problem)
    else sendJson(response, problem, problem.status, problemType, fault.code === 'method-refused' ? { Allow: fault.detail ?? '' } : {})
    metrics.answered('other', problem.status, 0)
    answered({ route: 'other', status: problem.status, milliseconds: 0, changes: false, code: fault.code })
  }
  app.use(refuse)
}

/** How Express's own parts say that a request is at fault: a path that cannot be decoded. */
const isBadRequest = (error: unknown): boolean => error instanceof Error && 'status' in error && error.status === 400
