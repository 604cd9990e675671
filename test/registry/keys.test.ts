import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { instantOf, secondsOf } from '#core/model/instant.ts'
import { approveDraft, draftRecord } from '#registry/draft-record.ts'
import { holdTrust } from '#registry/held-trust.ts'
import { closeKey } from '#registry/close-key.ts'
import { rotateKey } from '#registry/rotate-key.ts'
import { publishStatusLists } from '#registry/publish.ts'
import { verifyRecords } from '#registry/verify-records.ts'
import { titleDraft } from '../support/examples.ts'
import { faultCodeOf } from '../support/fault-code-of.ts'
import { approver, drafter, issueRecordAt, openTestOffice, type TestOffice } from '../support/open-test-office.ts'

let node: TestOffice
beforeAll(async () => {
  node = await openTestOffice()
})
afterAll(() => node.close())

const by = { actor: 'cli:keeper' }
const manifest = async () => (await holdTrust(node.office)).trust.authorities.get(node.office.authority.iss)!.manifest!
const verdictOn = async (text: string): Promise<string> => {
  const [verdict] = await verifyRecords(node.office, node.desk, [text], {})
  const open = verdict!.checks.find(({ answer }) => answer !== 'yes')
  return [verdict!.answer, open?.reason].join(' ').trim()
}

describe('rotation', () => {
  it('puts a new key beside the old one, in the next version of the manifest, and what is old stays good', async () => {
    const old = await issueRecordAt(node.office, 'title', titleDraft())
    node.advance(60)
    const { kid } = await rotateKey(node.office, by, 'issue')
    const { payload, keys } = await manifest()
    expect([payload.version, keys.get(kid)?.use, keys.size, (await holdTrust(node.office)).refused]).toEqual([2, 'issue', 6, []])
    const office = await node.reopened()
    expect(office.keyring.issue.kid).toBe(kid)
    const young = await issueRecordAt(office, 'title', titleDraft())
    expect([await verdictOn(old.text), await verdictOn(young.text)]).toEqual(['yes', 'yes'])
  })
})

describe('closing', () => {
  it('a key that is compromised takes down what it signed since, and makes doubtful what it signed before', async () => {
    const office = await node.reopened()
    const before = await issueRecordAt(office, 'title', titleDraft())
    node.advance(100)
    const since = node.office.clock()
    const after = await issueRecordAt(office, 'title', titleDraft())
    node.advance(100)
    await rotateKey(office, by, 'issue')
    await closeKey(office, by, office.keyring.issue.kid, { reason: 'compromised', compromisedSince: since })
    expect([await verdictOn(before.text), await verdictOn(after.text)]).toEqual(['cannot-tell key-not-in-force', 'no key-compromised'])
    const { id: _id, ...event } = (await node.audits()).find(({ action }) => action === 'close-key')!
    expect(event).toEqual({
      at: secondsOf(node.office.clock()),
      actor: by.actor,
      action: 'close-key',
      subject: office.keyring.issue.kid,
      reason: 'compromised',
      detail: null,
    })
  })

  it('stops a process that still has the key: nothing is signed that nobody would believe', async () => {
    const office = await node.reopened()
    const { draft } = await draftRecord(office, drafter, 'title', titleDraft())
    await rotateKey(office, by, 'issue')
    await rotateKey(office, by, 'status')
    await closeKey(office, by, office.keyring.issue.kid, { reason: 'superseded' })
    await closeKey(office, by, office.keyring.status.kid, { reason: 'superseded' })
    expect(await faultCodeOf(approveDraft(office, approver, draft))).toBe('key-revoked')
    expect(await faultCodeOf(publishStatusLists(office, 'all'))).toBe('key-revoked')
    const reopened = await node.reopened()
    await publishStatusLists(reopened, 'all')
    node.advance(1)
    expect(await faultCodeOf(approveDraft(reopened, approver, draft))).toBe('no fault')
    expect((await holdTrust(reopened)).refused).toEqual([])
  })

  it('is for good, wants a day for a compromise and none for anything else, and never locks the node out of itself', async () => {
    const office = await node.reopened()
    const later = instantOf(secondsOf(office.clock()) + 1)
    const close = (kid: string, closing: Parameters<typeof closeKey>[3]) => faultCodeOf(closeKey(office, by, kid, closing))
    const { kid } = await rotateKey(office, by, 'token')
    expect(await close(kid, { reason: 'compromised' })).toBe('request-malformed')
    expect(await close(kid, { reason: 'superseded', compromisedSince: office.clock() })).toBe('request-malformed')
    expect(await close(kid, { reason: 'compromised', compromisedSince: later })).toBe('request-malformed')
    expect(await close('nobody', { reason: 'superseded' })).toBe('key-use-differs')
    expect(await close((await office.keyring.authority()).kid, { reason: 'superseded' })).toBe('key-use-differs')
    expect(await close(kid, { reason: 'superseded' })).toBe('no fault')
    expect(await close(kid, { reason: 'superseded' })).toBe('key-revoked')
    expect(await close(office.keyring.token.kid, { reason: 'ceased' })).toBe('key-last-of-use')
    expect((await node.reopened()).keyring.token.kid).toBe(office.keyring.token.kid)
  })
})
