import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { approveDraft, draftRecord } from '#registry/draft-record.ts'
import { holdTrust } from '#registry/held-trust.ts'
import { publishDue } from '#registry/keep-published.ts'
import { endingKeys, renewKeys } from '#registry/renew-keys.ts'
import { rotateKey } from '#registry/rotate-key.ts'
import { signingKeysOf } from '#registry/signing-keys-of.ts'
import type { Office } from '#registry/office.ts'
import { titleDraft } from '../support/examples.ts'
import { faultCodeOf } from '../support/fault-code-of.ts'
import { approver, drafter, issueRecordAt, openTestOffice, type TestOffice } from '../support/open-test-office.ts'

const day = 24 * 3600
const year = 365 * day

let node: TestOffice
beforeEach(async () => {
  node = await openTestOffice()
})
afterEach(() => node.close())

const states = async (office: Office, use: string) => (await signingKeysOf(office)).filter((key) => key.use === use).map(({ state }) => state)

describe('a key that runs out', () => {
  it('is replaced thirty days before, when nobody has to decide about it, once, whoever tries', async () => {
    const { office } = node
    node.advance(2 * year - 30 * day)
    expect(await renewKeys(office)).toEqual([])
    node.advance(1)
    expect(await states(office, 'token')).toEqual(['ending'])
    const renewed = (await Promise.all([renewKeys(office), renewKeys(await node.reopened())])).flat()
    expect(renewed.map(({ use }) => use)).toEqual(['token'])
    expect(await renewKeys(office)).toEqual([])
    expect(await states(office, 'token')).toEqual(['ending', 'in-force'])
    expect((await node.reopened()).keyring.token.kid).toBe(renewed[0]!.kid)
    expect((await holdTrust(office)).trust.authorities.get(office.authority.iss)!.manifest!.keys.has(renewed[0]!.kid)).toBe(true)
    const { id: _id, at: _at, ...event } = (await node.audits()).find(({ action }) => action === 'renew-key')!
    expect(event).toEqual({ actor: 'node', action: 'renew-key', subject: renewed[0]!.kid, reason: null, detail: { use: 'token' } })
  })

  it('does not keep the node from opening when it was a token key: a new one is made', async () => {
    node.advance(2 * year + 1)
    const office = await node.reopened()
    expect([await states(office, 'token'), office.keyring.token.kid === node.office.keyring.token.kid]).toEqual([['ended', 'in-force'], false])
    expect((await node.reopened()).keyring.token.kid).toBe(office.keyring.token.kid)
    await issueRecordAt(office, 'title', titleDraft())
  })

  it('leaves no verifier without status lists when it was a status key', async () => {
    node.advance(10 * year - 29 * day)
    const renewed = await renewKeys(node.office)
    expect(renewed.map(({ use }) => use).toSorted()).toEqual(['status', 'token'])
    node.advance(30 * day)
    const office = await node.reopened()
    expect(office.keyring.status.kid).toBe(renewed.find(({ use }) => use === 'status')!.kid)
    await publishDue(office)
    expect((await holdTrust(office)).refused).toEqual([])
  })

  it('is told of, when others name it, and a node without an issuing key opens, so that one can be made', async () => {
    expect(await endingKeys(node.office)).toEqual([])
    node.advance(10 * year - 29 * day)
    expect([await endingKeys(node.office), await states(node.office, 'issue')]).toEqual([['issue'], ['ending']])
    node.advance(30 * day)
    const office = await node.reopened()
    expect([await endingKeys(office), await states(office, 'issue')]).toEqual([['issue'], ['ended']])
    expect(await faultCodeOf(draftRecord(office, drafter, 'title', titleDraft()))).toBe('key-outside-window')
    await rotateKey(office, { actor: 'cli:keeper' }, 'issue')
    const again = await node.reopened()
    const { draft } = await draftRecord(again, drafter, 'title', titleDraft())
    expect(await faultCodeOf(approveDraft(again, approver, draft))).toBe('no fault')
    expect(await endingKeys(again)).toEqual([])
  })
})
