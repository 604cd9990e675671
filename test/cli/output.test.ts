import { spawn, type StdioOptions } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, copyFileSync, mkdirSync, openSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { answerOf, comity, entry, makeFolder, rowsOf } from './run-comity.ts'

const ledger = readFileSync(fileURLToPath(new URL('../ledger/jinan-titles.csv', import.meta.url)), 'utf8')
const folder = makeFolder()
const data = folder.path('node', 'jinan')

/** So many rows that they do not fit into a pipe that nobody reads. */
const long = folder.put('long.csv', `${ledger.trimEnd()}\n${(ledger.split('\n').slice(1, -1).join('\n') + '\n').repeat(4)}`)

beforeAll(async () => {
  answerOf(await comity(['init', '--data', data, '--division', '370100', '--name', '济南市人力资源和社会保障局', '--json']))
})
afterAll(folder.remove)

async function run(words: readonly string[], stdio: StdioOptions, meanwhile?: (child: ReturnType<typeof spawn>) => void) {
  const child = spawn(process.execPath, [entry, ...words], { env: { PATH: process.env['PATH'], LANG: 'en_US.UTF-8' }, stdio })
  let stderr = ''
  child.stderr?.on('data', (bytes: Buffer) => (stderr += bytes.toString()))
  meanwhile?.(child)
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, stderr }
}

/** With a device in place of standard output or error that is always full. */
async function withFull(words: readonly string[], where: 'stdout' | 'stderr') {
  const full = openSync('/dev/full', 'w')
  const { code, stderr } = await run(words, where === 'stdout' ? ['ignore', full, 'pipe'] : ['ignore', 'ignore', full])
  closeSync(full)
  return { code, stderr }
}

/** As `| head -1` does: reads the first of it and goes. */
const headOf = (words: readonly string[]) => run(words, ['ignore', 'pipe', 'pipe'], (child) => child.stdout!.once('data', () => child.stdout!.destroy()))

describe('output that cannot be written', () => {
  it('is a fault with an exit code of its own, whatever the answer would have been', async () => {
    const told = 'comity: The output cannot be written [output-failed] stdout · ENOSPC\n  → Check the path, the permissions and the disk space\n'
    expect(await withFull(['help'], 'stdout')).toEqual({ code: 73, stderr: told })
    expect(await withFull(['jobs', '--data', data], 'stdout')).toEqual({ code: 0, stderr: '' }) // there are none, so nothing is told
    expect(await withFull(['keys', 'list', '--data', data], 'stdout')).toEqual({ code: 73, stderr: told })
  })

  it('leaves the exit code alone where it is only messages', async () => {
    expect((await withFull(['drafts', '--data', folder.path('none')], 'stderr')).code).toBe(78)
    expect((await withFull(['backup', '--data', data, '--out', folder.path('node', 'copy.db')], 'stderr')).code).toBe(0)
  })
})

describe('a backup', () => {
  it('is as private as the database, and opens with the passphrase', async () => {
    const copy = folder.path('node', 'restored', 'comity.db')
    mkdirSync(folder.path('node', 'restored'))
    copyFileSync(folder.path('node', 'jinan', 'passphrase'), folder.path('node', 'restored', 'passphrase'))
    answerOf(await comity(['backup', '--data', data, '--out', copy, '--json']))
    expect((statSync(copy).mode & 0o777).toString(8)).toBe('600')
    const keysOf = async (of: string) => rowsOf(await comity(['keys', 'list', '--data', of, '--json'])).map(({ kid }) => kid)
    expect(await keysOf(folder.path('node', 'restored'))).toEqual(await keysOf(data))
  })

  it('that has no place to go is told so of that place', async () => {
    const out = folder.path('nowhere', 'copy.db')
    const { code, stderr } = await comity(['backup', '--data', data, '--out', out, '--json'])
    expect([code, JSON.parse(stderr)]).toMatchObject([73, { code: 'output-failed', at: out }])
  })
})

describe('a reader that stops early', () => {
  it('ends a command without a word, which puts down what it holds', async () => {
    const out = folder.put('results/none', '')
    const words = ['import', long, '--data', data, '--family', 'title', '--json']
    expect(await headOf([...words, '--dry-run', '--result', folder.path('results', 'result.csv')])).toEqual({ code: 73, stderr: '' })
    expect(readdirSync(folder.path('results'))).toEqual(['none'])
    expect(readFileSync(out, 'utf8')).toBe('')
  })

  it('and what it has not done is gone on with', async () => {
    const words = ['import', long, '--data', data, '--family', 'title', '--json']
    expect((await headOf(words)).code).toBe(73)
    const [counts] = rowsOf(await comity(words))
      .slice(-1)
      .map(({ summary }) => summary as Readonly<Record<string, unknown>>)
    expect(counts).toMatchObject({ resumed: true, rows: 2000, issued: 374, already: 0 })
  })

  it('of the verdicts on many records stops the workers', async () => {
    answerOf(await comity(['trust', 'export', '--data', data, '--out', folder.path('trust'), '--json']))
    const many = folder.put('many.txt', 'none\n'.repeat(200_000))
    expect((await headOf(['verify', many, '--trust', folder.path('trust'), '--json'])).code).toBe(73)
  })
})
