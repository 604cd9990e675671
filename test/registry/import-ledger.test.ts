import { readFileSync } from 'node:fs'

import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { Fault } from '#core/fault.ts'
import { secondsOf } from '#core/model/instant.ts'
import { readUuid, uuidText } from '#core/model/uuid.ts'
import { nodeEngine } from '#custody/engine-node.ts'
import { families } from '#core/credential/families.ts'
import { parseSdJwt } from '#core/credential/parse-sd-jwt.ts'
import { fetchRecord } from '#registry/claim-record.ts'
import { approveImport, failureOf, findJob, queueImport, runImport, type ImportHooks } from '#registry/import-ledger.ts'
import { publishStatusLists } from '#registry/publish.ts'
import type { ImportedRow } from '#registry/settle-ledger-rows.ts'
import { verifyRecords } from '#registry/verify-records.ts'
import { claimImportJob, listImportRows, loadImportFile } from '#storage/import-jobs.ts'
import { listRecords } from '#storage/records.ts'
import { faultCodeOf } from '../support/fault-code-of.ts'
import { approver, issueRecordAt, openTestOffice, repeatable, type TestOffice } from '../support/open-test-office.ts'

const ledger = readFileSync(new URL('../ledger/jinan-titles.csv', import.meta.url))
const lines = ledger.toString('utf8').split('\r\n').length > 2 ? '\r\n' : '\n'
const [header, ...rows] = ledger.toString('utf8').trimEnd().split(lines) as [string, ...string[]]
const partOf = (...numbers: readonly number[]): Uint8Array => Buffer.from([header, ...numbers.map((row) => rows[row - 2]!), ''].join(lines))

const keeper = { actor: 'officer:keeper' }
const other = { actor: 'officer:other' }

let node: TestOffice
beforeAll(async () => {
  node = await openTestOffice()
})
afterAll(() => node.close())

const registered = async () => listRecords(node.store.read, { after: new Uint8Array(0), limit: 2000 })
const claim = async (owner = 'worker') => {
  const now = secondsOf(node.office.clock())
  return (await node.store.atomically((tx) => claimImportJob(tx, { owner, now, leaseUntil: now + 120 })))!
}
/** Queues and carries out; the counts, and each row with what became of it. */
async function imported(bytes: Uint8Array, dryRun: boolean, by = keeper, hooks: ImportHooks = {}) {
  const { job } = await queueImport(node.office, by, { family: 'title', fileName: 'ledger.csv', bytes, dryRun })
  return { job, ...(await worked(hooks)) }
}
async function worked(hooks: ImportHooks = {}, owner = 'worker') {
  const settled: ImportedRow[] = []
  const counts = await runImport(node.office, await claim(owner), owner, { ...hooks, rows: (part) => void settled.push(...part) })
  return { counts, settled }
}

