import { connect, type Socket } from 'node:net'

/** What a closed loop of clients has seen: each connection asks again as soon as it is answered. */
export interface Seen {
  readonly answered: number
  /** Microseconds from the first request to the last answer. */
  readonly wall: number
  /** Milliseconds of each answer, sorted. */
  readonly latencies: readonly number[]
}

export interface Load {
  readonly port: number
  readonly connections: number
  /** The next request, whole, as bytes; undefined ends the connection's share. Asked once a request. */
  readonly next: () => Buffer | undefined
  /** Milliseconds between an answer and the next request; none where it is left out. */
  readonly pause?: number | undefined
}

/** One request as it goes over the wire. The `forwarded` address is who asks: the node counts requests by it. */
export function requestBytes(method: string, path: string, body: string, headers: Readonly<Record<string, string>> = {}): Buffer {
  const lines = Object.entries({ host: '127.0.0.1', 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(body)), ...headers }).map(
    ([name, value]) => `${name}: ${value}\r\n`,
  )
  return Buffer.from(`${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n${body}`)
}

/**
 * Keeps the connections busy until `next` has no more. Written on bare sockets: the generator must cost far less than what it loads, and
 * node's own client costs about as much as the server it talks to.
 */
export async function load({ port, connections, next, pause }: Load): Promise<Seen> {
  const latencies: number[] = []
  const sockets = await Promise.all(Array.from({ length: connections }, () => opened(port)))
  const from = performance.now()
  await Promise.all(sockets.map((socket) => converse(socket, next, latencies, pause)))
  const wall = (performance.now() - from) * 1000
  for (const socket of sockets) socket.destroy()
  return { answered: latencies.length, wall, latencies: latencies.toSorted((a, b) => a - b) }
}

function opened(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true }, () => resolve(socket))
    socket.once('error', reject)
  })
}

const headEnd = Buffer.from('\r\n\r\n')

function converse(socket: Socket, next: () => Buffer | undefined, latencies: number[], pause: number | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    let held: Buffer = Buffer.alloc(0)
    let sent = 0
    const ask = (): void => {
      const request = next()
      if (request === undefined) return resolve()
      sent = performance.now()
      socket.write(request)
    }
    socket.on('data', (chunk: Buffer) => {
      held = held.length === 0 ? chunk : Buffer.concat([held, chunk])
      const head = held.indexOf(headEnd)
      if (head < 0) return
      const text = held.toString('latin1', 0, head)
      const length = /\r\ncontent-length: (\d+)/i.exec(text)?.[1]
      if (length === undefined) return reject(new Error('an answer without its length'))
      const whole = head + headEnd.length + Number(length)
      if (held.length < whole) return
      if (!text.startsWith('HTTP/1.1 200 ')) return reject(new Error(`refused: ${held.toString('utf8', 0, 600)}`))
      held = held.subarray(whole)
      latencies.push(performance.now() - sent)
      if (pause === undefined) ask()
      else setTimeout(ask, pause)
    })
    socket.once('error', reject)
    socket.once('close', () => reject(new Error('the server hung up')))
    ask()
  })
}
