import { asc, eq } from 'drizzle-orm'

import { reading, readingOne, writing, type Given } from './statement.ts'
import type { Row } from './tables.ts'

/** A static signed file as the node serves it; any web server or a USB stick may do as well. */
export type PublishedFile = Row<'published'>

/** Puts a file in the place of the one before. */
export const putFile = writing((db, { published }, given: Given<PublishedFile>) => {
  const contents = { contentType: given.contentType, etag: given.etag, body: given.body, publishedAt: given.publishedAt }
  return db
    .insert(published)
    .values({ path: given.path, ...contents })
    .onConflictDoUpdate({ target: published.path, set: contents })
})

export const getFile = readingOne((db, { published }, given: Given<{ readonly path: string }>) =>
  db.select().from(published).where(eq(published.path, given.path)),
)

/** All files without their bodies, by path. */
export const listFiles = reading((db, { published }) =>
  db
    .select({ path: published.path, contentType: published.contentType, etag: published.etag, publishedAt: published.publishedAt })
    .from(published)
    .orderBy(asc(published.path)),
)
