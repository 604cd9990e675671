import { and, asc, eq, inArray, isNull } from 'drizzle-orm'

import { insertion, reading, readingOne, writingEach, type Given, type GivenList } from './statement.ts'

/**
 * A signed object that the log has yet to take up: its kind and digest, nothing of its content. Appended in the transaction that stores
 * the object itself: an object without its row would be missing from the log for ever.
 */
export const appendToOutbox = insertion('outbox')

/** What has not been published, oldest first. Chosen by the missing mark, never by "id greater than the last": a slow transaction commits older ids later. */
export const listUnpublished = reading((db, { outbox }, given: Given<{ readonly limit: number }>) =>
  db.select().from(outbox).where(isNull(outbox.publishedAt)).orderBy(asc(outbox.id)).limit(given.limit),
)

/** One that has not been published, by what it is. There are few, so no index is kept for it. */
export const findUnpublished = readingOne((db, { outbox }, given: Given<{ readonly kind: string; readonly digest: Uint8Array }>) =>
  db
    .select({ id: outbox.id })
    .from(outbox)
    .where(and(isNull(outbox.publishedAt), eq(outbox.digest, given.digest), eq(outbox.kind, given.kind)))
    .limit(1),
)

/** `markPublished(tx, { at }, ids)`. Marked rows keep their first instant. */
export const markPublished = writingEach((db, { outbox }, given: Given<{ readonly at: number }>, ids: GivenList<Uint8Array>) =>
  db
    .update(outbox)
    .set({ publishedAt: given.at })
    .where(and(inArray(outbox.id, [...ids]), isNull(outbox.publishedAt))),
)
