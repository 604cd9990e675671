import type { LogCheck } from '#registry/log/check-log.ts'
import { setTimeout } from 'node:timers/promises'

import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { presentRecord } from '#contract/records.ts'

import { answerOf, comity, makeFolder, rowsOf } from '../cli/run-comity.ts'
import { isAlive, makeNode, serve, until, type MadeNode, type ServedNode } from '../support/served-node.ts'
import { approve, keepApproving, prepareDrafts, type Approvals, type Approved } from './approvals.ts'
import {
  approveImport,
  finished,
  handIn,
  inTheMiddle,
  judgementOf,
  ledgerRows,
  makeLedger,
  resultsOf,
  statusOf,
  type ResultRow,
  type Status,
} from './imports.ts'
import { checkedLog, hex, oneTo, readRegister, serialsOf, type Register } from './read-register.ts'

const folder = makeFolder()
const drafts: string[] = []
const nodes: ServedNode[] = []
let made: MadeNode
let node: ServedNode | undefined

/** Rows that were acknowledged, with their records, before each of the kills. */
const seen: ResultRow[][] = []
const between: Readonly<Record<string, unknown>>[] = []
let job: string
let dry: readonly ResultRow[]
let end: Status
let real: readonly ResultRow[]
let approvals: Approvals
let again: ReadonlyMap<string, Approved>
let register: Register
let log: LogCheck

const start = async (): Promise<ServedNode> => {
  node = await serve(made)
  nodes.push(node)
  return node
}

/** Kills what is named when the job has come so far and so many milliseconds have passed: at another step of a batch each time. Then serves again. */
async function killAt(least: number, after: number, whom: 'worker' | 'server' | 'both'): Promise<void> {
  const served = node!
  await inTheMiddle(served, job, least)
  seen.push([...(await resultsOf(served, job))])
  const workers = served.children()
  await setTimeout(after)
  await until('an approval under way', () => (approvals.underWay() > 0 ? true : undefined), { every: 1 })
  if (whom !== 'server') {
    expect(workers).toHaveLength(1)
    process.kill(workers[0]!, 'SIGKILL')
  }
  if (whom === 'worker') return
  node = undefined
  await served.kill()
  // Left alone it puts its job down by itself; the next server may be there before it has.
  if (whom === 'both') await until('the end of the worker', () => (isAlive(workers[0]!) ? undefined : true))
  between.push(rowsOf(await comity(['jobs', '--data', made.place.data, '--json'])).at(-1)!)
  await start()
}

beforeAll(async () => {
  made = await makeNode({ prepare: async (office) => void drafts.push(...(await prepareDrafts(office, 1500))) })
  const dryJob = await handIn(await start(), makeLedger())
  expect((await finished(node!, dryJob)).state).toBe('done')
  dry = await resultsOf(node!, dryJob)

  job = await approveImport(node!, dryJob)
  await inTheMiddle(node!, job, 1)
  approvals = keepApproving(drafts, () => (node === undefined ? [] : [node]))
  await killAt(400, 0, 'worker')
  await killAt(800, 70, 'both')
  await killAt(1200, 140, 'both')
  await killAt(1600, 30, 'server')
  end = await finished(node!, job)
  await approvals.stop()
  real = await resultsOf(node!, job)
  // Whoever was not told asks again; whoever was told may ask again too.
  again = new Map(
    await Promise.all(
      [...approvals.unanswered, ...approvals.acknowledged.keys()].map(async (draft): Promise<[string, Approved]> => [draft, await approve(node!, draft)]),
    ),
  )
  expect(await approveImport(node!, dryJob)).toBe(job)
  register = await readRegister(made, job)
  log = await checkedLog(made)
}, 240_000)

afterAll(async () => {
  for (const served of nodes) await served.kill()
  made.remove()
  folder.remove()
})

