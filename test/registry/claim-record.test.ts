import { readFileSync } from 'node:fs'

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
const claim = (code: string, six = lastSix, disclose?: readonly string[], repeatKey?: string) =>
  claimRecord(node.office, { code, lastSix: six, disclose, repeatKey })
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

  it('may be misread as Crockford foresaw, and the whole identity number typed', async () => {
    const { code } = await handOut()
    expect(await claim(code.replaceAll('0', 'o').replaceAll('1', 'l').replaceAll('-', '—'), '370113199604192288')).toBe(record.text)
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
      [used, '192289'],
      [brief, lastSix],
    ] as const)
      await claim(given, six).catch((fault: unknown) => faults.push(fault))
    // Not one word of difference.
    expect(new Set(faults.map((fault) => JSON.stringify([String(fault), { ...(fault as object) }])))).toEqual(
      new Set([JSON.stringify(['Fault: claim-refused', { code: 'claim-refused', findings: [], name: 'Fault' }])]),
    )
    expect(faults).toHaveLength(7)
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

describe('an answer that was lost on its way', () => {
  const mine = 'the-random-text-of-the-page-that-asked'
  const theirs = 'the-random-text-of-somebody-else-here'
  const claimedBy = (key: string | undefined, code: string, six = lastSix) => faultCodeOf(claim(code, six, undefined, key))

  it('is given again to whoever asked, for ten minutes and within the five tries', async () => {
    const { code } = await handOut()
    expect(await claim(code, lastSix, undefined, mine)).toBe(record.text)
    expect(await claim(code.toLowerCase(), lastSix, ['name'], mine)).toMatch(/^[^~]+~[^~]+~$/)
    node.advance(599)
    expect(await claim(code, lastSix, undefined, mine)).toBe(record.text)
    node.advance(1)
    expect(await claimedBy(mine, code)).toBe('claim-refused')
  })

  it('is given to nobody else, whatever else they know', async () => {
    const { code } = await handOut()
    const other = (await handOut()).code
    await claim(code, lastSix, undefined, mine)
    expect(await claimedBy(undefined, code)).toBe('claim-refused')
    expect(await claimedBy(theirs, code)).toBe('claim-refused')
    // Asking did not make the text theirs.
    expect(await claimedBy(theirs, code)).toBe('claim-refused')
    expect(await claimedBy(mine, code, '000000')).toBe('claim-refused')
    // The sixth try, with everything right.
    expect(await claimedBy(mine, code)).toBe('claim-refused')
    expect(await claimedBy(mine, other, '000000')).toBe('claim-refused')
  })

  it('is not given for another code that the same page used', async () => {
    const first = (await handOut()).code
    const second = (await handOut()).code
    await claim(first, lastSix, undefined, mine)
    await claim(second)
    expect(await claimedBy(mine, second)).toBe('claim-refused')
    expect(await claimedBy(mine, first)).toBe('no fault')
  })

  it('is not kept for a claim that was refused', async () => {
    const { code } = await handOut()
    expect(await claimedBy(mine, code, '000000')).toBe('claim-refused')
    await claim(code, lastSix, undefined, theirs)
    expect(await claimedBy(mine, code)).toBe('claim-refused')
  })

  it('leaves nothing in the store by which it could be asked for', async () => {
    const { code } = await handOut()
    await claim(code, lastSix, undefined, mine)
    const stored = readFileSync(node.file)
    const log = readFileSync(`${node.file}-wal`)
    expect([stored.includes(mine), log.includes(mine), log.includes(code.replaceAll('-', ''))]).toEqual([false, false, false])
    expect(log.includes('claim:')).toBe(true)
  })
})

it('every look is an event: who, when, what was shown', async () => {
  const one = await issueRecordAt(node.office, 'title', titleDraft())
  const { code } = await handOutClaimCode(node.office, approver, { id: one.id })
  await claimed(code, '000000')
  await claim(code, lastSix, ['name', 'birth'], 'the-random-text-of-the-page-that-asked')
  await claim(code, lastSix, ['name'], 'the-random-text-of-the-page-that-asked')
  // With the slip of paper that was thrown away; the sixth try has ended the code and is nobody's look.
  for (let attempt = 0; attempt < 5; attempt++) await claimed(code)
  await fetchRecord(node.office, approver, { family: 'title', number: one.number })
  const events = (await node.audits()).filter(({ subject }) => subject === one.id).map(({ actor, action, detail }) => [actor, action, detail])
  expect(events).toHaveLength(9)
  expect(events.filter(([, action]) => action === 'claim-refused')).toHaveLength(3)
  expect(events).toEqual(
    expect.arrayContaining([
      [approver.actor, 'hand-out-claim-code', null],
      ['holder', 'claim-refused', null],
      ['holder', 'claim', { disclosed: ['name', 'birth'] }],
      ['holder', 'claim', { disclosed: ['name'], again: true }],
      [approver.actor, 'fetch', { disclosed: 'all' }],
    ]),
  )
})
