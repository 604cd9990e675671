import type { BaseSQLiteDatabase } from 'drizzle-orm/sqlite-core'

import type { Tables } from './tables.ts'

export type Dialect = 'sqlite' | 'postgres'

/** The query builder as the compiler sees it. Only what both dialects share is used of it: builders, awaited; never `.all`, `.get`, `.run`. */
export type Db = BaseSQLiteDatabase<'async', unknown>

export interface Prepared {
  /** Answers at once on SQLite, and a promise on PostgreSQL. */
  readonly execute: (values: object) => unknown
}

/** One connection (or pool, for reads) with the statements that have been prepared on it. */
export interface Handle {
  readonly dialect: Dialect
  readonly db: Db
  readonly tables: Tables
  readonly prepared: Map<symbol, Prepared>
}

/** What can be read through: the store itself, outside of any transaction, or a transaction that is open. */
export interface Reader {
  readonly handle: Handle
}

/** An open transaction. Handed to a work by `atomically`, of no use after the work has returned. */
export interface Writer extends Reader {
  readonly writes: true
}

/** A transaction as group commit drives it. Owned by one batch. */
export interface Session {
  readonly handle: Handle
  /** Sets the savepoint that `undo` goes back to. */
  readonly mark: () => Promise<void>
  /** Keeps what was done since the savepoint, and sets it anew. */
  readonly keep: () => Promise<void>
  /** Takes back what was done since the savepoint. */
  readonly undo: () => Promise<void>
  /** Several statements without parameters: migrations. */
  readonly script: (text: string) => Promise<void>
  /**
   * True only when the database has said that everything is durable; false when it has rolled back instead, since a statement had failed and
   * somebody swallowed it. Faults: `commit-unknown`, `storage-busy`, `storage-failed`.
   */
  readonly commit: () => Promise<boolean>
  /** Rolls back and gives the connection back. Never throws. */
  readonly abandon: () => Promise<void>
}

/** What differs between the databases, and nothing else. */
export interface Engine {
  readonly reading: Handle
  /** No further work joins a batch that has run for so long: the first of it waits for the last, and other processes for all. Milliseconds. */
  readonly batchTime: number
  readonly begin: () => Promise<Session>
  readonly backup: (path: string) => Promise<void>
  readonly close: () => Promise<void>
}

/** Whoever wants to hear of retries and lost connections. A pino logger fits. Never given values of rows. */
export interface StoreLog {
  readonly warn: (fields: Readonly<Record<string, unknown>>, message: string) => void
}