describe('a ledger', () => {
  it('is looked at first: a dry run issues nothing and says what would be', async () => {
    const { job, counts, settled } = await imported(ledger, true)
    expect(settled).toHaveLength(400)
    expect(counts).toMatchObject({ refused: 26, warned: 6, issued: 0, already: 0 })
    expect(await registered()).toEqual([])
    expect((await findJob(node.office, job)).state).toBe('done')
  })

  it('is issued by a second person only, and once its dry run is done', async () => {
    const { job } = await queueImport(node.office, keeper, { family: 'title', fileName: 'ledger.csv', bytes: ledger, dryRun: true })
    expect(await faultCodeOf(approveImport(node.office, other, job))).toBe('import-not-ready')
    await worked()
    expect(await faultCodeOf(approveImport(node.office, keeper, job))).toBe('draft-own-approval')
    expect(await faultCodeOf(approveImport(node.office, { actor: `cli:${keeper.actor.toUpperCase()}` }, job))).toBe('draft-own-approval')
    expect(await faultCodeOf(approveImport(node.office, other, '00000000-0000-7000-8000-000000000000'))).toBe('import-unknown')
    const { job: real } = await approveImport(node.office, other, job)
    // What is being issued is no dry run any more.
    expect(await faultCodeOf(approveImport(node.office, keeper, real))).toBe('import-not-ready')
    const { counts, settled } = await worked()
    expect(counts).toMatchObject({ refused: 26, warned: 6, issued: 374, already: 0 })
    const all = await registered()
    expect(all).toHaveLength(374)
    expect(all.map(({ serial }) => serial).toSorted((a, b) => a - b)).toEqual(all.map((_row, index) => index + 1))
    expect(settled.filter(({ record }) => record !== undefined)).toHaveLength(374)
  })

  it('that comes again issues nothing, row by row or whole', async () => {
    const before = await registered()
    const { counts } = await imported(ledger, false)
    expect(counts).toMatchObject({ issued: 0, already: 374, refused: 26 })
    const some = await imported(partOf(2, 3, 4), false)
    expect(some.counts).toMatchObject({ issued: 0, already: 3 })
    expect(some.settled.map(({ findings }) => findings.at(-1)?.code)).toEqual(['already-registered', 'already-registered', 'already-registered'])
    expect(await registered()).toEqual(before)
  })

  it('with a number that stands for something else is refused there', async () => {
    const changed = Buffer.from(Buffer.from(partOf(2)).toString('utf8').replace('儿科', '内科'))
    const { counts, settled } = await imported(changed, false)
    expect(counts).toMatchObject({ issued: 0, already: 0, refused: 1 })
    expect(settled[0]!.findings.at(-1)).toEqual({ column: '证书编号', code: 'number-registered-otherwise', severity: 'refusal' })
  })

  it('is held against the numbers that the bureau has said it gives: others are worth a look, and no refusal', async () => {
    const { schemes } = node.office
    const office = { ...node.office, schemes: { ...schemes, title: { ...schemes.title, template: 'TA{year:4}{serial:6}' } } }
    const { job } = await queueImport(office, keeper, { family: 'title', fileName: 'ledger.csv', bytes: partOf(2), dryRun: true })
    const settled: ImportedRow[] = []
    await runImport(office, await claim(), 'worker', { rows: (part) => void settled.push(...part) })
    expect(settled.map(({ outcome, findings }) => [outcome, findings.map(({ code }) => code)])).toEqual([
      ['warned', ['number-scheme-mismatch', 'already-registered']],
    ])
    expect((await findJob(office, job)).counts).toMatchObject({ warned: 1, refused: 0 })
  })

  it('is kept without anything that tells whose it is: neither the digest of its bytes nor a name with an identity number', async () => {
    const bytes = partOf(2)
    const named = { family: 'title', fileName: '370102199003077453.csv', bytes, dryRun: true } as const
    expect(await faultCodeOf(queueImport(node.office, keeper, named))).toBe('request-malformed')
    const { job } = await queueImport(node.office, keeper, { ...named, fileName: 'ledger.csv' })
    expect(Buffer.compare((await findJob(node.office, job)).fileDigest, nodeEngine.sha256(bytes))).not.toBe(0)
    await worked()
  })

  it('gives records that verify, marked as imported with what was checked', async () => {
    await publishStatusLists(node.office, 'all')
    const { text } = await fetchRecord(node.office, approver, { family: 'title', number: 'JN200504000001' })
    const [verdict] = await verifyRecords(node.office, node.desk, [text], {})
    expect(verdict!.answer).toBe('yes')
    expect(verdict!.notes).toContainEqual({ code: 'imported', datum: '2026-06-01' })
    expect(verdict!.record!.claims.imported).toEqual({ on: '2026-06-01', checked: ['identity-number', 'certificate-number', 'dates', 'codes', 'duplicates'] })
    expect(verdict!.record!.claims).toMatchObject({ issuedBy: '济南市人力资源和社会保障局', issuedOn: '2005-06-08' })
    expect(parseSdJwt(text, nodeEngine).disclosed['name']).toEqual({ name: '朱文玉' })
  })

  it('that names a record issued here by hand knows it again', async () => {
    const cells = header.replace(/^\ufeff/, '').split(',')
    const row = rows[2]!.split(',')
    const { text } = await fetchRecord(node.office, approver, { family: 'title', number: row[cells.indexOf('证书编号')]! })
    const { claims, disclosed } = parseSdJwt(text, nodeEngine)
    const body = Object.fromEntries(families.title.members.flatMap((member) => (claims[member] === undefined ? [] : [[member, claims[member]]])))
    const drafted = { number: 'JN-BY-HAND-1', body, personal: disclosed }
    await issueRecordAt(node.office, 'title', drafted)
    const again = Buffer.from([header, row.with(cells.indexOf('证书编号'), 'JN-BY-HAND-1').join(','), ''].join(lines))
    const { settled, counts } = await imported(again, false)
    expect([settled[0]!.findings.map(({ code }) => code).at(-1), counts]).toMatchObject(['already-registered', { already: 1, issued: 0 }])
  })
})

