import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { instantOf, secondsOf, type Instant } from '#core/model/instant.ts'
import type { StatusKind } from '#core/status/status-kinds.ts'
import { reasonsOf, statusChanges, type StatusChange } from '#core/status/status-reasons.ts'
import { changeStatus } from '#registry/change-status.ts'
import { holdTrust } from '#registry/held-trust.ts'
import { publishStatusLists } from '#registry/publish.ts'
import { verifyRecords } from '#registry/verify-records.ts'
import { getFile } from '#storage/published.ts'
import { listStatusEvents } from '#storage/status-events.ts'
import { readUuid } from '#core/model/uuid.ts'
import { titleDraft } from '../support/examples.ts'
import { faultCodeOf } from '../support/fault-code-of.ts'
import { approver, issueRecordAt, openTestOffice, repeatable, type IssuedRecord, type TestOffice } from '../support/open-test-office.ts'

let node: TestOffice
beforeAll(async () => {
  node = await openTestOffice()
})
afterAll(() => node.close())

const change = (record: Pick<IssuedRecord, 'id'>, what: StatusChange, more: { readonly effectiveOn?: Instant; readonly note?: string } = {}) =>
  changeStatus(node.office, approver, { id: record.id }, { change: what, reason: reasonsOf(what)[0]!, ...more })
const statusOf = async (record: IssuedRecord, at?: Instant): Promise<string> => {
  const [verdict] = await verifyRecords(node.office, node.desk, [record.text], { at })
  const check = verdict!.checks.find(({ id }) => id === 'status')!
  return [check.answer, check.reason].join(' ').trim()
}
const issue = () => issueRecordAt(node.office, 'title', titleDraft())
const before = async (...changes: readonly StatusChange[]): Promise<IssuedRecord> => {
  const record = await issue()
  for (const what of changes) {
    node.advance(1)
    await change(record, what)
  }
  return record
}

describe('from each state', () => {
  const possible: Readonly<Record<string, readonly [states: readonly StatusChange[], next: readonly StatusChange[]]>> = {
    'in force': [[], ['suspended', 'revoked', 'penalty', 'cancelled', 'voided']],
    suspended: [['suspended'], ['reinstated', 'revoked', 'penalty', 'cancelled', 'voided']],
    reinstated: [
      ['suspended', 'reinstated'],
      ['suspended', 'revoked', 'penalty', 'cancelled', 'voided'],
    ],
    revoked: [['revoked'], []],
    'withdrawn as a penalty': [['penalty'], ['revoked']],
    cancelled: [['cancelled'], ['revoked', 'penalty']],
    voided: [['voided'], ['revoked', 'penalty']],
  }

  it.each(Object.entries(possible))('%s: exactly what the law allows', async (_state, [states, next]) => {
    const outcomes: StatusChange[] = []
    for (const what of statusChanges) {
      const record = await before(...states)
      if ((await faultCodeOf(change(record, what))) === 'no fault') outcomes.push(what)
    }
    expect(outcomes.toSorted()).toEqual([...next].toSorted())
  })

  it.each<StatusKind>(['suspended', 'revoked', 'penalty', 'cancelled', 'voided'])('%s is seen by whoever asks next', async (kind) => {
    const record = await issue()
    expect(await statusOf(record)).toMatch(/^yes/)
    node.advance(1)
    await change(record, kind)
    expect(await statusOf(record)).toBe(`no status-${kind}`)
  })
})

describe('history', () => {
  it('is only added to, and answers for the past', async () => {
    const record = await issue()
    const at = secondsOf(node.office.clock())
    for (const what of ['suspended', 'reinstated', 'cancelled'] as const) {
      node.advance(100)
      await change(record, what)
    }
    const ask = (offset: number) => statusOf(record, instantOf(at + offset))
    expect(await Promise.all([0, 100, 199, 200, 299, 300].map(ask))).toEqual([
      'yes status-before-list',
      'no status-suspended',
      'no status-suspended',
      'yes status-before-list',
      'yes status-before-list',
      'no status-cancelled',
    ])
    const events = await listStatusEvents(node.store.read, { recordId: readUuid(record.id)! })
    expect(events.map(({ kind, effectiveAt, recordedAt, actor }) => [kind, effectiveAt - at, recordedAt - at, actor])).toEqual([
      ['suspended', 100, 100, approver.actor],
      ['reinstated', 200, 200, approver.actor],
      ['cancelled', 300, 300, approver.actor],
    ])
  })

  it('keeps its order within one second', async () => {
    for (let round = 0; round < 12; round++) {
      const record = await issue()
      await change(record, 'suspended')
      await change(record, 'reinstated')
      await change(record, 'suspended')
      await change(record, 'reinstated')
      const events = await listStatusEvents(node.store.read, { recordId: readUuid(record.id)! })
      expect(events.map(({ kind }) => kind)).toEqual(['suspended', 'reinstated', 'suspended', 'reinstated'])
      expect(await statusOf(record)).toMatch(/^yes/)
    }
  })

  it('may say since when, but never announce, nor end a suspension before it began', async () => {
    const record = await issue()
    const now = node.office.clock()
    const later = instantOf(secondsOf(now) + 1)
    const earlier = instantOf(secondsOf(now) - 1000)
    expect(await faultCodeOf(change(record, 'cancelled', { effectiveOn: later }))).toBe('status-not-possible')
    const { effectiveOn } = await change(record, 'suspended', { effectiveOn: earlier })
    expect(effectiveOn).toBe(earlier)
    expect(await statusOf(record, earlier)).toBe('no status-suspended')
    expect(await faultCodeOf(change(record, 'reinstated', { effectiveOn: instantOf(secondsOf(earlier) - 1) }))).toBe('status-not-possible')
    expect(await faultCodeOf(change(record, 'reinstated', { effectiveOn: earlier }))).toBe('no fault')
    // The list can still be read: nothing in it contradicts itself.
    expect((await holdTrust(node.office)).refused).toEqual([])
    expect(await statusOf(record)).toMatch(/^yes/)
  })
})

