import { createHash } from 'node:crypto'

import { getTableColumns, sql, type Placeholder, type SQL } from 'drizzle-orm'

import { compileSqlite } from './compile-sqlite.ts'
import { driverFault } from './driver-faults.ts'
import type { Db, Handle, Prepared, Reader, Writer } from './engine.ts'
import type { Row, Tables } from './tables.ts'

/** The places that a statement's values go to. To the compiler expressions, so that they can be set and compared; in truth placeholders. */
export type Given<Values> = { readonly [Name in keyof Values & string]: SQL<Values[Name]> & Placeholder<Name> }

/** The places of a list's items. */
export type GivenList<Item> = readonly (SQL<Item> & Placeholder<string>)[]

interface Query<Result> {
  readonly prepare: () => { readonly execute: (values?: Record<string, unknown>) => Promise<Result> }
}

/**
 * A query that only reads, written once for both dialects and prepared once a connection.
 * `build` runs once a connection: what it makes must depend on nothing but its arguments.
 */
export const reading = <Values extends object, Result>(
  build: (db: Pick<Db, 'select'>, tables: Tables, given: Given<Values>) => Query<Result>,
): ((from: Reader, values: Values) => Promise<Result>) => statement(build)

/** The same for a query of which at most one row matters. */
export function readingOne<Values extends object, Row>(
  build: (db: Pick<Db, 'select'>, tables: Tables, given: Given<Values>) => Query<readonly Row[]>,
): (from: Reader, values: Values) => Promise<Row | undefined> {
  return statement<Values, readonly Row[], Row | undefined>(build, firstOf)
}

const firstOf = <Row>(rows: readonly Row[]): Row | undefined => rows[0]

/** A query that changes something. With `returning` it answers rows on both dialects; without, its answer means nothing. */
export const writing = <Values extends object, Result>(
  build: (db: Db, tables: Tables, given: Given<Values>) => Query<Result>,
): ((tx: Writer, values: Values) => Promise<Result>) => statement(build)

/** Rows into one table, as many as there are, in as few statements as the dialect likes. Every member of a row is named, null where there is nothing. */
export function insertion<Name extends keyof Tables>(name: Name): (tx: Writer, rows: readonly Row<Name>[]) => Promise<void> {
  const insert = inChunks((db, tables, _given, size) => db.insert(tables[name]).values(rowsOfPlaces(tables[name], size)) as Query<unknown>)
  return async (tx, rows) => {
    await insert(tx, {}, rows)
  }
}

/** A query with a list in it, `given` being the same for all items: run over the list in chunks, answers in the order of the chunks. */
export function readingEach<Values extends object, Item, Found>(
  build: (db: Pick<Db, 'select'>, tables: Tables, given: Given<Values>, items: GivenList<Item>) => Query<readonly Found[]>,
): (from: Reader, values: Values, items: readonly Item[]) => Promise<readonly Found[]> {
  const run = inChunks<Values, Item, readonly Found[]>((db, tables, given, size) => build(db, tables, given, listOfPlaces(size)))
  return async (from, values, items) => (await run(from, values, items)).flat()
}

/** The same for a query that changes rows. */
export function writingEach<Values extends object, Item>(
  build: (db: Db, tables: Tables, given: Given<Values>, items: GivenList<Item>) => Query<unknown>,
): (tx: Writer, values: Values, items: readonly Item[]) => Promise<void> {
  const run = inChunks<Values, Item, unknown>((db, tables, given, size) => build(db, tables, given, listOfPlaces(size)))
  return async (tx, values, items) => {
    await run(tx, values, items)
  }
}

// A round trip costs PostgreSQL more than a row does. SQLite has no round trips, and one short statement is quickest there.
const chunkSizes = { postgres: [64, 8, 1], sqlite: [1] } as const

