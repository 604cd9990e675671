import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { parseSdJwt } from '#core/credential/parse-sd-jwt.ts'
import { readUuid } from '#core/model/uuid.ts'
import { nodeEngine } from '#custody/engine-node.ts'
import { claimRecord, fetchRecord, handOutClaimCode } from '#registry/claim-record.ts'
import { eraseDisclosures } from '#storage/records.ts'
import { titleDraft } from '../support/examples.ts'
import { faultCodeOf } from '../support/fault-code-of.ts'
import { approver, issueRecordAt, openTestOffice, repeatable, type IssuedRecord, type TestOffice } from '../support/open-test-office.ts'

let node: TestOffice
let record: IssuedRecord
beforeAll(async () => {
  node = await openTestOffice()
  record = await issueRecordAt(node.office, 'title', titleDraft())
})
afterAll(() => node.close())

const lastSix = '192288'
const handOut = (days?: number) => handOutClaimCode(node.office, approver, { id: record.id }, days)
const claim = (code: string, six = lastSix, disclose?: readonly string[]) => claimRecord(node.office, { code, lastSix: six, disclose })
const claimed = (code: string, six = lastSix, disclose?: readonly string[]) => faultCodeOf(claim(code, six, disclose))

describe('a claim code', () => {
  it('gives the holder the whole record, once', async () => {
    const { code, expiresOn } = await handOut()
    expect(code).toMatch(/^[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){3}$/)
    expect(expiresOn).toBe('2026-07-01T04:00:00Z')
    expect(await claim(code)).toBe(record.text)
    expect(await claimed(code)).toBe('claim-refused')
  })

  it('may be typed as people type', async () => {
    const { code } = await handOut()
    expect(await claim(` ${code.toLowerCase().replaceAll('-', ' ')} `)).toBe(record.text)
  })

  it('gives no more than was asked for', async () => {
    const { code } = await handOut()
    expect(Object.keys(parseSdJwt(await claim(code, lastSix, ['name']), nodeEngine).disclosed)).toEqual(['name'])
  })

  it('stays good when something was asked for that the record does not hold', async () => {
    const { code } = await handOut()
    expect(await claimed(code, lastSix, ['religion'])).toBe('disclosure-unknown')
    expect(await claimed(code)).toBe('no fault')
  })

  it('is answered alike when it is wrong, absent, used, expired, or the six characters are', async () => {
    const { code } = await handOut()
    const used = (await handOut()).code
    await claim(used)
    const brief = (await handOut(1)).code
    node.advance(24 * 3600)
    const faults: unknown[] = []
    for (const [given, six] of [
      ['0000-0000-0000-0000', lastSix],
      ['', lastSix],
      [code, '192289'],
      [code, ''],
      [used, lastSix],
      [brief, lastSix],
    ] as const)
      await claim(given, six).catch((fault: unknown) => faults.push(fault))
    // Not one word of difference.
    expect(new Set(faults.map((fault) => JSON.stringify([String(fault), { ...(fault as object) }])))).toEqual(
      new Set([JSON.stringify(['Fault: claim-refused', { code: 'claim-refused', findings: [], name: 'Fault' }])]),
    )
    expect(faults).toHaveLength(6)
    expect(await claimed(code)).toBe('no fault')
  })

  it('is good until its last second', async () => {
    const { code } = await handOut(1)
    const late = (await handOut(1)).code
    node.advance(24 * 3600 - 1)
    expect(await claimed(code)).toBe('no fault')
    node.advance(1)
    expect(await claimed(late)).toBe('claim-refused')
  })

  it('ends with the fifth wrong try', async () => {
    const { code } = await handOut()
    for (let attempt = 0; attempt < 4; attempt++) expect(await claimed(code, '000000')).toBe('claim-refused')
    expect(await claimed(code)).toBe('no fault')
    const other = (await handOut()).code
    for (let attempt = 0; attempt < 5; attempt++) expect(await claimed(other, '000000')).toBe('claim-refused')
    expect(await claimed(other)).toBe('claim-refused')
  })

  it('gets no more tries for trying at once', async () => {
    const { code } = await handOut()
    const outcomes = await Promise.all([...Array.from({ length: 40 }, (_, guess) => claimed(code, String(100_000 + guess))), claimed(code)])
    expect(outcomes.filter((outcome) => outcome === 'no fault')).toEqual([])
    const twice = (await handOut()).code
    expect((await Promise.all([claimed(twice), claimed(twice), claimed(twice)])).toSorted()).toEqual(['claim-refused', 'claim-refused', 'no fault'])
  })

  it('is told apart by the hand that it was given for', async () => {
    const request = repeatable('system:counter', 'hand out 1', record.id)
    const first = await handOutClaimCode(node.office, request, { id: record.id })
    expect(await handOutClaimCode(node.office, request, { id: record.id })).toEqual(first)
    expect(await claimed(first.code)).toBe('no fault')
  })

  it('of a record whose person was erased gives nothing, in the same words', async () => {
    const gone = await issueRecordAt(node.office, 'title', titleDraft())
    const { code } = await handOutClaimCode(node.office, approver, { id: gone.id })
    await node.store.atomically((tx) => eraseDisclosures(tx, readUuid(gone.id)!))
    expect(await claimed(code)).toBe('claim-refused')
    expect(await faultCodeOf(fetchRecord(node.office, approver, { id: gone.id }))).toBe('record-erased')
  })
})

it('every look is an event: who, when, what was shown', async () => {
  const one = await issueRecordAt(node.office, 'title', titleDraft())
  const { code } = await handOutClaimCode(node.office, approver, { id: one.id })
  await claimed(code, '000000')
  await claim(code, lastSix, ['name', 'birth'])
  await fetchRecord(node.office, approver, { family: 'title', number: one.number })
  const events = (await node.audits()).filter(({ subject }) => subject === one.id).map(({ actor, action, detail }) => [actor, action, detail])
  expect(events).toHaveLength(6)
  expect(events).toEqual(
    expect.arrayContaining([
      [approver.actor, 'hand-out-claim-code', null],
      ['holder', 'claim-refused', null],
      ['holder', 'claim', { disclosed: ['name', 'birth'] }],
      [approver.actor, 'fetch', { disclosed: 'all' }],
    ]),
  )
})
