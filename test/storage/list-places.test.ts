import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'

import { ourSize } from '#core/status/status-list.ts'
import { readMigrations } from '#storage/migrate.ts'
import type { Store } from '#storage/open-store.ts'
import { findStatusList, listStatusLists, nextListVersion, takeStatusPlaces } from '#storage/status-lists.ts'

import { dialects, type Ground } from './dialects.ts'
import { bytesOf } from './samples.ts'

const counted = readMigrations().find(({ version }) => version === 8)!
const before = readMigrations().filter(({ version }) => version < 8)
/** Lists as a node left them that knew of one size only: one full, one that is being filled. */
const listsOf = (allocated: number) => `insert into status_list (no, seed, allocated, version, dirty)
  select 1, digest, 131072, 4, 0 from migration where version = 1;
insert into status_list (no, seed, allocated, version, dirty)
  select 2, digest, ${allocated}, 7, 0 from migration where version = 2;`

describe.each(dialects)('the places of a status list on $name', ({ prepare, ground, finish }) => {
  let here: Ground
  let store: Store
  beforeAll(prepare)
  afterAll(finish)
  afterEach(async () => {
    await store.close()
    await here.clear()
  })
  const openOld = async (allocated: number): Promise<void> => {
    here = await ground()
    store = await here.open({ migrations: before })
    await store.close()
    store = await here.open({ migrations: [...before, { ...counted, text: `${listsOf(allocated)}\n${counted.text}` }] })
  }
  const take = (howMany: number) => store.atomically((tx) => takeStatusPlaces(tx, howMany, () => bytesOf(9, 16)))
  const told = async () => (await listStatusLists(store.read, {})).map(({ no, allocated, places }) => [no, allocated, places])

  it('stay 131,072 in a list that an older node has opened: it is filled to its end, and the next one has 65,536', async () => {
    await openOld(100_000)
    expect(await told()).toEqual([
      [1, 131_072, 131_072],
      [2, 100_000, 131_072],
    ])
    const { seed } = (await findStatusList(store.read, { no: 2 }))!
    const [next] = await take(1)
    expect([next!.list, next!.ordinal, next!.places, Buffer.compare(next!.seed, seed)]).toEqual([2, 100_000, 131_072, 0])
    const rest = await take(31_073)
    expect([rest[0], rest[31_070], rest[31_071], rest[31_072]].map((place) => [place!.list, place!.ordinal, place!.places])).toEqual([
      [2, 100_001, 131_072],
      [2, 131_071, 131_072],
      [3, 0, ourSize],
      [3, 1, ourSize],
    ])
    expect(await told()).toEqual([
      [1, 131_072, 131_072],
      [2, 131_072, 131_072],
      [3, 2, ourSize],
    ])
  })

  it('go with the version that is published next', async () => {
    await openOld(131_072)
    await take(ourSize + 1)
    const versions: unknown[] = []
    for (const no of [1, 2, 3, 4]) versions.push(await store.atomically((tx) => nextListVersion(tx, no)))
    expect(versions).toEqual([
      { version: 5, places: 131_072 },
      { version: 8, places: 131_072 },
      { version: 1, places: ourSize },
      { version: 1, places: ourSize },
    ])
    expect(await told()).toEqual([
      [1, 131_072, 131_072],
      [2, 131_072, 131_072],
      [3, ourSize, ourSize],
      [4, 1, ourSize],
    ])
  })
})
