import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { dirname, join } from 'node:path'

import serveFlags from '../../src/serve-flags.json' with { type: 'json' }
import type { City } from './cities.ts'

const root = dirname(dirname(import.meta.dirname))
const command = join(root, 'scripts', 'comity.js')

// Vite would leave a cache of compiled code where temporary files go.
const env = { ...process.env, NODE_DISABLE_COMPILE_CACHE: '1' }

/** `npm run build`: a dozen processes start from one file, and not from hundreds each. */
export const buildCommand = (): void =>
  void execFileSync(process.execPath, [join(root, 'node_modules/vite/bin/vite.js'), 'build', '--logLevel', 'error'], { cwd: root, env })

/** A port of the loopback interface that nobody has taken. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo // a TCP server has one
  server.close()
  await once(server, 'close')
  return port
}

/** Every process that was started here and has not ended: also one that is not ready yet. */
const running = new Set<ChildProcess>()

function noted<Child extends ChildProcess>(child: Child): Child {
  running.add(child)
  child.once('exit', () => running.delete(child))
  return child
}

/** Stops all that was started here, and what is started meanwhile. */
export async function stopAll(): Promise<void> {
  while (running.size > 0) await Promise.all(Array.from(running, stop))
}

async function stop(child: ChildProcess): Promise<void> {
  child.kill('SIGTERM')
  await once(child, 'exit')
}

/** Starts a city's node as a process of its own, and waits until it is ready. */
export async function startNode({ place }: City, port: number): Promise<void> {
  const child = noted(
    spawn(process.execPath, [...serveFlags, command, 'serve', '--data', place.data, '--host', '127.0.0.1', '--port', String(port), '--cosign-every', '2'], {
      stdio: ['ignore', 'ignore', 'pipe'],
    }),
  )
  let said = ''
  child.stderr.on('data', (chunk: Buffer) => {
    said = (said + chunk.toString()).slice(-4000)
  })
  for (let attempt = 0; attempt < 300; attempt++) {
    if (child.exitCode !== null) break
    const ready = await fetch(`http://127.0.0.1:${port}/readyz`).then(
      ({ ok }) => ok,
      () => false,
    )
    if (ready) return
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  child.kill('SIGKILL')
  throw new Error(`the node at port ${port} did not become ready:\n${said}`)
}

/** Runs the command and gives its exit code and output. */
export async function runCommand(words: readonly string[]): Promise<{ readonly code: number | null; readonly output: string }> {
  const child = noted(spawn(process.execPath, [command, ...words], { stdio: ['ignore', 'pipe', 'inherit'] }))
  let output = ''
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString()
  })
  const [code] = (await once(child, 'exit')) as [number | null]
  return { code, output }
}
