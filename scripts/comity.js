#!/usr/bin/env node
// The `comity` command. Its code is TypeScript, which Node runs as it is from 22.18 on; an older Node hands over to the one
// that the project brings along. Plain JavaScript, since an older Node must be able to read this file.
import { spawn } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)

if (major > 22 || (major === 22 && minor >= 18)) await import('../src/cli/main.ts')
else handOver()

function handOver() {
  const node = join(dirname(createRequire(import.meta.url).resolve('node/package.json')), 'bin', 'node')
  const child = spawn(node, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], { stdio: 'inherit' })
  // Whoever stops this process means the one that does the work, which decides itself when to end. Of Ctrl-C a terminal tells both.
  const heard = (signal) => signal === 'SIGINT' && process.stdin.isTTY
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => heard(signal) || child.kill(signal))
  child.on('error', (error) => {
    console.error(`comity needs Node 22.18 or newer; the one of the project could not be started (${error.message}). Run: npm ci`)
    process.exitCode = 70
  })
  child.on('exit', (code, signal) => {
    if (signal === null) process.exitCode = code ?? 70
    else {
      process.removeAllListeners(signal)
      process.kill(process.pid, signal)
    }
  })
}