/** For the tests of a group. */
function onANodeOfItsOwn(): void {
  let other: TestOffice
  beforeAll(async () => {
    other = node
    node = await openTestOffice()
  })
  afterAll(async () => {
    await node.close()
    node = other
  })
}

describe('an import whose node may sign nothing any more', () => {
  onANodeOfItsOwn()

  it('waits until it may, and goes on where it was', async () => {
    const { gate, clock } = node.office
    const now = secondsOf(clock())
    const { job } = await queueImport(node.office, keeper, { family: 'title', fileName: 'x.csv', bytes: ledger, dryRun: false })
    const lose = (): boolean => {
      gate.hear({ kind: 'differs', seconds: 400 * 24 * 3600 }, now)
      return false
    }
    expect(await faultCodeOf(worked({ batch: 200, stopped: lose }))).toBe('clock-differs')
    expect(await findJob(node.office, job)).toMatchObject({ state: 'queued', done: 200, leaseOwner: null, error: null })
    gate.hear({ kind: 'agrees' }, now)
    expect((await worked()).counts).toMatchObject({ refused: 26, issued: 374, already: 0 })
  })
})

describe('an import that stops', () => {
  onANodeOfItsOwn()

  it('goes on where it stopped: every row once, every number once, no gap', async () => {
    let batches = 0
    const first = await imported(ledger, false, keeper, { batch: 200, stopped: () => ++batches === 1 })
    expect(first.counts).toBe('stopped')
    const half = (await registered()).length
    expect(half).toBeGreaterThan(0)
    expect(half).toBeLessThan(374)
    const job = await findJob(node.office, first.job)
    expect([job.state, job.done]).toEqual(['queued', first.settled.length])
    const rest = await worked({}, 'another worker')
    expect(rest.counts).toMatchObject({ refused: 26, warned: 6, issued: 374, already: 0 })
    expect(rest.settled.map(({ row }) => row)).toEqual(Array.from({ length: 400 }, (_row, index) => index + 2))
    const all = await registered()
    expect(all.map(({ serial }) => serial).toSorted((a, b) => a - b)).toEqual(Array.from({ length: 374 }, (_row, index) => index + 1))
    const stored = await listImportRows(node.store.read, { jobId: readUuid(first.job)!, after: 0, limit: 1000 })
    expect(new Set(stored.flatMap(({ recordId }) => (recordId === null ? [] : [uuidText(recordId)]))).size).toBe(374)
  })

  it('and has lost its lease to another keeps nothing of its batch', async () => {
    const bytes = partOf(2, 3, 4)
    const before = (await registered()).length
    await queueImport(node.office, keeper, { family: 'title', fileName: 'x.csv', bytes, dryRun: false })
    const job = await claim('slow')
    await expect(runImport(node.office, job, 'somebody else')).rejects.toThrow(Fault)
    expect((await registered()).length).toBe(before)
  })

  it('because the file is no ledger is failed, with the reason', async () => {
    const { job } = await queueImport(node.office, keeper, { family: 'title', fileName: 'x.csv', bytes: Buffer.from('甲,乙\n1,2\n'), dryRun: true })
    expect(await faultCodeOf(worked())).toBe('ledger-columns-missing')
    const { state, error } = await findJob(node.office, job)
    expect([state, failureOf(error!)]).toMatchObject(['failed', { code: 'ledger-columns-missing', at: 'row 1' }])
    expect(failureOf('ledger-empty')).toEqual({ code: 'ledger-empty' })
  })
})

