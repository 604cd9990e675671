import Database from 'better-sqlite3'

import { scatter } from '#core/status/scatter.ts'
import { ourSize } from '#core/status/status-list.ts'
import { reasonsOf } from '#core/status/status-reasons.ts'
import { nodeEngine } from '#custody/engine-node.ts'
import { rememberHead, rootAt } from '#registry/log/issuing-gate.ts'
import { swapLogHead } from '#storage/log.ts'
import { databaseFile, openNode } from '../src/main.ts'
import { makeNode, type NodeUnderTest } from './node-under-test.ts'
import { say } from './say.ts'

/** Of every full list so many records were revoked long ago: one in a hundred. */
export const revokedOfList = 655
const firstIssued = 1_700_000_000
const tileWidth = 256

/** Every so manieth record of a list is one of those, so that a small register's only list is as long as a full one's. */
const strideOf = (size: number): number => Math.floor(Math.min(size, ourSize) / revokedOfList)

/** Whether the n-th record is still valid. */
export const isValid = (index: number, size: number): boolean => (index % ourSize) % strideOf(size) !== 0

/**
 * A node whose register and log hold so many records, as narrow as a record is without its text: the row that revoking touches, with all its
 * indexes and its place, and a leaf. Written as SQL straight into the file, with indexes made afterwards: ten million rows in minutes. Tiles are noise,
 * since a log that grows looks at its right edge alone.
 */
export async function narrowRegisterOf(size: number): Promise<NodeUnderTest> {
  const from = performance.now()
  const { place, close } = await makeNode()
  await close()
  fill(databaseFile(place.data), size)
  const node = { place, ...(await openNode(place)) }
  await node.office.store.atomically(async (tx) => void (await swapLogHead(tx, undefined, { size, root: await rootAt(tx, size, node.office.engine) })))
  await rememberHead(node.office)
  say(`  ${size} narrow rows in ${((performance.now() - from) / 1000).toFixed(1)} s`)
  return node
}

function fill(file: string, size: number): void {
  const connection = new Database(file)
  // Nobody else has it open, and a crash costs nothing but the run.
  for (const pragma of ['journal_mode = off', 'synchronous = off', 'foreign_keys = off', 'temp_store = file', 'cache_size = -500000']) connection.pragma(pragma)
  const indexes = connection
    .prepare("select name, sql from sqlite_master where type = 'index' and sql is not null and tbl_name in ('record', 'status_event', 'log_leaf')")
    .all() as { readonly name: string; readonly sql: string }[] // the two columns
  for (const { name } of indexes) connection.exec(`drop index ${name}`)
  fillRecords(connection, size)
  fillTiles(connection, size)
  for (const { sql } of indexes) connection.exec(sql)
  connection.pragma('journal_mode = wal')
  connection.close()
}

// `n` is the how-manieth record it is; ids rise with it, as those of issuing do.
const n = '(@first + ordinal)'
const idOfTime = `unhex(printf('%012x7%03x8%015x', (${firstIssued} + ${n}) * 1000, ${n} & 4095, ${n}))`
const revoked = 'ordinal % @stride = 0 and ordinal / @stride < @revoked'

function fillRecords(connection: Database.Database, size: number): void {
  const seed = nodeEngine.sha256(Buffer.from('narrow')).subarray(0, 16)
  connection.exec('create temp table seat (ordinal integer primary key, place integer not null)')
  const insertSeat = connection.prepare('insert into seat values (?, ?)')
  connection.transaction(() => {
    for (let ordinal = 0; ordinal < Math.min(size, ourSize); ordinal++) insertSeat.run(ordinal, scatter(seed, ordinal, ourSize, nodeEngine.sha256))
  })()
  const list = connection.prepare(`insert or replace into status_list (no, seed, allocated, places, version, dirty) values (?, ?, ?, ${ourSize}, 0, 1)`)
  const records = connection.prepare(`
    insert into record (id, family, level, state, year, serial, number, holder_index, status_list, status_index, digest, content_digest, origin,
      issued_at, recorded_at, source_digest, key_no)
    select ${idOfTime}, 1, ${n} % 5 + 1, ${revoked}, 2000 + ${n} % 25, ${n} / 25 + 1, printf('3701001%d%07d', 2000 + ${n} % 25, ${n} / 25),
      randomblob(16), @no, place, randomblob(32), randomblob(16), 0, ${firstIssued} + ${n}, ${firstIssued} + ${n}, null, 1
    from seat where ordinal < @howMany order by ordinal`)
  const reasons = reasonsOf('revoked')
  const events = connection.prepare(`
    insert into status_event (id, record_id, kind, reason, effective_at, recorded_at, actor, note, status_list, status_index)
    select ${idOfTime}, ${idOfTime}, 'revoked', json_extract(@reasons, '$[' || (abs(random()) % ${reasons.length}) || ']'),
      ${firstIssued} - abs(random()) % 1825 * 86400, ${firstIssued} + ${n}, 'bench', null, @no, place
    from seat where ordinal < @howMany and ${revoked} order by ordinal`)
  for (let no = 1, first = 0; first < size; no++, first += ourSize) {
    const howMany = Math.min(ourSize, size - first)
    const given = { first, no, howMany, stride: strideOf(size), revoked: revokedOfList }
    list.run(no, seed, howMany)
    records.run(given)
    events.run({ ...given, reasons: JSON.stringify(reasons) })
  }
  connection.exec(`insert into record_body (record_id, signed) select id, '' from record order by rowid`)
  connection.exec(`insert into log_leaf (idx, kind, digest, logged_at) select rowid - 1, 'record', digest, issued_at from record order by rowid`)
}

function fillTiles(connection: Database.Database, size: number): void {
  const full = connection.prepare(`insert into log_tile (level, idx, body)
    with recursive tile(idx) as (select 0 union all select idx + 1 from tile where idx + 1 < @howMany) select @level, idx, randomblob(8192) from tile`)
  const partial = connection.prepare('insert into log_tile (level, idx, body) values (?, ?, ?)')
  for (let level = 0, hashes = size; hashes > 0; level++, hashes = Math.floor(hashes / tileWidth)) {
    const howMany = Math.floor(hashes / tileWidth)
    if (howMany > 0) full.run({ level, howMany })
    if (hashes % tileWidth > 0) partial.run(level, howMany, Buffer.alloc((hashes % tileWidth) * 32, 7))
  }
}
