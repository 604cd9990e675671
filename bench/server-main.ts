// A server in a process of its own: says where it listens, and what it has used when it is asked. Ends when it is told to.
import { verify } from 'node:crypto'
import { openSync, writeSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { devNull } from 'node:os'
import { fileURLToPath } from 'node:url'

import { serveNode, workNode } from '../src/main.ts'
import serveFlags from '../src/serve-flags.json' with { type: 'json' }
import { keyObjectOf } from './drafts.ts'
import { durableRows } from './durable-rows.ts'
import { signAndBuild } from './issue-one.ts'
import { makeNode } from './node-under-test.ts'
import { serveOneCommitEach } from './one-commit-each.ts'
import type { Check, ServerTask } from './server-process.ts'

const task = JSON.parse(process.argv[2]!) as ServerTask // what server-process hands over

interface Listening {
  readonly port: number
  readonly close: () => Promise<void>
}

/** Reads a request to its end, does the work and answers so many bytes: what HTTP costs in node when nothing else is done. */
function serveBare(replyLength: number, work: () => boolean): Promise<Listening> {
  const reply = JSON.stringify('x'.repeat(Math.max(0, replyLength - 2)))
  const server = createServer((request, response) => {
    request.resume()
    request.on('end', () => {
      if (!work()) response.statusCode = 500
      response.setHeader('Content-Type', 'application/json').end(reply)
    })
  })
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      // Listening on TCP, so its address is one.
      resolve({ port: (server.address() as AddressInfo).port, close: async () => void server.close() })
    })
  })
}

function checking({ jwk, signingInput, signature }: Check): () => boolean {
  const [key, message, expected] = [keyObjectOf(jwk), Buffer.from(signingInput), Buffer.from(signature, 'base64url')]
  return () => verify(null, message, key, expected)
}

/** One record signed and built a call, and with every so many of them their rows in one commit. */
async function issuing(rowsOfCommit: number): Promise<() => boolean> {
  const { issue } = signAndBuild()
  const row = durableRows(await makeNode(), rowsOfCommit)
  let issued = 0
  return () => {
    void issue(1)
    if (++issued % rowsOfCommit === 0) void row(rowsOfCommit)
    return true
  }
}

// Logged as in service: where the lines go costs what a file does.
const nowhere = openSync(devNull, 'w')
const log = (line: string): void => void writeSync(nowhere, line)

async function listen(given: Exclude<ServerTask, { readonly kind: 'work' }>): Promise<Listening> {
  if (given.kind === 'null') return serveBare(given.replyLength, given.check === undefined ? () => true : checking(given.check))
  if (given.kind === 'bare-issuing') return serveBare(given.replyLength, await issuing(given.rowsOfCommit))
  const options = { host: '127.0.0.1', port: 0, refreshEvery: 0, log }
  const worker = [...serveFlags, fileURLToPath(import.meta.url), JSON.stringify({ kind: 'work', place: given.place } satisfies ServerTask)]
  const { url, close } =
    given.kind === 'node' ? await serveNode(given.place, given.worker ? { ...options, worker } : options) : await serveOneCommitEach(given.place, options, log)
  return { port: Number(new URL(url).port), close }
}

if (task.kind === 'work') await workNode(task.place, { log })
else {
  const { port, close } = await listen(task)
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
