import { and, eq } from 'drizzle-orm'

import type { Writer } from './engine.ts'
import { readingOne, writing, type Given } from './statement.ts'
import type { Row } from './tables.ts'

/** The newest head of a log that this node has cosigned. */
export type WitnessedLog = Row<'witnessedLog'>

export const findWitnessedLog = readingOne((db, { witnessedLog }, given: Given<{ readonly origin: string }>) =>
  db.select().from(witnessedLog).where(eq(witnessedLog.origin, given.origin)),
)

const open = writing((db, { witnessedLog }, given: Given<WitnessedLog>) =>
  db
    .insert(witnessedLog)
    .values({ origin: given.origin, size: given.size, root: given.root, note: given.note, cosignedAt: given.cosignedAt })
    .onConflictDoNothing()
    .returning({ size: witnessedLog.size }),
)

const swap = writing((db, { witnessedLog }, given: Given<WitnessedLog & { readonly fromSize: number; readonly fromRoot: Uint8Array }>) =>
  db
    .update(witnessedLog)
    .set({ size: given.size, root: given.root, note: given.note, cosignedAt: given.cosignedAt })
    .where(and(eq(witnessedLog.origin, given.origin), eq(witnessedLog.size, given.fromSize), eq(witnessedLog.root, given.fromRoot)))
    .returning({ size: witnessedLog.size }),
)

/** Puts the next head in the place of the one that the caller has checked it against. False when that one is no longer there. */
export async function swapWitnessedLog(tx: Writer, from: Pick<WitnessedLog, 'size' | 'root'> | undefined, to: WitnessedLog): Promise<boolean> {
  const rows = from === undefined ? await open(tx, to) : await swap(tx, { ...to, fromSize: from.size, fromRoot: from.root })
  return rows.length === 1
}