describe('a batch of rows', () => {
  onANodeOfItsOwn()

  const queue = (...numbers: readonly number[]) =>
    queueImport(node.office, keeper, { family: 'title', fileName: 'x.csv', bytes: partOf(...numbers), dryRun: false })

  it('whose transaction has to run again is checked again, and issued once', async () => {
    await queue(2, 3, 4)
    const job = await claim()
    let undone = 0
    // As after contention on PostgreSQL: what the work has written is gone, and it is called a second time.
    const again: TestOffice['store']['atomically'] = async (work) => {
      const first = node.store.atomically(async (tx) => {
        await work(tx)
        throw new Fault('storage-conflict')
      })
      if ((await faultCodeOf(first)) === 'storage-conflict') undone++
      return node.store.atomically(work)
    }
    const counts = await runImport({ ...node.office, store: { ...node.store, atomically: again } }, job, 'worker')
    expect(undone).toBeGreaterThan(0)
    expect(counts).toMatchObject({ accepted: 3, issued: 3, already: 0 })
    expect((await registered()).map(({ serial }) => serial).toSorted((a, b) => a - b)).toEqual([1, 2, 3])
  })

  it('is checked again for a key that has taken the place of the one that it was checked for', async () => {
    await queue(5, 6)
    const job = await claim()
    let replaced = false
    const { keyring } = node.office
    const office = {
      ...node.office,
      keyring: {
        ...keyring,
        get issue() {
          return replaced ? { ...keyring.issue, kid: 'another' } : keyring.issue
        },
        get issueScope() {
          return replaced ? { families: ['skill' as const] } : keyring.issueScope
        },
      },
      store: {
        ...node.store,
        atomically: ((work) => {
          replaced = true
          return node.store.atomically(work)
        }) as TestOffice['store']['atomically'],
      },
    }
    const settled: ImportedRow[] = []
    await runImport(office, job, 'worker', { rows: (part) => void settled.push(...part) })
    expect(settled.map(({ outcome, findings }) => [outcome, findings.at(-1)?.code])).toEqual([
      ['refused', 'outside-issuing-scope'],
      ['refused', 'outside-issuing-scope'],
    ])
    expect(await registered()).toHaveLength(3)
  })

  it('carries the texts of its rows for whoever writes a result file, and for nobody else', async () => {
    const without = await imported(partOf(7), true)
    const having = await imported(partOf(7), true, keeper, { cells: true })
    expect(without.settled[0]!.cells).toEqual([])
    expect(having.settled[0]!.cells).toEqual(rows[5]!.split(','))
  })
})

it('a request to import that is repeated queues one job', async () => {
  const request = repeatable(keeper.actor, 'import 1', 'x')
  const plan = { family: 'title' as const, fileName: 'x.csv', bytes: partOf(2), dryRun: true }
  const first = await queueImport(node.office, request, plan)
  expect(await queueImport(node.office, request, plan)).toEqual(first)
  await worked()
  expect(await node.store.atomically((tx) => claimImportJob(tx, { owner: 'x', now: 1_780_000_000, leaseUntil: 1_780_000_001 }))).toBeUndefined()
})

it('a ledger is sealed as long as it is kept', async () => {
  const { job } = await imported(partOf(2), true)
  const file = await loadImportFile(node.store.read, { jobId: readUuid(job)! })
  expect(Buffer.from(file!.body).includes('朱文玉')).toBe(false)
  expect(Buffer.from(file!.body).includes('371724197602257248')).toBe(false)
})
