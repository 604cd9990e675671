import { readFileSync } from 'node:fs'
import request from 'supertest'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { approveImportRoute, createImport, getImport, importResult, listImportRowsRoute, listImports, xlsxType } from '#contract/imports.ts'
import { Fault } from '#core/fault.ts'
import { decodeUtf8, encodeUtf8 } from '#core/encoding/utf8.ts'
import { duties } from '#core/model/duty.ts'
import { archiveOfEntries, compound, inline, sheet, workbook as workbookOf } from '../registry/ledger/make-workbook.ts'
import { freshKey, openTestNode, type TestNode } from '../support/open-test-node.ts'

const ledger = Uint8Array.from(readFileSync(new URL('../ledger/jinan-titles.csv', import.meta.url)))
const workbook = Uint8Array.from(readFileSync(new URL('../ledger/jinan-titles.xlsx', import.meta.url)))

let node: TestNode

beforeAll(async () => {
  node = await openTestNode({ clients: { drafter: duties, approver: duties, reader: ['read'] } })
})
afterAll(() => node.close())

async function finished(job: string): Promise<Awaited<ReturnType<typeof status>>> {
  for (;;) {
    const now = await status(job)
    if (now.state === 'done' || now.state === 'failed') return now
    await new Promise((resolve) => setTimeout(resolve, 30))
  }
}

const status = (job: string) => node.call(getImport, { as: 'drafter', params: { job } })

const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'no fault',
    (fault: unknown) => (fault instanceof Fault ? fault.code : String(fault)),
  )

const handIn = (bytes: Uint8Array<ArrayBuffer>, contentType = 'text/csv') =>
  node.call(createImport, { as: 'drafter', query: { family: 'title', dryRun: 'true' }, body: bytes, contentType })

