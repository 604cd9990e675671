import { randomBytes } from 'node:crypto'

import { makeUuid } from '#core/model/uuid.ts'
import { scatter } from '#core/status/scatter.ts'
import { publishStatusLists } from '#registry/publish.ts'
import { insertRecords, type NewRecord } from '#storage/records.ts'
import { takeStatusPlaces } from '#storage/status-lists.ts'
import { keepNode, type NodeUnderTest } from './node-under-test.ts'
import { say } from './say.ts'

const batch = 5_000
const firstIssued = 1_700_000_000
/** What a record of a title takes: its signed part, and its disclosures sealed. */
const signedLength = 1_152
const sealedLength = 720

/** Whose record the n-th is: everybody has two. */
export const holderOf = (node: Pick<NodeUnderTest, 'office'>, index: number): Uint8Array => node.office.vault.index(`bench\0${index >> 1}`)
export const numberOf = (index: number): string => `3701001${2000 + (index % 25)}${String(Math.floor(index / 25)).padStart(7, '0')}`

/** A node whose register holds so many records, put there by storage's own functions in large transactions. The texts in it are noise; the rows are not. */
export const registerOf = (size: number): Promise<NodeUnderTest> =>
  keepNode(`register-${size}`, async (node) => {
    const from = performance.now()
    for (let first = 0; first < size; first += batch) {
      await fill(node, first, Math.min(batch, size - first))
      if (size >= 20 * batch && (first / batch) % 20 === 19) say(`  ${(((first + batch) / size) * 100).toFixed(0)} % of ${size} rows`)
    }
    await publishStatusLists(node.office)
    const seconds = (performance.now() - from) / 1000
    say(`  ${size} rows in ${seconds.toFixed(1)} s: ${Math.round(size / seconds)} rows/s`)
  })

const fill = ({ office }: NodeUnderTest, first: number, howMany: number): Promise<void> =>
  office.store.atomically(async (tx) => {
    const places = await takeStatusPlaces(tx, howMany, () => office.random(16))
    const noise = randomBytes(howMany * (signedLength + sealedLength))
    const rows = places.map(({ list, ordinal, seed }, offset): NewRecord => {
      const index = first + offset
      const at = offset * (signedLength + sealedLength)
      return {
        record: {
          id: makeUuid((firstIssued + index) * 1000, office.random),
          family: 1,
          level: (index % 5) + 1,
          state: 0,
          year: 2000 + (index % 25),
          serial: Math.floor(index / 25) + 1,
          number: numberOf(index),
          holderIndex: holderOf({ office }, index),
          statusList: list,
          statusIndex: scatter(seed, ordinal, office.engine.sha256),
          digest: office.random(32),
          contentDigest: office.random(16),
          origin: 0,
          issuedAt: firstIssued + index,
          recordedAt: firstIssued + index,
          sourceDigest: null,
        },
        body: {
          signed: noise.toString('base64url', at, at + (signedLength * 3) / 4),
          disclosuresSealed: noise.subarray(at + signedLength, at + signedLength + sealedLength),
        },
      }
    })
    await insertRecords(tx, rows)
  })
