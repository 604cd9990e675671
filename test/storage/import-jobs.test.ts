import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import {
  advanceImportJob,
  claimImportJob,
  deleteImportFile,
  findImportJob,
  findImportJobsByFile,
  finishImportJob,
  insertImportJob,
  insertImportRows,
  lastImportRow,
  listImportJobs,
  listImportRows,
  loadImportFile,
  type ImportJob,
} from '#storage/import-jobs.ts'
import type { Store } from '#storage/open-store.ts'

import { dialects, plain, type Ground } from './dialects.ts'
import { bytesOf } from './samples.ts'

const job = (n: number): ImportJob => ({
  id: bytesOf(n),
  family: 1,
  fileName: '济南市职称台账.csv',
  fileDigest: bytesOf(9, 32),
  state: 'queued',
  dryRun: n === 2,
  total: null,
  done: 0,
  counts: {},
  requestedBy: 'officer',
  createdAt: n,
  updatedAt: n,
  leaseUntil: null,
  leaseOwner: null,
  error: null,
})

describe.each(dialects)('import jobs on $name', ({ prepare, ground, finish }) => {
  let here: Ground
  let store: Store
  beforeAll(async () => {
    await prepare()
    here = await ground()
    store = await here.open()
    await store.atomically(async (tx) => {
      await insertImportJob(tx, job(1), Buffer.from('body 1'))
      await insertImportJob(tx, job(2), Buffer.from('body 2'))
    })
  })
  afterAll(async () => {
    await store.close()
    await here.clear()
    await finish()
  })
  const claim = (owner: string, now: number) => store.atomically((tx) => claimImportJob(tx, { owner, now, leaseUntil: now + 60 }))
  const advance = (owner: string, now: number) =>
    store.atomically((tx) =>
      advanceImportJob(tx, { id: bytesOf(1), owner, now, leaseUntil: now + 60, total: 3000, done: 2, counts: { accepted: 1, refused: 1 } }),
    )

  it('keeps a job with its file', async () => {
    expect(plain(await findImportJob(store.read, { id: bytesOf(2) }))).toEqual(plain(job(2)))
    expect(plain(await listImportJobs(store.read, { after: bytesOf(1), limit: 5 }))).toEqual([plain(job(2))])
    expect(plain(await findImportJobsByFile(store.read, { fileDigest: bytesOf(9, 32) }))).toEqual([plain(job(2)), plain(job(1))])
    expect(Buffer.from((await loadImportFile(store.read, { jobId: bytesOf(1) }))!.body).toString()).toBe('body 1')
  })

  it('gives each of two workers another job, and nothing to the third', async () => {
    const claimed = await Promise.all([claim('a', 100), claim('b', 100), claim('c', 100)])
    expect(plain(claimed[0])).toEqual(plain({ ...job(1), state: 'running', leaseOwner: 'a', leaseUntil: 160, updatedAt: 100 }))
    expect(plain(claimed[1]?.id)).toBe(bytesOf(2).toString('hex'))
    expect(claimed[2]).toBeUndefined()
  })

  it('remembers progress and rows, and where to go on after a crash', async () => {
    expect(await lastImportRow(store.read, bytesOf(1))).toBe(0)
    const row = (n: number) => ({ jobId: bytesOf(1), row: n, outcome: 'accepted', findings: [], contentDigest: bytesOf(n), recordId: null }) as const
    const refused = { ...row(3), outcome: 'refused', findings: [{ column: '姓名', code: 'name-missing' }], contentDigest: null } as const
    const rows = [row(2), refused, ...Array.from({ length: 70 }, (_, index) => row(4 + index))]
    await store.atomically((tx) => insertImportRows(tx, rows))
    expect(await advance('a', 120)).toBe(true)

    expect(await findImportJob(store.read, { id: bytesOf(1) })).toMatchObject({ total: 3000, done: 2, counts: { accepted: 1, refused: 1 }, leaseUntil: 180 })
    expect(plain(await listImportRows(store.read, { jobId: bytesOf(1), after: 0, limit: 2 }))).toEqual(plain(rows.slice(0, 2)))
    expect((await listImportRows(store.read, { jobId: bytesOf(1), after: 3, limit: 100 })).map((found) => found.row)).toEqual(
      rows.slice(2).map((found) => found.row),
    )
    expect(await lastImportRow(store.read, bytesOf(1))).toBe(73)
    expect(await lastImportRow(store.read, bytesOf(2))).toBe(0)
  })

  it('hands a job on when its worker is silent past the lease, and lets the old worker store nothing more', async () => {
    expect(await claim('c', 179)).toMatchObject({ dryRun: true })
    expect(await claim('d', 181)).toMatchObject({ fileName: '济南市职称台账.csv', done: 2, leaseOwner: 'd' })
    expect(await advance('a', 182)).toBe(false)
    expect(await store.atomically((tx) => finishImportJob(tx, { id: bytesOf(1), owner: 'a', state: 'done', error: null, now: 182 }))).toBe(false)
  })

  it('ends a job, and offers one that was given back', async () => {
    const end = (owner: string, state: 'done' | 'queued') =>
      store.atomically((tx) => finishImportJob(tx, { id: bytesOf(1), owner, state, error: null, now: 190 }))
    expect(await end('d', 'queued')).toBe(true)
    expect(await claim('e', 191)).toMatchObject({ state: 'running', leaseOwner: 'e' })
    expect(await end('e', 'done')).toBe(true)
    expect(await findImportJob(store.read, { id: bytesOf(1) })).toMatchObject({ state: 'done', leaseOwner: null, leaseUntil: null, updatedAt: 190 })
    await store.atomically((tx) => deleteImportFile(tx, { jobId: bytesOf(1) }))
    expect(await loadImportFile(store.read, { jobId: bytesOf(1) })).toBeUndefined()
    expect(await claim('f', 230)).toBeUndefined()
  })
})
