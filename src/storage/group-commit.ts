import { setImmediate } from 'node:timers/promises'

import { Fault } from '#core/fault.ts'

import { stepAside } from './contention.ts'
import { driverFault, endsTransaction } from './driver-faults.ts'
import type { Engine, Reader, Session, StoreLog, Writer } from './engine.ts'

/** What runs in a transaction. It may run more than once, so it changes nothing but rows, and it awaits nothing but storage functions and signatures. */
export type Work<Result> = (tx: Writer) => Promise<Result>

interface Waiting {
  readonly work: Work<unknown>
  readonly resolve: (value: unknown) => void
  readonly reject: (error: unknown) => void
}

type Outcome = { readonly value: unknown } | { readonly error: unknown }

export interface GroupCommit {
  readonly atomically: <Result>(work: Work<Result>) => Promise<Result>
  /** Takes no more work and resolves when all that was taken is answered. */
  readonly drain: () => Promise<void>
}

/**
 * How long a batch runs on before everything else that the process has to do gets its turn: on SQLite a work never waits. The platform takes one new
 * connection a turn, so the last of sixty that come at once waits for sixty turns. Milliseconds.
 */
const turnTime = 2

/** After a batch in which a work has failed, so many batches keep each work inside a savepoint from the start. */
const carefulBatches = 8

/** How long contention with other processes is borne before the caller is told `storage-busy`. Milliseconds. */
const patience = 15_000

/**
 * One transaction at a time; all works that have gathered by the time it begins share it and are answered after the commit. An fsync
 * then costs a batch as much as it costs one, at equal durability; an idle node commits one by one.
 *
 * A work that throws takes back its own rows and nobody else's. Failures are rare and savepoints are not free, so a batch runs without
 * them, and once more with each work inside its own when one has failed. When the commit fails, all fail: nobody is told that a row
 * is stored before it is. Contention with another process retries the whole batch.
 */
export function groupCommit(engine: Engine, { largest, log }: { readonly largest: number; readonly log: StoreLog | undefined }): GroupCommit {
  const queue: Waiting[] = []
  let running: Promise<void> | undefined
  let draining = false
  let careful = 0

  const run = async (): Promise<void> => {
    while (queue.length > 0) {
      // Requests that arrived in this turn of the event loop join before the batch is cut.
      await setImmediate()
      careful = (await runBatch(engine, queue, careful > 0, largest, log)) ? carefulBatches : Math.max(0, careful - 1)
    }
    running = undefined
  }

  return {
    atomically: <Result>(work: Work<Result>) =>
      new Promise<Result>((resolve, reject) => {
        if (draining) return reject(new Fault('storage-closed'))
        queue.push({ work, resolve: resolve as Waiting['resolve'], reject }) // resolved with what this very work returned
        running ??= run()
      }),
    drain: async () => {
      draining = true
      await running
    },
  }
}

/** Answers whether a work of it has failed. */
async function runBatch(engine: Engine, queue: Waiting[], careful: boolean, largest: number, log: StoreLog | undefined): Promise<boolean> {
  const deadline = performance.now() + patience
  // Once a batch has had to be retried it is not cut anew: those works may have seen one another's rows.
  const batch: Waiting[] = []
  let savepoints = careful
  for (let attempt = 0; ; attempt++) {
    try {
      const outcomes = await runOnce(engine, queue, batch, largest, savepoints)
      if (outcomes === 'savepoints-needed') {
        savepoints = true
        continue
      }
      for (const [index, outcome] of outcomes.entries()) {
        const waiting = batch[index]!
        if ('value' in outcome) waiting.resolve(outcome.value)
        else waiting.reject(outcome.error)
      }
      return outcomes.some((outcome) => 'error' in outcome)
    } catch (error) {
      const fault = driverFault(error)
      if (fault.code !== 'storage-busy' || performance.now() > deadline) {
        // Nothing may have been cut yet: the database could not even be asked.
        if (batch.length === 0) batch.push(...queue.splice(0, largest))
        for (const { reject } of batch) reject(fault)
        return false
      }
      log?.warn({ attempt, works: batch.length, code: fault.detail }, 'transaction retried')
      await stepAside(attempt, 200)
    }
  }
}

/** Runs the batch, or cuts it from the queue while it runs. Throws what concerns the whole batch. */
async function runOnce(
  engine: Engine,
  queue: Waiting[],
  batch: Waiting[],
  largest: number,
  savepoints: boolean,
): Promise<readonly Outcome[] | 'savepoints-needed'> {
  const again = batch.length > 0
  const session = await engine.begin()
  const until = performance.now() + engine.batchTime
  const outcomes: Outcome[] = []
  try {
    if (savepoints) await session.mark()
    const next = () => {
      if (again) return batch[outcomes.length]
      if (batch.length === largest || performance.now() > until) return undefined
      const waiting = queue.shift()
      if (waiting !== undefined) batch.push(waiting)
      return waiting
    }
    let turn = performance.now() + turnTime
    for (let waiting = next(); waiting !== undefined; waiting = next()) {
      const outcome = await runWork(session, waiting.work, savepoints)
      const failed = 'error' in outcome && !savepoints
      if (failed && batch.length > 1) {
        await session.abandon()
        return 'savepoints-needed'
      }
      outcomes.push(outcome)
      // Nothing else is in it: its transaction is what goes.
      if (failed) break
      if (performance.now() < turn) continue
      await setImmediate()
      turn = performance.now() + turnTime
    }
    const nothing = outcomes.every((outcome) => 'error' in outcome)
    if (!nothing && (await session.commit())) return outcomes
    // A work has swallowed a failed statement. Whose it was, savepoints tell.
    const unclear = !nothing && !savepoints && batch.length > 1
    if (!nothing && !unclear) throw new Fault('commit-unknown', { detail: 'answered ROLLBACK' })
    await session.abandon()
    return unclear ? 'savepoints-needed' : outcomes
  } catch (error) {
    await session.abandon()
    throw error
  }
}

async function runWork(session: Session, work: Work<unknown>, savepoints: boolean): Promise<Outcome> {
  const tx = openWriter(session)
  try {
    const value = await work(tx.writer)
    // On PostgreSQL this fails when the work swallowed a failed statement.
    if (savepoints) await session.keep()
    return { value }
  } catch (error) {
    if (error instanceof Fault && error.code === 'storage-busy') throw error
    if (!savepoints) return { error }
    try {
      await session.undo()
    } catch (undone) {
      // The database has ended the transaction itself (disk full, connection lost), and with it the whole batch.
      throw endsTransaction(error) ? error : undone
    }
    return { error }
  } finally {
    tx.close()
  }
}

/** A writer that stops working when its work has returned: a statement that nobody awaited must not land in a stranger's transaction. */
function openWriter(session: Session): { readonly writer: Writer; readonly close: () => void } {
  let open = true
  const writer: Writer = {
    writes: true,
    get handle(): Reader['handle'] {
      if (!open) throw new Error('a transaction was used after its work had returned')
      return session.handle
    },
  }
  return {
    writer,
    close: () => {
      open = false
    },
  }
}
