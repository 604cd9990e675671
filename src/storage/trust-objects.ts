import { and, asc, desc, eq, max } from 'drizzle-orm'

import { Fault } from '#core/fault.ts'

import type { Writer } from './engine.ts'
import { reading, readingOne, writing, type Given } from './statement.ts'
import type { Row, TrustKind } from './tables.ts'

/** A signed, versioned object of this or another city, as it was fetched. It has been verified before it is put here. */
export type TrustObject = Row<'trustObject'>

const insert = writing((db, { trustObject }, given: Given<TrustObject>) =>
  db
    .insert(trustObject)
    .values({
      kind: given.kind,
      subject: given.subject,
      version: given.version,
      digest: given.digest,
      body: given.body,
      fetchedAt: given.fetchedAt,
    })
    .onConflictDoNothing()
    .returning({ version: trustObject.version }),
)

export const findTrustObject = readingOne(
  (db, { trustObject }, given: Given<{ readonly kind: TrustKind; readonly subject: string; readonly version: number }>) =>
    db
      .select()
      .from(trustObject)
      .where(and(eq(trustObject.kind, given.kind), eq(trustObject.subject, given.subject), eq(trustObject.version, given.version))),
)

/** Keeps a version. 'known' when it is here already; fault `trust-object-changed` when it is here with other contents: the publisher speaks with two tongues. */
export async function putTrustObject(tx: Writer, object: TrustObject): Promise<'new' | 'known'> {
  if ((await insert(tx, object)).length === 1) return 'new'
  const known = await findTrustObject(tx, object)
  if (Buffer.compare(known!.digest, object.digest) !== 0) throw new Fault('trust-object-changed', { at: `${object.kind} ${object.subject} ${object.version}` })
  return 'known'
}

export const findNewestTrustObject = readingOne((db, { trustObject }, given: Given<{ readonly kind: TrustKind; readonly subject: string }>) =>
  db
    .select()
    .from(trustObject)
    .where(and(eq(trustObject.kind, given.kind), eq(trustObject.subject, given.subject)))
    .orderBy(desc(trustObject.version))
    .limit(1),
)

/** The subjects of a kind, each with its newest version. */
export const listTrustSubjects = reading((db, { trustObject }, given: Given<{ readonly kind: TrustKind }>) =>
  db
    .select({ subject: trustObject.subject, version: max(trustObject.version) })
    .from(trustObject)
    .where(eq(trustObject.kind, given.kind))
    .groupBy(trustObject.subject)
    .orderBy(asc(trustObject.subject)),
)

/** The versions of one subject that are here, in order: what a chain of manifests is checked along. */
export const listTrustVersions = reading((db, { trustObject }, given: Given<{ readonly kind: TrustKind; readonly subject: string }>) =>
  db
    .select({ version: trustObject.version, digest: trustObject.digest, fetchedAt: trustObject.fetchedAt })
    .from(trustObject)
    .where(and(eq(trustObject.kind, given.kind), eq(trustObject.subject, given.subject)))
    .orderBy(asc(trustObject.version)),
)
