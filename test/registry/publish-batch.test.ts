import { readFileSync } from 'node:fs'
import { afterEach, beforeEach, expect, it } from 'vitest'

import { secondsOf } from '#core/model/instant.ts'
import { queueImport } from '#registry/import-ledger.ts'
import { sequenceLog } from '#registry/log/sequence-log.ts'
import { workNextImport } from '#registry/work-imports.ts'
import { findLogHead, listLogLeaves } from '#storage/log.ts'
import { appendToOutbox, listUnpublished } from '#storage/outbox.ts'
import { countRecordsByKey } from '#storage/record-keys.ts'
import { closeSigningKey } from '#storage/signing-keys.ts'
import { faultCodeOf } from '../support/fault-code-of.ts'
import { openTestOffice, type TestOffice } from '../support/open-test-office.ts'

const ledger = Uint8Array.from(readFileSync(new URL('../ledger/jinan-titles.csv', import.meta.url)))
const issued = 374

let node: TestOffice
beforeEach(async () => {
  node = await openTestOffice()
  await sequenceLog(node.office)
})
afterEach(() => node.close())

const size = async (): Promise<number> => (await findLogHead(node.store.read, {}))!.size
const records = async (): Promise<number> => (await countRecordsByKey(node.store.read, {})).reduce((sum, { records: of }) => sum + of, 0)
const work = async (dryRun: boolean) => {
  await queueImport(node.office, { actor: 'drafter' }, { family: 'title', fileName: 'a.csv', bytes: ledger, dryRun })
  return workNextImport(node.office, 'worker')
}

it('an import that is done is in the log already, though nothing serves', async () => {
  const before = await size()
  expect((await work(false))!.counts).toMatchObject({ issued })
  expect(await listUnpublished(node.store.read, { limit: 1 })).toEqual([])
  const kinds = (await listLogLeaves(node.store.read, { from: before, to: await size() })).map(({ kind }) => kind)
  expect(kinds).toEqual(Array(issued).fill('record'))
})

it('a record and its leaf are one commit, and come after what waited before them', async () => {
  const digest = new Uint8Array(32).fill(7)
  const waiting = { id: node.office.newId(), kind: 'manifest', digest, createdAt: 0, publishedAt: null }
  await node.store.atomically((tx) => appendToOutbox(tx, [waiting]))
  const before = await size()
  await queueImport(node.office, { actor: 'drafter' }, { family: 'title', fileName: 'a.csv', bytes: ledger, dryRun: false })
  const sizes: number[] = []
  // What others see after each commit of the import: the log has grown with the records or neither has.
  const { atomically } = node.store
  const store: typeof node.store = {
    ...node.store,
    atomically: async (task) => {
      const done = await atomically(task)
      sizes.push((await size()) - before - (await records()))
      return done
    },
  }
  await workNextImport({ ...node.office, store }, 'worker', { batch: 100 })
  expect([...new Set(sizes)]).toEqual([0, 1])
  expect((await listLogLeaves(node.store.read, { from: before, to: before + 2 })).map(({ kind }) => kind)).toEqual(['manifest', 'record'])
})

it('a dry run leaves nothing in it', async () => {
  const before = await size()
  expect((await work(true))!.counts).toMatchObject({ issued: 0 })
  expect([await size(), await listUnpublished(node.store.read, { limit: 1 })]).toEqual([before, []])
})

it('trouble with the log stops no import: the leaves wait in the outbox', async () => {
  // Closed by another process: this one has not read its keys again.
  const closing = { kid: node.office.keyring.log.kid, closedAt: secondsOf(node.office.clock()), closedReason: 'ceased', compromisedSince: null }
  await node.store.atomically((tx) => closeSigningKey(tx, closing))
  const before = await size()
  expect((await work(false))!.counts).toMatchObject({ issued })
  expect([await size(), (await listUnpublished(node.store.read, { limit: 1000 })).filter(({ kind }) => kind === 'record').length]).toEqual([before, issued])
  expect(await faultCodeOf(sequenceLog(node.office))).toBe('key-revoked')
})
