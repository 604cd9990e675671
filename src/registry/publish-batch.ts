import { Fault } from '#core/fault.ts'
import type { Writer } from '#storage/open-store.ts'
import { appendWaiting, sequenceLog, type Grown, type Leaf } from './log/sequence-log.ts'
import type { Office } from './office.ts'
import { publishStatusLists } from './publish.ts'

/** What waits in the outbox is taken up before a batch's own leaves, so many at a time. */
const waitingOfBatch = 512

/**
 * Appends the records of a batch to the log in the batch's own transaction: one commit for both, where nobody waits for an answer. Left to the process
 * that serves, it would stand between two requests. Undefined where something is in the log's way: that stops no import. The leaves then wait in the
 * outbox, and the node's own round takes them up and tells what stands in the way.
 */
export async function logBatch(tx: Writer, office: Office, leaves: readonly Leaf[]): Promise<Grown | undefined> {
  try {
    return await appendWaiting(tx, office, waitingOfBatch, leaves)
  } catch (error) {
    // With trouble of the store's own the batch is not what it should be either.
    if (error instanceof Fault && !error.code.startsWith('storage-')) return undefined
    throw error
  }
}

/**
 * What a batch leaves to be done. Lists that it has opened are published: a record must never point at a list that nobody can fetch. And the log
 * takes up what has come of it meanwhile.
 */
export async function publishBatch(office: Office): Promise<void> {
  await publishStatusLists(office)
  try {
    await sequenceLog(office)
  } catch (fault) {
    // As above; the batch is durable already.
    if (!(fault instanceof Fault)) throw fault
  }
}
