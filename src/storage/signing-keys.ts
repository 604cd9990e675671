import { and, asc, eq, gt, isNotNull, isNull, or } from 'drizzle-orm'

import type { Writer } from './engine.ts'
import { insertion, reading, readingOne, writing, type Given } from './statement.ts'
import type { Row } from './tables.ts'

/** A key pair of the node: the public key in clear, the private one sealed. One key, one use. Never deleted, only closed. */
export type SigningKey = Row<'signingKey'>

export const insertSigningKeys = insertion('signingKey')

/** By the RFC 7638 thumbprint of the public key. */
export const findSigningKey = readingOne((db, { signingKey }, given: Given<{ readonly kid: string }>) =>
  db.select().from(signingKey).where(eq(signingKey.kid, given.kid)),
)

/** All keys there ever were, oldest first. */
export const listSigningKeys = reading((db, { signingKey }) => db.select().from(signingKey).orderBy(asc(signingKey.createdAt), asc(signingKey.kid)))

interface Closing {
  readonly kid: string
  readonly closedAt: number
  readonly closedReason: string
  /** Since when somebody else may have signed with it; null when nobody is thought to have. */
  readonly compromisedSince: number | null
}

/** A key that was closed for another reason, or is now known to have been compromised earlier; when it was closed stays as it was. */
const worsen = writing((db, { signingKey }, given: Given<{ readonly kid: string; readonly since: number }>) =>
  db
    .update(signingKey)
    .set({ closedReason: 'compromised', compromisedSince: given.since })
    .where(
      and(eq(signingKey.kid, given.kid), isNotNull(signingKey.closedAt), or(isNull(signingKey.compromisedSince), gt(signingKey.compromisedSince, given.since))),
    )
    .returning({ kid: signingKey.kid }),
)

const close = writing((db, { signingKey }, given: Given<Closing>) =>
  db
    .update(signingKey)
    .set({ closedAt: given.closedAt, closedReason: given.closedReason, compromisedSince: given.compromisedSince })
    .where(and(eq(signingKey.kid, given.kid), isNull(signingKey.closedAt)))
    .returning({ kid: signingKey.kid }),
)

/** Closes a key for good. False when there is no such key, or it is closed already. */
export async function closeSigningKey(tx: Writer, closing: Closing): Promise<boolean> {
  return (await close(tx, closing)).length === 1
}

/** Makes a closing graver: closed keys turn out to have been compromised, too. False when it is not closed, or no less grave already. */
export async function worsenClosing(tx: Writer, values: { readonly kid: string; readonly since: number }): Promise<boolean> {
  return (await worsen(tx, values)).length === 1
}
