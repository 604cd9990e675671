import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'

import { readMigrations } from '#storage/migrate.ts'
import type { Store } from '#storage/open-store.ts'
import { insertRecords } from '#storage/records.ts'
import { insertStatusEvents, listEventsOfList, listStatusEvents } from '#storage/status-events.ts'

import { dialects, type Ground } from './dialects.ts'
import { bytesOf, record } from './samples.ts'

const placed = readMigrations().find(({ version }) => version === 7)!
const before = readMigrations().filter(({ version }) => version < 7)
// As a node wrote them that knew nothing of places.
const eventsOfOld = `insert into status_event (id, record_id, kind, reason, effective_at, recorded_at, actor)
  select id, id, 'revoked', number, 1, 1, 'officer' from record where serial <> 3;`

describe.each(dialects)('the events of a status list on $name', ({ prepare, ground, finish }) => {
  let here: Ground
  let store: Store
  beforeAll(prepare)
  afterAll(finish)
  afterEach(async () => {
    await store.close()
    await here.clear()
  })
  const records = [
    record(1, { statusList: 2, statusIndex: 90_000 }),
    record(2, { statusList: 2, statusIndex: 17 }),
    record(3, { statusList: 2, statusIndex: 18 }),
    record(4, { statusList: 7, statusIndex: 17 }),
  ]
  const toldOf = async (no: number) => (await listEventsOfList(store.read, { no })).map(({ statusIndex, kind, reason }) => [statusIndex, kind, reason])

  it('of an older node get the places of their records', async () => {
    here = await ground()
    store = await here.open({ migrations: before })
    await store.atomically((tx) => insertRecords(tx, records))
    await store.close()
    store = await here.open({ migrations: [...before, { ...placed, text: `${eventsOfOld}\n${placed.text}` }] })
    expect(await toldOf(2)).toEqual([
      [17, 'revoked', '鲁职称 2'],
      [90_000, 'revoked', '鲁职称 1'],
    ])
    expect(await toldOf(7)).toEqual([[17, 'revoked', '鲁职称 4']])
    expect(await toldOf(0)).toEqual([])
    const [event] = await listStatusEvents(store.read, { recordId: bytesOf(1) })
    expect([event?.statusList, event?.statusIndex]).toEqual([2, 90_000])
  })

  it('stand by place, and at one place in the order in which they were recorded', async () => {
    here = await ground()
    store = await here.open()
    const event = (n: number, of: number, kind: 'suspended' | 'reinstated' | 'revoked') => {
      const { id, statusList, statusIndex } = records[of - 1]!.record
      return { id: bytesOf(n), recordId: id, kind, reason: `${n}`, effectiveAt: 50 - n, recordedAt: n, actor: 'officer', note: null, statusList, statusIndex }
    }
    await store.atomically(async (tx) => {
      await insertRecords(tx, records)
      await insertStatusEvents(tx, [event(3, 1, 'revoked'), event(2, 2, 'reinstated'), event(1, 2, 'suspended'), event(4, 4, 'suspended')])
    })
    expect(await toldOf(2)).toEqual([
      [17, 'suspended', '1'],
      [17, 'reinstated', '2'],
      [90_000, 'revoked', '3'],
    ])
    expect(await toldOf(7)).toEqual([[17, 'suspended', '4']])
  })
})
