import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { getPriority } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, it } from 'vitest'

import { createImport, getImport } from '#contract/imports.ts'
import { isGone, ownerOf, superviseWorker, type ImportWorker } from '#jobs/import-worker.ts'
import { queueImport } from '#registry/import-ledger.ts'
import { importsByState, importWaits, releaseImports } from '#registry/work-imports.ts'
import { claimImportJob } from '#storage/import-jobs.ts'
import { openTestNode, type TestNode } from '../support/open-test-node.ts'

const ledger = Uint8Array.from(readFileSync(new URL('../ledger/jinan-titles.csv', import.meta.url)))
const entry = fileURLToPath(new URL('./work-entry.ts', import.meta.url))

let node: TestNode | undefined
let worker: ImportWorker | undefined
afterEach(async () => {
  await worker?.stop()
  await node?.close()
  worker = node = undefined
})

const silent = { info: () => undefined, warn: () => undefined }

const queue = (): Promise<{ readonly job: string }> =>
  queueImport(node!.office, { actor: 'drafter' }, { family: 'title', fileName: 'a.csv', bytes: ledger, dryRun: true })

/** A node whose own worker never starts: its clock says when leases end. */
const still = async (): Promise<TestNode> => (node = await openTestNode({ worker: ['-e', ''] }))

/** A script that notes each start and ends as it is told. */
function script(data: string, end: string): { readonly words: readonly string[]; readonly starts: () => number[] } {
  const file = join(data, 'worker.mjs')
  const notes = join(data, 'starts')
  writeFileSync(notes, '')
  writeFileSync(file, `import { appendFileSync } from 'node:fs'\nappendFileSync(${JSON.stringify(notes)}, process.pid + ' ' + Date.now() + '\\n')\n${end}\n`)
  return {
    words: [file],
    starts: () =>
      readFileSync(notes, 'utf8')
        .trim()
        .split('\n')
        .filter(Boolean)
        .map((line) => Number(line.split(' ')[1])),
  }
}

const until = async (met: () => boolean | Promise<boolean>): Promise<void> => {
  while (!(await met())) await setTimeout(10)
}

describe('the worker beside a server', () => {
  it('does the imports, goes when there are none, and comes again', async () => {
    const own = await still()
    const pids: unknown[] = []
    worker = superviseWorker(own.office, [entry, own.data, '300', join(own.data, 'ended')], silent)
    for (let round = 1; round <= 2; round++) {
      const { job } = await queue()
      worker.wake()
      await until(async () => (await own.call(getImport, { as: 'drafter', params: { job } })).state === 'done')
      await until(() => existsSync(join(own.data, 'ended')))
      pids.push(readFileSync(join(own.data, 'ended'), 'utf8'))
      rmSync(join(own.data, 'ended'))
    }
    expect(new Set(pids).size).toBe(2)
    expect(pids).not.toContain(String(process.pid))
  })

  it('runs at nice 10', async () => {
    const own = await still()
    const { words } = script(
      own.data,
      `import { writeFileSync } from 'node:fs'\nimport { getPriority } from 'node:os'\nsetTimeout(() => { writeFileSync(${JSON.stringify(join(own.data, 'nice'))}, String(getPriority())); process.exit(0) }, 200)`,
    )
    await queue()
    worker = superviseWorker(own.office, words, silent)
    worker.wake()
    const nice = join(own.data, 'nice')
    await until(() => {
      try {
        return readFileSync(nice, 'utf8') !== ''
      } catch {
        return false
      }
    })
    expect(Number(readFileSync(nice, 'utf8'))).toBe(Math.max(10, getPriority()))
  })

  it('does not run while the node may sign nothing: it hears no neighbour of its own, and its import waits', async () => {
    const own = await still()
    const { gate } = own.office
    const { words, starts } = script(own.data, "process.on('SIGTERM', () => process.exit(0)); setInterval(() => undefined, 1000)")
    worker = superviseWorker(own.office, words, silent)
    await queue()
    gate.hear({ kind: 'differs', seconds: 86_400 }, 0)
    worker.wake()
    await setTimeout(300)
    expect([starts(), await importWaits(own.office)]).toEqual([[], true])
    gate.hear({ kind: 'agrees' }, 0)
    worker.wake()
    await until(() => starts().length === 1)
    const pid = Number(readFileSync(join(own.data, 'starts'), 'utf8').split(' ')[0])
    await setTimeout(600)
    gate.hear({ kind: 'differs', seconds: 86_400 }, 0)
    worker.wake()
    await until(() => isGone(ownerOf(pid)))
    await setTimeout(300)
    expect(starts()).toHaveLength(1)
    gate.hear({ kind: 'agrees' }, 0)
    worker.wake()
    await until(() => starts().length === 2)
  })

  it('is not started when nothing waits', async () => {
    const own = await still()
    const { words, starts } = script(own.data, 'process.exit(0)')
    worker = superviseWorker(own.office, words, silent)
    worker.wake()
    await setTimeout(300)
    expect(starts()).toEqual([])
  })

  it('is started again when it dies, later each time', async () => {
    const own = await still()
    const { words, starts } = script(own.data, 'process.exit(3)')
    const said: unknown[] = []
    await queue()
    worker = superviseWorker(own.office, words, { ...silent, warn: ({ exit, wait }) => void said.push([exit, wait]) })
    worker.wake()
    await until(() => starts().length >= 3)
    worker.wake()
    const [first, second, third] = starts()
    expect(second! - first!).toBeGreaterThanOrEqual(1000)
    expect(third! - second!).toBeGreaterThanOrEqual(2000)
    expect(said.slice(0, 2)).toEqual([
      [3, 1000],
      [3, 2000],
    ])
  })

  it('is told to stop with the server, and stops', async () => {
    const own = await still()
    const { words, starts } = script(own.data, 'setInterval(() => {}, 1000)')
    await queue()
    worker = superviseWorker(own.office, words, silent)
    worker.wake()
    await until(() => starts().length === 1)
    await worker.stop()
    worker.wake()
    await setTimeout(200)
    expect(starts().length).toBe(1)
  })
})

