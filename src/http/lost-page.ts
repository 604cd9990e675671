import { createHash } from 'node:crypto'

import type { Request, Response } from 'express'

import type { Problem } from '#contract/schemas.ts'
import { headersUnder } from './security-headers.ts'

// Whoever mistypes the address on a printed sheet is a person at a browser, and a problem in JSON tells them little.

// The colours of the public pages (`web/look/tokens.css`). It is one file by itself: nothing else of them need be there.
const style = [
  ':root{color-scheme:light dark}',
  'body{margin:0;padding:12vh 24px;font:17px/1.7 system-ui,-apple-system,sans-serif;background:#f4f6f9;color:#15202d}',
  'main{max-width:34em;margin:auto}h1{margin:0;font-size:28px;line-height:1.3}p{margin:8px 0 24px;color:#4b5868}',
  'a{display:block;padding:8px 0;color:#0f4c8f;font-weight:600}',
  '@media(prefers-color-scheme:dark){body{background:#0e141b;color:#e8edf3}p{color:#aeb9c6}a{color:#8cbcf5}}',
].join('')

const headers: readonly string[] = [
  ...headersUnder(
    `default-src 'none'; style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
  ),
  'Content-Type',
  'text/html; charset=utf-8',
  'Cache-Control',
  'no-store',
  'Vary',
  'Accept',
]

/** Whether a page is wanted rather than JSON: so a browser asks when somebody opens an address, and no program does by itself. */
export const wantsPage = (request: Request): boolean => request.method === 'GET' && request.accepts(['application/json', 'text/html']) === 'text/html'

/** What is wrong, in the problem's own words, and the way to the pages that there are. Nothing of the request is in it. */
export function sendLostPage(response: Response, { status, title, titleEn }: Pick<Problem, 'status' | 'title' | 'titleEn'>): void {
  const page = `<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark"><title>${title} · 互认 Comity</title><style>${style}</style></head>
<body><main><h1>${title}</h1><p lang="en">${titleEn}</p><nav><a href="/">核验证书 <span lang="en">Verify a certificate</span></a><a href="/claim">领取证书 <span lang="en">Claim a certificate</span></a></nav></main></body></html>
`
  const body = Buffer.from(page)
  response.writeHead(status, [...headers, 'Content-Length', String(body.length)])
  response.end(body)
}
