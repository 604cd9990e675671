import { setTimeout } from 'node:timers/promises'

/**
 * Lets a refusal leave only at whole steps after the question came in, so that how long it took does not tell why: a code that does not exist
 * costs no write to the disk, one that does costs two. An answer is not kept waiting. @param step milliseconds, more than the work usually takes
 */
export async function refuseInStep<Answer>(step: number, work: () => Promise<Answer>): Promise<Answer> {
  const started = performance.now()
  try {
    return await work()
  } catch (fault) {
    const taken = performance.now() - started
    await setTimeout(Math.ceil(taken / step) * step - taken)
    throw fault
  }
}