describe('a ledger', () => {
  it('is tried, shown row by row, approved by somebody else, and issued once', async () => {
    const { job } = await handIn(ledger)
    const tried = await finished(job)
    expect(tried).toMatchObject({ state: 'done', dryRun: true, family: 'title', requestedBy: 'drafter', counts: { issued: 0 } })
    const { accepted, normalised, warned, refused } = tried.counts as Record<'accepted' | 'normalised' | 'warned' | 'refused', number>
    expect(accepted + normalised + warned + refused).toBe(tried.done)
    expect(refused).toBeGreaterThan(0)

    const first = await node.call(listImportRowsRoute, { as: 'approver', params: { job }, query: { limit: '50' } })
    expect([first.rows.length, first.rows[0]!.row, first.next]).toEqual([50, 2, first.rows.at(-1)!.row])
    const second = await node.call(listImportRowsRoute, { as: 'approver', params: { job }, query: { limit: '50', after: String(first.next) } })
    expect(second.rows[0]!.row).toBeGreaterThan(first.next!)
    const bad = [...first.rows, ...second.rows].find(({ outcome }) => outcome === 'refused')!
    expect(bad.findings.find(({ severity }) => severity === 'refusal')).toMatchObject({
      column: expect.any(String),
      message: expect.stringMatching(/\p{Script=Han}/u),
      remedyEn: expect.any(String),
    })

    expect(await codeOf(node.call(approveImportRoute, { as: 'drafter', params: { job }, body: {} }))).toBe('draft-own-approval')
    const approved = await node.call(approveImportRoute, { as: 'approver', params: { job }, body: {} })
    const done = await finished(approved.job)
    expect(done).toMatchObject({
      state: 'done',
      dryRun: false,
      requestedBy: 'approver',
      counts: { issued: accepted + normalised + warned, already: 0, refused },
    })
    const again = await finished((await node.call(approveImportRoute, { as: 'approver', params: { job }, body: {} })).job)
    expect(again.counts).toMatchObject({ issued: 0, already: accepted + normalised + warned })
    expect(
      (await node.call(listImportRowsRoute, { as: 'approver', params: { job: approved.job }, query: {} })).rows.find(({ outcome }) => outcome === 'accepted')!
        .record,
    ).toMatch(/^[0-9a-f-]{36}$/)
    expect((await node.call(listImports, { as: 'approver', query: {} })).items.map((item) => item.job)).toEqual(
      expect.arrayContaining([job, approved.job, again.job]),
    )
  })

  it('comes back as a file with its results, to be corrected and handed in again', async () => {
    const { job } = await handIn(workbook, xlsxType)
    const tried = await finished(job)
    const answer = await request(node.server)
      .get(`/imports/${job}/result?format=csv`)
      .set('Authorization', `Bearer ${await node.token('drafter')}`)
    expect([answer.status, answer.headers['content-type'], answer.headers['content-disposition']]).toEqual([
      200,
      'text/csv; charset=utf-8',
      `attachment; filename="import-${job}.csv"`,
    ])
    const lines = answer.text.replace('\ufeff', '').trimEnd().split('\n')
    expect(lines.length).toBe(1 + tried.done)
    expect(lines[0]!.trimEnd().endsWith('结果,原因,处理办法')).toBe(true)
    expect(lines.filter((line) => line.includes('退回（原第')).length).toBe(tried.counts['refused'])

    const notable = decodeUtf8(await node.call(importResult, { as: 'drafter', params: { job }, query: { format: 'csv', rows: 'notable' } }))
    expect(notable.trimEnd().split('\n').length).toBe(1 + tried.done - tried.counts['accepted']!)
    const sheet = await node.call(importResult, { as: 'drafter', params: { job }, query: { format: 'xlsx' } })
    const back = await finished((await handIn(Uint8Array.from(sheet), xlsxType)).job)
    expect(back).toMatchObject({ state: 'done', done: tried.done, counts: { refused: tried.counts['refused'] } })
  })

  it('that is no ledger ends with the reason, and the next one is read', async () => {
    const { job } = await handIn(encodeUtf8('姓名\n王某\n'))
    expect(await finished(job)).toMatchObject({
      state: 'failed',
      error: 'ledger-columns-missing',
      problem: {
        title: expect.stringMatching(/\p{Script=Han}/u),
        titleEn: expect.stringMatching(/^The/),
        remedy: expect.any(String),
        remedyEn: expect.any(String),
        at: 'row 1',
        detail: expect.stringContaining('证书编号'),
      },
      done: 0,
    })
    expect(await codeOf(node.call(importResult, { as: 'drafter', params: { job }, query: { format: 'csv' } }))).toBe('import-not-ready')
    expect(await codeOf(node.call(approveImportRoute, { as: 'approver', params: { job }, body: {} }))).toBe('import-not-ready')
    expect((await finished((await handIn(ledger)).job)).state).toBe('done')
  })

  it('that is harmful or unreadable ends with its reason and leaves nothing, and a good one after it is read', async () => {
    const plain = sheet(`<row r="1">${inline('A1', '姓名')}</row>`)
    const harmful: readonly (readonly [bytes: Uint8Array, type: string, error: string])[] = [
      [compound('EncryptionInfo', 'EncryptedPackage'), xlsxType, 'ledger-encrypted'],
      [compound('Root Entry', 'Workbook'), xlsxType, 'ledger-xls-old'],
      [archiveOfEntries(70_000), xlsxType, 'ledger-archive-unsafe'],
      [await workbookOf({ sheets: [plain], more: [['xl/vbaProject.bin', 'x']] }), xlsxType, 'ledger-macro'],
      [await workbookOf({ sheets: [plain], more: [['xl/media/a.bin', ' '.repeat(4_000_000)]] }), xlsxType, 'ledger-archive-unsafe'],
      [Buffer.from('%PDF-1.7\n1 0 obj'), 'text/csv', 'ledger-format-unknown'],
      [Buffer.from('姓名\n', 'utf16le'), 'text/csv', 'ledger-encoding-unknown'],
    ]
    const left = async () => {
      const { db, tables } = node.office.store.read.handle
      return Promise.all([db.$count(tables.record), db.$count(tables.importRow), db.$count(tables.outbox), db.$count(tables.counter)])
    }
    const before = await left()
    for (const [bytes, type, error] of harmful) {
      const { job } = await handIn(Uint8Array.from(bytes), type)
      expect(await finished(job)).toMatchObject({ state: 'failed', error, done: 0, counts: {} })
    }
    expect(await left()).toEqual(before)
    expect(await finished((await handIn(workbook, xlsxType)).job)).toMatchObject({ state: 'done' })
  })

  it('is not taken without a dry run, a family, a duty, or a type that will do', async () => {
    const put = async (query: string, type = 'text/csv', as = 'drafter') =>
      request(node.server)
        .post(`/imports?${query}`)
        .set({ Authorization: `Bearer ${await node.token(as)}`, 'Idempotency-Key': freshKey(), 'Content-Type': type })
        .send('a')
    expect((await put('family=title&dryRun=false')).body).toMatchObject({ code: 'request-malformed', at: 'query/dryRun' })
    expect((await put('family=work-injury&dryRun=true')).body).toMatchObject({ code: 'request-malformed', at: 'query/family' })
    expect((await put('family=title&family=skill&dryRun=true')).body).toMatchObject({ code: 'request-malformed', at: 'query/family', detail: 'repeated' })
    expect((await put('family=title&dryRun=true', 'application/vnd.ms-excel')).body).toMatchObject({ status: 415, code: 'content-type-refused' })
    expect((await put('family=title&dryRun=true', 'text/csv', 'reader')).body.code).toBe('duty-missing')
    expect(await codeOf(node.call(getImport, { as: 'drafter', params: { job: '01890a5d-ac96-774b-bcce-b302099a8057' } }))).toBe('import-unknown')
  })

  it('handed in twice under one key is one job', async () => {
    const send = async (bytes: Uint8Array, key: string) =>
      request(node.server)
        .post('/imports?family=title&dryRun=true')
        .set({ Authorization: `Bearer ${await node.token('drafter')}`, 'Idempotency-Key': key, 'Content-Type': 'text/csv' })
        .send(Buffer.from(bytes))
    const key = freshKey()
    const [one, two] = [await send(ledger, key), await send(ledger, key)]
    expect([one.status, two.body]).toEqual([200, one.body])
    expect((await send(ledger.subarray(1), key)).body.code).toBe('idempotency-key-reused')
    await finished(one.body.job as string)
  })
})