/** One statement a size of chunk; a place is called by its item's position, and by the member when the item is a row. */
function inChunks<Values extends object, Item, Result>(build: (db: Db, tables: Tables, given: Given<Values>, size: number) => Query<Result>) {
  const runs = new Map(chunkSizes.postgres.map((size) => [size, statement<Values, Result>((db, tables, given) => build(db, tables, given, size))]))
  return async (through: Reader, values: Values, items: readonly Item[]): Promise<readonly Result[]> => {
    const results: Result[] = []
    let from = 0
    for (const size of chunkSizes[through.handle.dialect]) {
      const run = runs.get(size)!
      for (; items.length - from >= size; from += size) results.push(await run(through, { ...values, ...placed(items, from, size) }))
    }
    return results
  }
}

const listOfPlaces = <Item>(size: number) => Array.from({ length: size }, (_, index) => sql.placeholder(String(index))) as unknown as GivenList<Item> // see Given

// The members of the n-th row are called n:member; of a row alone, as they are.
const rowsOfPlaces = (table: Tables[keyof Tables], size: number) =>
  Array.from({ length: size }, (_, index) =>
    Object.fromEntries(Object.keys(getTableColumns(table)).map((member) => [member, sql.placeholder(size === 1 ? member : `${index}:${member}`)])),
  ) as never // rows of placeholders: the row types stand in the signature of `insertion`

function placed(items: readonly unknown[], from: number, size: number): object {
  const isRow = (item: unknown): item is object => typeof item === 'object' && item !== null && !(item instanceof Uint8Array)
  const first = items[from]
  if (size === 1) return isRow(first) ? first : { 0: first }
  const values: Record<string, unknown> = {}
  for (let index = 0; index < size; index++) {
    const item = items[from + index]
    if (!isRow(item)) values[index] = item
    else for (const [member, value] of Object.entries(item)) values[`${index}:${member}`] = value
  }
  return values
}

/** `last` makes the answer of what the database has answered; with one, no row after the first is read. */
function statement<Values extends object, Result, Answer = Result>(
  build: (db: Db, tables: Tables, given: Given<Values>) => Query<Result>,
  last?: (result: Result) => Answer,
) {
  const key = Symbol('statement')
  const answerOf = last ?? ((result: Result) => result as unknown as Answer) // the same type where there is no `last`
  // No `async` here: SQLite answers at once, and each turn through a promise costs a tenth of a look-up.
  return ({ handle }: Reader, values: Values): Promise<Answer> => {
    try {
      let prepared = handle.prepared.get(key)
      if (prepared === undefined) handle.prepared.set(key, (prepared = prepare(handle, build, last !== undefined)))
      const result = prepared.execute(values) as Result | Promise<Result> // the builder's own type, which `Prepared` forgets
      return result instanceof Promise ? result.then(answerOf, rejectFault) : Promise.resolve(answerOf(result))
    } catch (error) {
      return rejectFault(error)
    }
  }
}

const rejectFault = (error: unknown): Promise<never> => Promise.reject(driverFault(error))

// Every name is a placeholder of that name; the caller's type says which exist.
const given = new Proxy({}, { get: (_, name) => sql.placeholder(String(name)) })

function prepare<Values>(handle: Handle, build: (db: Db, tables: Tables, given: Given<Values>) => Query<unknown>, first: boolean): Prepared {
  const query = build(handle.db, handle.tables, given as Given<Values>) as unknown as PreparableBuilder // see Given
  // PostgreSQL knows a prepared statement by name. Named by its text, so that a connection pooler between several versions never confuses two.
  const prepared = query.prepare(`comity_${createHash('sha256').update(query.toSQL().sql).digest('hex').slice(0, 32)}`)
  return handle.dialect === 'sqlite' ? compileSqlite(prepared, first) : prepared
}

/** The members that PostgreSQL's builders have and SQLite's types do not say. */
interface PreparableBuilder {
  readonly toSQL: () => { readonly sql: string }
  readonly prepare: (name: string) => Prepared
}
