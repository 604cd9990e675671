import { createReadStream, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { extname, join, normalize } from 'node:path'
import { pipeline } from 'node:stream/promises'

import { build, type InlineConfig } from 'vite'

/** What a public page may do: run what its own host serves, and nothing else. Violations are reported to the server below, workers' as well. */
export const strictPolicy = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "worker-src 'self'",
  "connect-src 'self'",
  "style-src 'self'",
  "img-src 'self' blob:",
  "media-src 'self' blob:",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

export interface BuiltPage {
  /** `http://127.0.0.1:<port>`: for the browser as good as https. */
  readonly origin: string
  /** The directives that were violated and by what, in the order of the reports. */
  readonly violations: readonly string[]
  readonly close: () => Promise<void>
}

/**
 * Bundles the folder `root` (with an `index.html`) into a temporary one and serves that on the loopback under `policy`. The folder goes with
 * the server.
 */
export async function buildPage(root: string, config: InlineConfig = {}, policy = strictPolicy): Promise<BuiltPage> {
  const folder = mkdtempSync(join(tmpdir(), 'comity-page-'))
  try {
    await build({
      configFile: false,
      root,
      logLevel: 'error',
      publicDir: false,
      worker: { format: 'es' },
      ...config,
      build: { assetsInlineLimit: 0, ...config.build, outDir: folder, emptyOutDir: true },
    })
    return await serve(folder, policy)
  } catch (cause) {
    rmSync(folder, { recursive: true })
    throw cause
  }
}

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.wasm': 'application/wasm',
  '.json': 'application/json',
  '.webmanifest': 'application/manifest+json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
}

async function serve(folder: string, policy: string): Promise<BuiltPage> {
  const violations: string[] = []
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname
    if (path === reports) {
      const parts: Buffer[] = []
      request.on('data', (part: Buffer) => parts.push(part))
      request.on('end', () => {
        violations.push(violationIn(Buffer.concat(parts).toString('utf8')))
        response.writeHead(204).end()
      })
      return
    }
    const file = join(folder, normalize(path.endsWith('/') ? `${path}index.html` : path))
    const headers = {
      'content-type': types[extname(file)] ?? 'application/octet-stream',
      'content-security-policy': `${policy}; report-uri ${reports}`,
      'x-content-type-options': 'nosniff',
    }
    const isThere = existsSync(file)
    // Browsers ask for an icon that no page named, and complain if there is none.
    response.writeHead(isThere ? 200 : path === '/favicon.ico' ? 204 : 404, headers)
    if (!isThere) response.end()
    // It only fails if the browser went away.
    else pipeline(createReadStream(file), response).catch(() => response.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo // it listens on a port
  const close = async (): Promise<void> => {
    server.close()
    server.closeAllConnections()
    await once(server, 'close')
    rmSync(folder, { recursive: true })
  }
  return { origin: `http://127.0.0.1:${port}`, violations, close }
}

const reports = '/reports/policy'

function violationIn(report: string): string {
  const { 'csp-report': told } = JSON.parse(report) as { readonly 'csp-report': Readonly<Record<string, unknown>> } // CSP 3, 5.3
  return `${String(told['effective-directive'])} ${String(told['blocked-uri'])}`
}
