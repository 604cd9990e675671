import { inflateSync } from 'node:zlib'

import Database from 'better-sqlite3'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { scatter } from '#core/status/scatter.ts'
import { nodeEngine } from '#custody/engine-node.ts'
import { readUuid } from '#core/model/uuid.ts'
import { tellAsOf } from '#registry/as-of/tell-as-of.ts'
import { changeStatus } from '#registry/change-status.ts'
import { publishStatusLists } from '#registry/publish.ts'
import { verifyRecords } from '#registry/verify-records.ts'
import { getFile } from '#storage/published.ts'
import { findRecordById } from '#storage/records.ts'
import { findStatusList } from '#storage/status-lists.ts'
import { titleDraft } from '../support/examples.ts'
import { approver, issueRecordAt, openTestOffice, type IssuedRecord, type TestOffice } from '../support/open-test-office.ts'

const larger = 131_072
let node: TestOffice
beforeAll(async () => {
  node = await openTestOffice()
})
afterAll(() => node.close())

/** So many places has the first list, and so many of them are taken; what was published of it is behind. */
function setList(places: number, allocated: number): void {
  const file = new Database(node.file)
  file.prepare('update status_list set places = ?, allocated = ?, dirty = 1 where no = 1').run(places, allocated)
  file.close()
}

const placeOf = async ({ id }: IssuedRecord) => {
  const { statusList, statusIndex } = (await findRecordById(node.store.read, { id: readUuid(id)! }))!
  return { statusList, statusIndex }
}
const payloadOf = async (no: number) => {
  const text = Buffer.from((await getFile(node.store.read, { path: `status/${no}` }))!.body).toString()
  return JSON.parse(Buffer.from(text.split('.')[1]!, 'base64url').toString()) as { readonly status_list: { readonly lst: string } }
}
const bytesOf = (lst: string): number => inflateSync(Buffer.from(lst, 'base64url')).length
const publishedBytes = async (no: number) => bytesOf((await payloadOf(no)).status_list.lst)
/** Bytes of the list as of now, and the places of what is not valid. */
const told = async (no: number) => {
  const { files } = await tellAsOf(node.office, node.desk, node.office.clock(), { kind: 'status', no, known: 'now' })
  const { lst, reasons } = JSON.parse(files[0]!.content) as { readonly lst: string; readonly reasons: object }
  return [bytesOf(lst), Object.keys(reasons)]
}
const statusOf = async ({ text }: IssuedRecord) => {
  const [verdict] = await verifyRecords(node.office, node.desk, [text], {})
  const { answer, reason } = verdict!.checks.find(({ id }) => id === 'status')!
  return [answer, reason].join(' ').trim()
}

describe('a node with a list of twice as many places, from before lists had places of their own', () => {
  it('publishes it as large as it is, with what becomes of its records, and tells it as of any instant', async () => {
    setList(larger, 100_000)
    const { seed } = (await findStatusList(node.store.read, { no: 1 }))!
    // Beyond what a list has that is opened now.
    let ordinal = 100_000
    while (scatter(seed, ordinal, larger, nodeEngine.sha256) < 65_536) ordinal++
    setList(larger, ordinal)
    const record = await issueRecordAt(node.office, 'title', titleDraft())
    expect(await placeOf(record)).toEqual({ statusList: 1, statusIndex: scatter(seed, ordinal, larger, nodeEngine.sha256) })
    node.advance(60)
    await publishStatusLists(node.office)
    expect(await statusOf(record)).toBe('yes')
    node.advance(60)
    await changeStatus(node.office, approver, { id: record.id }, { change: 'revoked', reason: 'fraud' })
    expect(await statusOf(record)).toBe('no status-revoked')
    expect(await publishedBytes(1)).toBe(larger / 4)
    expect(await told(1)).toEqual([larger / 4, [`${(await placeOf(record)).statusIndex}`]])
  })

  it('fills it, scattering among all of them, and goes on in one of 65,536', async () => {
    setList(larger, 110_000)
    const { seed } = (await findStatusList(node.store.read, { no: 1 }))!
    const records = [await issueRecordAt(node.office, 'title', titleDraft()), await issueRecordAt(node.office, 'title', titleDraft())]
    expect(await Promise.all(records.map(placeOf))).toEqual(
      [110_000, 110_001].map((ordinal) => ({ statusList: 1, statusIndex: scatter(seed, ordinal, larger, nodeEngine.sha256) })),
    )
    setList(larger, larger)
    const next = await issueRecordAt(node.office, 'title', titleDraft())
    const list = (await findStatusList(node.store.read, { no: 2 }))!
    expect([list.places, list.allocated, await placeOf(next)]).toEqual([
      65_536,
      1,
      { statusList: 2, statusIndex: scatter(list.seed, 0, 65_536, nodeEngine.sha256) },
    ])
    await publishStatusLists(node.office)
    expect([await publishedBytes(2), await told(2)]).toEqual([65_536 / 4, [65_536 / 4, []]])
  })
})
