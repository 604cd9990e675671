import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

import type { Express, Request, Response } from 'express'

import type { Binding } from './bind.ts'
import { headersUnder } from './security-headers.ts'
import { isHeld } from './send.ts'

/** Nothing but what this node itself serves: no other host, no script in a page, no function made from text. Worker scripts carry it too, and are bound by it. */
const policy = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self'",
  "img-src 'self' blob: data:",
  "connect-src 'self'",
  "worker-src 'self'",
  "manifest-src 'self'",
  "font-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

/** The camera is for the page's own scanning; nothing else of the device is asked for. */
const permissions = 'camera=(self), microphone=(), geolocation=(), payment=(), usb=(), display-capture=()'

const headers: readonly string[] = [...headersUnder(policy), 'Permissions-Policy', permissions]

const types: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  mjs: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
  png: 'image/png',
  wasm: 'application/wasm',
  json: 'application/json',
  webmanifest: 'application/manifest+json',
}

/** Addresses that open the one page; which it is, its script reads from the path. `/claim` is an address of the API as well, by POST. */
export const pagePaths = ['/', '/q', '/claim'] as const

/** What stands beside the page under a name that stays the same from build to build. */
const named = ['sw.js', 'manifest.webmanifest', 'icon.svg', 'icon-192.png', 'icon-512.png'] as const

const notBuilt = `本节点的网页尚未生成。请在节点的程序目录运行：npm run build:web
接口照常可用。

The pages of this node have not been built. Run this where the node's program is: npm run build:web
The API works all the same.
`

/**
 * The public pages, from the folder that `npm run build:web` fills. Files are read when they are asked for, so a node starts without them
 * and a new build is served from the next request on. A name is one of the fixed ones, or one segment below `assets`: nothing leads out of
 * the folder.
 */
export function addPages(app: Express, folder: string, { metrics, answered }: Pick<Binding, 'metrics' | 'answered'>): void {
  const note = (status: number, started: number): void => {
    const milliseconds = performance.now() - started
    metrics.answered('page', status, milliseconds)
    answered({ route: 'page', status, milliseconds, changes: false })
  }
  const serve = async (request: Request, response: Response, file: string, cache: string): Promise<boolean> => {
    const started = performance.now()
    const found = await readCompressed(folder, file, request.headers['accept-encoding'])
    if (found === undefined) return false
    const etag = `"${createHash('sha256').update(found.bytes).digest('base64url')}"`
    const shared = [...headers, 'ETag', etag, 'Cache-Control', cache, 'Vary', 'Accept-Encoding']
    if (isHeld(request.headers['if-none-match'], etag)) {
      response.writeHead(304, shared).end()
    } else {
      const encoding = found.encoding === undefined ? [] : ['Content-Encoding', found.encoding]
      response.writeHead(200, [...shared, ...encoding, 'Content-Type', typeOf(file), 'Content-Length', String(found.bytes.length)])
      response.end(request.method === 'HEAD' ? undefined : found.bytes)
    }
    note(response.statusCode, started)
    return true
  }
  for (const path of pagePaths)
    app.get(path, async (request, response) => {
      if (await serve(request, response, 'index.html', 'no-cache')) return
      response.writeHead(503, [...headers, 'Content-Type', 'text/plain; charset=utf-8', 'Cache-Control', 'no-store', 'Retry-After', '60']).end(notBuilt)
      note(503, performance.now())
    })
  for (const name of named)
    app.get(`/${name}`, async (request, response, next) => {
      if (!(await serve(request, response, name, 'no-cache'))) next()
    })
  app.get('/assets/:name', async (request, response, next) => {
    const { name } = request.params
    // Their names hold a digest of what is in them: whoever has one need never ask again.
    if (!/^[A-Za-z0-9_][A-Za-z0-9_.-]*$/.test(name) || !(await serve(request, response, join('assets', name), 'public, max-age=31536000, immutable'))) next()
  })
}

const typeOf = (file: string): string => types[file.slice(file.lastIndexOf('.') + 1)] ?? 'application/octet-stream'

interface Found {
  readonly bytes: Uint8Array
  readonly encoding: 'br' | 'gzip' | undefined
}

/** The file, or the compressed copy that the build has put beside it. Undefined where there is none. */
async function readCompressed(folder: string, file: string, accepted: string | string[] | undefined): Promise<Found | undefined> {
  const offered = String(accepted ?? '')
  for (const [encoding, ending] of [
    ['br', 'br'],
    ['gzip', 'gz'],
  ] as const) {
    if (!new RegExp(`(^|[\\s,])${encoding}\\s*(,|;(?!\\s*q=0(\\.0*)?\\s*(,|$))|$)`).test(offered)) continue
    const bytes = await readIfThere(join(folder, `${file}.${ending}`))
    if (bytes !== undefined) return { bytes, encoding }
  }
  const bytes = await readIfThere(join(folder, file))
  return bytes === undefined ? undefined : { bytes, encoding: undefined }
}

async function readIfThere(path: string): Promise<Uint8Array | undefined> {
  try {
    return await readFile(path)
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'EISDIR' || error.code === 'ENOTDIR')) return undefined
    throw error
  }
}
