import { ourSize } from '#core/status/status-list.ts'
import { appendToOutbox } from '#storage/outbox.ts'
import { insertRecords } from '#storage/records.ts'
import { fillerRow } from './filler-rows.ts'
import type { Contender } from './measure.ts'
import type { NodeUnderTest } from './node-under-test.ts'

// Far from the lists that the node itself gives out.
const firstList = 10_000

/** Stores rows as issuing does, record, text and outbox, so many a commit: what a durable row costs when nothing else is done. */
export function durableRows({ office }: Pick<NodeUnderTest, 'office'>, rowsOfCommit: number): Contender {
  let index = 0
  return async (times) => {
    for (let left = times; left > 0; left -= rowsOfCommit) {
      const rows = Array.from({ length: Math.min(left, rowsOfCommit) }, () => {
        index++
        return fillerRow(office, index, { list: firstList + Math.floor(index / ourSize), index: index % ourSize })
      })
      await office.store.atomically(async (tx) => {
        await insertRecords(tx, rows)
        await appendToOutbox(
          tx,
          rows.map(({ record }) => ({ id: record.contentDigest, kind: 'record', digest: record.digest, createdAt: record.recordedAt, publishedAt: null })),
        )
      })
    }
  }
}
