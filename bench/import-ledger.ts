import { execFileSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

import { callRoute } from '#contract/client.ts'
import { approveImportRoute, createImport, getImport } from '#contract/imports.ts'
import { PartialDate } from '#core/model/partial-date.ts'
import { judgeLedger } from '#registry/ledger/judge-ledger.ts'
import { ledgerLimits } from '#registry/ledger/ledger-limits.ts'
import { durableRows } from './durable-rows.ts'
import { division } from './drafts.ts'
import { issueSome, verifyRequests } from './issued-records.ts'
import { signAndBuild } from './issue-one.ts'
import { atMost, micros, millis, perSecond, whole, type Line } from './line.ts'
import { load } from './load.ts'
import { clocked, interleave, median, quantile } from './measure.ts'
import { makeDirectory, makeNode } from './node-under-test.ts'
import { addClient, tokenOf, type BenchClient } from './office-client.ts'
import { say } from './say.ts'
import { startServer, type ServerProcess } from './server-process.ts'
import { childrensUsage, type ChildrensUsage } from './childrens-usage.ts'

const rows = 100_000
const rowsOfCommit = 500
/** The verifiers who ask meanwhile: some, each with a pause, so that it is their waiting that is measured and not their own crowd. */
const verifiers = { connections: 4, pause: 20 } as const
const idleSeconds = 10

/**
 * A ledger handed in and approved over HTTP, worked off by the node's own worker: once with the cores to itself, which is what the limit supposes,
 * and once while others verify.
 */
export async function importLedger(): Promise<readonly Line[]> {
  const ledger = ledgerOf(rows)
  // Before and after, since what else the machine has to do changes within minutes.
  const [before, alone, after, shared] = [await probe(), await imported(ledger, false), await probe(), await imported(ledger, true)]
  const limit = meanOf(before, after)
  const cores = availableParallelism()
  const floor = limit.each / cores
  const [each, eachShared] = [alone, shared].map(({ done }) => (done.seconds * 1e6) / rows) as [number, number] // one each
  const [p99, p99Idle] = [quantile(shared.busy, 0.99), quantile(shared.idle, 0.99)]
  const work = `import of ${whole(rows)} rows`
  const told = { limit: `(${limit.text}) ÷ ${cores} = ${micros(floor)}` }
  const ours = (time: number): string => `${micros(time)} a row, ${whole(perSecond(time))} rows/s`
  return [
    { work, ...told, ours: ours(each), value: each / floor, bar: atMost(2, '× the limit') },
    { work: `${work} while ${verifiers.connections} verify`, ...told, ours: ours(eachShared), value: eachShared / floor },
    { work: `${work}: POST /verify p99 meanwhile`, limit: `idle ${millis(p99Idle)}`, ours: millis(p99), value: p99 / p99Idle, bar: atMost(2, '× idle') },
    ...usageLines(work, limit.each, shared.done.uses),
  ]
}

interface Imported {
  readonly done: Followed
  /** Milliseconds that verifiers waited before the import and meanwhile; nobody verified where they are empty. */
  readonly idle: readonly number[]
  readonly busy: readonly number[]
}

async function imported(ledger: Uint8Array<ArrayBuffer>, othersVerify: boolean): Promise<Imported> {
  const { place, office, close } = await makeNode()
  const { next } = verifyRequests(await issueSome(office, 64))
  const [first, second] = [await addClient(office, 'first', ['import']), await addClient(office, 'second', ['approve'])]
  const server = await startServer({ kind: 'node', place, worker: true })
  const base = `http://127.0.0.1:${server.port}`
  const token = (client: BenchClient): Promise<string> => tokenOf(client, office, base)

  const verifying = async (until: () => boolean): Promise<readonly number[]> =>
    othersVerify ? (await load({ port: server.port, ...verifiers, next: () => (until() ? undefined : next()) })).latencies : []
  const stop = performance.now() + idleSeconds * 1000
  const idle = await verifying(() => performance.now() > stop)

  const handed = await callRoute(
    createImport,
    {
      base,
      token: await token(first),
      idempotencyKey: randomUUID(),
      query: { family: 'title', dryRun: 'true', fileName: 'ledger.csv' },
      contentType: 'text/csv',
      body: ledger,
    },
    fetch,
  )
  const dry = await followed(server, base, handed.job, () => token(first))
  say(`  dry run: ${dry.seconds.toFixed(1)} s`)
  const approved = await callRoute(
    approveImportRoute,
    { base, token: await token(second), idempotencyKey: randomUUID(), params: { job: handed.job }, body: {} },
    fetch,
  )
  let over = false
  const meanwhile = verifying(() => over)
  const done = await followed(server, base, approved.job, () => token(first))
  over = true
  const busy = await meanwhile
  say(`  import${othersVerify ? ' while others verify' : ''}: ${done.seconds.toFixed(1)} s, ${done.issued} issued`)
  await server.close()
  await close()
  return { done, idle, busy }
}

/** Flat: the second half of the run needs no more than the second quarter did, when everything had been loaded. */
function usageLines(work: string, limit: number, uses: readonly ChildrensUsage[]): readonly Line[] {
  if (uses.length < 8) return []
  const quarter = Math.floor(uses.length / 4)
  const highest = (of: readonly ChildrensUsage[]): number => Math.max(...of.map(({ rss }) => rss))
  const [early, late] = [highest(uses.slice(quarter, 2 * quarter)), highest(uses.slice(2 * quarter))]
  const shown = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(0)} MB`
  const cpu = (uses.at(-1)!.cpu - uses[0]!.cpu) / rows
  return [
    { work: `${work}: CPU of its worker a row`, limit: micros(limit), ours: micros(cpu), value: cpu / limit, perCpuSecond: perSecond(cpu) },
    {
      work: `${work}: memory of its worker`,
      limit: `second quarter ${shown(early)}`,
      ours: `second half ${shown(late)}`,
      value: late / early,
      bar: atMost(1, '× second quarter'),
    },
  ]
}

function ledgerOf(howMany: number): Uint8Array<ArrayBuffer> {
  const file = join(makeDirectory(), 'ledger.csv')
  execFileSync(process.execPath, [
    fileURLToPath(new URL('../scripts/make-ledger.ts', import.meta.url)),
    '--rows',
    String(howMany),
    '--division',
    division,
    '--out',
    file,
  ])
  return new Uint8Array(readFileSync(file))
}

interface Followed {
  readonly seconds: number
  readonly issued: number
  /** Of the node's worker, twice a second. */
  readonly uses: readonly ChildrensUsage[]
}

async function followed(server: ServerProcess, base: string, job: string, newToken: () => Promise<string>): Promise<Followed> {
  const from = performance.now()
  const uses: ChildrensUsage[] = []
  let token = await newToken()
  for (let looks = 1; ; looks++) {
    await setTimeout(500)
    // Tokens are short-lived, and an import may outlast one.
    if (looks % 120 === 0) token = await newToken()
    const { state, counts, error } = await callRoute(getImport, { base, token, params: { job } }, fetch)
    const used = childrensUsage(server.pid)
    if (used !== undefined) uses.push(used)
    if (state === 'done') return { seconds: (performance.now() - from) / 1000, issued: counts['issued'] ?? 0, uses }
    if (state === 'failed') throw new Error(`the import failed: ${error}`)
  }
}

/** What a row costs at least, in microseconds of CPU. */
interface Least {
  readonly judge: number
  readonly sign: number
  readonly build: number
  readonly row: number
}

function meanOf(one: Least, other: Least): { readonly each: number; readonly text: string } {
  const mean = (of: (least: Least) => number): number => (of(one) + of(other)) / 2
  const [judge, sign, build, row] = [mean((least) => least.judge), mean((least) => least.sign), mean((least) => least.build), mean((least) => least.row)]
  return { each: judge + sign + build + row, text: `judge ${micros(judge)} + sign ${micros(sign)} + build ${micros(build)} + row ${micros(row)}` }
}

/** Read and judged, signed and built, durable. */
async function probe(): Promise<Least> {
  const part = ledgerOf(5_000)
  const context = { today: PartialDate.parse('2026-11-22'), issuerNames: [] }
  const judged: number[] = []
  for (let run = 0; run < 6; run++) {
    const { cpu } = await clocked(async () => {
      for await (const made of judgeLedger({ source: { bytes: part }, family: 'title', context, limits: ledgerLimits, batchRows: rowsOfCommit, cells: false }))
        if (made.kind === 'rows' && made.rows.length === 0) throw new Error('no rows')
    })
    if (run > 0) judged.push(cpu / 5_000)
  }
  const node = await makeNode()
  const { sign, issue } = signAndBuild()
  const cost = await interleave({ sign, issue, row: durableRows(node, rowsOfCommit) })
  await node.close()
  const signed = median(cost.sign.cpu)
  return { judge: median(judged), sign: signed, build: median(cost.issue.cpu) - signed, row: median(cost.row.cpu) }
}
