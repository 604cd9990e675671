import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { sql } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { takeNumbers } from '#storage/counters.ts'
import { getMeta, setMeta } from '#storage/meta.ts'
import { openStore } from '#storage/open-store.ts'
import { insertRecord, listRecords } from '#storage/records.ts'
import { assertDurable, openConnection } from '#storage/sqlite-engine.ts'

import { bytesOf, record } from './samples.ts'

describe('a store in a file', () => {
  let folder: string
  let file: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'comity-store-'))
    file = join(folder, 'comity.db')
  })
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  it('opens no connection that could lose what it has acknowledged', () => {
    const connection = openConnection(file)
    expect(connection.pragma('synchronous', { simple: true })).toBe(2)
    expect(connection.pragma('journal_mode', { simple: true })).toBe('wal')
    expect(connection.pragma('foreign_keys', { simple: true })).toBe(1)

    connection.pragma('synchronous = normal')
    expect(() => assertDurable(connection)).toThrow('storage-not-durable: journal_mode=wal synchronous=1, expected wal and 2 (FULL)')
    connection.pragma('synchronous = full')
    connection.pragma('journal_mode = memory')
    expect(() => assertDurable(connection)).toThrow('storage-not-durable: journal_mode=memory synchronous=2, expected wal and 2 (FULL)')
    connection.close()
  })

  it('keeps all that was acknowledged, once and without gaps, when the process is killed', async () => {
    const script = fileURLToPath(new URL('issue-until-killed.ts', import.meta.url))
    const child = spawn(process.execPath, [script, file], { stdio: ['ignore', 'pipe', 'inherit'] })
    let said = ''
    const exit = once(child, 'exit')
    child.stdout.on('data', (bytes: Buffer) => {
      said += bytes.toString()
      if (said.split('\n').length > 500) child.kill('SIGKILL')
    })
    const [, signal] = (await exit) as [number | null, string | null]
    expect(signal).toBe('SIGKILL')

    const store = await openStore({ file })
    const stored = (await listRecords(store.read, { after: Buffer.alloc(0), limit: 1_000_000 })).map(({ serial }) => serial).sort((one, other) => one - other)
    const acknowledged = said.split('\n').slice(0, -1).map(Number)
    expect(stored).toEqual(Array.from({ length: stored.length }, (_, index) => index + 1))
    expect(acknowledged.filter((serial) => !stored.includes(serial))).toEqual([])
    expect(acknowledged.length).toBeGreaterThanOrEqual(500)
    // The first number after the crash is the next one.
    expect(await store.atomically((tx) => takeNumbers(tx, { class: 'title', year: 2025, howMany: 1 }))).toBe(stored.length + 1)
    await store.close()
  })

  it('waits for a writer in another process without holding up the event loop', async () => {
    const store = await openStore({ file })
    const other = openConnection(file)
    other.exec('begin immediate')
    // The lock goes in a turn of the loop: if the store stood in its way, it would never go.
    setTimeout(() => other.exec('commit'), 200)
    await store.atomically((tx) => setMeta(tx, 'name', bytesOf(1)))
    expect(await getMeta(store.read, 'name')).toEqual(bytesOf(1))
    other.close()
    await store.close()
  })

  it('fails all who were in the batch when the database itself ends the transaction', async () => {
    const store = await openStore({ file })
    const set = (name: string) => store.atomically((tx) => setMeta(tx, name, bytesOf(1)))
    // As a full disk does: SQLite rolls back of its own accord.
    const breakDown = () =>
      store.atomically(async (tx) => {
        await tx.handle.db.run(sql`rollback`)
        throw new Error('the disk is full')
      })
    const outcomes = await Promise.allSettled([set('before'), breakDown(), set('after')])
    // The third had not been begun: it goes into a transaction of its own.
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'fulfilled'])
    expect([await getMeta(store.read, 'before'), await getMeta(store.read, 'after')]).toEqual([undefined, bytesOf(1)])
    await store.close()
  })

  it('can only read through its reader', async () => {
    const store = await openStore({ file })
    const forged = { ...store.read, writes: true as const }
    await expect(setMeta(forged, 'name', bytesOf(1))).rejects.toMatchObject({ code: 'storage-unwritable', detail: 'SQLITE_READONLY' })
    await store.close()
  })

  it('stores no null where a value was forgotten', async () => {
    const store = await openStore({ file })
    const forgotten = record(1, { sourceDigest: undefined as never }) // what the compiler would have refused
    await expect(store.atomically((tx) => insertRecord(tx, forgotten))).rejects.toMatchObject({
      code: 'storage-failed',
      detail: 'a statement was given no sourceDigest',
    })
    await store.close()
  })

  it('makes a whole copy while it goes on issuing', async () => {
    const store = await openStore({ file })
    await store.atomically((tx) => insertRecord(tx, record(1)))
    const copy = join(folder, 'copy.db')
    writeFileSync(copy, 'an older backup')
    const [, ...numbers] = await Promise.all([
      store.backup(copy),
      ...Array.from({ length: 20 }, () => store.atomically((tx) => takeNumbers(tx, { class: 'title', year: 2025, howMany: 1 }))),
    ])
    expect(numbers).toEqual(Array.from({ length: 20 }, (_, index) => index + 1))
    await store.close()

    expect(readdirSync(folder).filter((name) => name.endsWith('.partial'))).toEqual([])
    expect((statSync(copy).mode & 0o777).toString(8)).toBe('600')
    const restored = await openStore({ file: copy })
    expect((await listRecords(restored.read, { after: Buffer.alloc(0), limit: 5 })).map(({ number }) => number)).toEqual(['鲁职称 1'])
    await restored.close()
  })

  it('leaves nothing of a copy that could not be made', async () => {
    const store = await openStore({ file })
    await expect(store.backup(join(folder, 'no folder', 'copy.db'))).rejects.toMatchObject({ code: expect.stringMatching(/^storage-/) })
    expect(readdirSync(folder).filter((name) => name.startsWith('no') || name.includes('partial'))).toEqual([])
    await store.close()
  })

  it('does bulk work without putting it into the database page by page, and leaves nothing of that to whoever serves', async () => {
    const [served, bulk] = [await openStore({ file }), await openStore({ file, bulk: true })]
    const copied = async (): Promise<readonly (Uint8Array | undefined)[]> => {
      // The file as it lies there, without what is still beside it.
      const copy = join(folder, 'alone.db')
      copyFileSync(file, copy)
      const store = await openStore({ file: copy })
      const found = [await getMeta(store.read, 'small'), await getMeta(store.read, 'large')]
      await store.close()
      return found.map((bytes) => bytes?.subarray(0, 1))
    }
    const large = new Uint8Array(16 * 2 ** 20).fill(2) // two thousand pages
    await bulk.atomically((tx) => setMeta(tx, 'small', Uint8Array.of(1)))
    await bulk.atomically((tx) => setMeta(tx, 'large', large))
    expect(await copied()).toEqual([undefined, undefined])
    await bulk.close()
    expect((await copied()).map((bytes) => bytes?.[0])).toEqual([1, 2])
    await served.close()
  })

  it('lets nobody else on the machine read the file', async () => {
    const store = await openStore({ file })
    await store.atomically((tx) => setMeta(tx, 'name', bytesOf(1)))
    expect(['', '-wal', '-shm'].map((suffix) => (statSync(file + suffix).mode & 0o777).toString(8))).toEqual(['600', '600', '600'])
    await store.close()
  })
})
