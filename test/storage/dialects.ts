import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { openStore, type Store, type StoreOptions } from '#storage/open-store.ts'

import { startPglite, type Pglite } from '../support/pglite.ts'
import { createDatabase, startPostgres, type PostgresServer } from '../support/postgres.ts'

/** One empty database, which any number of stores can be opened over, and what is left of it afterwards. */
export interface Ground {
  readonly open: (options?: StoreOptions) => Promise<Store>
  readonly clear: () => Promise<void>
}

export interface DialectCase {
  readonly name: string
  /** A reader has a connection of its own, and need not wait for a transaction to end. */
  readonly readsBeside: boolean
  readonly prepare: () => Promise<void>
  readonly ground: () => Promise<Ground>
  readonly finish: () => Promise<void>
}

const nothing = async () => {}

let pglite: Pglite | undefined
let server: PostgresServer | undefined
let databases = 0

export const dialects: readonly DialectCase[] = [
  {
    name: 'better-sqlite3',
    readsBeside: true,
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
    readsBeside: false,
    prepare: async () => {
      pglite = await startPglite()
    },
    ground: async () => ({ open: (options) => openStore({ pool: pglite!.pool(), ...options }), clear: pglite!.clear }),
    finish: async () => pglite?.stop(),
  },
  {
    name: 'PostgreSQL',
    readsBeside: true,
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
export function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex')
  if (Array.isArray(value)) return value.map(plain)
  if (value !== null && typeof value === 'object') return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, plain(member)]))
  return value
}
