import { and, asc, desc, eq, inArray, sql } from 'drizzle-orm'

import { ourSize } from '#core/status/status-list.ts'

import type { Writer } from './engine.ts'
import { insertion, reading, readingOne, writing, writingEach, type Given, type GivenList } from './statement.ts'
import type { Row } from './tables.ts'

/** The `ordinal`-th place of a list, from 0. Where it stands in the list is a permutation that the seed decides: an index must not tell the order of issue. */
export interface StatusPlace {
  readonly list: number
  readonly ordinal: number
  /** Of the whole list: it has as many as when it was opened. */
  readonly places: number
  readonly seed: Uint8Array
}

export const findStatusList = readingOne((db, { statusList }, given: Given<{ readonly no: number }>) =>
  db.select().from(statusList).where(eq(statusList.no, given.no)),
)

/** All lists, in order. There is one for every 65,536 records. */
export const listStatusLists = reading((db, { statusList }) => db.select().from(statusList).orderBy(asc(statusList.no)))

/** Lists whose published file is missing or behind. */
export const findDirtyLists = reading((db, { statusList }) =>
  // Written as a literal, so that the partial index is used.
  db
    .select()
    .from(statusList)
    .where(sql`${statusList.dirty} = 1`)
    .orderBy(asc(statusList.no)),
)

/** What stands in a list besides "valid", by index. What is read to publish it. */
export const listForList = reading((db, { record }, given: Given<{ readonly no: number }>) =>
  db
    .select({ statusIndex: record.statusIndex, state: record.state })
    .from(record)
    .where(and(eq(record.statusList, given.no), sql`${record.state} <> 0`))
    .orderBy(asc(record.statusIndex)),
)

const findNewest = readingOne((db, { statusList }) => db.select().from(statusList).orderBy(desc(statusList.no)).limit(1))
const insertList = insertion('statusList')
const setAllocated = writing((db, { statusList }, given: Given<{ readonly no: number; readonly allocated: number }>) =>
  db.update(statusList).set({ allocated: given.allocated }).where(eq(statusList.no, given.no)),
)

const takeFromNewest = writing((db, { statusList }, given: Given<{ readonly howMany: number }>) =>
  db
    .update(statusList)
    .set({ allocated: sql`${statusList.allocated} + ${given.howMany}` })
    .where(and(eq(statusList.no, sql`(select max(no) from status_list)`), sql`${statusList.allocated} + ${given.howMany} <= ${statusList.places}`))
    .returning({ no: statusList.no, seed: statusList.seed, allocated: statusList.allocated, places: statusList.places }),
)

/** Takes places in the newest list, and opens new ones, each with a seed of its own, as they fill. A new list is dirty: it has to be published. */
export async function takeStatusPlaces(tx: Writer, howMany: number, newSeed: () => Uint8Array): Promise<readonly StatusPlace[]> {
  const [roomy] = await takeFromNewest(tx, { howMany })
  if (roomy !== undefined) return placesFrom(roomy, roomy.allocated - howMany, howMany)
  const places: StatusPlace[] = []
  let list = await findNewest(tx, {})
  while (places.length < howMany) {
    if (list === undefined || list.allocated === list.places) {
      list = { no: (list?.no ?? 0) + 1, seed: newSeed(), allocated: 0, places: ourSize, version: 0, dirty: true }
      await insertList(tx, [list])
    }
    const taken = Math.min(howMany - places.length, list.places - list.allocated)
    places.push(...placesFrom(list, list.allocated, taken))
    list = { ...list, allocated: list.allocated + taken }
    await setAllocated(tx, { no: list.no, allocated: list.allocated })
  }
  return places
}

const placesFrom = ({ no, places, seed }: Pick<Row<'statusList'>, 'no' | 'places' | 'seed'>, first: number, howMany: number): readonly StatusPlace[] =>
  Array.from({ length: howMany }, (_, index) => ({ list: no, ordinal: first + index, places, seed }))

const setDirty = writingEach((db, { statusList }, _given, lists: GivenList<number>) =>
  db
    .update(statusList)
    .set({ dirty: true })
    .where(and(inArray(statusList.no, [...lists]), eq(statusList.dirty, false))),
)

/** Says that the published files of these lists are behind. In the transaction that changes the states. */
export const markListsDirty = (tx: Writer, lists: readonly number[]): Promise<void> => setDirty(tx, {}, [...new Set(lists)])

const raiseVersion = writing((db, { statusList }, given: Given<{ readonly no: number }>) =>
  db
    .update(statusList)
    .set({ dirty: false, version: sql`${statusList.version} + 1` })
    .where(eq(statusList.no, given.no))
    .returning({ version: statusList.version, places: statusList.places }),
)

/** What is to be published of a list. */
export type ListVersion = Pick<Row<'statusList'>, 'version' | 'places'>

/** Answers what to publish, and clears the mark. In the transaction that reads the states and puts the file, or a change between the two is lost. */
export async function nextListVersion(tx: Writer, no: number): Promise<ListVersion | undefined> {
  return (await raiseVersion(tx, { no }))[0]
}
