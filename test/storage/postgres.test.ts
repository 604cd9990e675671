import { sql } from 'drizzle-orm'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { takeNumbers } from '#storage/counters.ts'
import { getMeta, setMeta } from '#storage/meta.ts'
import { openStore, type Store, type StoreLog } from '#storage/open-store.ts'
import { findRecordById, insertRecords } from '#storage/records.ts'

import { createDatabase, startPostgres, type PostgresServer } from '../support/postgres.ts'
import { bytesOf, record } from './samples.ts'

describe('a store on a PostgreSQL server', () => {
  let server: PostgresServer
  let url: string
  let store: Store
  const said: string[] = []
  const log: StoreLog = { warn: (fields, message) => said.push(`${message} ${String(fields['code'])}`) }
  beforeAll(async () => {
    server = await startPostgres()
    url = await createDatabase(server, 'comity')
    store = await openStore({ url, log })
  })
  afterAll(async () => {
    await store.close()
    await server.stop()
  })

  const set = (name: string) => store.atomically((tx) => setMeta(tx, name, bytesOf(1)))

  const swallow = () =>
    store.atomically(async (tx) => {
      await setMeta(tx, 'swallowed', bytesOf(1))
      await insertRecords(tx, [record(1), record(1)]).catch(() => 'nobody will know')
    })

  it('notices that the COMMIT of a failed transaction was answered with ROLLBACK', async () => {
    await expect(swallow()).rejects.toMatchObject({ code: 'commit-unknown', detail: 'answered ROLLBACK' })
    expect(await getMeta(store.read, 'swallowed')).toBeUndefined()
  })

  it('fails the work that swallowed a fault, and not its batch', async () => {
    const outcomes = await Promise.allSettled([set('one'), swallow(), set('two')])
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    expect([await getMeta(store.read, 'one'), await getMeta(store.read, 'swallowed'), await getMeta(store.read, 'two')]).toEqual([
      bytesOf(1),
      undefined,
      bytesOf(1),
    ])
  })

  it('finds out which work has swallowed a fault also when it was the last of its batch', async () => {
    const outcomes = await Promise.allSettled([set('three'), set('four'), swallow()])
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected'])
    expect([await getMeta(store.read, 'three'), await getMeta(store.read, 'four')]).toEqual([bytesOf(1), bytesOf(1)])
  })

  it('runs a batch again when another process has changed what it read', async () => {
    const other = await openStore({ url })
    let runs = 0
    const take = (through: Store) => through.atomically((tx) => takeNumbers(tx, { class: 'title', year: 2025, howMany: 1 }))
    await take(store)
    const second = store.atomically(async (tx) => {
      const known = await getMeta(tx, 'anything')
      // Between the snapshot of this transaction and its write, somebody else commits.
      if (++runs === 1) await take(other)
      return [known, await takeNumbers(tx, { class: 'title', year: 2025, howMany: 1 })]
    })
    const third = set('beside')
    expect(await second).toEqual([undefined, 3])
    await third
    expect(runs).toBe(2)
    expect(said).toContain('transaction retried 40001')
    expect(await getMeta(other.read, 'beside')).toEqual(bytesOf(1))
    await other.close()
  })

  it('survives the loss of a connection in the middle of a transaction, and tells all who were in it', async () => {
    const breakDown = () =>
      store.atomically(async (tx) => {
        await tx.handle.db.select({ ended: sql`pg_terminate_backend(pg_backend_pid())` }).from(tx.handle.tables.meta)
      })
    const outcomes = await Promise.allSettled([set('lost-before'), breakDown(), set('lost-after')])
    // The third had not been begun: it goes into a transaction of its own, on another connection.
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'fulfilled'])
    expect([await getMeta(store.read, 'lost-before'), await getMeta(store.read, 'lost-after')]).toEqual([undefined, bytesOf(1)])
  })

  it('keeps the rows of a batch that did not fit in one statement', async () => {
    await store.atomically((tx) =>
      insertRecords(
        tx,
        Array.from({ length: 64 + 8 + 3 }, (_, n) => record(500 + n)),
      ),
    )
    expect(await findRecordById(store.read, { id: bytesOf(574) })).toMatchObject({ serial: 574 })
  })

  it('refuses a server that may lose what it has acknowledged', async () => {
    const lax = await createDatabase(server, 'lax')
    const client = new pg.Client({ connectionString: server.url })
    await client.connect()
    await client.query('alter database lax set synchronous_commit = off')
    await client.end()
    await expect(openStore({ url: lax })).rejects.toMatchObject({ code: 'storage-not-durable', detail: 'fsync=on synchronous_commit=off, expected on' })
  })

  it('refuses a database whose text is not Unicode', async () => {
    const client = new pg.Client({ connectionString: server.url })
    await client.connect()
    await client.query(`create database latin encoding 'LATIN1' locale 'C' template template0`)
    await client.end()
    await expect(openStore({ url: server.url.replace('/postgres', '/latin') })).rejects.toMatchObject({ code: 'storage-failed' })
  })

  it('says where else to make a backup', async () => {
    await expect(store.backup('anywhere.db')).rejects.toMatchObject({ code: 'backup-elsewhere' })
  })

  it('says that the server cannot be reached, without its password', async () => {
    const fault: unknown = await openStore({ url: 'postgres://comity:secret@127.0.0.1:1/comity' }).catch((error: unknown) => error)
    expect(fault).toMatchObject({ code: 'storage-unreachable', detail: 'ECONNREFUSED' })
    expect(String(fault)).not.toContain('secret')
  })
})
