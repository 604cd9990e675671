import Database from 'better-sqlite3'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { decodeBase64url } from '#core/encoding/base64url.ts'
import { instantOf, secondsOf } from '#core/model/instant.ts'
import { changeStatus } from '#registry/change-status.ts'
import { closeKey, compromiseKey, effectOfClosing } from '#registry/close-key.ts'
import { holdTrust } from '#registry/held-trust.ts'
import { keepKeys } from '#registry/keyring.ts'
import type { Office } from '#registry/office.ts'
import { effectOfRotation, rotateKey } from '#registry/rotate-key.ts'
import { signingKeysOf } from '#registry/signing-keys-of.ts'
import { verifyRecords } from '#registry/verify-records.ts'
import { getFile } from '#storage/published.ts'
import { titleDraft } from '../support/examples.ts'
import { faultCodeOf } from '../support/fault-code-of.ts'
import { approver, issueRecordAt, openTestOffice, type TestOffice } from '../support/open-test-office.ts'

let node: TestOffice
beforeAll(async () => {
  node = await openTestOffice()
})
afterAll(() => node.close())

const by = { actor: 'cli:keeper' }

/** All that the store holds, as text. */
const wholeStore = (): string => {
  const db = new Database(node.file, { readonly: true })
  const tables = db.prepare<[], { name: string }>("select name from sqlite_master where type = 'table' order by name").all()
  const text = tables.map(({ name }) => `${name} ${JSON.stringify(db.prepare(`select * from "${name}"`).all())}`).join('\n')
  db.close()
  return text
}
const sql = (text: string): readonly unknown[] => {
  const db = new Database(node.file)
  const statement = db.prepare(text)
  const rows = statement.reader ? statement.raw().all() : [statement.run()]
  db.close()
  return rows
}
const queued = (): readonly unknown[] => sql('select hex(record_id) from reissue order by record_id').flat()
const hexOf = (id: string): string => id.replaceAll('-', '').toUpperCase()
const verdictOn = async (office: Office, text: string): Promise<string> => {
  const [verdict] = await verifyRecords(office, node.desk, [text], {})
  const open = verdict!.checks.find(({ answer }) => answer !== 'yes')
  return [verdict!.answer, open?.reason].join(' ').trim()
}
const headerOf = async (path: string): Promise<unknown> => {
  const file = await getFile(node.store.read, { path })
  const head = Buffer.from(file!.body).toString('utf8').split('.')[0]!
  return JSON.parse(Buffer.from(decodeBase64url(head)).toString('utf8'))
}

