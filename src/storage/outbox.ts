import { and, asc, inArray, isNull } from 'drizzle-orm'

import { insertion, reading, writingEach, type Given, type GivenList } from './statement.ts'

/**
 * A signed object that the log has yet to take up: its kind and digest, nothing of its content. Appended in the transaction that stores
 * the object itself: an object without its row would be missing from the log for ever.
 */
export const appendToOutbox = insertion('outbox')

/** What has not been published, oldest first. Chosen by the missing mark, never by "id greater than the last": a slow transaction commits older ids later. */
export const listUnpublished = reading((db, { outbox }, given: Given<{ readonly limit: number }>) =>
  db.select().from(outbox).where(isNull(outbox.publishedAt)).orderBy(asc(outbox.id)).limit(given.limit),
)

/** `markPublished(tx, { at }, ids)`. Marked rows keep their first instant. */
export const markPublished = writingEach((db, { outbox }, given: Given<{ readonly at: number }>, ids: GivenList<Uint8Array>) =>
  db
    .update(outbox)
    .set({ publishedAt: given.at })
    .where(and(inArray(outbox.id, [...ids]), isNull(outbox.publishedAt))),
)
