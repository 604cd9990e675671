import { and, eq, lt } from 'drizzle-orm'

import { Fault } from '#core/fault.ts'

import type { Writer } from './engine.ts'
import { readingOne, writing, type Given } from './statement.ts'

interface RequestKey {
  readonly actor: string
  /** The Idempotency-Key that the actor chose. */
  readonly key: string
}

/** An answer that was given before, word for word. */
export interface StoredReply {
  readonly status: number
  readonly reply: string | null
}

const insert = writing((db, { idempotency }, given: Given<RequestKey & { readonly digest: Uint8Array; readonly at: number }>) =>
  db
    .insert(idempotency)
    .values({ actor: given.actor, key: given.key, requestDigest: given.digest, status: 0, reply: null, createdAt: given.at })
    .onConflictDoNothing()
    .returning({ key: idempotency.key }),
)

/** What a request was answered; undefined where it never came, or is forgotten. */
export const findRequest = readingOne((db, { idempotency }, given: Given<RequestKey>) =>
  db
    .select({ requestDigest: idempotency.requestDigest, status: idempotency.status, reply: idempotency.reply })
    .from(idempotency)
    .where(and(eq(idempotency.actor, given.actor), eq(idempotency.key, given.key))),
)

/**
 * First thing in a work that a request asked for: 'new', or what was answered when the same request came before.
 * Faults: `idempotency-key-reused` when the key came before with another request.
 */
export async function begin(tx: Writer, request: RequestKey & { readonly digest: Uint8Array; readonly at: number }): Promise<'new' | StoredReply> {
  if ((await insert(tx, request)).length === 1) return 'new'
  const { requestDigest, status, reply } = (await findRequest(tx, request))!
  if (Buffer.compare(requestDigest, request.digest) !== 0) throw new Fault('idempotency-key-reused')
  return { status, reply }
}

/** Last thing in the same work: what the request is answered, now and whenever it comes again. */
export const answer = writing((db, { idempotency }, given: Given<RequestKey & StoredReply>) =>
  db
    .update(idempotency)
    .set({ status: given.status, reply: given.reply })
    .where(and(eq(idempotency.actor, given.actor), eq(idempotency.key, given.key))),
)

/** Forgets requests from before an instant. After that a repetition counts as new. */
export const forgetRequests = writing((db, { idempotency }, given: Given<{ readonly before: number }>) =>
  db.delete(idempotency).where(lt(idempotency.createdAt, given.before)),
)
