import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { approveDraftRoute, createDraft } from '#contract/drafts.ts'
import { createImport, getImport, importResult } from '#contract/imports.ts'
import { verifyRoute } from '#contract/public.ts'
import { handOutCode, presentRecord } from '#contract/records.ts'
import { encodeUtf8 } from '#core/encoding/utf8.ts'
import { secondsOf } from '#core/model/instant.ts'
import { cleanByRightClock } from '#jobs/clean-by-right-clock.ts'
import { cleanUp } from '#registry/clean-up.ts'
import { publishDue } from '#registry/keep-published.ts'
import { claimRecord } from '#registry/claim-record.ts'
import { Fault } from '#core/fault.ts'
import { titleDraft } from '../support/examples.ts'
import { openTestNode, type TestNode } from '../support/open-test-node.ts'

const hour = 3600
const day = 24 * hour

let node: TestNode
beforeEach(async () => {
  node = await openTestNode()
})
afterEach(() => node.close())

const etags = async (): Promise<readonly (string | null)[]> =>
  Promise.all(['status/1', 'trust/manifest.jwt'].map(async (path) => (await fetch(`${node.url}/${path}`)).headers.get('etag')))

describe('what a node publishes', () => {
  it('is made anew before it grows old, and not before', async () => {
    const [list, manifest] = await etags()
    node.pass(6 * hour - 60)
    expect(await publishDue(node.office)).toEqual({ lists: 0, manifest: false })
    expect(await etags()).toEqual([list, manifest])
    node.pass(120)
    expect(await publishDue(node.office)).toEqual({ lists: 1, manifest: false })
    const [second] = await etags()
    expect(second).not.toBe(list)
    node.pass(2 * day + 8 * hour)
    expect(await publishDue(node.office)).toEqual({ lists: 1, manifest: true })
    expect((await etags())[1]).not.toBe(manifest)
    expect(await publishDue(node.office)).toEqual({ lists: 0, manifest: false })
  })

  it('lets a record be verified without a warning as long as the node runs', async () => {
    const { draft } = await node.call(createDraft, { as: 'drafter', body: { family: 'title', draft: titleDraft() } })
    const { record } = await node.call(approveDraftRoute, { as: 'approver', params: { draft }, body: {} })
    const { text } = await node.call(presentRecord, { as: 'approver', params: { record }, body: {} })
    const notes = async (): Promise<readonly string[]> => {
      node.desk.changed()
      const reply = await node.call(verifyRoute, { body: { record: text } })
      return 'verdict' in reply ? reply.verdict.notes.map(({ code }) => code) : []
    }
    node.pass(20 * day)
    expect(await notes()).toContain('manifest-stale')
    await publishDue(node.office)
    expect(await notes()).toEqual(['time-unproven'])
  })
})

describe('what a node forgets', () => {
  it('are answers, claim codes and files of imports whose time has passed, and nothing else', async () => {
    const { draft } = await node.call(createDraft, { as: 'drafter', body: { family: 'title', draft: titleDraft() } })
    const approve = () => node.call(approveDraftRoute, { as: 'approver', params: { draft }, body: {}, idempotencyKey: 'the-same' })
    const issued = await approve()
    const { code } = await node.call(handOutCode, { as: 'drafter', params: { record: issued.record }, body: { days: 10 } })
    const { job } = await node.call(createImport, { as: 'drafter', query: { family: 'title', dryRun: 'true' }, body: encodeUtf8('姓名\n') })
    while ((await node.call(getImport, { as: 'drafter', params: { job } })).state !== 'failed') await new Promise((resolve) => setTimeout(resolve, 20))

    node.pass(day)
    await cleanUp(node.office)
    expect(await approve()).toEqual(issued)
    node.pass(2 * day)
    await cleanUp(node.office)
    await expect(approve()).rejects.toMatchObject({ code: 'draft-decided' })
    expect(await claimRecord(node.office, { code, lastSix: '192288', disclose: [] })).toMatch(/~$/)

    node.pass(28 * day)
    await cleanUp(node.office)
    expect((await node.call(getImport, { as: 'drafter', params: { job } })).state).toBe('failed')
    await expect(node.call(presentRecord, { as: 'approver', params: { record: issued.record }, body: {} })).resolves.toMatchObject({ number: issued.number })
  })

  it('is nothing by a clock that the neighbours call wrong, nor before they were asked', async () => {
    const { draft } = await node.call(createDraft, { as: 'drafter', body: { family: 'title', draft: titleDraft() } })
    const approve = () => node.call(approveDraftRoute, { as: 'approver', params: { draft }, body: {}, idempotencyKey: 'once-and-for-all' })
    const issued = await approve()
    const { gate, clock } = node.office
    const heard = Promise.withResolvers<void>()
    const clean = cleanByRightClock(node.office, heard.promise)
    node.pass(400 * day)
    const first = clean()
    gate.hear({ kind: 'differs', seconds: 400 * day }, secondsOf(clock()))
    heard.resolve()
    await first
    node.pass(-400 * day)
    gate.hear({ kind: 'agrees' }, secondsOf(clock()))
    await clean()
    expect(await approve()).toEqual(issued)
    node.pass(3 * day)
    await clean()
    await expect(approve()).rejects.toMatchObject({ code: 'draft-decided' })
    node.pass(-3 * day)
  })

  it('says of an import whose file is gone that it is gone', async () => {
    const { job } = await node.call(createImport, { as: 'drafter', query: { family: 'title', dryRun: 'true' }, body: encodeUtf8(goodLedger) })
    for (;;) {
      const { state } = await node.call(getImport, { as: 'drafter', params: { job } })
      if (state === 'done') break
      expect(state).not.toBe('failed')
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    const result = () => node.call(importResult, { as: 'drafter', params: { job }, query: { format: 'csv' } })
    node.pass(29 * day)
    await cleanUp(node.office)
    expect((await result()).length).toBeGreaterThan(100)
    node.pass(2 * day)
    await cleanUp(node.office)
    await expect(result()).rejects.toBeInstanceOf(Fault)
    await expect(result()).rejects.toMatchObject({ code: 'import-file-gone' })
  })
})

const goodLedger = `姓名,证件号码,职称系列,职称名称,级别,取得方式,取得时间,证书编号,发证日期,专业,工作单位
孙远敏,370113199604192288,工程技术人员,工程师,中级,评审,2021-03-05,A0001,2021-05-29,建筑施工,济南第三机床厂
`
