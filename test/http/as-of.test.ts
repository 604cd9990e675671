import { createHash } from 'node:crypto'

import request from 'supertest'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { everythingAsOf, manifestAsOf, rulesAsOf, statusAsOfRoute, verifyAsOfRoute } from '#contract/as-of.ts'
import { approveDraftRoute, createDraft } from '#contract/drafts.ts'
import { manifestFile } from '#contract/public.ts'
import { changeStatusRoute, presentRecord } from '#contract/records.ts'
import { decodeUtf8 } from '#core/encoding/utf8.ts'
import { instantOf, secondsOf, type Instant } from '#core/model/instant.ts'
import { titleDraft } from '../support/examples.ts'
import { openTestNode, type TestNode } from '../support/open-test-node.ts'

let node: TestNode
let began: Instant
let before: Instant
let text: string
beforeAll(async () => {
  node = await openTestNode()
  began = node.office.clock()
  const { draft } = await node.call(createDraft, { as: 'drafter', body: { family: 'title', draft: titleDraft() } })
  const { record } = await node.call(approveDraftRoute, { as: 'approver', params: { draft }, body: {} })
  ;({ text } = await node.call(presentRecord, { as: 'approver', params: { record }, body: {} }))
  before = node.office.clock()
  node.pass(3600)
  await node.call(changeStatusRoute, { as: 'approver', params: { record }, body: { change: 'cancelled', reason: 'holder-request' } })
})
afterAll(() => node.close())

describe('what a node says of the past', () => {
  it('gives the very manifest that it serves, with a digest that anybody can compute', async () => {
    const served = decodeUtf8(await node.call(manifestFile, {}))
    const { files, outcome, asOf } = await node.call(manifestAsOf, { params: { instant: before } })
    expect([outcome, asOf]).toEqual(['held', before])
    expect(files).toEqual([
      {
        kind: 'manifest',
        subject: 'https://370100.comity.example',
        version: 1,
        digest: createHash('sha256').update(served).digest('base64url'),
        content: served,
      },
    ])
    expect((await node.call(everythingAsOf, { params: { instant: before } })).files).toEqual(files)
    expect((await node.call(rulesAsOf, { params: { instant: before } })).outcome).toBe('not-held')
  })

  it('gives a status and a verdict from before and after a change', async () => {
    const now = node.office.clock()
    const reasonsAt = async (instant: Instant) => {
      const { files } = await node.call(statusAsOfRoute, { params: { instant, no: '1' }, query: { known: 'now' } })
      return Object.keys((JSON.parse(files[0]!.content) as { readonly reasons: object }).reasons).length
    }
    expect([await reasonsAt(before), await reasonsAt(now)]).toEqual([0, 1])
    const answerAt = async (instant: Instant) =>
      (await node.call(verifyAsOfRoute, { params: { instant }, body: { records: [text, text] } })).verdicts.map(({ answer }) => answer)
    expect([await answerAt(before), await answerAt(now)]).toEqual([
      ['yes', 'yes'],
      ['no', 'no'],
    ])
  })

  it('verifies a hundred at once, in their order', async () => {
    const records = Array.from({ length: 100 }, (_, index) => (index % 7 === 0 ? `${text.slice(0, 300)}x${text.slice(301)}` : text))
    const { verdicts } = await node.call(verifyAsOfRoute, { params: { instant: before }, body: { records, for: '370300' } })
    expect(verdicts.map(({ answer }) => answer)).toEqual(records.map((each) => (each === text ? 'yes' : 'no')))
  })

  it.each<[string, () => string, number, string]>([
    ['the future', () => `/as-of/${instantOf(secondsOf(node.office.clock()) + 3600)}/manifest`, 422, 'instant-in-future'],
    ['a day', () => '/as-of/2026-06-01/manifest', 400, 'request-malformed'],
    ['another offset', () => '/as-of/2026-06-01T12:00:00+08:00/manifest', 400, 'request-malformed'],
    ['parts of a second', () => '/as-of/2026-06-01T04:00:00.5Z/manifest', 400, 'request-malformed'],
    ['a day that the calendar has not', () => '/as-of/2026-02-30T04:00:00Z/manifest', 400, 'request-malformed'],
    ['a path that cannot be decoded', () => '/as-of/%E0/manifest', 400, 'request-malformed'],
    ['a list by no number', () => `/as-of/${before}/status/0`, 400, 'request-malformed'],
    ['knowledge of nobody', () => `/as-of/${before}/status/1?known=later`, 400, 'request-malformed'],
    ['a query that nobody defines', () => `/as-of/${before}/manifest?known=then`, 400, 'request-malformed'],
    ['an alliance by no name', () => `/as-of/${before}/alliances/A`, 400, 'request-malformed'],
  ])('%s is refused with a reason', async (_name, path, status, code) => {
    const reply = await request(node.server).get(path())
    expect([reply.status, reply.body.code]).toEqual([status, code])
  })

  it('has a named answer for the time before it began', async () => {
    const { status, body } = await request(node.server).get('/as-of/2001-01-01T00:00:00Z/alliances/sd-capital-circle')
    expect([status, body.outcome, body.files, body.subject]).toEqual([200, 'before-genesis', [], 'sd-capital-circle'])
    expect(secondsOf(body.genesis as Instant)).toBeLessThanOrEqual(secondsOf(began))
    const refused = await request(node.server)
      .post('/as-of/2001-01-01T00:00:00Z/verify')
      .send({ records: [text] })
    expect([refused.status, refused.body.code, refused.body.detail]).toEqual([422, 'instant-before-genesis', body.genesis])
  })

  it.each([
    ['no record', {}],
    ['no records', { records: [] }],
    ['too many', { records: Array.from({ length: 101 }, () => 'x') }],
    ['one that is no text', { records: [1] }],
    ['a second instant', { records: ['x'], at: '2026-06-01T00:00:00Z' }],
  ])('asked about %s it refuses', async (_name, body) => {
    const reply = await request(node.server).post(`/as-of/${before}/verify`).send(body)
    expect([reply.status, reply.body.code]).toEqual([400, 'request-malformed'])
  })
})
