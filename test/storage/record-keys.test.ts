import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import type { Store } from '#storage/open-store.ts'
import {
  countRecordsBefore,
  countRecordsByKey,
  countTakenDown,
  listRecordsWithoutKey,
  queueTakenDown,
  setRecordKey,
  listCosignedBefore,
  timeBasis,
} from '#storage/record-keys.ts'
import { insertDrafts } from '#storage/drafts.ts'
import { insertLogCheckpoints } from '#storage/log.ts'
import { insertRecords } from '#storage/records.ts'
import { countReissues, findReissue, findReissueByDraft, listOpenReissues, setReissueDone, setReissueDraft } from '#storage/reissues.ts'
import { insertion, reading } from '#storage/statement.ts'

import { dialects, plain, type Ground } from './dialects.ts'
import { bytesOf, record } from './samples.ts'

const insertLeaves = insertion('logLeaf')
const insertCosignatures = insertion('logCosignature')
const listQueue = reading((db, { reissue }) => db.select().from(reissue).orderBy(reissue.recordId))

describe.each(dialects)('records by their key on $name', ({ prepare, ground, finish }) => {
  let here: Ground
  let store: Store
  beforeAll(async () => {
    await prepare()
    here = await ground()
    store = await here.open()
    // Key 1 signed records 1 to 6, entered at 101 to 106; key 2 signed one; of one it is not noted down.
    await store.atomically((tx) =>
      insertRecords(tx, [
        ...[1, 2, 3, 4, 5, 6].map((n) => record(n, { recordedAt: 100 + n, state: n === 5 ? 1 : n === 6 ? 2 : 0 })),
        record(7, { keyNo: 2, recordedAt: 107 }),
        record(8, { keyNo: null, recordedAt: 108 }),
      ]),
    )
  })
  afterAll(async () => {
    await store.close()
    await here.clear()
    await finish()
  })

  const counts = async (since: number, cosigners: number) => {
    const basis = await timeBasis(store.read)
    const [newest] = await listCosignedBefore(store.read, { before: since, below: 1000, least: cosigners, limit: 1 })
    const which = { keyNo: 1, since, size: newest?.size ?? 0 }
    return [basis, await countRecordsBefore(store.read, basis, which), await countTakenDown(store.read, basis, which)]
  }

  it('counts them, and finds those whose key is not noted down', async () => {
    const byKey = async () => (await countRecordsByKey(store.read, {})).toSorted((a, b) => a.no - b.no)
    expect(await byKey()).toEqual([
      { no: 1, records: 6 },
      { no: 2, records: 1 },
    ])
    const missing = await listRecordsWithoutKey(store.read, { limit: 10 })
    expect(plain(missing)).toEqual(plain([{ id: bytesOf(8), head: 'header.payload-8.signature' }]))
    await store.atomically((tx) => setRecordKey(tx, { id: bytesOf(8), keyNo: 2 }))
    expect([await byKey(), await listRecordsWithoutKey(store.read, { limit: 10 })]).toEqual([
      [
        { no: 1, records: 6 },
        { no: 2, records: 2 },
      ],
      [],
    ])
  })

  it('tells before from after by what verifiers go by: cosignatures, else the own log, else when they were entered', async () => {
    // Of those after, the revoked one needs no successor.
    expect(await counts(103, 1)).toEqual(['recorded', 2, 3])
    // Record 3 was logged before the instant, though entered after the others; record 4 never.
    const leaf = (n: number, loggedAt: number) => ({ index: n - 1, kind: 'record', digest: bytesOf(n, 32), loggedAt })
    await store.atomically((tx) => insertLeaves(tx, [leaf(1, 101), leaf(2, 102), leaf(3, 102)]))
    expect(await counts(103, 1)).toEqual(['logged', 3, 2])
    expect(await counts(102, 1)).toEqual(['logged', 1, 4])
    const cosigned = (size: number, kid: string, cosignedAt: number) => ({ size, kid, cosignedAt, line: '' })
    await store.atomically((tx) =>
      insertLogCheckpoints(
        tx,
        [1, 2, 3].map((size) => ({ size, note: `head ${size}`, madeAt: 100 })),
      ),
    )
    await store.atomically((tx) => insertCosignatures(tx, [cosigned(1, 'a', 102), cosigned(2, 'a', 102), cosigned(2, 'b', 104), cosigned(3, 'a', 105)]))
    expect(await counts(103, 1)).toEqual(['cosigned', 2, 3])
    expect(await counts(103, 2)).toEqual(['cosigned', 0, 5])
    expect(await counts(105, 2)).toEqual(['cosigned', 2, 3])
    expect(await counts(102, 1)).toEqual(['cosigned', 0, 5])
    const listed = (before: number, below: number, least: number) => listCosignedBefore(store.read, { before, below, least, limit: 10 })
    expect(await listed(106, 3, 1)).toEqual([
      { size: 2, note: 'head 2' },
      { size: 1, note: 'head 1' },
    ])
    expect(await listed(106, 4, 2)).toEqual([{ size: 2, note: 'head 2' }])
  })

  it('queues those after, once, in one statement', async () => {
    const values = { keyNo: 1, since: 103, size: 2, reason: 'key-compromised', kid: 'kid-1', at: 200 }
    await store.atomically((tx) => queueTakenDown(tx, 'cosigned', values))
    await store.atomically((tx) => queueTakenDown(tx, 'cosigned', { ...values, size: 1, at: 300 }))
    const row = (n: number, queuedAt: number) => ({ recordId: bytesOf(n), reason: 'key-compromised', kid: 'kid-1', queuedAt, draftId: null, doneAt: null })
    expect(plain(await listQueue(store.read, {}))).toEqual(plain([row(2, 300), row(3, 200), row(4, 200), row(6, 200)]))
  })
  it('shows what is open, page by page, with its draft, and how far the work is', async () => {
    const draft = {
      id: bytesOf(90),
      family: 1,
      state: 'open',
      claims: {},
      personalSealed: bytesOf(1),
      holderIndex: null,
      number: null,
      createdBy: 'officer:1',
      createdAt: 1,
      decidedBy: null,
      decidedAt: null,
      reason: null,
      recordId: null,
    } as const
    await store.atomically(async (tx) => {
      await insertDrafts(tx, [draft])
      await setReissueDraft(tx, { recordId: bytesOf(3), draftId: draft.id })
      await setReissueDone(tx, { recordId: bytesOf(4), at: 400 })
      // What is done stays as it is.
      await setReissueDone(tx, { recordId: bytesOf(4), at: 500 })
      await setReissueDraft(tx, { recordId: bytesOf(4), draftId: draft.id })
    })
    const open = async (after: Uint8Array, limit: number) =>
      (await listOpenReissues(store.read, { after, limit })).map(({ recordId, draftState, draftedBy }) => [
        Buffer.from(recordId).readUInt32BE(12),
        draftState,
        draftedBy,
      ])
    expect(await open(Buffer.alloc(0), 2)).toEqual([
      [2, null, null],
      [3, 'open', 'officer:1'],
    ])
    expect(await open(bytesOf(3), 2)).toEqual([[6, null, null]])
    expect(plain(await findReissueByDraft(store.read, { draftId: draft.id }))).toMatchObject(plain({ recordId: bytesOf(3) }) as object)
    expect(plain(await findReissue(store.read, { recordId: bytesOf(4) }))).toMatchObject({ doneAt: 400, draftId: null })
    expect(await countReissues(store.read, {})).toEqual({ waiting: 2, drafted: 1, done: 1 })
  })
})
