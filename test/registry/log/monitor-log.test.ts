import { readFileSync } from 'node:fs'

import Database from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import type { Instant } from '#core/model/instant.ts'
import { storeImport } from '#registry/import-ledger.ts'
import { monitorLog, usualLimits, type Oddity } from '#registry/log/monitor-log.ts'
import { sequenceLog } from '#registry/log/sequence-log.ts'
import { workNextImport } from '#registry/work-imports.ts'
import { qualificationDraft, titleDraft } from '../../support/examples.ts'
import { issueRecordAt, openTestOffice, type TestOffice } from '../../support/open-test-office.ts'

let node: TestOffice
beforeEach(async () => {
  node = await openTestOffice()
})
afterEach(() => node.close())

const sql = (text: string): void => {
  const db = new Database(node.file)
  db.prepare(text).run()
  db.close()
}
const log = async (): Promise<void> => {
  await sequenceLog(node.office)
}
const odd = async (limits = usualLimits): Promise<readonly Oddity[]> => monitorLog(node.office, limits)
const title = async (count = 1) => {
  const numbers: string[] = []
  for (let made = 0; made < count; made++) numbers.push((await issueRecordAt(node.office, 'title', titleDraft())).number)
  return numbers
}
/** Bureaus are eight hours ahead of UTC. */
const at = (utc: string): void => node.set(`2026-06-0${utc}:00Z` as Instant) // well formed

describe('what a supervisor is shown', () => {
  it('is nothing where everybody did as they should', async () => {
    at('2T02:00')
    await title(usualLimits.bulk)
    await issueRecordAt(node.office, 'qualification', qualificationDraft())
    await log()
    expect(await odd()).toEqual([])
  })

  it('are serials that are missing: one, several, and those at the end', async () => {
    await title(7)
    await issueRecordAt(node.office, 'qualification', qualificationDraft())
    await log()
    sql('delete from record_body where record_id in (select id from record where serial in (2, 4, 5, 7))')
    sql('delete from record where serial in (2, 4, 5, 7)')
    expect(await odd()).toEqual([
      { code: 'serial-gap', at: 'title 2026', detail: '2' },
      { code: 'serial-gap', at: 'title 2026', detail: '4–5' },
      { code: 'serial-gap', at: 'title 2026', detail: '7' },
    ])
  })

  it('are records that say they are older than the log knows, and by the entry where the log has not taken them up', async () => {
    at('2T02:00')
    const [early] = await title()
    at('3T02:00')
    const [inTime] = await title()
    await log()
    const back = { code: 'back-dated', at: early, detail: '2026-06-02T02:00:00Z < 2026-06-03T02:00:00Z' }
    // A day to the second is in time.
    expect(await odd()).toEqual([])
    expect(await odd({ ...usualLimits, lag: usualLimits.lag - 1 })).toEqual([back])
    const [waiting] = await title()
    sql(`update record set issued_at = issued_at - 86401 where number in ('${inTime}', '${waiting}')`)
    expect(await odd()).toEqual([
      { code: 'back-dated', at: inTime, detail: '2026-06-02T01:59:59Z < 2026-06-03T02:00:00Z' },
      { code: 'back-dated', at: waiting, detail: '2026-06-02T01:59:59Z < 2026-06-03T02:00:00Z' },
    ])
  })

  it('is one person who issues in bulk at night, between ten and six by the bureaus’ clocks', async () => {
    for (const evening of ['1T13:59', '1T22:00']) {
      at(evening)
      await title(usualLimits.bulk)
    }
    at('2T14:00')
    await title(usualLimits.bulk - 1)
    expect(await odd()).toEqual([])
    await title()
    at('2T21:59')
    await title(usualLimits.bulk)
    expect(await odd()).toEqual([
      { code: 'night-bulk', at: 'officer:approver', detail: '2026-06-02T14:00:00Z: 30' },
      { code: 'night-bulk', at: 'officer:approver', detail: '2026-06-02T21:00:00Z: 30' },
    ])
  })

  it('is a ledger that one person lets in at night, however few strokes it took', async () => {
    at('1T15:10')
    const bytes = readFileSync(new URL('../../ledger/jinan-titles.csv', import.meta.url))
    const ledger = (dryRun: boolean) => ({ family: 'title', fileName: 'ledger.csv', bytes, dryRun }) as const
    for (const dryRun of [true, false]) {
      await node.store.atomically((tx) => storeImport(tx, node.office, { actor: 'officer:keeper' }, ledger(dryRun)))
      await workNextImport(node.office, 'worker')
    }
    expect(await odd()).toEqual([{ code: 'night-bulk', at: 'officer:keeper', detail: '2026-06-01T15:00:00Z: 374' }])
  })
})
