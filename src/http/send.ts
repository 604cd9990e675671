import type { Writable } from 'node:stream'
import { finished } from 'node:stream/promises'

import type { Request, Response } from 'express'

/** An answer that is not JSON: bytes that are there, or bytes that are made as they go. */
export type FileAnswer =
  | { readonly body: Uint8Array; readonly etag: string; readonly contentType: string; readonly maxAge: number }
  | { readonly contentType: string; readonly fileName: string; readonly write: (sink: Writable) => Promise<void> }

/** Answers are about records and people: nobody on the way keeps them. */
const privately = 'no-store'

export function sendJson(response: Response, value: unknown, status = 200, contentType = 'application/json'): void {
  response.statusCode = status
  response.setHeader('Content-Type', contentType)
  response.setHeader('Cache-Control', privately)
  const body = Buffer.from(JSON.stringify(value))
  response.setHeader('Content-Length', body.length)
  response.end(body)
}

export async function sendFile(request: Request, response: Response, answer: FileAnswer): Promise<void> {
  response.setHeader('Content-Type', answer.contentType)
  if ('write' in answer) {
    response.setHeader('Cache-Control', privately)
    response.setHeader('Content-Disposition', `attachment; filename="${answer.fileName}"`)
    await answer.write(response)
    response.end()
    await finished(response)
    return
  }
  response.setHeader('ETag', answer.etag)
  response.setHeader('Cache-Control', `public, max-age=${answer.maxAge}`)
  if (isHeld(request.headers['if-none-match'], answer.etag)) {
    response.removeHeader('Content-Type')
    response.statusCode = 304
    response.end()
    return
  }
  response.end(answer.body)
}

/** Whether the asker holds the very bytes (RFC 9110 §13.1.2: compared weakly). */
const isHeld = (header: string | undefined, etag: string): boolean =>
  header !== undefined && (header.trim() === '*' || header.split(',').some((candidate) => candidate.trim().replace(/^W\//, '') === etag))