it.each(['0001-01-01T00:00:00Z', '1949-10-01T00:00:00Z', '1969-12-31T23:59:59Z'])(
  'a change that counts since %s is refused, and the list goes on',
  async (text) => {
    const record = await issue()
    const other = await issue()
    for (const what of ['suspended', 'revoked', 'penalty', 'cancelled', 'voided'] as const)
      expect(await faultCodeOf(change(record, what, { effectiveOn: text as Instant }))).toBe('status-not-possible')
    expect(await statusOf(record)).toMatch(/^yes/)
    await change(record, 'cancelled', { effectiveOn: '1970-01-01T00:00:00Z' as Instant })
    await change(other, 'revoked')
    expect([await statusOf(record), await statusOf(other)]).toEqual(['no status-cancelled', 'no status-revoked'])
  },
)

describe('a change', () => {
  it('wants a reason of its own kind', async () => {
    const record = await issue()
    const tried = (what: StatusChange, reason: string) => faultCodeOf(changeStatus(node.office, approver, { id: record.id }, { change: what, reason }))
    expect(await tried('revoked', 'lost')).toBe('status-reason-unknown')
    expect(await tried('revoked', '')).toBe('status-reason-unknown')
    expect(await tried('revoked', '孙远敏造假')).toBe('status-reason-unknown')
    expect(await statusOf(record)).toMatch(/^yes/)
  })

  it('wants a record', async () => {
    expect(await faultCodeOf(change({ id: '00000000-0000-7000-8000-000000000000' }, 'revoked'))).toBe('record-unknown')
    expect(await faultCodeOf(changeStatus(node.office, approver, { family: 'title', number: 'nobody' }, { change: 'revoked', reason: 'fraud' }))).toBe(
      'record-unknown',
    )
  })

  it('is found by number too', async () => {
    const record = await issue()
    await changeStatus(node.office, approver, { family: 'title', number: record.number }, { change: 'revoked', reason: 'fraud' })
    expect(await statusOf(record)).toBe('no status-revoked')
  })

  it('is audited with who, when and why, and without its note', async () => {
    const record = await issue()
    node.advance(1)
    await change(record, 'revoked', { note: '孙远敏伪造学历' })
    const { id: _id, ...event } = (await node.audits()).find(({ action, subject }) => action === 'revoked' && subject === record.id)!
    expect(event).toEqual({ at: secondsOf(node.office.clock()), actor: approver.actor, action: 'revoked', subject: record.id, reason: 'fraud', detail: null })
  })

  it('that is repeated changes nothing more and is answered alike', async () => {
    const record = await issue()
    const request = repeatable('system:1', `revoke ${record.id}`, 'revoke')
    const ask = () => changeStatus(node.office, request, { id: record.id }, { change: 'revoked', reason: 'fraud' })
    const once = await ask()
    node.advance(5)
    expect(await ask()).toEqual(once)
    expect(await listStatusEvents(node.store.read, { recordId: readUuid(record.id)! })).toHaveLength(1)
  })
})

describe('the published list', () => {
  const body = async () => (await getFile(node.store.read, { path: 'status/1' }))!

  it('is signed anew by every change and by nothing else', async () => {
    const record = await issue()
    const first = (await body()).etag
    expect(await publishStatusLists(node.office)).toBe(0)
    expect((await body()).etag).toBe(first)
    await change(record, 'voided')
    expect((await body()).etag).not.toBe(first)
  })

  it('never has two contents of one second', async () => {
    const record = await issue()
    const times: number[] = []
    for (const what of ['suspended', 'reinstated', 'cancelled'] as const) {
      await change(record, what)
      const text = Buffer.from((await body()).body).toString('utf8')
      times.push((JSON.parse(Buffer.from(text.split('.')[1]!, 'base64url').toString('utf8')) as { readonly iat: number }).iat)
    }
    expect(times).toEqual([times[0], times[0]! + 1, times[0]! + 2])
    expect(await statusOf(record)).toBe('no status-cancelled')
  })

  it('comes back from a clock that ran far ahead, and stays ahead of one that did so a little', async () => {
    const record = await issue()
    const now = node.office.clock()
    const publishedAt = async (seconds: number) => {
      node.set(instantOf(secondsOf(now) + seconds))
      await publishStatusLists(node.office, 'all')
      return (await body()).publishedAt - secondsOf(now)
    }
    const day = 24 * 3600
    expect([await publishedAt(10 * day), await publishedAt(100), await publishedAt(day + 100), await publishedAt(101)]).toEqual([
      10 * day,
      100,
      day + 100,
      day + 101,
    ])
    expect(await publishedAt(day + 102)).toBe(day + 102)
    await change(record, 'revoked')
    expect(await statusOf(record)).toBe('no status-revoked')
  })

  it('is made anew as a whole when it is asked for', async () => {
    node.advance(60)
    expect(await publishStatusLists(node.office, 'all')).toBe(1)
    expect((await body()).publishedAt).toBe(secondsOf(node.office.clock()))
  })
})
