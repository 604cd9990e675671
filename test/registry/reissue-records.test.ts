import { readFileSync } from 'node:fs'

import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { parseSdJwt } from '#core/credential/parse-sd-jwt.ts'
import { encodeBase64url } from '#core/encoding/base64url.ts'
import { findingTexts } from '#core/model/finding-texts.ts'
import { secondsOf } from '#core/model/instant.ts'
import { readUuid, uuidText } from '#core/model/uuid.ts'
import { nodeEngine } from '#custody/engine-node.ts'
import { approveDraft, rejectDraft } from '#registry/draft-record.ts'
import { changeStatus } from '#registry/change-status.ts'
import { fetchRecord } from '#registry/claim-record.ts'
import { compromiseKey } from '#registry/close-key.ts'
import { queueImport, runImport, type ImportCounts } from '#registry/import-ledger.ts'
import { sequenceLog } from '#registry/log/sequence-log.ts'
import { statusHistory } from '#registry/look-up-records.ts'
import type { Office } from '#registry/office.ts'
import { approveReissues, draftReissues, reissuePage, reissueProgress } from '#registry/reissue-records.ts'
import { verifyRecords } from '#registry/verify-records.ts'
import { claimImportJob } from '#storage/import-jobs.ts'
import { eraseDisclosures, listRecords } from '#storage/records.ts'
import { exampleDrafts, titleDraft } from '../support/examples.ts'
import { faultCodeOf } from '../support/fault-code-of.ts'
import { approver, drafter, issueRecordAt, openTestOffice, repeatable, type IssuedRecord, type TestOffice } from '../support/open-test-office.ts'

const ledger = readFileSync(new URL('../ledger/jinan-titles.csv', import.meta.url))

let node: TestOffice
let office: Office
const records: IssuedRecord[] = []

const queued = async () => (await reissuePage(office, {})).items
const verdictOn = async (text: string): Promise<string> => {
  const [verdict] = await verifyRecords(office, node.desk, [text], {})
  const open = verdict!.checks.find(({ answer }) => answer !== 'yes')
  return [verdict!.answer, open?.reason].join(' ').trim()
}
const parsed = (text: string) => parseSdJwt(text, nodeEngine)

beforeAll(async () => {
  node = await openTestOffice()
  const since = node.office.clock()
  for (let index = 0; index < 6; index++) records.push(await issueRecordAt(node.office, 'title', titleDraft()))
  node.advance(60)
  await compromiseKey(node.office, { actor: 'cli:keeper' }, node.office.keyring.issue.kid, since)
  node.advance(60)
  office = await node.reopened()
})
afterAll(() => node.close())

describe('a record that a stolen key took down', () => {
  it('waits, oldest first and page by page', async () => {
    expect((await queued()).map(({ record }) => record)).toEqual(records.map(({ id }) => id))
    const first = await reissuePage(office, { limit: 4 })
    const second = await reissuePage(office, { limit: 4, after: first.next! })
    expect([first.items.length, second.items.length, second.next]).toEqual([4, 2, null])
    expect(first.items[0]).toEqual({
      record: records[0]!.id,
      family: 'title',
      number: records[0]!.number,
      reason: 'key-compromised',
      kid: node.office.keyring.issue.kid,
      queuedAt: '2026-06-01T04:01:00Z',
    })
    expect(await reissueProgress(office)).toEqual({ waiting: 6, drafted: 0, done: 0 })
  })

  it('is issued again by two people: the same content, a number of its own, and the word that it replaces the old one, which is void', async () => {
    const [old] = records
    const { done, passed, next } = await draftReissues(office, drafter, { record: old!.id })
    expect([done.map(({ record }) => record), passed, next]).toEqual([[old!.id], [], null])
    const { draft } = done[0]!
    expect((await queued())[0]).toMatchObject({ record: old!.id, draft, draftedBy: drafter.actor })
    // Drafted once, whoever asks again.
    expect((await draftReissues(office, drafter, { record: old!.id })).done).toEqual([])
    expect(await faultCodeOf(approveDraft(office, drafter, draft))).toBe('draft-own-approval')
    const receipt = await approveDraft(office, approver, draft)
    const { text } = await fetchRecord(office, approver, { id: receipt.record })
    const [before, after] = [parsed(old!.text), parsed(text)]
    const { iat: _i, number: oldNumber, status: _s, ...content } = before.claims
    const { iat: _j, number, status: _t, replaces, ...again } = after.claims
    expect(again).toEqual(content)
    expect(after.disclosed).toEqual(before.disclosed)
    expect([replaces, number === oldNumber, number]).toEqual([encodeBase64url(before.digest), false, receipt.number])
    expect([await verdictOn(text), await verdictOn(old!.text)]).toEqual(['yes', 'no key-compromised'])
    expect((await statusHistory(office, { id: old!.id })).map(({ change, reason, actor }) => [change, reason, actor])).toEqual([
      ['voided', 'reissued', approver.actor],
    ])
    expect((await queued()).map(({ record }) => record)).not.toContain(old!.id)
    expect(await reissueProgress(office)).toEqual({ waiting: 5, drafted: 0, done: 1 })
    const audits = await node.audits()
    expect(audits.find(({ action, detail }) => action === 'draft' && detail?.['replaces'] === old!.id)).toBeDefined()
    expect(audits.find(({ action, subject }) => action === 'issue' && subject === receipt.record)!.detail).toMatchObject({ draft, replaces: old!.id })
  })

  it('is drafted anew when its draft was sent back', async () => {
    const { id } = records[1]!
    const [first] = (await draftReissues(office, drafter, { record: id })).done
    await rejectDraft(office, approver, first!.draft, '姓名待核')
    expect((await queued())[0]).not.toHaveProperty('draft')
    const [second] = (await draftReissues(office, drafter, { record: id })).done
    expect(second!.draft).not.toBe(first!.draft)
  })

  it('is never issued again once it was revoked, whether drafted or not, nor without its person', async () => {
    const [, drafted, , revoked, erased] = records
    await changeStatus(office, approver, { id: drafted!.id }, { change: 'revoked', reason: 'fraud' })
    await changeStatus(office, approver, { id: revoked!.id }, { change: 'suspended', reason: 'investigation' })
    await node.store.atomically((tx) => eraseDisclosures(tx, readUuid(erased!.id)!))
    expect(await draftReissues(office, drafter, { record: revoked!.id })).toMatchObject({
      done: [],
      passed: [{ record: revoked!.id, code: 'status-not-possible' }],
    })
    expect(await draftReissues(office, drafter, { record: erased!.id })).toMatchObject({ done: [], passed: [{ record: erased!.id, code: 'record-erased' }] })
    const { draft } = (await queued()).find(({ record }) => record === drafted!.id)!
    expect(await faultCodeOf(approveDraft(office, approver, draft!))).toBe('status-not-possible')
    expect(await faultCodeOf(draftReissues(office, drafter, { record: records[0]!.id }))).toBe('record-unknown')
  })

  it('is worked on with all others, batch by batch, each batch once however often it is asked for', async () => {
    const asked = repeatable(drafter.actor, 'batch-1', 'all')
    const first = await draftReissues(office, asked, { limit: 3 })
    expect(await draftReissues(office, asked, { limit: 3 })).toEqual(first)
    const second = await draftReissues(office, drafter, { after: first.next!, limit: 3 })
    expect([first.done.length + second.done.length, second.next]).toEqual([2, null])
    // Whoever drafted them approves none.
    expect(await approveReissues(office, drafter, {})).toMatchObject({ done: [] })
    const approved = await approveReissues(office, approver, {})
    expect(approved.done.map(({ record }) => record)).toEqual([records[2]!.id, records[5]!.id])
    expect(approved.passed).toEqual([{ record: records[1]!.id, code: 'status-not-possible' }])
    expect(await reissueProgress(office)).toEqual({ waiting: 2, drafted: 1, done: 3 })
    for (const { record } of approved.done) expect((await statusHistory(office, { id: record })).at(-1)).toMatchObject({ change: 'voided', reason: 'reissued' })
    expect((await approveReissues(office, approver, {})).done).toEqual([])
  })
})

