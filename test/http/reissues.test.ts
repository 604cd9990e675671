import { afterAll, beforeAll, expect, it } from 'vitest'

import { approveDraftRoute, createDraft } from '#contract/drafts.ts'
import { presentRecord, statusHistoryRoute } from '#contract/records.ts'
import { approveReissuesRoute, draftReissuesRoute, listReissues } from '#contract/reissues.ts'
import { compromiseKey } from '#registry/close-key.ts'
import { titleDraft } from '../support/examples.ts'
import { faultCodeOf } from '../support/fault-code-of.ts'
import { openTestNode, type TestNode } from '../support/open-test-node.ts'

let node: TestNode
beforeAll(async () => {
  node = await openTestNode({ clients: { drafter: ['draft'], approver: ['approve', 'read'], reader: ['read'] } })
})
afterAll(() => node.close())

it('a theft is made good over the API by those whose duty it is, while the node serves', async () => {
  const { draft } = await node.call(createDraft, { as: 'drafter', body: { family: 'title', draft: titleDraft() } })
  const { record } = await node.call(approveDraftRoute, { as: 'approver', params: { draft }, body: {} })
  const kid = node.office.keyring.issue.kid
  await compromiseKey(node.office, { actor: 'cli:keeper' }, kid, '2020-01-01T00:00:00Z' as never) // long before
  const { items, ...progress } = await node.call(listReissues, { as: 'approver', query: {} })
  expect([items.map((item) => [item.record, item.kid]), progress]).toEqual([[[record, kid]], { next: null, waiting: 1, drafted: 0, done: 0 }])
  expect(await faultCodeOf(node.call(listReissues, { as: 'reader', query: {} }))).toBe('duty-missing')
  expect(await faultCodeOf(node.call(draftReissuesRoute, { as: 'approver', body: {} }))).toBe('duty-missing')
  expect(await faultCodeOf(node.call(approveReissuesRoute, { as: 'drafter', body: {} }))).toBe('duty-missing')
  expect((await node.call(draftReissuesRoute, { as: 'drafter', body: {} })).done.map((done) => done.record)).toEqual([record])
  // The node that serves takes up the new key by itself, within seconds.
  await expect
    .poll(() => node.call(approveReissuesRoute, { as: 'approver', body: {} }).catch(() => ({ done: [] })), { timeout: 30_000, interval: 500 })
    .toMatchObject({ done: [{ record }], passed: [], next: null })
  expect((await node.call(statusHistoryRoute, { as: 'reader', params: { record } })).changes.map(({ change, reason }) => [change, reason])).toEqual([
    ['voided', 'reissued'],
  ])
  expect(await faultCodeOf(node.call(presentRecord, { as: 'reader', params: { record }, body: {} }))).toBe('no fault')
}, 60_000)
