import { drizzle } from 'drizzle-orm/node-postgres'
import pg from 'pg'

import { Fault } from '#core/fault.ts'

import { driverFault } from './driver-faults.ts'
import type { Db, Engine, Handle, Session, StoreLog } from './engine.ts'
import { postgresTables } from './tables.ts'

/** What is used of a pool of `pg`; another driver with these members will do. */
export type PostgresPool = Pick<pg.Pool, 'connect' | 'query' | 'end'>

/** A pool over a server. Faults: `storage-not-durable` when the server may lose what it has acknowledged, `storage-unreachable`. */
export async function openPool(url: string, log: StoreLog | undefined): Promise<PostgresPool> {
  const pool = new pg.Pool({ connectionString: url, max: 10, connectionTimeoutMillis: 10_000, keepAlive: true, application_name: 'comity' })
  // A connection that the server closes is replaced on the next use. Unheard, the events would end the process: the pool's speaks of idle
  // connections, the client's of those in use, whose statements fail as well.
  const lost = (error: Error) => log?.warn({ code: driverFault(error).detail }, 'lost a database connection')
  pool.on('error', lost)
  pool.on('connect', (client) => client.on('error', lost))
  try {
    await assertDurable(pool)
  } catch (error) {
    await pool.end()
    throw driverFault(error)
  }
  return pool
}

async function assertDurable(pool: PostgresPool): Promise<void> {
  // The second argument: relatives of PostgreSQL that lack a setting answer null.
  const { rows } = await pool.query<{ fsync: string | null; synchronous: string | null; encoding: string | null }>(
    `select current_setting('fsync', true) as fsync, current_setting('synchronous_commit', true) as synchronous, current_setting('server_encoding', true) as encoding`,
  )
  const { fsync, synchronous, encoding } = rows[0]!
  if (fsync === 'off' || synchronous === 'off') {
    throw new Fault('storage-not-durable', { detail: `fsync=${String(fsync)} synchronous_commit=${String(synchronous)}, expected on` })
  }
  if (encoding !== null && encoding !== 'UTF8') throw new Fault('storage-failed', { detail: `server_encoding=${encoding}, expected UTF8` })
}

/** Reads go through the pool, one statement a snapshot. Transactions are serializable, on a connection of their own. */
export function postgresEngine(pool: PostgresPool): Engine {
  const handles = new WeakMap<object, Handle>()
  return {
    reading: handleOver(pool),
    batchTime: 100,
    begin: async () => {
      try {
        const client = await pool.connect()
        let handle = handles.get(client)
        if (handle === undefined) handles.set(client, (handle = handleOver(client)))
        try {
          await client.query('begin isolation level serializable')
        } catch (error) {
          client.release(true)
          throw error
        }
        return sessionOver(client, handle)
      } catch (error) {
        throw driverFault(error)
      }
    },
    backup: async () => {
      throw new Fault('backup-elsewhere')
    },
    close: () => pool.end(),
  }
}

const handleOver = (client: PostgresPool | pg.PoolClient): Handle => ({
  dialect: 'postgres',
  db: drizzle({ client: client as pg.PoolClient }) as unknown as Db, // SQLite's types are the ones that the compiler sees
  tables: postgresTables,
  prepared: new Map(),
})

function sessionOver(client: pg.PoolClient, handle: Handle): Session {
  const control = async (text: string): Promise<void> => {
    try {
      await client.query(text)
    } catch (error) {
      throw driverFault(error)
    }
  }
  return {
    handle,
    mark: () => control('savepoint work'),
    keep: () => control('release savepoint work; savepoint work'),
    undo: () => control('rollback to savepoint work'),
    script: control,
    commit: async () => {
      const tag = await client.query('commit').then(
        ({ command }) => command,
        (error: unknown) => driverFault(error),
      )
      if (tag === 'ROLLBACK') return false
      if (tag === 'COMMIT') {
        client.release()
        return true
      }
      if (tag instanceof Fault && tag.code === 'storage-busy') throw tag // refused by the server, which has rolled back
      // The connection broke while the server may have been committing: the caller asks again with the same Idempotency-Key.
      throw new Fault('commit-unknown', { detail: tag instanceof Fault ? tag.detail : `answered ${tag}` })
    },
    abandon: async () => {
      await client.query('rollback').then(
        () => client.release(),
        () => client.release(true), // a connection in an unknown state serves nobody
      )
    },
  }
}
