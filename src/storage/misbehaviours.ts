import { asc } from 'drizzle-orm'

import { reading, writing, type Given } from './statement.ts'
import type { Row } from './tables.ts'

/** Two signed statements that cannot both be true, as they were signed. Never updated, never deleted. */
export type Misbehaviour = Row<'misbehaviour'>

const insert = writing((db, { misbehaviour }, given: Given<Misbehaviour>) =>
  db
    .insert(misbehaviour)
    .values({ digest: given.digest, kind: given.kind, subject: given.subject, body: given.body, foundAt: given.foundAt })
    .onConflictDoNothing()
    .returning({ kind: misbehaviour.kind }),
)

/** Keeps it. False when it is known already. */
export async function insertMisbehaviour(tx: Parameters<typeof insert>[0], row: Misbehaviour): Promise<boolean> {
  return (await insert(tx, row)).length === 1
}

export const listMisbehaviours = reading((db, { misbehaviour }) => db.select().from(misbehaviour).orderBy(asc(misbehaviour.foundAt), asc(misbehaviour.digest)))
