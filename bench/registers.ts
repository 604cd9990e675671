import { scatter } from '#core/status/scatter.ts'
import { publishStatusLists } from '#registry/publish.ts'
import { insertRecords } from '#storage/records.ts'
import { takeStatusPlaces } from '#storage/status-lists.ts'
import { fillerRow } from './filler-rows.ts'
import { keepNode, type NodeUnderTest } from './node-under-test.ts'
import { say } from './say.ts'

const batch = 5_000

/** A node whose register holds so many records, put there by storage's own functions in large transactions. */
export const registerOf = (size: number): Promise<NodeUnderTest> =>
  keepNode(`register-${size}`, async (node) => {
    const from = performance.now()
    for (let first = 0; first < size; first += batch) {
      await fill(node, first, Math.min(batch, size - first))
      if (first > 0 && first % 250_000 === 0) say(`  ${first} of ${size} rows`)
    }
    await publishStatusLists(node.office)
    const seconds = (performance.now() - from) / 1000
    say(`  ${size} rows in ${seconds.toFixed(1)} s: ${Math.round(size / seconds)} rows/s`)
  })

const fill = ({ office }: NodeUnderTest, first: number, howMany: number): Promise<void> =>
  office.store.atomically(async (tx) => {
    const places = await takeStatusPlaces(tx, howMany, () => office.random(16))
    const rows = places.map(({ list, ordinal, places, seed }, offset) =>
      fillerRow(office, first + offset, { list, index: scatter(seed, ordinal, places, office.engine.sha256) }),
    )
    await insertRecords(tx, rows)
  })
