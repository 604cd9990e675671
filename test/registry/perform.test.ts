import { existsSync, readFileSync } from 'node:fs'

import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { changeStatus } from '#registry/change-status.ts'
import { approveDraft, draftRecord, rejectDraft } from '#registry/draft-record.ts'
import { perform } from '#registry/perform.ts'
import { closeClient, registerClient } from '#registry/register-client.ts'
import { remember } from '#registry/remember.ts'
import { listRecords } from '#storage/records.ts'
import { titleDraft } from '../support/examples.ts'
import { faultCodeOf } from '../support/fault-code-of.ts'
import { makeTestKey } from '../support/make-alliance.ts'
import { approver, drafter, issueRecordAt, openTestOffice, repeatable, type TestOffice } from '../support/open-test-office.ts'

let node: TestOffice
beforeAll(async () => {
  node = await openTestOffice()
})
afterAll(() => node.close())

const records = async () => (await listRecords(node.store.read, { after: new Uint8Array(0), limit: 100 })).length
const draft = async () => (await draftRecord(node.office, drafter, 'title', titleDraft())).draft

it('is told by the trail in the order of what happened, within one second, too', async () => {
  const drafts: string[] = []
  for (let index = 0; index < 12; index++) drafts.push(await draft())
  expect((await node.audits()).slice(-12).map(({ subject }) => subject)).toEqual(drafts)
})

describe('a request that comes again under its key', () => {
  it('is answered word for word as before, and done once', async () => {
    const id = await draft()
    const request = repeatable('system:1', 'approve-1', id)
    const first = await approveDraft(node.office, request, id)
    const again = await Promise.all([1, 2, 3].map(() => approveDraft(node.office, request, id)))
    expect(again).toEqual([first, first, first])
    expect(await records()).toBe(1)
    expect((await node.audits()).filter(({ action }) => action === 'issue')).toHaveLength(1)
  })

  it('is refused when it is another request', async () => {
    const [one, two] = [await draft(), await draft()]
    await approveDraft(node.office, repeatable('system:1', 'approve-2', one), one)
    expect(await faultCodeOf(approveDraft(node.office, repeatable('system:1', 'approve-2', two), two))).toBe('idempotency-key-reused')
    expect(await records()).toBe(2)
    // Whose key it is, is part of the key.
    expect(await faultCodeOf(approveDraft(node.office, repeatable('system:2', 'approve-2', two), two))).toBe('no fault')
  })

  it('is done when the first try was refused: a refusal is no answer to keep', async () => {
    const id = await draft()
    const request = repeatable(drafter.actor, 'approve-3', id)
    expect(await faultCodeOf(approveDraft(node.office, request, id))).toBe('draft-own-approval')
    expect(await faultCodeOf(approveDraft(node.office, request, id))).toBe('draft-own-approval')
    expect(await faultCodeOf(approveDraft(node.office, approver, id))).toBe('no fault')
  })

  it('is done once when its first try died before or after the commit', async () => {
    const before = await records()
    const id = await draft()
    const request = repeatable('system:1', 'approve-4', id)
    // Dies inside the transaction: nothing of it has happened.
    const dying = {
      ...node.office,
      keyring: {
        ...node.office.keyring,
        issue: {
          kid: node.office.keyring.issue.kid,
          issue: () => {
            throw new Error('power cut')
          },
        },
      },
    }
    await expect(approveDraft(dying, request, id)).rejects.toThrow('power cut')
    expect(await records()).toBe(before)
    // Dies between the commit and the answer: the answer is there for the next try.
    const unanswered = {
      ...node.office,
      store: {
        ...node.store,
        atomically: async (work: Parameters<typeof node.store.atomically>[0]) => {
          await node.store.atomically(work)
          throw new Error('connection lost')
        },
      } as typeof node.store,
    }
    await expect(approveDraft(unanswered, request, id)).rejects.toThrow('connection lost')
    expect(await records()).toBe(before + 1)
    const receipt = await approveDraft(node.office, request, id)
    expect(receipt.registration).toBe('2026-000005')
    expect(await records()).toBe(before + 1)
  })
})

it('two at once under one key are one', async () => {
  let ran = 0
  const request = repeatable('system:1', 'at once', 'x')
  const one = () => perform(node.office, request, async () => ({ ran: ++ran }))
  expect(await Promise.all([one(), one(), one()])).toEqual([{ ran: 1 }, { ran: 1 }, { ran: 1 }])
})

describe('an identity number in what is kept in the clear', () => {
  const number = '370113199604192288'

  it.each<readonly [string, () => Promise<unknown>]>([
    ['the key of a request', () => draftRecord(node.office, repeatable('system:1', `draft-${number}`, 'x'), 'title', titleDraft())],
    ['the key of a change that may happen twice', () => remember(node.office, repeatable('system:1', `take-${number}`, 'x'), async () => ({ taken: 1 }))],
    ['the reason of a rejection', async () => rejectDraft(node.office, approver, await draft(), `号码${number}有误`)],
    ['the reason for shutting a client out', () => closeClient(node.office, approver, 'system:known', `was used for 370113 19960419 2288`)],
    ['the note of a status change', async () => revoke(`${number} 伪造学历`)],
  ])('is refused in %s, and leaves no trace', async (_what, work) => {
    await registerKnown()
    expect(await faultCodeOf(work())).toBe('request-malformed')
    const bytes = Buffer.concat([node.file, `${node.file}-wal`].filter((path) => existsSync(path)).map((path) => readFileSync(path)))
    expect([number, '370113 19960419 2288'].map((text) => bytes.includes(text))).toEqual([false, false])
  })

  const registerKnown = () =>
    faultCodeOf(
      registerClient(node.office, approver, { id: 'system:known', name: '业务系统', kind: 'system', keys: [makeTestKey('known').jwk], duties: ['draft'] }),
    )
  const revoke = async (note: string) => {
    const { id } = await issueRecordAt(node.office, 'title', titleDraft())
    return changeStatus(node.office, approver, { id }, { change: 'revoked', reason: 'fraud', note })
  }
})
