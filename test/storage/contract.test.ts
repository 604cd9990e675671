import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'

import { Fault } from '#core/fault.ts'
import { takeNumbers } from '#storage/counters.ts'
import { begin, answer } from '#storage/idempotency.ts'
import { getMeta, setMeta } from '#storage/meta.ts'
import { readMigrations } from '#storage/migrate.ts'
import type { Store, StoreOptions, Writer } from '#storage/open-store.ts'
import { appendToOutbox, listUnpublished } from '#storage/outbox.ts'
import { findRecordById, insertRecord, insertRecords, listRecords } from '#storage/records.ts'

import { dialects, type Ground } from './dialects.ts'
import { bytesOf, record } from './samples.ts'

const counter = { class: 'title', year: 2025, howMany: 1 }

describe.each(dialects)('a store on $name', ({ readsBeside, prepare, ground, finish }) => {
  let here: Ground
  const opened: Store[] = []
  const open = async (options?: StoreOptions) => {
    const store = await here.open(options)
    opened.push(store)
    return store
  }

  beforeAll(prepare)
  afterAll(finish)
  afterEach(async () => {
    for (const store of opened.splice(0)) await store.close()
    await here.clear()
  })
  const fresh = async (options?: StoreOptions) => {
    here = await ground()
    return open(options)
  }

  it('gives gapless numbers to fifty concurrent issuers, some of whom fail after they have taken theirs', async () => {
    const store = await fresh()
    const issue = (n: number) =>
      store.atomically(async (tx) => {
        const serial = await takeNumbers(tx, counter)
        if (n % 7 === 3) throw new Error(`issuer ${n} changed its mind`)
        await insertRecord(tx, record(n, { serial }))
        await appendToOutbox(tx, [{ id: bytesOf(n), kind: 'record', digest: bytesOf(n, 32), createdAt: 1, publishedAt: null }])
        return serial
      })

    const outcomes = await Promise.allSettled(Array.from({ length: 50 }, (_, n) => issue(n)))

    const serials = outcomes.filter((outcome) => outcome.status === 'fulfilled').map(({ value }) => value)
    expect(serials.sort((one, other) => one - other)).toEqual(Array.from({ length: 43 }, (_, index) => index + 1))
    expect(outcomes.filter((outcome) => outcome.status === 'rejected').map(({ reason }) => (reason as Error).message)).toEqual(
      [3, 10, 17, 24, 31, 38, 45].map((n) => `issuer ${n} changed its mind`),
    )
    expect((await listRecords(store.read, { after: Buffer.alloc(0), limit: 100 })).map(({ serial }) => serial).sort((one, other) => one - other)).toEqual(
      Array.from({ length: 43 }, (_, index) => index + 1),
    )
    expect(await listUnpublished(store.read, { limit: 100 })).toHaveLength(43)
  })

  it('takes back the rows of the work that failed and of no other', async () => {
    const store = await fresh()
    const set = (name: string, fails: boolean) =>
      store.atomically(async (tx) => {
        await setMeta(tx, name, bytesOf(1))
        if (fails) await insertRecords(tx, [record(1), record(1)])
      })

    const outcomes = await Promise.allSettled([set('first', false), set('second', true), set('third', false), set('fourth', true), set('fifth', false)])

    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'rejected', 'fulfilled'])
    const kept = await Promise.all(['first', 'second', 'third', 'fourth', 'fifth'].map(async (name) => (await getMeta(store.read, name)) !== undefined))
    expect(kept).toEqual([true, false, true, false, true])
    expect(await findRecordById(store.read, { id: bytesOf(1) })).toBeUndefined()
  })

  it('answers works of a batch after the commit and not before', async () => {
    const store = await fresh()
    const answered: string[] = []
    const seen: (readonly string[])[] = []
    const work = (name: string) =>
      store
        .atomically(async (tx) => {
          await setMeta(tx, name, bytesOf(1))
          seen.push([...answered])
        })
        .then(() => answered.push(name))

    await Promise.all([work('first'), work('second'), work('third')])

    expect(seen).toEqual([[], [], []])
    expect(answered).toEqual(['first', 'second', 'third'])
  })

  it('lets a work see what the works before it in the batch have done', async () => {
    const store = await fresh()
    const [, found] = await Promise.all([store.atomically((tx) => setMeta(tx, 'name', bytesOf(7))), store.atomically((tx) => getMeta(tx, 'name'))])
    expect(Buffer.from(found!)).toEqual(bytesOf(7))
  })

  it('shows nothing of a transaction to a reader before it is committed', async () => {
    const store = await fresh()
    let before: Promise<Uint8Array | undefined> | undefined
    await store.atomically(async (tx) => {
      await setMeta(tx, 'name', bytesOf(1))
      before = getMeta(store.read, 'name')
      // With a connection of its own the reader answers now; on the only one it has to wait for the end.
      if (readsBeside) expect(await before).toBeUndefined()
      await setMeta(tx, 'other', bytesOf(1))
    })
    if (!readsBeside) expect(await before).not.toBeUndefined()
    expect(await getMeta(store.read, 'other')).not.toBeUndefined()
  })

  it('refuses a transaction that is used after its work has returned', async () => {
    const store = await fresh()
    let leaked: Writer | undefined
    await store.atomically(async (tx) => {
      leaked = tx
    })
    await expect(setMeta(leaked!, 'late', bytesOf(1))).rejects.toThrow('a transaction was used after its work had returned')
    expect(await getMeta(store.read, 'late')).toBeUndefined()
  })

  it('commits one by one when told so', async () => {
    const store = await fresh({ groupCommit: false })
    const numbers = await Promise.all(Array.from({ length: 5 }, () => store.atomically((tx) => takeNumbers(tx, counter))))
    expect(numbers).toEqual([1, 2, 3, 4, 5])
  })

  it('takes up more works than a batch holds', async () => {
    const store = await fresh()
    const numbers = await Promise.all(Array.from({ length: 600 }, () => store.atomically((tx) => takeNumbers(tx, counter))))
    expect(numbers).toEqual(Array.from({ length: 600 }, (_, index) => index + 1))
  })

  it('answers a repeated request as it was answered first, also within one batch, and refuses the key for another', async () => {
    const store = await fresh()
    const ask = (digest: number) =>
      store.atomically(async (tx) => {
        const request = { actor: 'officer', key: 'k-1', digest: bytesOf(digest, 32), at: 5 }
        const before = await begin(tx, request)
        if (before !== 'new') return before
        const serial = await takeNumbers(tx, counter)
        const reply = { status: 201, reply: `{"serial":${serial}}` }
        await answer(tx, { ...request, ...reply })
        return reply
      })

    const first = { status: 201, reply: '{"serial":1}' }
    expect(await Promise.all([ask(1), ask(1)])).toEqual([first, first])
    expect(await ask(1)).toEqual(first)
    await expect(ask(2)).rejects.toMatchObject({ code: 'idempotency-key-reused' })
    expect(await store.atomically((tx) => takeNumbers(tx, counter))).toBe(2)
  })

  it('forgets a request whose work failed, so that it can be repeated', async () => {
    const store = await fresh()
    const request = { actor: 'officer', key: 'k-1', digest: bytesOf(1, 32), at: 5 }
    const fail = async (tx: Writer) => {
      await begin(tx, request)
      throw new Error('after the key was stored')
    }
    await expect(store.atomically(fail)).rejects.toThrow('after the key was stored')
    expect(await store.atomically((tx) => begin(tx, request))).toBe('new')
  })

  it('refuses a number, digest, serial or status place that is taken', async () => {
    const store = await fresh()
    const { record: taken } = record(1)
    await store.atomically((tx) => insertRecord(tx, record(1)))
    const second = (changes: Parameters<typeof record>[1]) => store.atomically((tx) => insertRecord(tx, record(2, changes)))
    for (const changes of [
      { id: taken.id },
      { number: taken.number },
      { digest: taken.digest },
      { serial: taken.serial },
      { statusIndex: taken.statusIndex },
    ]) {
      await expect(second(changes)).rejects.toMatchObject({ code: 'storage-conflict', at: 'record' })
    }
    // The same number and serial in another family are another number and serial.
    await store.atomically((tx) => insertRecord(tx, record(3, { family: 2, number: taken.number, serial: taken.serial })))
  })

  it('says nothing of the values in a fault', async () => {
    const store = await fresh()
    const twice = record(1, { number: '370102199001011234' })
    const fault: unknown = await store.atomically((tx) => insertRecords(tx, [twice, twice])).catch((error: unknown) => error)
    expect(fault).toBeInstanceOf(Fault)
    const { message, stack, cause, detail } = fault as Fault
    expect([message, stack, cause, detail].join(' ')).not.toContain('370102199001011234')
  })

  it('refuses works after it has begun to close, and answers those from before', async () => {
    const store = await fresh()
    const before = store.atomically((tx) => takeNumbers(tx, counter))
    const closing = store.close()
    await expect(store.atomically((tx) => takeNumbers(tx, counter))).rejects.toMatchObject({ code: 'storage-closed' })
    expect(await before).toBe(1)
    await closing
    opened.splice(0)
  })

  it('finds in a second store what the first has acknowledged', async () => {
    const store = await fresh()
    await store.atomically((tx) => insertRecord(tx, record(1)))
    const other = await open()
    expect(await findRecordById(other.read, { id: bytesOf(1) })).toMatchObject({ number: '鲁职称 1' })
  })

  it('gives gapless numbers through two stores at once', async () => {
    const first = await fresh()
    const second = await open()
    const numbers = await Promise.all(
      Array.from({ length: 60 }, async (_, n) => {
        // In several waves, so that the stores meet.
        await new Promise((resolve) => setTimeout(resolve, n % 10))
        return (n % 2 === 0 ? first : second).atomically(async (tx) => {
          const serial = await takeNumbers(tx, counter)
          await insertRecord(tx, record(n, { serial }))
          return serial
        })
      }),
    )
    expect(numbers.sort((one, other) => one - other)).toEqual(Array.from({ length: 60 }, (_, index) => index + 1))
  })

  it('migrates once when several processes open it at the same time', async () => {
    here = await ground()
    const [first, , , last] = await Promise.all([open(), open(), open(), open()])
    await first.atomically((tx) => setMeta(tx, 'name', bytesOf(1)))
    expect(await getMeta(last.read, 'name')).not.toBeUndefined()
  })

  const nextVersion = readMigrations().at(-1)!.version + 1

  it('applies the next migration to a database that holds rows', async () => {
    const store = await fresh()
    await store.atomically((tx) => setMeta(tx, 'name', bytesOf(1)))
    const next = { version: nextVersion, name: `${nextVersion}-next.sql`, text: 'create table next_thing (id integer not null primary key)' }
    const other = await open({ migrations: [...readMigrations(), next] })
    expect(await getMeta(other.read, 'name')).not.toBeUndefined()
    await expect(open()).rejects.toMatchObject({ code: 'migration-unknown', at: String(nextVersion) })
  })

  it('refuses a migration that was changed after it had been applied', async () => {
    await fresh()
    const [first] = readMigrations()
    const changed = { ...first!, text: `${first!.text}\n-- one more line` }
    await expect(open({ migrations: [changed, ...readMigrations().slice(1)] })).rejects.toMatchObject({ code: 'migration-changed', at: '0001-registry.sql' })
  })

  it('leaves nothing of a migration that fails', async () => {
    here = await ground()
    const half = {
      version: nextVersion,
      name: `${nextVersion}-half.sql`,
      text: 'create table half (id integer not null primary key); insert into nowhere values (1)',
    }
    await expect(open({ migrations: [...readMigrations(), half] })).rejects.toMatchObject({ code: 'storage-failed' })
    const store = await open({ migrations: [...readMigrations(), { ...half, text: 'create table half (id integer not null primary key)' }] })
    expect(await getMeta(store.read, 'name')).toBeUndefined()
  })
})
