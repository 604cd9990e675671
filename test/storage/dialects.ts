import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { openStore, type Store, type StoreOptions } from '#storage/open-store.ts'

import { pglitePool } from '../support/pglite.ts'
import { createDatabase, startPostgres, type PostgresServer } from '../support/postgres.ts'

/** One empty database, which any number of stores can be opened over, and what is left of it afterwards. */
export interface Ground {
  /** Another store over the same database. On PGlite there is only one at a time: it lives and dies with its store. */
  readonly open: (options?: StoreOptions) => Promise<Store>
  readonly clear: () => Promise<void>
}

export interface DialectCase {
  readonly name: string
  /** Several processes can share the database, and it outlives its stores. */
  readonly shared: boolean
  readonly prepare: () => Promise<void>
  readonly ground: () => Promise<Ground>
  readonly finish: () => Promise<void>
}

const nothing = async () => {}

let server: PostgresServer | undefined
let databases = 0

export const dialects: readonly DialectCase[] = [
  {
    name: 'better-sqlite3',
    shared: true,
    prepare: nothing,
    ground: async () => {
      const folder = mkdtempSync(join(tmpdir(), 'comity-store-'))
      return {
        open: (options) => openStore({ file: join(folder, 'comity.db'), ...options }),
        clear: async () => rmSync(folder, { recursive: true, force: true }),
      }
    },
    finish: nothing,
  },
  {
    name: 'PGlite',
    shared: false,
    prepare: nothing,
    ground: async () => ({ open: async (options) => openStore({ pool: await pglitePool(), ...options }), clear: nothing }),
    finish: nothing,
  },
  {
    name: 'PostgreSQL',
    shared: true,
    prepare: async () => {
      server = await startPostgres()
    },
    ground: async () => {
      const url = await createDatabase(server!, `ground_${++databases}`)
      return { open: (options) => openStore({ url, ...options }), clear: nothing }
    },
    finish: async () => server?.stop(),
  },
]

/** Rows with their bytes as hex, so that node's Buffers and plain arrays compare as what they hold. */
export function plain<Value>(value: Value): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex')
  if (Array.isArray(value)) return value.map(plain)
  if (value !== null && typeof value === 'object') return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, plain(member)]))
  return value
}
