import { bigint, customType as postgresType, pgTable, text as postgresText } from 'drizzle-orm/pg-core'
import { integer, customType as sqliteType, sqliteTable, text as sqliteText } from 'drizzle-orm/sqlite-core'

/**
 * The column builders of one dialect. Tables are a function of the kit, so they are written once; SQLite's types are the ones
 * that the compiler sees, for both.
 */
export type Kit = typeof sqliteKit

// `null` reaches the encoders of prepared statements, and must not become the text 'null'.
const toJson = (value: unknown): string => (value === null ? (null as unknown as string) : JSON.stringify(value)) // drizzle types encoders as total
const toFlag = (value: boolean): number => (value ? 1 : 0)

export const sqliteKit = {
  table: sqliteTable,
  text: (name: string) => sqliteText(name),
  /** A whole number up to 2^53, whatever width the column has. */
  int: (name: string) => integer(name, { mode: 'number' }),
  /** A flag, stored as 0 or 1. */
  flag: (name: string) => sqliteType<{ data: boolean; driverData: number }>({ dataType: () => 'smallint', toDriver: toFlag, fromDriver: Boolean })(name),
  /** A value as JSON text. Its shape is trusted on reading: only this software writes it. */
  json: <Value>(name: string) =>
    sqliteType<{ data: Value; driverData: string }>({ dataType: () => 'text', toDriver: toJson, fromDriver: (text) => JSON.parse(text) as Value })(name),
  /** Bytes. Read back as node Buffers: compare contents, not prototypes. */
  bytes: (name: string) => sqliteType<{ data: Uint8Array }>({ dataType: () => 'bytea' })(name),
}

export const postgresKit = {
  table: pgTable,
  text: (name: string) => postgresText(name),
  int: (name: string) => bigint(name, { mode: 'number' }),
  flag: (name: string) => postgresType<{ data: boolean; driverData: number }>({ dataType: () => 'smallint', toDriver: toFlag, fromDriver: Boolean })(name),
  json: <Value>(name: string) =>
    postgresType<{ data: Value; driverData: string }>({ dataType: () => 'text', toDriver: toJson, fromDriver: (text) => JSON.parse(text) as Value })(name),
  bytes: (name: string) => postgresType<{ data: Uint8Array }>({ dataType: () => 'bytea' })(name),
} as unknown as Kit // the one cast: same builders, same methods, other classes
