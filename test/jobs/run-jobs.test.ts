import { setTimeout } from 'node:timers/promises'
import { expect, it } from 'vitest'

import { runJobs } from '#jobs/run-jobs.ts'
import { findLogHead } from '#storage/log.ts'
import { appendToOutbox, listUnpublished } from '#storage/outbox.ts'
import { openTestOffice } from '../support/open-test-office.ts'

it('the witnesses are asked when the node starts, and again as soon as a thousand leaves have come', async () => {
  const node = await openTestOffice()
  let rounds = 0
  const nothing = async () => []
  const jobs = runJobs({
    office: node.office,
    desk: node.desk,
    refresher: { refresh: nothing, forget: () => undefined },
    cosigner: {
      round: async () => {
        rounds++
        return []
      },
    },
    follower: { round: nothing },
    cosignEvery: 3600,
    readSchemes: async () => undefined,
    readKeys: async () => undefined,
    log: { info: () => undefined, warn: () => undefined },
    refreshEvery: 0,
    worker: undefined,
  })
  try {
    const grow = async (leaves: number) => {
      const row = (index: number) => ({ id: node.office.newId(), kind: 'rules', digest: Buffer.alloc(32, index), createdAt: 0, publishedAt: null })
      await node.store.atomically((tx) =>
        appendToOutbox(
          tx,
          Array.from({ length: leaves }, (_, index) => row(index)),
        ),
      )
      while ((await listUnpublished(node.store.read, { limit: 1 })).length > 0) await setTimeout(50)
      await setTimeout(200)
    }
    await grow(0)
    const own = (await findLogHead(node.store.read, {}))!.size
    await grow(999 - own)
    expect(rounds).toBe(1)
    await grow(1)
    expect([(await findLogHead(node.store.read, {}))!.size, rounds]).toEqual([1000, 2])
    await grow(1)
    expect(rounds).toBe(2)
  } finally {
    await jobs.stop()
    await node.close()
  }
})
