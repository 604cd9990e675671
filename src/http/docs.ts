import type { Express, Response } from 'express'
import { serveFiles, setup } from 'swagger-ui-express'

import { openapiDocument } from '#contract/openapi.ts'
import { sendJson } from './send.ts'

/** The page brings its own scripts and styles; nothing is fetched from elsewhere. Its style element stands in the page itself. */
const policy =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// The page's own theme is light alone: turned about in lightness, its colours keep their meaning. What it has made dark already is turned twice.
const style = [
  '.swagger-ui .topbar { display: none }',
  '@media (prefers-color-scheme: dark) {',
  ':root { color-scheme: dark } body { background: #17191c }',
  '.swagger-ui { filter: invert(0.9) hue-rotate(180deg) } .swagger-ui .microlight, .swagger-ui .highlight-code { filter: invert(1) hue-rotate(180deg) }',
  '}',
].join(' ')

/** What the page is made of: below `/docs`. */
const files: ReadonlySet<string> = new Set([
  '/',
  ...['-init.js', '-bundle.js', '-standalone-preset.js', '.css'].map((ending) => `/swagger-ui${ending}`),
  ...['16x16', '32x32'].map((size) => `/favicon-${size}.png`),
])

/** `/openapi.json`, and `/docs` for people. */
export function addDocs(app: Express): void {
  const document = openapiDocument()
  app.get('/openapi.json', (_asking, response: Response) => sendJson(response, document))
  app.use(
    '/docs',
    (asking, response: Response, next) => {
      // The parts behind answer whatever they are asked with the page, or in words of their own.
      if (!files.has(asking.path)) return next('router')
      response.setHeader('Content-Security-Policy', policy)
      next()
    },
    ...serveFiles(document),
    setup(document, {
      customSiteTitle: 'Comity · 互认',
      customCss: style,
      swaggerOptions: { validatorUrl: null, supportedSubmitMethods: [] },
    }),
  )
}
