import { and, eq, gt, isNull, lt, sql } from 'drizzle-orm'

import type { Writer } from './engine.ts'
import { insertion, readingOne, writing, type Given } from './statement.ts'

/** A code that the bureau hands to a person, known only by its hash. */
export const insertClaimCodes = insertion('claimCode')

export const findClaimCode = readingOne((db, { claimCode }, given: Given<{ readonly codeHash: Uint8Array }>) =>
  db.select().from(claimCode).where(eq(claimCode.codeHash, given.codeHash)),
)

const raiseAttempts = writing((db, { claimCode }, given: Given<{ readonly codeHash: Uint8Array; readonly most: number }>) =>
  db
    .update(claimCode)
    .set({ attempts: sql`${claimCode.attempts} + 1` })
    .where(and(eq(claimCode.codeHash, given.codeHash), lt(claimCode.attempts, given.most)))
    .returning({ attempts: claimCode.attempts }),
)

/**
 * Counts an attempt before its outcome is known, and answers how many there have been; undefined when there is no such code, or when there have been
 * `most` before: nobody who goes on trying writes to the disk, nor counts past what the column holds.
 */
export async function countAttempt(tx: Writer, values: { readonly codeHash: Uint8Array; readonly most: number }): Promise<number | undefined> {
  return (await raiseAttempts(tx, values))[0]?.attempts
}

const use = writing((db, { claimCode }, given: Given<{ readonly codeHash: Uint8Array; readonly at: number }>) =>
  db
    .update(claimCode)
    .set({ usedAt: given.at })
    .where(and(eq(claimCode.codeHash, given.codeHash), isNull(claimCode.usedAt), gt(claimCode.expiresAt, given.at)))
    .returning({ recordId: claimCode.recordId }),
)

/** Uses up a code and answers its record; undefined when it is absent, used or expired. Of two at once only one succeeds. */
export async function useClaimCode(tx: Writer, values: { readonly codeHash: Uint8Array; readonly at: number }): Promise<Uint8Array | undefined> {
  return (await use(tx, values))[0]?.recordId
}

export const forgetClaimCodes = writing((db, { claimCode }, given: Given<{ readonly before: number }>) =>
  db.delete(claimCode).where(lt(claimCode.expiresAt, given.before)),
)
