import { PGlite } from '@electric-sql/pglite'

import type { PostgresPool } from '#storage/postgres-engine.ts'

/** PostgreSQL inside this process. It has one connection, so a transaction keeps everybody else waiting. */
export interface Pglite {
  /** Looks like a pool of `pg`. All pools are over the same database, and ending one ends nothing else. */
  readonly pool: () => PostgresPool
  /** Makes the database empty again: starting another takes longer. */
  readonly clear: () => Promise<void>
  readonly stop: () => Promise<void>
}

export async function startPglite(): Promise<Pglite> {
  const database = new PGlite()
  await database.waitReady

  let free: Promise<void> = Promise.resolve()
  /** Resolves when the connection is ours, with what gives it back. */
  const acquire = async (): Promise<() => void> => {
    const before = free
    const { promise, resolve } = Promise.withResolvers<void>()
    free = promise
    await before
    return resolve
  }

  const query = async (config: string | { readonly text: string; readonly rowMode?: 'array' }, parameters?: unknown[]) => {
    if (typeof config === 'string') return (await database.exec(config)).at(-1)
    return database.query(config.text, parameters, { rowMode: config.rowMode ?? 'object' })
  }

  const pool = {
    query: async (...given: Parameters<typeof query>) => {
      const release = await acquire()
      try {
        return await query(...given)
      } finally {
        release()
      }
    },
    connect: async () => ({ query, release: await acquire() }),
    end: async () => {},
  }
  return {
    pool: () => pool as unknown as PostgresPool, // the members and forms of call that the store uses
    clear: async () => void (await database.exec('drop schema public cascade; create schema public')),
    stop: () => database.close(),
  }
}
