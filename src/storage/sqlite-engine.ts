import { closeSync, fsyncSync, openSync, renameSync, rmSync } from 'node:fs'

import Database from 'better-sqlite3'
import { drizzle } from 'drizzle-orm/better-sqlite3'

import { Fault } from '#core/fault.ts'

import { driverFault } from './driver-faults.ts'
import type { Db, Engine, Handle, Session } from './engine.ts'
import { sqliteTables } from './tables.ts'

/**
 * Pages of the WAL after which bulk work has them put into the database, 64 MB, in place of a thousand. The indexes of a register are scattered by nature:
 * most of their pages change with every batch of a ledger, and would be written as often.
 */
const bulkPages = 8000

/**
 * One file, two connections: a writer that group commit owns, and a reader that sees the last commit and never waits for the writer.
 * Other processes (a command line beside a server) may open the same file.
 */
export function openSqlite(file: string, { bulk = false }: { readonly bulk?: boolean } = {}): Engine {
  const [writer, reader] = openBoth(file)
  if (bulk) writer.pragma(`wal_autocheckpoint = ${bulkPages}`)
  // A lock held by another process is waited for by group commit, and not here, where all who verify meanwhile would wait, too.
  writer.pragma('busy_timeout = 0')
  reader.pragma('query_only = on')
  const session = sessionOver(writer)
  const begin = writer.prepare('begin immediate')

  return {
    reading: handleOver(reader),
    batchTime: 30,
    begin: async () => {
      try {
        begin.run()
      } catch (error) {
        throw driverFault(error)
      }
      return session
    },
    backup: async (path) => {
      // A connection of its own reads one snapshot, the last commit, whatever the writer has open meanwhile.
      const partial = `${path}.partial`
      rmSync(partial, { force: true })
      const snapshot = new Database(file, { readonly: true })
      try {
        // Made empty first: the library would make it readable by everybody.
        closeSync(openSync(partial, 'wx', 0o600))
        snapshot.prepare('vacuum into ?').run(partial)
      } catch (error) {
        rmSync(partial, { force: true })
        throw driverFault(error)
      } finally {
        snapshot.close()
      }
      const copy = openSync(partial, 'r+')
      fsyncSync(copy)
      closeSync(copy)
      // Whatever stands at the path is a whole backup, also after a crash: the old one or the new one.
      renameSync(partial, path)
    },
    close: async () => {
      // Left behind, it would all be put there by whoever commits next, and that may be a server.
      if (bulk) writer.pragma('wal_checkpoint(passive)')
      reader.close()
      writer.close()
    },
  }
}

function openBoth(file: string): readonly [writer: Database.Database, reader: Database.Database] {
  try {
    // Sealed keys and sealed personal data live in it: nobody else on the machine needs to read the file. WAL and its index take over the mode.
    closeSync(openSync(file, 'a', 0o600))
    const writer = openConnection(file)
    try {
      return [writer, openConnection(file)]
    } catch (error) {
      writer.close()
      throw error
    }
  } catch (error) {
    const { code, detail } = driverFault(error)
    throw new Fault(code, { at: file, detail, cause: error })
  }
}

/** A connection that loses nothing it has acknowledged. Faults: `storage-not-durable`; whatever else the library throws. */
export function openConnection(file: string): Database.Database {
  const connection = new Database(file)
  try {
    setUp(connection)
    return connection
  } catch (error) {
    connection.close()
    throw error
  }
}

function setUp(connection: Database.Database): void {
  connection.pragma('busy_timeout = 5000')
  // Takes effect on a new file, before its first page: half as much again in bulk as with 4 kB.
  connection.pragma('page_size = 8192')
  connection.pragma('journal_mode = wal')
  connection.pragma('synchronous = full')
  connection.pragma('foreign_keys = on')
  connection.pragma('temp_store = memory')
  connection.pragma('cache_size = -32000')
  assertDurable(connection)
}

/**
 * The library falls back to `synchronous=NORMAL` in WAL mode, which loses acknowledged rows on a power cut. It is set on every connection,
 * and read back, since a library or file system that does not do as told must not hold a register.
 */
export function assertDurable(connection: Database.Database): void {
  const journal = connection.pragma('journal_mode', { simple: true })
  const synchronous = connection.pragma('synchronous', { simple: true })
  if (journal !== 'wal' || synchronous !== 2) {
    throw new Fault('storage-not-durable', { detail: `journal_mode=${String(journal)} synchronous=${String(synchronous)}, expected wal and 2 (FULL)` })
  }
}

const handleOver = (connection: Database.Database): Handle => ({
  dialect: 'sqlite',
  db: drizzle({ client: connection }) as unknown as Db, // synchronous inside; awaited like the asynchronous one
  tables: sqliteTables,
  prepared: new Map(),
})

function sessionOver(connection: Database.Database): Session {
  const control = (text: string) => connection.prepare(text)
  const [mark, release, undo, commit, rollback] = [
    control('savepoint work'),
    control('release savepoint work'),
    control('rollback to savepoint work'),
    control('commit'),
    control('rollback'),
  ]
  const run = (...statements: readonly Database.Statement[]) => {
    try {
      for (const statement of statements) statement.run()
    } catch (error) {
      throw driverFault(error)
    }
  }
  return {
    handle: handleOver(connection),
    mark: async () => run(mark),
    keep: async () => run(release, mark),
    undo: async () => run(undo),
    script: async (text) => {
      try {
        connection.exec(text)
      } catch (error) {
        throw driverFault(error)
      }
    },
    commit: async () => {
      try {
        commit.run()
        return true
      } catch (error) {
        const fault = driverFault(error)
        // Still open: nothing was committed, and the caller rolls back. Full: the frame that makes the transaction count is the last one
        // and was not written whole. Any other error by which the database ends it (a failed fsync, say): nobody knows.
        if (connection.inTransaction || fault.code === 'storage-full') throw fault
        throw new Fault('commit-unknown', { detail: fault.detail })
      }
    },
    abandon: async () => {
      if (connection.inTransaction) rollback.run()
    },
  }
}
