import { createServer, IncomingMessage, ServerResponse, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { once } from 'node:events'

import type { Express, Request, Response } from 'express'

import { refuseHosts, refuseUnread, type Refused } from './refuse-unread.ts'

/**
 * An HTTP server over the application whose requests and responses are born with Express's prototypes. Express sets the prototype of
 * both on every request; where it is the right one already, the engine keeps what it has learnt of their shapes.
 *
 * @param refused is told of what is refused before the application sees it
 */
export function openServer(app: Express, refused: Refused): Server {
  const options = {
    IncomingMessage: bornAs(IncomingMessage, app.request),
    ServerResponse: bornAs(ServerResponse, app.response),
    // A request that dawdles holds a connection: headers within 10 s, the whole of a ledger within 5 min.
    headersTimeout: 10_000,
    requestTimeout: 300_000,
    maxHeaderSize: 16 * 1024,
    // Refused below, in words.
    requireHostHeader: false,
  }
  const server = createServer(options as unknown as Parameters<typeof createServer>[0], (asking: IncomingMessage, response: ServerResponse) => {
    if (!refuseHosts(asking, response, refused)) app(asking as Request, response as Response)
  }) // the types know subclasses only; both are born as Express's own
  refuseUnread(server, refused)
  return server
}

function bornAs(parent: typeof IncomingMessage | typeof ServerResponse, prototype: object): unknown {
  function Born(this: object, ...given: readonly unknown[]): object {
    return Reflect.construct(parent as new (...given: readonly unknown[]) => object, given, Born) as object // either takes what node hands over
  }
  Born.prototype = prototype
  return Born
}

/** Listens, and answers the address: `http://host:port`. */
export async function listen(server: Server, { host, port }: { readonly host: string; readonly port: number }): Promise<string> {
  server.listen(port, host)
  await once(server, 'listening')
  const bound = server.address() as AddressInfo // listening on TCP
  return `http://${host.includes(':') ? `[${host}]` : host}:${bound.port}`
}

/** How long requests that are running may take when the server stops. Milliseconds. */
const patience = 15_000

/** Takes no more requests, and resolves when those that are running have been answered. */
export async function stopServer(server: Server): Promise<void> {
  const closed = once(server, 'close')
  server.close()
  // A connection that was busy when we stopped becomes idle later, and its other end would keep it.
  const idle = setInterval(() => server.closeIdleConnections(), 50)
  const last = setTimeout(() => server.closeAllConnections(), patience)
  await closed
  clearInterval(idle)
  clearTimeout(last)
}
