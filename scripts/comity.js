#!/usr/bin/env node
// The `comity` command. Its code is TypeScript, which Node runs as it is from 22.18 on; an older Node hands over to the one
// that the project brings along. Plain JavaScript, since an older Node must be able to read this file.
import { spawn } from 'node:child_process'
import { readdirSync, statSync } from 'node:fs'
import module, { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const require = createRequire(import.meta.url)
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
const able = major > 22 || (major === 22 && minor >= 18)
// Under load the room for young objects grows to 3 × 16 MB, which a server of small requests is no quicker for: with 4 it takes half the memory.
const flags = process.argv[2] === 'serve' ? require('../src/serve-flags.json') : []

if (!able) handOver(join(dirname(require.resolve('node/package.json')), 'bin', 'node'), flags)
else if (flags.every((flag) => process.execArgv.includes(flag))) await run()
else startAgain()

async function run() {
  // Beside the packages and not in the folder for temporary files, where others of the machine could put code for us. Without leave to write there it does without.
  module.enableCompileCache(fileURLToPath(new URL('../node_modules/.cache/comity', import.meta.url)))
  await import(built() ?? '../src/cli/main.ts')
}

// One file is read in a third of the time that hundreds take. It counts only while nothing that it was made of is newer.
function built() {
  const root = fileURLToPath(new URL('..', import.meta.url))
  const file = join(root, 'dist', 'comity.mjs')
  const made = statSync(file, { throwIfNoEntry: false })?.mtimeMs
  if (made === undefined) return undefined
  const newer = (path) => (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0) > made
  const parts = ['src', 'schema'].flatMap((folder) => readdirSync(join(root, folder), { recursive: true }).map((name) => join(root, folder, name)))
  return [...parts, join(root, 'package-lock.json'), join(root, 'vite.config.ts')].some(newer) ? undefined : pathToFileURL(file).href
}

function startAgain() {
  // Flags from the command line come after ours, so that they count.
  const given = [...flags, ...process.execArgv]
  // In place of this process: nobody is left between the server and whoever started it.
  if (process.execve !== undefined && process.platform !== 'win32')
    process.execve(process.execPath, [process.execPath, ...given, ...process.argv.slice(1)], process.env)
  else handOver(process.execPath, given)
}

function handOver(node, given) {
  const child = spawn(node, [...given, fileURLToPath(import.meta.url), ...process.argv.slice(2)], { stdio: 'inherit' })
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
