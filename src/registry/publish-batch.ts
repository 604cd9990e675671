import { Fault } from '#core/fault.ts'
import { sequenceLog } from './log/sequence-log.ts'
import type { Office } from './office.ts'
import { publishStatusLists } from './publish.ts'

/**
 * What a batch of an import leaves to be done. Lists that it has opened are published: a record must never point at a list that nobody can fetch.
 * And the log takes the batch up here, where nobody waits for an answer: left to the process that serves, it would stand between two requests.
 */
export async function publishBatch(office: Office): Promise<void> {
  await publishStatusLists(office)
  try {
    while ((await sequenceLog(office)) > 0);
  } catch (fault) {
    // The batch is durable and its leaves wait in the outbox; the node's own round takes them up, and tells what stands in the way.
    if (!(fault instanceof Fault)) throw fault
  }
}