describe('records of every kind, and those of an old ledger', () => {
  it('are issued again with what they said, the ledger’s mark and issuer included', async () => {
    // What was issued so far is in the log before the theft.
    await sequenceLog(office)
    node.advance(1)
    const since = office.clock()
    const kinds = ['qualification', 'skill', 'work-injury', 'labour-capacity'] as const
    for (const family of kinds) records.push(await issueRecordAt(office, family, exampleDrafts[family]()))
    const [header, ...rows] = ledger.toString('utf8').trimEnd().split(/\r?\n/)
    const bytes = Buffer.from([header, ...rows.slice(0, 30), ''].join('\n'))
    await queueImport(office, drafter, { family: 'title', fileName: 'ledger.csv', bytes, dryRun: false })
    const now = secondsOf(office.clock())
    const job = await node.store.atomically((tx) => claimImportJob(tx, { owner: 'worker', now, leaseUntil: now + 120 }))
    const { issued } = (await runImport(office, job!, 'worker')) as ImportCounts // nobody stops it
    expect(issued).toBeGreaterThan(20)
    const taken = (await listRecords(node.store.read, { after: new Uint8Array(0), limit: 1000 })).filter(({ origin }) => origin === 1)
    node.advance(30)
    await compromiseKey(office, { actor: 'cli:keeper' }, office.keyring.issue.kid, since)
    office = await node.reopened()
    const before = await reissueProgress(office)
    expect((await draftReissues(office, drafter, { limit: 500 })).passed.map(({ code }) => code).toSorted()).toEqual(['record-erased', 'status-not-possible'])
    const unheeded = (await approveReissues(office, approver, { limit: 500 })).passed.filter(({ code }) => code === 'draft-unacknowledged')
    const codes = Object.keys(findingTexts)
    const again = await approveReissues(office, approver, { limit: 500, acknowledged: codes })
    expect(again.done.length).toBe(unheeded.length)
    const after = await reissueProgress(office)
    expect(after.done - before.done).toBe(kinds.length + issued)
    const byReplaced = new Map<unknown, ReturnType<typeof parsed>>()
    for (const { id } of await listRecords(node.store.read, { after: new Uint8Array(0), limit: 1000 })) {
      const text = await fetchRecord(office, approver, { id: uuidText(id) }).catch(() => undefined)
      if (text !== undefined) byReplaced.set(parsed(text.text).claims['replaces'], parsed(text.text))
    }
    for (const { id, digest } of taken) {
      const old = parsed((await fetchRecord(office, approver, { id: uuidText(id) })).text)
      const { iat: _i, number: _n, status: _s, ...content } = old.claims
      const { iat: _j, number: _m, status: _t, replaces: _r, ...next } = byReplaced.get(encodeBase64url(digest))!.claims
      expect(next).toEqual(content)
      expect(next['imported']).toBeDefined()
    }
  })
})
