import type { Statement } from 'better-sqlite3'
import { Column, is, Param, Placeholder } from 'drizzle-orm'

import type { Prepared } from './engine.ts'

/**
 * The query builder's prepared statement → the same statement without the builder's per-call work, which costs half as much again as SQLite does
 * on a look-up of one row. Text, order of parameters, encoders and decoders are the builder's. With `first`, no row after the first is read.
 */
export function compileSqlite(prepared: object, first: boolean): Prepared {
  const { stmt, query, fields } = prepared as BuilderStatement // its private members; the contract suite fails if they change
  const bind = query.params.map(encoder)
  const parameters = (values: Values) => bind.map((of) => of(values))
  if (fields === undefined) return { execute: (values) => stmt.run(...parameters(values as Values)) }

  const rows = stmt.raw()
  const read = rowReader(fields)
  if (first) {
    return {
      execute: (values) => {
        const row = rows.get(...parameters(values as Values)) as unknown[] | undefined // raw mode
        return row === undefined ? [] : [read(row)]
      },
    }
  }
  return {
    execute: (values) => {
      const found = rows.all(...parameters(values as Values)) as unknown[][] // raw mode
      for (let index = 0; index < found.length; index++) found[index] = read(found[index]!) as never // in place: pages are long
      return found
    },
  }
}

type Values = Readonly<Record<string, unknown>>

interface BuilderStatement {
  readonly stmt: Statement<unknown[]>
  readonly query: { readonly params: readonly unknown[] }
  /** Undefined when the statement answers no rows. */
  readonly fields: readonly { readonly path: readonly string[]; readonly field: unknown }[] | undefined
}

function encoder(param: unknown): (values: Values) => unknown {
  if (is(param, Placeholder)) return (values) => given(values, param.name)
  if (is(param, Param) && is(param.value, Placeholder)) {
    const { encoder: by, value } = param
    return (values) => by.mapToDriverValue(given(values, value.name))
  }
  return () => param
}

function decoder(field: unknown): (value: unknown) => unknown {
  if (is(field, Column)) return (value) => field.mapFromDriverValue(value)
  const { decoder: by } = field as { readonly decoder: { readonly mapFromDriverValue: (value: unknown) => unknown } } // an expression, like max()
  return (value) => by.mapFromDriverValue(value)
}

// A value that is not named would be stored as null without a word.
function given(values: Values, name: string): unknown {
  const value = values[name]
  if (value === undefined) throw new Error(`a statement was given no ${name}`)
  return value
}

/** Members in the order of the statement. Most columns hold what members are, and need no decoder. */
function rowReader(fields: readonly { readonly path: readonly string[]; readonly field: unknown }[]): (row: readonly unknown[]) => object {
  const names = fields.map(({ path }) => path.join('.'))
  const decode = fields.map(({ field }) => decoder(field))
  const decoded = names.map((_, index) => index).filter((index) => !givesBack(decode[index]!))
  // Copied, so that all rows have one shape from the beginning.
  const blank: Readonly<Record<string, unknown>> = Object.fromEntries(names.map((name) => [name, null]))
  return (row) => {
    const object: Record<string, unknown> = { ...blank }
    for (let index = 0; index < names.length; index++) object[names[index]!] = row[index]
    for (const index of decoded) {
      const value = row[index]
      if (value !== null) object[names[index]!] = decode[index]!(value)
    }
    return object
  }
}

/** A decoder that gives back what it can never have seen does nothing. */
function givesBack(decode: (value: unknown) => unknown): boolean {
  const unseen = {}
  try {
    return decode(unseen) === unseen
  } catch {
    return false
  }
}
