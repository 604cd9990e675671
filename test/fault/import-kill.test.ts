import { spawn, spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { listRecords, type RecordRow } from '#storage/records.ts'
import { openStore } from '#storage/open-store.ts'
import { answerOf, comity, entry, makeFolder, rowsOf, type Ran } from '../cli/run-comity.ts'

const folder = makeFolder()
const data = folder.path('jinan')
const ledger = folder.path('ledger.csv')
const makeLedger = fileURLToPath(new URL('../../scripts/make-ledger.ts', import.meta.url))
const words = ['import', ledger, '--data', data, '--family', 'title', '--json']
const rows = 3000

/** Kills the import without warning when it has acknowledged so many rows; answers the rows whose lines came out whole. */
function killAfter(acknowledged: number): Promise<readonly number[]> {
  const child = spawn(process.execPath, [entry, ...words], { stdio: ['ignore', 'pipe', 'ignore'] })
  let text = ''
  child.stdout.on('data', (chunk: Buffer) => {
    text += chunk.toString('utf8')
    if (text.split('\n').length > acknowledged) child.kill('SIGKILL')
  })
  return new Promise((resolve) => child.on('close', () => resolve(rowsOf({ stdout: text.slice(0, text.lastIndexOf('\n')) }).map(({ row }) => row as number))))
}

async function registered(): Promise<readonly RecordRow[]> {
  const store = await openStore({ file: join(data, 'comity.db') })
  try {
    return await listRecords(store.read, { after: new Uint8Array(0), limit: 10_000 })
  } finally {
    await store.close()
  }
}

const summary = (ran: Ran) => rowsOf(ran).at(-1)!['summary'] as Readonly<Record<string, unknown>>

describe('an import that is killed in the middle', () => {
  let killed: readonly (readonly number[])[]
  let between: readonly RecordRow[]
  let resumed: Ran

  beforeAll(async () => {
    answerOf(await comity(['init', '--data', data, '--division', '370100', '--name', '济南市人力资源和社会保障局', '--json']))
    const made = spawnSync(process.execPath, [makeLedger, '--rows', String(rows), '--seed', '7', '--division', '370100', '--out', ledger])
    expect(made.status).toBe(0)
    killed = [await killAfter(600), await killAfter(1500)]
    between = await registered()
    resumed = await comity(words)
  })
  afterAll(folder.remove)

  it('was in the middle', () => {
    for (const acknowledged of killed) expect(acknowledged.length).toBeLessThan(rows)
    expect(between.length).toBeLessThan(rows)
  })

  it('has kept every row that it had acknowledged', () => {
    expect(killed.map((acknowledged) => acknowledged.length)).toEqual([
      expect.toSatisfy((count: number) => count >= 600),
      expect.toSatisfy((count: number) => count >= 1500),
    ])
    expect(between.length).toBeGreaterThanOrEqual(Math.max(...killed.map((acknowledged) => acknowledged.length)))
  })

  it('goes on when it is run again, and reports every row of the file once', () => {
    expect(resumed.code).toBe(0)
    expect(
      rowsOf(resumed)
        .slice(0, -1)
        .map(({ row }) => row),
    ).toEqual(Array.from({ length: rows }, (_, index) => index + 2))
    expect(summary(resumed)).toEqual({
      job: expect.any(String),
      dryRun: false,
      resumed: true,
      rows,
      accepted: rows,
      normalised: 0,
      warned: 0,
      refused: 0,
      issued: rows,
      already: 0,
    })
  })

  it('has registered every row once, in numbers without a gap', async () => {
    const records = await registered()
    expect(new Set(records.map(({ number }) => number)).size).toBe(rows)
    expect(records.map(({ serial }) => serial).toSorted((a, b) => a - b)).toEqual(Array.from({ length: rows }, (_, index) => index + 1))
    expect(new Set(records.map(({ statusList, statusIndex }) => `${statusList}/${statusIndex}`)).size).toBe(rows)
  })

  it('issues nothing more when it is run once more', async () => {
    expect(summary(await comity(words))).toMatchObject({ resumed: false, rows, issued: 0, already: rows })
    expect(await registered()).toHaveLength(rows)
  })
})

describe('an import that is asked to stop', () => {
  it('finishes its batch, gives the job back, and says that it can be gone on with', async () => {
    const other = folder.path('zibo')
    answerOf(await comity(['init', '--data', other, '--division', '370300', '--name', '淄博市人力资源和社会保障局', '--json']))
    spawnSync(process.execPath, [makeLedger, '--rows', String(rows), '--seed', '8', '--division', '370300', '--out', ledger])
    const child = spawn(process.execPath, [entry, 'import', ledger, '--data', other, '--family', 'title', '--json'], { stdio: ['ignore', 'pipe', 'pipe'] })
    let text = ''
    child.stdout.once('data', () => child.kill('SIGINT'))
    child.stdout.on('data', (chunk: Buffer) => {
      text += chunk.toString('utf8')
    })
    const code = await new Promise((resolve) => child.on('close', resolve))
    expect(code).toBe(75)
    expect(rowsOf({ stdout: text }).some((row) => row['summary'] !== undefined)).toBe(false)
    expect(rowsOf(await comity(['jobs', '--data', other, '--json']))).toMatchObject([{ state: 'queued', done: rowsOf({ stdout: text }).length }])
  })
})
