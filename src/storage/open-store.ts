import type { Engine, Reader, StoreLog } from './engine.ts'
import { groupCommit, type Work } from './group-commit.ts'
import { migrate, readMigrations, type Migration } from './migrate.ts'
import type { PostgresPool } from './postgres-engine.ts'
import { openSqlite } from './sqlite-engine.ts'

export type { Reader, StoreLog, Writer } from './engine.ts'
export type { Work } from './group-commit.ts'

/** Where the rows are: a file (SQLite), a server (`postgres://…`), or a pool that the caller has opened and this store will close. */
export type StoreLocation = { readonly file: string } | { readonly url: string } | { readonly pool: PostgresPool }

export interface StoreOptions {
  readonly log?: StoreLog | undefined
  /** `false`: one commit a work, which is what the bench compares with. */
  readonly groupCommit?: boolean | undefined
  /** Whether this process does nothing but bulk work, for which nobody waits. */
  readonly bulk?: boolean | undefined
  /** Those of `schema/sql` unless given. */
  readonly migrations?: readonly Migration[] | undefined
}

export interface Store {
  readonly dialect: 'sqlite' | 'postgres'
  /** Sees what has been committed. */
  readonly read: Reader
  /**
   * Runs the work in a transaction and answers when it is durable. Works of the same turn of the event loop share a commit.
   *
   * A work may run again after contention, so it has no effect outside the rows; it awaits storage functions and signatures, and lets
   * their faults pass. Never called inside a work: hand `tx` down. Faults: those of the work, `commit-unknown`,
   * `storage-busy`, `storage-failed`, `storage-full`, `storage-unwritable`, `storage-damaged`, `storage-unreachable`.
   */
  readonly atomically: <Result>(work: Work<Result>) => Promise<Result>
  /** A consistent copy in one new file, while the node works on. SQLite only; a server is backed up by its own tools (fault `backup-elsewhere`). */
  readonly backup: (path: string) => Promise<void>
  /** Answers what was begun, then closes. Work that comes later is refused with `storage-closed`. */
  readonly close: () => Promise<void>
}

/** Opens the store and brings its schema up to date. Faults: `storage-not-durable`, `migration-changed`, `migration-unknown`, and those of `atomically`. */
export async function openStore({
  log,
  groupCommit: grouped = true,
  bulk = false,
  migrations = readMigrations(),
  ...location
}: StoreLocation & StoreOptions): Promise<Store> {
  const engine = await openEngine(location, { log, bulk })
  try {
    await migrate(engine, migrations, Math.floor(Date.now() / 1000))
  } catch (error) {
    await engine.close()
    throw error
  }
  const { atomically, drain } = groupCommit(engine, { largest: grouped ? 256 : 1, log })
  return {
    dialect: engine.reading.dialect,
    read: { handle: engine.reading },
    atomically,
    backup: engine.backup,
    close: async () => {
      await drain()
      await engine.close()
    },
  }
}

async function openEngine(location: StoreLocation, { log, bulk }: { readonly log: StoreLog | undefined; readonly bulk: boolean }): Promise<Engine> {
  if ('file' in location) return openSqlite(location.file, { bulk })
  // Not loaded by a node that has its rows in a file.
  const { openPool, postgresEngine } = await import('./postgres-engine.ts')
  return postgresEngine('pool' in location ? location.pool : await openPool(location.url, log))
}
