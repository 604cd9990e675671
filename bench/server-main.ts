// A server in a process of its own: says where it listens, and what it has used when it is asked. Ends when it is told to.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'

import { serveNode, workNode } from '../src/main.ts'
import { serveOneCommitEach } from './one-commit-each.ts'
import type { ServerTask } from './server-process.ts'

const task = JSON.parse(process.argv[2]!) as ServerTask // what server-process hands over

interface Listening {
  readonly port: number
  readonly close: () => Promise<void>
}

/** Reads a request to its end and answers so many bytes: what HTTP costs in node when nothing is done. */
function serveNull(replyLength: number): Promise<Listening> {
  const reply = Buffer.from(JSON.stringify('x'.repeat(Math.max(0, replyLength - 2))))
  const server = createServer((request, response) => {
    request.resume()
    request.on('end', () => response.setHeader('Content-Type', 'application/json').end(reply))
  })
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      // Listening on TCP, so its address is one.
      resolve({ port: (server.address() as AddressInfo).port, close: async () => void server.close() })
    })
  })
}

const quiet = (): void => undefined

async function listen(): Promise<Listening> {
  if (task.kind === 'null') return serveNull(task.replyLength)
  const worker = [fileURLToPath(import.meta.url), JSON.stringify({ kind: 'work', place: task.place } satisfies ServerTask)]
  const { url, close } =
    task.kind === 'node'
      ? await serveNode(task.place, { host: '127.0.0.1', port: 0, refreshEvery: 0, log: quiet, ...(task.worker ? { worker } : {}) })
      : await serveOneCommitEach(task.place)
  return { port: Number(new URL(url).port), close }
}

if (task.kind === 'work') await workNode(task.place)
else {
  const { port, close } = await listen()
  process.on('message', (message) => {
    if (message === 'close') {
      void close().then(() => process.exit(0))
      return
    }
    const { user, system } = process.cpuUsage()
    process.send!({ cpu: user + system, rss: process.memoryUsage.rss() })
  })
  process.on('disconnect', () => process.exit(1))
  process.send!({ port })
}