describe('an import of 3,000 rows whose server and worker are killed again and again, while officers approve', () => {
  it('was in the middle each time, and says so', () => {
    expect(between).toMatchObject(Array.from({ length: 3 }, () => ({ dryRun: false, state: expect.stringMatching(/^(queued|running)$/), total: ledgerRows })))
    for (const { done } of between) expect(done).toBeLessThan(ledgerRows)
    expect(approvals.unanswered.size).toBeGreaterThanOrEqual(3)
    expect(approvals.acknowledged.size).toBeGreaterThan(0)
    expect([...approvals.problems.keys()]).toEqual(['service-unreachable'])
  })

  it('goes on by itself to the end', async () => {
    expect(end).toMatchObject({ state: 'done', done: ledgerRows, total: ledgerRows })
    expect(rowsOf(await comity(['jobs', '--data', made.place.data, '--json'])).at(-1)).toMatchObject({ job, state: 'done', done: ledgerRows })
  })

  it('ends with what the dry run had shown, row by row', () => {
    expect(real.map(judgementOf)).toEqual(dry.map(judgementOf))
    expect(real.map(({ row }) => row)).toEqual(oneTo(ledgerRows).map((row) => row + 1))
    expect(real.filter(({ outcome, record }) => (record === undefined) !== (outcome === 'refused'))).toEqual([])
  })

  it('has kept every row that was acknowledged before a kill', () => {
    const last = new Map(real.map((row) => [row.row, row]))
    for (const rows of seen) {
      expect(rows.length).toBeGreaterThanOrEqual(400)
      expect(rows).toEqual(rows.map(({ row }) => last.get(row)))
    }
  })

  it('has every row and every approval in the register once', () => {
    expect(register.rows.map(({ row }) => row)).toEqual(real.map(({ row }) => row))
    const imported = real.flatMap(({ record }) => record ?? [])
    const issued = [...again.values()].map(({ record }) => record)
    expect(end.counts['issued']).toBe(imported.length)
    expect(new Set([...imported, ...issued])).toEqual(new Set(register.byId.keys()))
    expect(register.records).toHaveLength(imported.length + issued.length)
    expect(new Set(register.records.map(({ number }) => number)).size).toBe(register.records.length)
    expect(register.records.filter(({ origin }) => origin === 1)).toHaveLength(imported.length)
  })

  it('has given numbers without a gap', () => {
    const { year } = register.records[0]!
    expect(serialsOf(register.records)).toEqual({ [`${register.records[0]!.family}/${year}`]: oneTo(register.records.length) })
  })

  it('has a log that says of every record what the register says, whoever was killed while it grew', () => {
    expect(log.findings).toEqual([])
    expect(log.records).toBe(register.records.length)
    expect(log.leaves).toBeGreaterThan(log.records)
  })

  it('has each record in the log, or waiting for it, once', () => {
    expect(register.outbox.toSorted()).toEqual(register.records.map(({ digest }) => hex(digest)).toSorted())
  })

  it('answers an approval that is asked for again as it did the first time, and one that was never answered with one record', () => {
    expect(again.size).toBe(approvals.acknowledged.size + approvals.unanswered.size)
    expect(Object.fromEntries([...approvals.acknowledged].map(([draft]) => [draft, again.get(draft)]))).toEqual(Object.fromEntries(approvals.acknowledged))
    for (const { record, number } of again.values()) expect(register.byId.get(record)?.number).toBe(number)
  })

  it('leaves records that verify offline with a fresh trust export', async () => {
    const trust = folder.path('trust')
    answerOf(await comity(['trust', 'export', '--data', made.place.data, '--out', trust, '--json']))
    const ids = [...register.byId.keys()]
    const sample = ids.filter((_, index) => index % 40 === 0 || index === ids.length - 1)
    const texts = await Promise.all(sample.map(async (record) => (await node!.call(presentRecord, { as: 'drafter', params: { record }, body: {} })).text))
    const file = folder.put('sample.txt', `${texts.join('\n')}\n`)
    const verified = await comity(['verify', file, '--trust', trust, '--json'])
    expect(verified.stderr).toBe('')
    expect(verified.code).toBe(0)
    expect(rowsOf(verified).filter(({ answer }) => answer === 'yes')).toHaveLength(sample.length)
  })

  it('stops in order when it is told to', async () => {
    expect(await statusOf(node!, job)).toEqual(end)
    const [worker] = node!.children()
    expect(await node!.stop()).toBe(0)
    expect(worker === undefined || !isAlive(worker)).toBe(true)
  })
})
