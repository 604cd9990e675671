import { deflate, deflateList, inflate, nodeEngine } from '#custody/engine-node.ts'
import { initialiseNode } from '#registry/initialise-node.ts'
import { openOffice, type OfficeParts } from '#registry/open-office.ts'
import type { Office } from '#registry/office.ts'
import type { LogHead } from '#storage/head-file.ts'
import type { Store, Work, Writer } from '#storage/open-store.ts'

import type { Ground } from '../storage/dialects.ts'
import { seededRandom, testInstant } from '../support/make-alliance.ts'
import { newNodeOf, testPassphrase } from '../support/open-test-office.ts'

export interface TwoProcesses {
  readonly one: Office
  readonly other: Office
  readonly close: () => Promise<void>
}

/** One node as two processes have it: a connection and a head file each, over the same rows. */
export async function openTwice(here: Ground, division: string): Promise<TwoProcesses> {
  const stores: Store[] = []
  const parts = async (seed: string): Promise<OfficeParts> => {
    const store = await here.open()
    stores.push(store)
    let head: LogHead | undefined
    const headFile = { read: () => head, write: (next: LogHead) => void (head = next) }
    const witnessMemory = { find: () => undefined, write: () => undefined }
    return { store, engine: nodeEngine, deflate, deflateList, inflate, clock: () => testInstant, random: seededRandom(seed), headFile, witnessMemory }
  }
  const one = await initialiseNode(await parts('one'), newNodeOf(division), 'cli:test')
  const other = await openOffice(await parts('other'), testPassphrase)
  return {
    one,
    other,
    close: async () => {
      for (const store of stores) await store.close()
    },
  }
}

/** The same store, whose transactions see what there is and then wait until the other one has seen it as well. */
export const seeingFirst = (store: Store, look: (tx: Writer) => Promise<unknown>, meet: () => Promise<void>): Store => ({
  ...store,
  atomically: <Result>(work: Work<Result>) =>
    store.atomically(async (tx) => {
      await look(tx)
      await meet()
      return work(tx)
    }),
})
