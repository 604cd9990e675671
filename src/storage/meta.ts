import { eq } from 'drizzle-orm'

import type { Reader, Writer } from './engine.ts'
import { readingOne, writing, type Given } from './statement.ts'
import type { Row } from './tables.ts'

const find = readingOne((db, { meta }, given: Given<{ readonly name: string }>) => db.select().from(meta).where(eq(meta.name, given.name)))

/** A fact about the node itself: who it is, what its keys are wrapped with. */
export async function getMeta(from: Reader, name: string): Promise<Uint8Array | undefined> {
  return (await find(from, { name }))?.value
}

const put = writing((db, { meta }, given: Given<Row<'meta'>>) =>
  db
    .insert(meta)
    .values({ name: given.name, value: given.value })
    .onConflictDoUpdate({ target: meta.name, set: { value: given.value } }),
)

export async function setMeta(tx: Writer, name: string, value: Uint8Array): Promise<void> {
  await put(tx, { name, value })
}

const putOnce = writing((db, { meta }, given: Given<Row<'meta'>>) =>
  db.insert(meta).values({ name: given.name, value: given.value }).onConflictDoNothing().returning({ name: meta.name }),
)

/** For what may be set only once, like who the node is. False when it has been set before. */
export async function setMetaOnce(tx: Writer, name: string, value: Uint8Array): Promise<boolean> {
  return (await putOnce(tx, { name, value })).length === 1
}
