import { randomUUID } from 'node:crypto'
import { STATUS_CODES, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'

import type { Response } from 'express'

import { Fault } from '#core/fault.ts'
import { problemOf, problemType } from './problem.ts'
import { securityHeaders } from './security-headers.ts'
import { sendJson } from './send.ts'

/** Counts and logs a refusal. @param status of HTTP */
export type Refused = (fault: Fault, status: number) => void

/**
 * Answers what never reaches the application, since the server itself cannot read it or will not wait for it, with a problem as everything
 * else: node would send a bare status line.
 */
export function refuseUnread(server: Server, refused: Refused): void {
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Duplex) => {
    // Told before, gone, or in the middle of another answer, which may only be cut off: nobody must take the two for one.
    if (socket.writableEnded) return
    if (error.code === 'ECONNRESET' || !socket.writable || isAnswering(socket)) return void socket.destroy()
    answerOn(socket, faultOfParser(error.code), refused)
  })
  server.on('checkExpectation', (_asking: IncomingMessage, response: ServerResponse) =>
    refuse(response, new Fault('expectation-refused', { at: 'expect' }), refused),
  )
}

/** Whether a request is refused for its hosts: none in HTTP/1.1, or several, of which others on the way may have gone by another (RFC 9112 §3.2). */
export function refuseHosts(asking: IncomingMessage, response: ServerResponse, refused: Refused): boolean {
  const hosts = hostsIn(asking.rawHeaders)
  if (hosts === 1 || (hosts === 0 && asking.httpVersion === '1.0')) return false
  refuse(response, new Fault('request-malformed', { at: 'host', detail: hosts === 0 ? 'missing' : 'more than once' }), refused)
  return true
}

/** Of names and values in turn. Looked through at every request, so nothing is made. */
function hostsIn(rawHeaders: readonly string[]): number {
  let hosts = 0
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index]!
    if (name.length === 4 && name.toLowerCase() === 'host') hosts++
  }
  return hosts
}

/** Nothing more is read of this connection: what comes next may be the body of what was refused. */
function refuse(response: ServerResponse, fault: Fault, refused: Refused): void {
  const problem = problemOf(fault, randomUUID())
  sendJson(response as Response, problem, problem.status, problemType, { Connection: 'close' }) // only what both have is used of it
  refused(fault, problem.status)
}

function faultOfParser(code: string | undefined): Fault {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
      return new Fault('request-head-too-large')
    case 'HPE_CHUNK_EXTENSIONS_OVERFLOW':
      return new Fault('bytes-too-many', { at: 'body' })
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return new Fault('request-too-slow')
    default:
      return new Fault('request-malformed', { at: 'http', detail: code })
  }
}

/** Milliseconds for the other end to take the answer. Closed at once, a connection with bytes unread would lose it. */
const patience = 1000

function answerOn(socket: Duplex, fault: Fault, refused: Refused): void {
  const problem = problemOf(fault, randomUUID())
  const body = Buffer.from(JSON.stringify(problem))
  const headers = [...securityHeaders, 'Content-Type', problemType, 'Cache-Control', 'no-store', 'Content-Length', String(body.length), 'Connection', 'close']
  const lines = headers.flatMap((name, index) => (index % 2 === 0 ? [`${name}: ${headers[index + 1]!}`] : []))
  const head = [`HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status] ?? ''}`, ...lines, '', ''].join('\r\n')
  socket.end(Buffer.concat([Buffer.from(head, 'latin1'), body]))
  setTimeout(() => socket.destroy(), patience).unref()
  refused(fault, problem.status)
}

/** As node asks itself before it answers such an error. */
function isAnswering(socket: Duplex): boolean {
  const { _httpMessage: message } = socket as { readonly _httpMessage?: ServerResponse | null } // node's own note of the answer that is under way
  return message?.headersSent === true
}
