import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { nodeEngine } from '#custody/engine-node.ts'
import { checkLog } from '#registry/log/check-log.ts'
import { sequenceLog } from '#registry/log/sequence-log.ts'
import type { Office } from '#registry/office.ts'
import { findLogHead, listLogLeaves } from '#storage/log.ts'
import { appendToOutbox, listUnpublished } from '#storage/outbox.ts'

import { dialects, type Ground } from '../storage/dialects.ts'
import { hex } from './read-register.ts'
import { openTwice, seeingFirst, type TwoProcesses } from './two-processes.ts'

const rounds = 6
/** More than one transaction takes up. */
const each = 300

describe.each(dialects.filter(({ name }) => name !== 'PGlite'))('two sequencers at once on $name', ({ name, prepare, ground, finish }) => {
  let here: Ground
  let processes: TwoProcesses
  let one: Office
  let other: Office
  beforeAll(async () => {
    await prepare()
    here = await ground()
    processes = await openTwice(here, '370100')
    ;({ one, other } = processes)
  })
  afterAll(async () => {
    await processes.close()
    await here.clear()
    await finish()
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
      ? ([one, other].map((office) => ({ ...office, store: seeingFirst(office.store, (tx) => findLogHead(tx, {}), meet) })) as unknown as [Office, Office])
      : [one, other] // two of two
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
      const rest = await sequenceLog(one)
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