describe('an issuing key that was stolen', () => {
  it('is said beforehand to affect what it then affects, and saying it changes nothing', async () => {
    const office = node.office
    const kept = await issueRecordAt(office, 'title', titleDraft())
    node.advance(100)
    const since = node.office.clock()
    const lost = await issueRecordAt(office, 'title', titleDraft())
    const revoked = await issueRecordAt(office, 'title', titleDraft())
    await changeStatus(office, approver, { id: revoked.id }, { change: 'revoked', reason: 'fraud' })
    node.advance(100)
    const kid = office.keyring.issue.kid
    const before = wholeStore()
    const closing = { reason: 'compromised', compromisedSince: since } as const
    const effect = await effectOfClosing(office, kid, closing, true)
    expect(effect).toEqual({
      kid,
      use: 'issue',
      records: { total: 3, since, before: 1, after: 2, toReissue: 1, timeBy: 'recorded' },
      signedAnew: ['trust/manifest.jwt'],
      endsTokens: false,
      replaced: true,
    })
    expect(await effectOfRotation(office, 'issue')).toEqual({
      kid,
      use: 'issue',
      records: { total: 3, since: office.clock(), before: 3, after: 0, toReissue: 0, timeBy: 'recorded' },
      signedAnew: ['trust/manifest.jwt'],
      endsTokens: false,
      replaced: true,
    })
    // Nobody else signs: without a successor it can't be closed.
    expect(await faultCodeOf(effectOfClosing(office, kid, closing))).toBe('key-last-of-use')
    expect(await faultCodeOf(closeKey(office, by, kid, closing))).toBe('key-last-of-use')
    expect(wholeStore()).toBe(before)

    const { successor } = await compromiseKey(office, by, kid, since)
    const manifest = (await holdTrust(office)).trust.authorities.get(office.authority.iss)!.manifest!
    expect(manifest.keys.get(kid)!.revoked).toEqual({ at: secondsOf(office.clock()), reason: 'compromised', compromisedSince: secondsOf(since) })
    expect([manifest.payload.version, manifest.keys.get(successor!)!.use]).toEqual([2, 'issue'])
    expect(queued()).toEqual([hexOf(lost.id)])
    const reopened = await node.reopened()
    expect(reopened.keyring.issue.kid).toBe(successor)
    const next = await issueRecordAt(reopened, 'title', titleDraft())
    expect([await verdictOn(reopened, kept.text), await verdictOn(reopened, lost.text), await verdictOn(reopened, next.text)]).toEqual([
      'cannot-tell key-not-in-force',
      'no key-compromised',
      'yes',
    ])
    const { id: _id, ...event } = (await node.audits()).find(({ action }) => action === 'compromise-key')!
    expect(event).toEqual({
      at: secondsOf(office.clock()),
      actor: by.actor,
      action: 'compromise-key',
      subject: kid,
      reason: 'compromised',
      detail: { since, successor },
    })
    // Twice is once.
    expect(await faultCodeOf(compromiseKey(reopened, by, kid, since))).toBe('key-revoked')
  })

  it('may have been closed for another reason before, or be known later to have been stolen earlier: never less gravely', async () => {
    const office = await node.reopened()
    const { kid } = office.keyring.issue
    node.advance(10)
    const first = office.clock()
    const record = await issueRecordAt(office, 'title', titleDraft())
    node.advance(10)
    await rotateKey(office, by, 'issue')
    await closeKey(office, by, kid, { reason: 'superseded' })
    node.advance(10)
    const keys = (await signingKeysOf(office)).length
    expect(await compromiseKey(office, by, kid, instantOf(secondsOf(first) + 5))).toEqual({ kid, successor: null })
    expect(queued()).not.toContain(hexOf(record.id))
    expect(await compromiseKey(office, by, kid, first)).toEqual({ kid, successor: null })
    expect(queued()).toContain(hexOf(record.id))
    expect(await faultCodeOf(compromiseKey(office, by, kid, instantOf(secondsOf(first) + 5)))).toBe('key-revoked')
    expect((await holdTrust(office)).refused).toEqual([])
    expect((await signingKeysOf(office)).length).toBe(keys)
  })

  it('is listed with what it has signed, records from before that was noted down included', async () => {
    const office = await node.reopened()
    const listed = async () =>
      (await signingKeysOf(office)).filter(({ use }) => use === 'issue').map(({ custody, state, records }) => ({ custody, state, records }))
    const expected = [
      { custody: 'vault', state: 'closed', records: 3 },
      { custody: 'vault', state: 'closed', records: 2 },
      { custody: 'vault', state: 'in-force', records: 0 },
    ]
    expect(await listed()).toEqual(expected)
    sql('update record set key_no = null')
    expect(await listed()).toEqual(expected)
    expect(sql('select count(*) from record where key_no is null')).toEqual([[0]])
    expect((await signingKeysOf(office)).filter(({ use }) => use !== 'issue').map(({ records }) => records)).not.toContain(0)
  })
})

describe('a status key that was stolen', () => {
  it('has its lists signed anew at once, so that no verifier is left without one', async () => {
    const office = await node.reopened()
    const { kid } = office.keyring.status
    node.advance(5)
    const { text, id } = await issueRecordAt(office, 'title', titleDraft())
    await changeStatus(office, approver, { id }, { change: 'suspended', reason: 'investigation' })
    node.advance(5)
    const since = instantOf(secondsOf(office.clock()) - 8)
    expect(await effectOfClosing(office, kid, { reason: 'compromised', compromisedSince: since }, true)).toEqual({
      kid,
      use: 'status',
      records: null,
      signedAnew: ['trust/manifest.jwt', 'status/1'],
      endsTokens: false,
      replaced: true,
    })
    const { successor } = await compromiseKey(office, by, kid, since)
    expect(await headerOf('status/1')).toMatchObject({ kid: successor })
    expect((await holdTrust(office)).refused).toEqual([])
    expect(await verdictOn(office, text)).toBe('no status-suspended')
  })

  it('leaves its lists marked if we die before they are signed anew', async () => {
    const office = await node.reopened()
    const { kid } = office.keyring.status
    node.advance(5)
    // Dies after the transaction: the vault gives no key any more.
    const dying = {
      ...office,
      vault: {
        ...office.vault,
        open: () => {
          throw new Error('died')
        },
      },
      keyring: { ...office.keyring, authority: office.keyring.authority },
    }
    await expect(compromiseKey(dying, by, kid, office.clock())).rejects.toThrow('died')
    expect(sql('select no, dirty from status_list')).toEqual([[1, 1]])
    const reopened = await node.reopened()
    expect(reopened.keyring.status.kid).not.toBe(kid)
  })
})

describe('a node that serves meanwhile', () => {
  it('takes up a new key by itself, and goes on issuing after a theft', async () => {
    const { office, readAgain } = keepKeys(await node.reopened())
    await readAgain()
    const { kid } = office.keyring.issue
    const other = await node.reopened()
    node.advance(5)
    const { successor } = await compromiseKey(other, by, kid, other.clock())
    expect(office.keyring.issue.kid).toBe(kid)
    expect(await faultCodeOf(issueRecordAt(office, 'title', titleDraft()))).toBe('key-revoked')
    await readAgain()
    expect(office.keyring.issue.kid).toBe(successor)
    const { text } = await issueRecordAt(office, 'title', titleDraft())
    expect(await verdictOn(office, text)).toBe('yes')
  })
})
