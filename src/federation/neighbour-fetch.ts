import { lookup } from 'node:dns'
import { Agent as PlainAgent, request as askPlain, type ClientRequest, type IncomingMessage } from 'node:http'
import { Agent, request as askSecure } from 'node:https'
import { isIP, type LookupFunction } from 'node:net'
import { pipeline, Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'

import { Fault } from '#core/fault.ts'
import { isLoopbackAddress, isPublicAddress } from './public-address.ts'
import type { StreamedAnswer } from './read-all.ts'

/** Fits `FetchStream` and `PostText`. */
export type NeighbourFetch = (
  url: string,
  init: {
    readonly method?: 'POST'
    readonly headers: Record<string, string>
    readonly body?: string
    readonly redirect: 'error'
    readonly signal: AbortSignal
  },
) => Promise<StreamedAnswer>

/** All addresses of a name, as the platform's `dns.lookup` gives them. */
export type Resolve = (
  host: string,
  options: { readonly all: true },
  done: (error: Error | null, found: readonly { readonly address: string; readonly family: number }[]) => void,
) => void

/**
 * The `fetch` by which neighbours are asked. A name is looked up once, for the very connection that is made: one that leads into a private
 * network is refused, however often it is said to lead elsewhere, as is an address that is one itself. What is asked without encryption is on
 * this machine (`NodeAddress`), and must be. A redirect is refused, too. Fault of its promise: `neighbour-address-refused`; errors of the network.
 */
export function openNeighbourFetch(resolve: Resolve = lookup): NeighbourFetch {
  const plain = { ask: askPlain, agent: new PlainAgent({ keepAlive: true }), may: isLoopbackAddress }
  const secure = { ask: askSecure, agent: new Agent({ keepAlive: true }), may: isPublicAddress }
  return async (url, init) => {
    const { protocol, hostname } = new URL(url)
    const { ask, agent, may } = protocol === 'https:' ? secure : plain
    const host = hostname.replace(/^\[|\]$/g, '')
    // A literal address is connected to without any look-up.
    if (isIP(host) !== 0 && !may(host)) throw refused(url, host)
    const send = (): ClientRequest =>
      ask(url, {
        method: init.method ?? 'GET',
        headers: {
          ...init.headers,
          'accept-encoding': 'gzip',
          ...(init.body === undefined ? {} : { 'content-length': String(Buffer.byteLength(init.body)) }),
        },
        signal: init.signal,
        agent,
        lookup: lookupOnly(resolve, may, url),
      })
    const answer = await exchange(send, init.body)
    const status = answer.statusCode ?? 0 // of a response it is there
    const { location } = answer.headers
    if (status >= 300 && status < 400 && location !== undefined) {
      answer.destroy()
      throw new Error('a redirect')
    }
    const get = (name: string): string | null => {
      const value = answer.headers[name]
      return Array.isArray(value) ? value.join(', ') : (value ?? null)
    }
    return { status, url, headers: { get }, body: bodyOf(answer, status) }
  }
}

const refused = (url: string, address: string): Fault => new Fault('neighbour-address-refused', { at: url, detail: address })

/** One wrong address among several is enough: which of them is connected to is not ours to choose. */
const lookupOnly =
  (resolve: Resolve, may: (address: string) => boolean, url: string): LookupFunction =>
  (host, options, done) => {
    resolve(host, { all: true }, (error, found) => {
      const wrong = found?.find(({ address }) => !may(address))
      const [first] = found ?? []
      if (error !== null || first === undefined) return done(error ?? new Error(`no address of ${host}`), '', 0)
      if (wrong !== undefined) return done(refused(url, wrong.address), '', 0)
      return options.all === true ? done(null, [...found]) : done(null, first.address, first.family)
    })
  }

/** A connection that was kept may have been closed by the other end just now: then it is asked once more, on a new one. */
async function exchange(send: () => ClientRequest, body: string | undefined): Promise<IncomingMessage> {
  const once = (): Promise<IncomingMessage> =>
    new Promise((resolve, reject) => {
      const asked = send()
      asked.on('response', resolve)
      asked.on('error', (error) => reject(asked.reusedSocket && 'code' in error && error.code === 'ECONNRESET' ? new StaleConnection() : error))
      asked.end(body)
    })
  for (let attempt = 1; ; attempt++)
    try {
      return await once()
    } catch (error) {
      if (!(error instanceof StaleConnection) || attempt === mostStale) throw error
    }
}

/** Several may have been kept. */
const mostStale = 3

class StaleConnection extends Error {}

function bodyOf(answer: IncomingMessage, status: number): ReadableStream<Uint8Array> | null {
  if (status === 204 || status === 304) {
    answer.resume()
    return null
  }
  const coding = answer.headers['content-encoding']
  if (coding !== undefined && coding !== 'gzip' && coding !== 'identity') {
    answer.destroy()
    throw new Error(`coded as ${coding}`)
  }
  // How the stream ends is told to whoever reads it.
  const stream = coding === 'gzip' ? pipeline(answer, createGunzip(), () => undefined) : answer
  return Readable.toWeb(stream) as ReadableStream<Uint8Array> // a stream of bytes, under the name that node's own types give it
}
