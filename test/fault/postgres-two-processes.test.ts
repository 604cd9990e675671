import { fileURLToPath } from 'node:url'

import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { readiness } from '#contract/public.ts'
import { Fault } from '#core/fault.ts'
import type { LogCheck } from '#registry/log/check-log.ts'
import { importHere } from '#registry/import-here.ts'
import type { ImportedRow } from '#registry/settle-ledger-rows.ts'
import { initialiseNode } from '#registry/initialise-node.ts'

import { openParts } from '../../src/main.ts'
import { makeFolder } from '../cli/run-comity.ts'
import { startPostgres, type PostgresServer } from '../support/postgres.ts'
import { isAlive, makeNode, serve, until, type MadeNode, type ServedNode } from '../support/served-node.ts'
import { approve, keepApproving, prepareDrafts, type Approvals, type Approved } from './approvals.ts'
import { approveImport, finished, handIn, inTheMiddle, judgementOf, ledgerRows, makeLedger, resultsOf, type ResultRow, type Status } from './imports.ts'
import { checkedLog, hex, oneTo, readRegister, serialsOf, type Register } from './read-register.ts'

const script = fileURLToPath(new URL('serve-with-lease.ts', import.meta.url))
const lease = 4

const folder = makeFolder()
const ledger = makeLedger()
const drafts: string[] = []
const nodes: ServedNode[] = []
let living: ServedNode[] = []
let server: PostgresServer | undefined
let made: MadeNode

const start = async (): Promise<ServedNode> => {
  const node = await serve(made, { words: [script, 'serve', made.place.data, String(lease)] })
  nodes.push(node)
  living.push(node)
  return node
}

/** The same ledger on a store in a file, in this process, where nothing happens to it. */
async function importIntoFile(): Promise<readonly ImportedRow[]> {
  const passphrase = 'correct horse battery staple'
  const office = await initialiseNode(
    await openParts({ data: folder.path() }),
    { division: '370100', name: { zh: '济南', en: 'Jinan' }, iss: 'https://370100.comity.example', passphrase },
    'cli:test',
  )
  try {
    const rows: ImportedRow[] = []
    const plan = { family: 'title', fileName: 'titles.csv', bytes: ledger, dryRun: false } as const
    await importHere(office, { actor: 'cli:test' }, plan, { owner: 'here', isGone: () => false }, { rows: (settled) => void rows.push(...settled) })
    return rows
  } finally {
    await office.store.close()
  }
}

async function cutConnections({ url }: PostgresServer): Promise<void> {
  const client = new pg.Client({ connectionString: url, application_name: 'test' })
  await client.connect()
  await client.query(`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'comity'`)
  await client.end()
}

const seen: ResultRow[][] = []
let onFile: readonly ImportedRow[]
let job: string
let real: readonly ResultRow[]
let end: Status
let approvals: Approvals
let again: ReadonlyMap<string, Approved>
let register: Register
let log: LogCheck
/** What was answered while the database was away, and after. */
let away: unknown
let back: unknown

beforeAll(async () => {
  onFile = await importIntoFile()
  server = await startPostgres()
  made = await makeNode({ databaseUrl: server.url, prepare: async (office) => void drafts.push(...(await prepareDrafts(office, 1500))) })
  const [one, other] = await Promise.all([start(), start()])
  const dryJob = await handIn(one, ledger)
  await finished(other, dryJob)
  job = await approveImport(one, dryJob)
  await inTheMiddle(other, job, 1)
  approvals = keepApproving(drafts, () => living)

  // All connections are cut while the database stays up.
  await inTheMiddle(other, job, 200)
  await cutConnections(server)

  // The database goes down under load, and comes back.
  await inTheMiddle(one, job, 800)
  await until('an approval under way', () => (approvals.underWay() > 0 ? true : undefined), { every: 1 })
  await server.crash()
  away = await approve(other, drafts.at(-1)!).catch((fault: unknown) => fault)
  await server.restart()
  back = await until('both to be ready', () => Promise.all([one, other].map((node) => node.call(readiness, { as: 'approver' }))).catch(() => undefined))

  // One of the two dies together with its worker, and its lease stays behind.
  await inTheMiddle(other, job, 1600)
  const worked = nodes.find((node) => node.children().length > 0)!
  const left = worked === one ? other : one
  seen.push([...(await resultsOf(left, job))])
  const [worker] = worked.children()
  living = [left]
  const killed = worked.kill()
  process.kill(worker!, 'SIGKILL')
  await killed
  await until('the end of the worker', () => (isAlive(worker!) ? undefined : true))

  end = await finished(left, job)
  await approvals.stop()
  real = await resultsOf(left, job)
  const asked = [...approvals.unanswered, ...approvals.acknowledged.keys()]
  again = new Map(await Promise.all(asked.map(async (draft): Promise<[string, Approved]> => [draft, await approve(left, draft)])))
  register = await readRegister(made, job)
  log = await checkedLog(made)
}, 240_000)

