import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

import type { Place } from '../src/main.ts'
import serveFlags from '../src/serve-flags.json' with { type: 'json' }

/** A signature that a null server checks for every request: so the limit is measured in the very way in which ours is. */
export interface Check {
  readonly jwk: { readonly kty: 'OKP'; readonly crv: 'Ed25519'; readonly x: string }
  readonly signingInput: string
  /** Base64url. */
  readonly signature: string
}

/** What a server process is told to be. */
export type ServerTask =
  | { readonly kind: 'null'; readonly replyLength: number; readonly check?: Check | undefined }
  /** Reads, signs, builds and stores a record a request, so many a commit, and nothing else. */
  | { readonly kind: 'bare-issuing'; readonly replyLength: number; readonly rowsOfCommit: number }
  | { readonly kind: 'node'; readonly place: Place; readonly worker: boolean }
  | { readonly kind: 'node-one-commit-each'; readonly place: Place }
  | { readonly kind: 'work'; readonly place: Place }

/** What a server process says of itself. */
export interface Usage {
  /** Microseconds of CPU since it was started, of all its threads. */
  readonly cpu: number
  readonly rss: number
}

export interface ServerProcess {
  readonly port: number
  readonly pid: number
  /** Milliseconds from starting the process to its first answer to `/readyz`; for a null server to its listening. */
  readonly ready: number
  readonly usage: () => Promise<Usage>
  readonly close: () => Promise<void>
}

/** A server in a process of its own, so that its CPU time is its own and the load comes from another core. @param env added to this process's own */
export async function startServer(task: ServerTask, env: Readonly<Record<string, string>> = {}): Promise<ServerProcess> {
  const from = performance.now()
  const child = fork(fileURLToPath(new URL('./server-main.ts', import.meta.url)), [JSON.stringify(task)], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    env: { ...process.env, ...env },
    // A node as `comity serve` starts it, a bare server as node is.
    execArgv: isBare(task) ? [] : serveFlags,
  })
  // Not to outlive us, however we end.
  const end = (): void => void child.kill('SIGKILL')
  process.once('exit', end)
  const { port } = await told<{ readonly port: number }>(child)
  if (!isBare(task)) await answering(port)
  const ready = performance.now() - from
  return {
    port,
    pid: child.pid!,
    ready,
    usage: () => {
      child.send('usage')
      return told<Usage>(child)
    },
    close: async () => {
      process.off('exit', end)
      child.send('close')
      await once(child, 'exit')
    },
  }
}

const isBare = ({ kind }: ServerTask): boolean => kind === 'null' || kind === 'bare-issuing'

async function told<Message>(child: ChildProcess): Promise<Message> {
  const stopped = new AbortController()
  const died = once(child, 'exit', { signal: stopped.signal }).then(([code]) => {
    throw new Error(`the server ended with ${String(code)}`)
  })
  try {
    const [message] = (await Promise.race([once(child, 'message', { signal: stopped.signal }), died])) as [Message] // what server-main sends
    return message
  } finally {
    died.catch(() => undefined)
    stopped.abort()
  }
}

async function answering(port: number): Promise<void> {
  const { status } = await fetch(`http://127.0.0.1:${port}/readyz`)
  if (status !== 200) throw new Error(`not ready: ${status}`)
}
