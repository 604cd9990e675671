import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { encodeUtf8 } from '#core/encoding/utf8.ts'
import type { TrustFiles } from '#core/trust/assemble-trust.ts'

export const entry = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url))

// Compiled code is kept between the many starts of one test run: they would otherwise spend most of their time on compiling.
const compileCache = fileURLToPath(new URL('../../node_modules/.cache/comity-tests', import.meta.url))

export interface Ran {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>
  readonly input?: string
  readonly cwd?: string
  readonly entry?: string
}

/** Runs the real command as a child process. Nothing of this machine's locale or settings gets into it but its PATH. */
export function comity(words: readonly string[], { env = {}, input = '', cwd = tmpdir(), entry: file = entry }: RunOptions = {}): Promise<Ran> {
  const child = spawn(process.execPath, [file, ...words], {
    cwd,
    env: { PATH: process.env['PATH'], LANG: 'en_US.UTF-8', NODE_COMPILE_CACHE: compileCache, ...env },
  })
  const read = (stream: NodeJS.ReadableStream): (() => string) => {
    const chunks: Buffer[] = []
    stream.on('data', (chunk: Buffer) => chunks.push(chunk))
    return () => Buffer.concat(chunks).toString('utf8')
  }
  const [stdout, stderr] = [read(child.stdout), read(child.stderr)]
  child.stdin.on('error', () => undefined) // a command that refuses its words has ended before it reads
  child.stdin.end(input)
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, stdout: stdout(), stderr: stderr() }))
  })
}

/** Lines of JSON on standard output. */
export const rowsOf = ({ stdout }: Pick<Ran, 'stdout'>): readonly Readonly<Record<string, unknown>>[] =>
  stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>) // the command prints objects

/** The only line of JSON that a command printed, when it went well. */
export function answerOf(ran: Ran): Readonly<Record<string, unknown>> {
  const rows = rowsOf(ran)
  if (ran.code !== 0 || rows.length !== 1) throw new Error(`exit ${ran.code}: ${ran.stdout}${ran.stderr}`)
  return rows[0]!
}

/** A folder for one test file. */
export function makeFolder(): {
  readonly path: (...names: readonly string[]) => string
  readonly put: (name: string, content: string | Uint8Array) => string
  readonly remove: () => void
} {
  const folder = mkdtempSync(join(tmpdir(), 'comity-cli-'))
  const path = (...names: readonly string[]): string => join(folder, ...names)
  return {
    path,
    put: (name, content) => {
      mkdirSync(dirname(path(name)), { recursive: true })
      writeFileSync(path(name), content)
      return path(name)
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}

/** A trust folder as `comity trust export` writes it, of files made in memory. */
export function writeTrustFolder(folder: string, { anchors, manifests, allianceLists, ruleSets, statusLists, freshness = [] }: TrustFiles): string {
  const all = [{ name: 'anchors.json', bytes: encodeUtf8(JSON.stringify(anchors)) }, ...manifests, ...allianceLists, ...ruleSets, ...statusLists, ...freshness]
  for (const { name, bytes } of all) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), bytes)
  }
  return folder
}