afterAll(async () => {
  for (const node of nodes) await node.kill()
  await server?.stop()
  made.remove()
  folder.remove()
})

describe('two processes over one PostgreSQL that cuts their connections and goes down, of which one is killed, during an import and approvals at both', () => {
  it('says what is the matter while the database is away, and serves when it is back', () => {
    expect(away).toBeInstanceOf(Fault)
    expect(away).toMatchObject({ code: 'storage-unreachable' })
    expect(back).toMatchObject([{ ready: true }, { ready: true }])
    // Never that nobody answers, but by the process that was killed, and never that something unforeseen has happened.
    expect([...approvals.problems.keys()].filter((code) => !['storage-unreachable', 'commit-unknown', 'service-unreachable'].includes(code))).toEqual([])
  })

  it('carries the import to its end', () => {
    expect(end).toMatchObject({ state: 'done', done: ledgerRows, total: ledgerRows })
  })

  it('ends with what a store in a file ends with, row by row', () => {
    const file = onFile.map(({ row, outcome, findings }) => ({ row, outcome, findings: findings.map(({ column, code }) => `${column} ${code}`) }))
    expect(file).toHaveLength(ledgerRows)
    expect(real.map(judgementOf)).toEqual(file)
    expect(real.filter(({ outcome, record }) => (record === undefined) !== (outcome === 'refused'))).toEqual([])
  })

  it('has kept every row that was acknowledged', () => {
    const last = new Map(real.map((row) => [row.row, row]))
    for (const rows of seen) expect(rows).toEqual(rows.map(({ row }) => last.get(row)))
  })

  it('has every row and every approval in the register once', () => {
    expect(register.rows.map(({ row }) => row)).toEqual(real.map(({ row }) => row))
    const imported = real.flatMap(({ record }) => record ?? [])
    const issued = [...again.values()].map(({ record }) => record)
    expect(new Set([...imported, ...issued])).toEqual(new Set(register.byId.keys()))
    expect(register.records).toHaveLength(imported.length + issued.length)
    expect(end.counts['issued']).toBe(imported.length)
  })

  it('has given numbers without a gap, whichever process gave them', () => {
    const { family, year } = register.records[0]!
    expect(serialsOf(register.records)).toEqual({ [`${family}/${year}`]: oneTo(register.records.length) })
  })

  it('has a log that says of every record what the register says, whoever was killed while it grew', () => {
    expect(log.findings).toEqual([])
    expect(log.records).toBe(register.records.length)
    expect(log.leaves).toBeGreaterThan(log.records)
  })

  it('has each record in the log, or waiting for it, once', () => {
    expect(register.outbox.toSorted()).toEqual(register.records.map(({ digest }) => hex(digest)).toSorted())
  })

  it('answers an approval that is asked for again, at the other process, as it did the first time', () => {
    expect(approvals.acknowledged.size).toBeGreaterThan(0)
    expect(approvals.unanswered.size).toBeGreaterThan(0)
    expect(Object.fromEntries([...approvals.acknowledged].map(([draft]) => [draft, again.get(draft)]))).toEqual(Object.fromEntries(approvals.acknowledged))
  })
})
