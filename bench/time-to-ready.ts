import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline/promises'
import { fileURLToPath } from 'node:url'

import type { Place } from '../src/main.ts'

const root = fileURLToPath(new URL('..', import.meta.url))

/** `npm run build`, which an operator runs once a version. */
export function buildCommand(): void {
  const { status, stderr } = spawnSync(process.execPath, ['node_modules/vite/bin/vite.js', 'build', '--logLevel', 'error'], { cwd: root, encoding: 'utf8' })
  if (status !== 0) throw new Error(stderr)
}

/** Milliseconds from starting `comity serve` to its first answer that it is ready. */
export async function timeToReady({ data }: Place): Promise<number> {
  const from = performance.now()
  const child = spawn(process.execPath, ['scripts/comity.js', 'serve', '--data', data, '--port', '0', '--json'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string]
  const { url } = JSON.parse(line) as { readonly url: string } // what `serve` tells
  const { status } = await fetch(`${url}/readyz`)
  const taken = performance.now() - from
  child.kill()
  await once(child, 'exit')
  if (status !== 200) throw new Error(`not ready: ${status}`)
  return taken
}
