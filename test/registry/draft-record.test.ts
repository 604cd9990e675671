import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { parseSdJwt } from '#core/credential/parse-sd-jwt.ts'
import { Fault } from '#core/fault.ts'
import { secondsOf, type Instant } from '#core/model/instant.ts'
import { nodeEngine } from '#custody/engine-node.ts'
import { approveDraft, draftRecord, rejectDraft } from '#registry/draft-record.ts'
import { fetchRecord } from '#registry/claim-record.ts'
import { readDraft } from '#registry/list-drafts.ts'
import { setNumberScheme, openOffice } from '#registry/open-office.ts'
import { verifyRecords } from '#registry/verify-records.ts'
import { listUnpublished } from '#storage/outbox.ts'
import { listRecords } from '#storage/records.ts'
import { qualificationDraft, skillDraft, sun, titleDraft, workInjuryDraft } from '../support/examples.ts'
import { faultCodeOf } from '../support/fault-code-of.ts'
import { approver, drafter, issueRecordAt, openTestOffice, testPassphrase, type TestOffice } from '../support/open-test-office.ts'

let node: TestOffice
beforeAll(async () => {
  node = await openTestOffice()
})
afterAll(() => node.close())

const records = () => listRecords(node.store.read, { after: new Uint8Array(0), limit: 1000 })
const outbox = async () => (await listUnpublished(node.store.read, { limit: 1000 })).filter(({ kind }) => kind === 'record').length
const lastAudit = async () => {
  const { id: _id, ...event } = (await node.audits()).toSorted((a, b) => a.at - b.at).at(-1)!
  return event
}
const warned = qualificationDraft({ body: { qualification: '珠宝玉石质检员', qualificationLevel: undefined } })

describe('two people', () => {
  it('issue a record that verifies, carries the bureau’s number and is in the outbox', async () => {
    node.advance(1)
    const { draft } = await draftRecord(node.office, drafter, 'title', titleDraft())
    expect(await records()).toEqual([])
    const receipt = await approveDraft(node.office, approver, draft)
    expect(receipt).toEqual({ record: expect.stringMatching(/^[0-9a-f-]{36}$/) as unknown, number: '37010012026' + '0000001', registration: '2026-000001' })
    const { text } = await fetchRecord(node.office, approver, { id: receipt.record })
    const [verdict] = await verifyRecords(node.office, node.desk, [text], {})
    expect(verdict!.answer).toBe('yes')
    expect(verdict!.record!.claims).toMatchObject({ number: '370100120260000001', division: '370100', issuedBy: '370100人力资源和社会保障局' })
    expect([(await records()).length, await outbox()]).toEqual([1, 1])
  })

  it('are two: nobody approves their own draft, whoever else they are', async () => {
    const { draft } = await draftRecord(node.office, drafter, 'title', titleDraft())
    expect(await faultCodeOf(approveDraft(node.office, drafter, draft))).toBe('draft-own-approval')
    expect((await records()).length).toBe(1)
    expect(await faultCodeOf(approveDraft(node.office, approver, draft))).toBe('no fault')
  })

  it.each([
    ['li.wei', 'cli:li.wei'],
    ['cli:li.wei', 'li.wei'],
    ['cli:li.wei', 'cli:Li.Wei'],
    ['cli:ｌｉ.wei', 'li.wei'],
    ['cli:zo\u00eb', 'cli:zoe\u0308'],
  ])('are not %s and %s, who are one', async (author, other) => {
    const { draft } = await draftRecord(node.office, { actor: author }, 'title', titleDraft())
    expect(await faultCodeOf(approveDraft(node.office, { actor: other }, draft))).toBe('draft-own-approval')
    await rejectDraft(node.office, approver, draft, 'evidence-missing')
  })

  it('decide a draft once', async () => {
    const { draft } = await draftRecord(node.office, drafter, 'title', titleDraft())
    const outcomes = await Promise.all([1, 2, 3].map(() => faultCodeOf(approveDraft(node.office, approver, draft))))
    expect(outcomes.toSorted()).toEqual(['draft-decided', 'draft-decided', 'no fault'])
    expect(await faultCodeOf(rejectDraft(node.office, approver, draft, 'late'))).toBe('draft-decided')
  })

  it('may say no, with a reason, and then it stays no', async () => {
    node.advance(1)
    const { draft } = await draftRecord(node.office, drafter, 'title', titleDraft())
    node.advance(1)
    await rejectDraft(node.office, approver, draft, 'evidence-missing')
    expect(await lastAudit()).toMatchObject({ actor: approver.actor, action: 'reject', subject: draft, reason: 'evidence-missing' })
    expect(await faultCodeOf(approveDraft(node.office, approver, draft))).toBe('draft-decided')
  })

  it.each(['nonsense', '00000000-0000-7000-8000-000000000000', ''])('find no draft under %j', async (id) => {
    expect(await faultCodeOf(approveDraft(node.office, approver, id))).toBe('draft-unknown')
    expect(await faultCodeOf(rejectDraft(node.office, approver, id, 'x'))).toBe('draft-unknown')
  })
})

