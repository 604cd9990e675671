import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { testInstant, seededRandom } from '../support/make-alliance.ts'
import { newNodeOf, testPassphrase } from '../support/open-test-office.ts'
import { deflate, deflateList, inflate, nodeEngine } from '#custody/engine-node.ts'
import { initialiseNode } from '#registry/initialise-node.ts'
import { checkLog } from '#registry/log/check-log.ts'
import { sequenceLog } from '#registry/log/sequence-log.ts'
import { openOffice, type OfficeParts } from '#registry/open-office.ts'
import type { Office } from '#registry/office.ts'
import type { LogHead } from '#storage/head-file.ts'
import { findLogHead, listLogLeaves } from '#storage/log.ts'
import type { Store, Work } from '#storage/open-store.ts'
import { appendToOutbox, listUnpublished } from '#storage/outbox.ts'

import { dialects, type Ground } from '../storage/dialects.ts'
import { hex } from './read-register.ts'

const rounds = 6
/** More than one transaction takes up. */
const each = 300

describe.each(dialects.filter(({ name }) => name !== 'PGlite'))('two sequencers at once on $name', ({ name, prepare, ground, finish }) => {
  let here: Ground
  const stores: Store[] = []
  let one: Office
  let other: Office

  beforeAll(async () => {
    await prepare()
    here = await ground()
    const parts = async (seed: string): Promise<OfficeParts> => {
      const store = await here.open()
      stores.push(store)
      let head: LogHead | undefined
      const headFile = { read: () => head, write: (next: LogHead) => void (head = next) }
      return { store, engine: nodeEngine, deflate, deflateList, inflate, clock: () => testInstant, random: seededRandom(seed), headFile }
    }
    one = await initialiseNode(await parts('one'), newNodeOf('370100'), 'cli:test')
    other = await openOffice(await parts('other'), testPassphrase)
  })
  afterAll(async () => {
    for (const store of stores) await store.close()
    await here.clear()
    await finish()
  })

  /** The same store, whose first transaction has seen the head when the other's has, too. */
  const seeingFirst = (store: Store, meet: () => Promise<void>): Store => ({
    ...store,
    atomically: <Result>(work: Work<Result>) =>
      store.atomically(async (tx) => {
        await findLogHead(tx, {})
        await meet()
        return work(tx)
      }),
  })
  const together = (): readonly [Office, Office] => {
    const both = Promise.withResolvers<void>()
    let arrived = 0
    const meet = () => {
      if (++arrived === 2) both.resolve()
      return both.promise
    }
    // On a file the second transaction does not begin before the first has ended.
    return name === 'PostgreSQL'
      ? ([one, other].map((office) => ({ ...office, store: seeingFirst(office.store, meet) })) as unknown as [Office, Office])
      : [one, other] // two of two
  }
  const sequenceAll = async (office: Office): Promise<number> => {
    let all = 0
    for (let appended = await sequenceLog(office); appended > 0; appended = await sequenceLog(office)) all += appended
    return all
  }

  it('take up each object once, into one history, and both know its head', async () => {
    const put = new Set<string>()
    for (const { digest } of await listUnpublished(one.store.read, { limit: 100 })) put.add(hex(digest))
    for (let round = 0; round < rounds; round++) {
      const rows = Array.from({ length: each }, (_, index) => ({
        id: one.newId(),
        kind: 'rules',
        digest: nodeEngine.sha256(Buffer.from(`${name} ${round} ${index}`)),
        createdAt: 1,
        publishedAt: null,
      }))
      for (const { digest } of rows) put.add(hex(digest))
      await one.store.atomically((tx) => appendToOutbox(tx, rows))
      const before = (await findLogHead(one.store.read, {}))?.size ?? 0
      const offices = together()
      const first = await Promise.all(offices.map((office) => sequenceLog(office)))
      const rest = await sequenceAll(one)
      const size = (await findLogHead(other.store.read, {}))!.size
      expect(first[0]! + first[1]! + rest, `round ${round}`).toBe(size - before)
      expect(size).toBe(put.size)
    }
    const leaves = await listLogLeaves(one.store.read, { from: 0, to: put.size + 1 })
    expect(leaves.map(({ index }) => index)).toEqual(Array.from({ length: put.size }, (_, index) => index))
    expect(new Set(leaves.map(({ digest }) => hex(digest)))).toEqual(put)
    expect(await listUnpublished(one.store.read, { limit: 1 })).toEqual([])
    expect((await checkLog(one, () => undefined)).findings).toEqual([])
    // Also the one that may have appended nothing in the end.
    for (const office of [one, other]) {
      await sequenceLog(office)
      expect(office.headFile.read()?.size).toBe(put.size)
    }
  })
})
