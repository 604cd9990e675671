import { and, desc, eq, lte } from 'drizzle-orm'

import type { Writer } from './engine.ts'
import { insertion, readingOne, type Given } from './statement.ts'
import type { Row } from './tables.ts'

/** A file as it was published at `fromAt`, until the next of its path. Never changed, never deleted. */
export type PublishedVersion = Row<'publishedVersion'>

const findNewest = readingOne((db, { publishedVersion }, given: Given<{ readonly path: string }>) =>
  db
    .select({ no: publishedVersion.no, etag: publishedVersion.etag })
    .from(publishedVersion)
    .where(eq(publishedVersion.path, given.path))
    .orderBy(desc(publishedVersion.no))
    .limit(1),
)
const insert = insertion('publishedVersion')

/** In the transaction that puts the file; what is published already is not kept twice. */
export async function keepPublishedVersion(tx: Writer, version: Omit<PublishedVersion, 'no'>): Promise<void> {
  const newest = await findNewest(tx, { path: version.path })
  if (newest?.etag !== version.etag) await insert(tx, [{ ...version, no: (newest?.no ?? 0) + 1 }])
}

/** The version that stood at an instant. Of two that began within one second the later one. */
export const findPublishedVersion = readingOne((db, { publishedVersion }, given: Given<{ readonly path: string; readonly at: number }>) =>
  db
    .select()
    .from(publishedVersion)
    .where(and(eq(publishedVersion.path, given.path), lte(publishedVersion.fromAt, given.at)))
    .orderBy(desc(publishedVersion.no))
    .limit(1),
)