it('a draft is shown with its person to its author and to approvers, who are noted, and to nobody else', async () => {
  node.advance(1)
  const { draft } = await draftRecord(node.office, drafter, 'title', titleDraft())
  const seen = async (actor: string, approves: boolean) => 'personal' in (await readDraft(node.office, draft, { actor, approves }))
  expect([await seen(drafter.actor, false), await seen(approver.actor, true), await seen('officer:clerk', false)]).toEqual([true, true, false])
  const looks = (await node.audits()).filter(({ action }) => action === 'view-draft').map(({ actor, subject, at }) => [actor, subject, at])
  expect(looks).toEqual([drafter, approver].map(({ actor }) => [actor, draft, secondsOf(node.office.clock())]))
})

describe('warnings', () => {
  it('must each be named by whoever approves', async () => {
    node.advance(1)
    const { draft, warnings } = await draftRecord(node.office, drafter, 'qualification', warned)
    expect(warnings).toEqual([{ at: 'qualification', code: 'qualification-not-in-catalogue' }])
    expect(await faultCodeOf(approveDraft(node.office, approver, draft))).toBe('draft-unacknowledged')
    expect(await faultCodeOf(approveDraft(node.office, approver, draft, ['date-out-of-order']))).toBe('draft-unacknowledged')
    node.advance(1)
    await approveDraft(node.office, approver, draft, ['qualification-not-in-catalogue', `about ${sun.name.name}`])
    // What was named beside the warnings is nobody's business, and may be about somebody.
    expect(await lastAudit()).toMatchObject({ action: 'issue', detail: { draftedBy: drafter.actor, acknowledged: ['qualification-not-in-catalogue'] } })
  })
})

describe('a draft', () => {
  it.each<readonly [string, () => Promise<unknown>, string]>([
    ['that the lint refuses', () => draftRecord(node.office, drafter, 'title', titleDraft({ body: { level: 'assistant' } })), 'draft-refused'],
    ['with members that nobody knows', () => draftRecord(node.office, drafter, 'title', { ...titleDraft(), admin: true }), 'draft-malformed'],
    ['that is a recognition by hand', () => draftRecord(node.office, drafter, 'recognition', {}), 'draft-refused'],
    ['without a person', () => draftRecord(node.office, drafter, 'title', titleDraft({ personal: { identity: undefined } })), 'draft-malformed'],
  ])('%s is refused and leaves no trace', async (_what, work, code) => {
    const before = (await node.audits()).length
    expect(await faultCodeOf(work())).toBe(code)
    expect((await node.audits()).length).toBe(before)
  })

  it('is checked again before the key: what was good when it was written may not be now', async () => {
    const { draft } = await draftRecord(node.office, drafter, 'title', titleDraft({ body: { issuedOn: '2026-06-01' } }))
    node.set('2026-05-31T04:00:00Z' as Instant)
    try {
      expect(await faultCodeOf(approveDraft(node.office, approver, draft))).toBe('draft-refused')
    } finally {
      node.set('2026-06-01T05:00:00Z' as Instant)
    }
    expect(await faultCodeOf(approveDraft(node.office, approver, draft))).toBe('no fault')
  })
})

