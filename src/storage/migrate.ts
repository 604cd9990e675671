import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'

import { Fault } from '#core/fault.ts'

import { stepAside } from './contention.ts'
import type { Engine, Writer } from './engine.ts'
import { insertion, reading } from './statement.ts'

/** One file of `schema/sql`: `0001-registry.sql` is version 1. */
export interface Migration {
  readonly version: number
  readonly name: string
  readonly text: string
}

/** The migrations that came with this software, in order. */
export function readMigrations(folder: URL = new URL('../../schema/sql/', import.meta.url)): readonly Migration[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.sql'))
    .sort()
    .map((name) => ({ version: Number.parseInt(name, 10), name, text: readFileSync(new URL(name, folder), 'utf8').replaceAll('\r\n', '\n') }))
}

/**
 * Brings the database to the newest version, one transaction a migration. What has been applied is remembered with its digest.
 * Faults: `migration-changed` when an applied file is no longer the one that was applied, `migration-unknown` when newer software was here.
 *
 * Any number of processes may do this at once: they meet at the primary key of `migration`, the losers look again.
 */
export async function migrate(engine: Engine, migrations: readonly Migration[], at: number): Promise<void> {
  for (let attempt = 0; ;) {
    try {
      if (!(await applyNext(engine, migrations, at))) return
    } catch (error) {
      const contended = error instanceof Fault && (error.code === 'storage-busy' || error.code === 'storage-conflict')
      if (!contended || attempt === 50) throw error
      await stepAside(attempt++, 500)
    }
  }
}

const findApplied = reading((db, { migration }) => db.select().from(migration).orderBy(migration.version))
const insertApplied = insertion('migration')

/** Applies the first migration that is missing; false when none is. */
async function applyNext(engine: Engine, migrations: readonly Migration[], at: number): Promise<boolean> {
  const session = await engine.begin()
  try {
    await session.script('create table if not exists migration (version integer not null primary key, digest bytea not null, applied_at bigint not null)')
    const tx: Writer = { handle: session.handle, writes: true }
    const applied = await findApplied(tx, {})
    for (const { version, digest } of applied) {
      const known = migrations.find((migration) => migration.version === version)
      if (known === undefined) throw new Fault('migration-unknown', { at: String(version) })
      if (!digestOf(known).equals(digest)) throw new Fault('migration-changed', { at: known.name })
    }
    const next = migrations.find(({ version }) => !applied.some((row) => row.version === version))
    if (next !== undefined) {
      await insertApplied(tx, [{ version: next.version, digest: digestOf(next), appliedAt: at }])
      await session.script(next.text)
    }
    if (!(await session.commit())) throw new Fault('commit-unknown', { detail: 'answered ROLLBACK' })
    return next !== undefined
  } catch (error) {
    await session.abandon()
    throw error
  }
}

const digestOf = (migration: Migration): Buffer => createHash('sha256').update(migration.text).digest()
