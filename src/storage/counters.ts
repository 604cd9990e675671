import { asc, sql } from 'drizzle-orm'

import type { Writer } from './engine.ts'
import { reading, writing, type Given } from './statement.ts'

const raise = writing((db, { counter }, given: Given<{ readonly class: string; readonly year: number; readonly howMany: number; readonly next: number }>) =>
  db
    .insert(counter)
    .values({ class: given.class, year: given.year, next: given.next })
    .onConflictDoUpdate({ target: [counter.class, counter.year], set: { next: sql`${counter.next} + ${given.howMany}` } })
    .returning({ next: counter.next }),
)

/**
 * Takes `howMany` consecutive numbers of a class and year and answers the first; the first ever is 1.
 * Without gaps, because the counter's row is changed by the transaction that uses the numbers: they are given back if it fails.
 */
export async function takeNumbers(
  tx: Writer,
  { class: name, year, howMany }: { readonly class: string; readonly year: number; readonly howMany: number },
): Promise<number> {
  const [row] = await raise(tx, { class: name, year, howMany, next: howMany + 1 })
  return row!.next - howMany
}

/** The number that each class will give next in a year. */
export const listCounters = reading((db, { counter }) => db.select().from(counter).orderBy(asc(counter.class), asc(counter.year)))