describe('numbers', () => {
  it('have no gap after refusals and failures, family by family and year by year', async () => {
    const first = await issueRecordAt(node.office, 'skill', skillDraft())
    const { draft } = await draftRecord(node.office, drafter, 'skill', skillDraft())
    expect(await faultCodeOf(approveDraft(node.office, drafter, draft))).toBe('draft-own-approval')
    const failing = {
      ...node.office,
      keyring: {
        ...node.office.keyring,
        issue: {
          kid: node.office.keyring.issue.kid,
          issue: () => {
            throw new Fault('storage-failed')
          },
        },
      },
    }
    expect(await faultCodeOf(approveDraft(failing, approver, draft))).toBe('storage-failed')
    const second = await approveDraft(node.office, approver, draft)
    const other = await issueRecordAt(node.office, 'work-injury', workInjuryDraft())
    // New Year's Eve in London is New Year's Day in Jinan.
    node.set('2026-12-31T15:59:59Z' as Instant)
    const eve = await issueRecordAt(node.office, 'skill', skillDraft())
    node.set('2026-12-31T16:00:00Z' as Instant)
    const morning = await issueRecordAt(node.office, 'skill', skillDraft())
    expect([first, second, other, eve, morning].map(({ registration }) => registration)).toEqual([
      '2026-000001',
      '2026-000002',
      '2026-000001',
      '2026-000003',
      '2027-000001',
    ])
    expect(morning.number).toBe('370100320270000001')
  })

  it('that the draft brings are kept, and taken once within a family', async () => {
    const own = titleDraft({ number: 'JN-1' })
    expect((await issueRecordAt(node.office, 'title', own)).number).toBe('JN-1')
    const { draft } = await draftRecord(node.office, drafter, 'title', own)
    expect(await faultCodeOf(approveDraft(node.office, approver, draft))).toBe('number-taken')
    expect((await issueRecordAt(node.office, 'work-injury', workInjuryDraft({ number: 'JN-1' }))).number).toBe('JN-1')
  })

  it('that the scheme makes pass over those that stand in the register already, and over nothing else', async () => {
    const before = BigInt((await issueRecordAt(node.office, 'title', titleDraft())).number)
    const given = [String(before + 1n), String(before + 2n), 'JN-2', String(before + 4n)]
    for (const number of given) await issueRecordAt(node.office, 'title', titleDraft({ number }))
    const made = [await issueRecordAt(node.office, 'title', titleDraft()), await issueRecordAt(node.office, 'title', titleDraft())]
    expect(made.map(({ number }) => number)).toEqual([String(before + 3n), String(before + 5n)])
    const serials = (await records()).filter(({ family, year }) => family === 1 && year === 2027).map(({ serial }) => serial)
    expect(serials.toSorted((a, b) => a - b)).toEqual(serials.map((_serial, index) => index + 1))
  })

  it('follow the scheme that the bureau sets, which must fill itself', async () => {
    const scheme = (template: string) => ({ id: 'jn', family: 'qualification', template })
    const set = (template: string) => faultCodeOf(setNumberScheme(node.office, approver, scheme(template)))
    expect(await set('JN{serial:6}')).toBe('request-malformed')
    expect(await set('JN{year:4}{series:2}{serial:6}')).toBe('number-part-missing')
    expect(await set('JN{year:4}-{serial:6}')).toBe('no fault')
    expect(
      (await node.audits()).filter(({ action }) => action === 'number-scheme').map(({ actor, at, subject, detail }) => [actor, at, subject, detail]),
    ).toEqual([[approver.actor, secondsOf(node.office.clock()), 'jn', { family: 'qualification', template: 'JN{year:4}-{serial:6}' }]])
    const office = await openOffice(node.parts, testPassphrase)
    expect((await issueRecordAt(office, 'qualification', qualificationDraft())).number).toMatch(/^JN2027-\d{6}$/)
    // A number that a draft brings is held against it: old documents have others, so somebody must have looked.
    const warned = async (number: string) => (await draftRecord(office, drafter, 'qualification', qualificationDraft({ number }))).warnings
    expect([await warned('JN2019-000042'), await warned('QD2019-000042')]).toEqual([[], [{ at: 'number', code: 'number-scheme-mismatch' }]])
    const { draft } = await draftRecord(office, drafter, 'qualification', qualificationDraft({ number: 'QD2019-000042' }))
    expect(await faultCodeOf(approveDraft(office, approver, draft))).toBe('draft-unacknowledged')
    expect((await approveDraft(office, approver, draft, ['number-scheme-mismatch'])).number).toBe('QD2019-000042')
  })
})

it('places in the status list say nothing of the order of issue', async () => {
  const rows = (await records()).toSorted((a, b) => a.serial - b.serial)
  const places = rows.map(({ statusIndex }) => statusIndex)
  expect(new Set(places).size).toBe(places.length)
  expect(places).not.toEqual(places.toSorted((a, b) => a - b))
  expect(Math.max(...places)).toBeGreaterThan(10_000)
})

it('a record of ours holds the person in its disclosures and nowhere else', async () => {
  const { text } = await issueRecordAt(node.office, 'title', titleDraft())
  const { claims, disclosed } = parseSdJwt(text, nodeEngine)
  expect(disclosed).toEqual(titleDraft().personal)
  expect(JSON.stringify(claims)).not.toContain(sun.name.name)
})
