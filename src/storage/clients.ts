import { asc, eq, lt } from 'drizzle-orm'

import type { JsonObject } from '#core/encoding/parse-json.ts'

import type { Writer } from './engine.ts'
import { insertion, reading, readingOne, writing, type Given } from './statement.ts'
import type { Row } from './tables.ts'

/** An officer or a business system, with the public keys it signs its assertions with and the duties it may carry out. */
export type Client = Row<'client'>

export const insertClients = insertion('client')

export const findClient = readingOne((db, { client }, given: Given<{ readonly id: string }>) => db.select().from(client).where(eq(client.id, given.id)))

export const listClients = reading((db, { client }) => db.select().from(client).orderBy(asc(client.id)))

const update = writing(
  (db, { client }, given: Given<{ readonly id: string; readonly jwks: JsonObject; readonly duties: readonly string[]; readonly state: string }>) =>
    db.update(client).set({ jwks: given.jwks, duties: given.duties, state: given.state }).where(eq(client.id, given.id)).returning({ id: client.id }),
)

/** New keys, duties or state. False when there is no such client. */
export async function changeClient(tx: Writer, { id, jwks, duties, state }: Pick<Client, 'id' | 'jwks' | 'duties' | 'state'>): Promise<boolean> {
  return (await update(tx, { id, jwks, duties, state })).length === 1
}

const insertUse = writing((db, { assertionUse }, given: Given<Row<'assertionUse'>>) =>
  db
    .insert(assertionUse)
    .values({ clientId: given.clientId, jti: given.jti, expiresAt: given.expiresAt })
    .onConflictDoNothing()
    .returning({ jti: assertionUse.jti }),
)

/** Remembers that an assertion (RFC 7523 §3, `jti`) has been used. False when it has been used before: somebody replays it. */
export async function useAssertion(tx: Writer, use: Row<'assertionUse'>): Promise<boolean> {
  return (await insertUse(tx, use)).length === 1
}

/** Forgets assertions that have expired, which are refused for that reason. */
export const forgetAssertions = writing((db, { assertionUse }, given: Given<{ readonly before: number }>) =>
  db.delete(assertionUse).where(lt(assertionUse.expiresAt, given.before)),
)