describe('a lease', () => {
  it('of a process that is gone is given back at once, of one that lives is not', async () => {
    const own = await still()
    await queue()
    await queue()
    const now = Math.floor(Date.now() / 1000)
    const claim = (owner: string) => own.office.store.atomically((tx) => claimImportJob(tx, { owner, now, leaseUntil: now + 120 }))
    expect([(await claim(ownerOf(process.pid)))!.state, (await claim(ownerOf(2 ** 22 + 1)))!.state]).toEqual(['running', 'running'])
    expect(await importWaits(own.office)).toBe(false)
    await releaseImports(own.office, isGone)
    expect(await importsByState(own.office)).toEqual({ queued: 1, running: 1, done: 0, failed: 0 })
    expect(await importWaits(own.office)).toBe(true)
  })

  it('of another machine is nobody’s to give back', () => {
    expect([isGone('elsewhere:1'), isGone(ownerOf(process.pid)), isGone('cli'), isGone(ownerOf(2 ** 22 + 1))]).toEqual([false, false, false, true])
  })

  it('runs out where nobody knows, and the import goes on', async () => {
    const own = await still()
    await queue()
    const now = Math.floor(Date.now() / 1000)
    await own.office.store.atomically((tx) => claimImportJob(tx, { owner: 'elsewhere:1', now, leaseUntil: now + 120 }))
    expect(await importWaits(own.office)).toBe(false)
    own.pass(121)
    expect(await importWaits(own.office)).toBe(true)
  })
})

describe('a node without a worker', () => {
  it('does no import while it may sign nothing, and does it then', async () => {
    node = await openTestNode()
    const { gate, clock } = node.office
    const at = Math.floor(Date.parse(clock()) / 1000)
    gate.hear({ kind: 'differs', seconds: 86_400 }, at)
    const { job } = await node.call(createImport, { as: 'drafter', query: { family: 'title', dryRun: 'true' }, body: ledger })
    await setTimeout(500)
    const state = async () => (await node!.call(getImport, { as: 'drafter', params: { job } })).state
    expect(await state()).toBe('queued')
    gate.hear({ kind: 'agrees' }, at)
    await until(async () => (await state()) === 'done')
  })

  it('does its imports itself', async () => {
    node = await openTestNode()
    const { job } = await node.call(createImport, { as: 'drafter', query: { family: 'title', dryRun: 'true' }, body: ledger })
    await until(async () => (await node!.call(getImport, { as: 'drafter', params: { job } })).state === 'done')
    expect(node.log.find(({ msg }) => msg === 'import worked on')).toMatchObject({ job: 'import', id: job })
  })
})
