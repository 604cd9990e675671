import type { Writable } from 'node:stream'
import { finished } from 'node:stream/promises'

import type { Request, Response } from 'express'

import { securityHeaders } from './security-headers.ts'

/** An answer that is not JSON: bytes that everybody may have, bytes for the one who asked, or bytes that are made as they go. */
export type FileAnswer =
  | { readonly body: Uint8Array; readonly etag: string; readonly contentType: string; readonly maxAge: number }
  | { readonly body: Uint8Array; readonly contentType: string; readonly fileName: string }
  | { readonly contentType: string; readonly fileName: string; readonly write: (sink: Writable) => Promise<void> }
  | { readonly contentType: string; readonly text: string }

/** Headers that only this answer has. */
export type Extra = Readonly<Record<string, string>>

/** Answers are about records and people: nobody on the way keeps them. */
const privately = ['Cache-Control', 'no-store'] as const

const nothing: Extra = {}

/** Written as one flat list, which Node passes on as it is. Only for answers on which nothing has been set before. */
export function sendJson(response: Response, value: unknown, status = 200, contentType = 'application/json', extra: Extra = nothing): void {
  const body = Buffer.from(JSON.stringify(value))
  response.writeHead(status, [
    ...securityHeaders,
    'Content-Type',
    contentType,
    ...privately,
    'Content-Length',
    String(body.length),
    ...Object.entries(extra).flat(),
  ])
  response.end(body)
}

/** A short answer in words of a protocol that is not ours. */
export function sendText(response: Response, status: number, contentType: string, text: string): void {
  const body = Buffer.from(text)
  response.writeHead(status, [...securityHeaders, 'Content-Type', contentType, ...privately, 'Content-Length', String(body.length)])
  response.end(body)
}

export async function sendFile(request: Request, response: Response, answer: FileAnswer): Promise<void> {
  if ('text' in answer) return sendText(response, 200, answer.contentType, answer.text)
  if ('fileName' in answer) {
    const attached = ['Content-Type', answer.contentType, ...privately, 'Content-Disposition', `attachment; filename="${answer.fileName}"`]
    const length = 'body' in answer ? ['Content-Length', String(answer.body.length)] : []
    response.writeHead(200, [...securityHeaders, ...attached, ...length])
    if ('body' in answer) response.write(answer.body)
    else await answer.write(response)
    response.end()
    await finished(response)
    return
  }
  const shared = [...securityHeaders, 'ETag', answer.etag, 'Cache-Control', `public, max-age=${answer.maxAge}`]
  if (isHeld(request.headers['if-none-match'], answer.etag)) {
    response.writeHead(304, shared).end()
    return
  }
  response.writeHead(200, [...shared, 'Content-Type', answer.contentType, 'Content-Length', String(answer.body.length)])
  response.end(answer.body)
}

/** Whether the asker holds the very bytes (RFC 9110 §13.1.2: compared weakly). */
export const isHeld = (header: string | undefined, etag: string): boolean =>
  header !== undefined && (header.trim() === '*' || header.split(',').some((candidate) => candidate.trim().replace(/^W\//, '') === etag))
