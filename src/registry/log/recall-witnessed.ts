import { decodeUtf8 } from '#core/encoding/utf8.ts'
import { Fault } from '#core/fault.ts'
import { verifyCheckpoint } from '#core/log/checkpoint.ts'
import { logOriginOf } from '#core/log/names.ts'
import type { Authority, Trust } from '#core/trust/assemble-trust.ts'
import { logKeysOf } from '#core/trust/log-keys.ts'
import { openRemoteLog } from '#federation/fetch-log.ts'
import type { FetchStream } from '#federation/fetch-trust-files.ts'
import { findWitnessedLog, swapWitnessedLog, type WitnessedLog } from '#storage/witnessed-logs.ts'
import type { Office } from '../office.ts'
import { logNeighbours, type Neighbour } from './neighbours.ts'

/**
 * What a witness that has lost its memory asks the others for: the newest head of each log that anybody has followed, signed by that log, so
 * that nobody can make one up. It vouches for what goes on from there and for nothing else. Answers how many logs it had forgotten heads of.
 */
export async function recallWitnessed(office: Office, trust: Trust, fetch: FetchStream): Promise<number> {
  const neighbours = logNeighbours(trust, office)
  let recalled = 0
  for (const { city } of neighbours) {
    const origin = logOriginOf(city.iss)
    const known = await newestKnown(office, city, neighbours, fetch)
    if (known === undefined) continue
    recalled += await office.store.atomically(async (tx) => {
      const stored = await findWitnessedLog(tx, { origin })
      const held = Math.max(stored?.size ?? 0, office.witnessMemory.find(origin)?.size ?? 0)
      if (known.size <= held) return 0
      // Nothing was vouched for by that: the time stays that of the last cosignature.
      const next: WitnessedLog = { origin, ...known, cosignedAt: stored?.cosignedAt ?? 0 }
      if (!(await swapWitnessedLog(tx, stored, next))) throw new Fault('storage-busy', { at: 'witnessed_log' })
      office.witnessMemory.write(next)
      return 1
    })
  }
  return recalled
}

type Head = Pick<WitnessedLog, 'size' | 'root' | 'note'>

async function newestKnown(office: Office, city: Authority, neighbours: readonly Neighbour[], fetch: FetchStream): Promise<Head | undefined> {
  let newest: Head | undefined
  for (const { city: other, addresses } of neighbours)
    for (const address of addresses) {
      const below = other.iss === city.iss ? 'log' : `log/mirror/${city.division}`
      try {
        const bytes = await openRemoteLog(address, below, fetch).checkpoint()
        if (bytes === undefined) continue
        const note = decodeUtf8(bytes, 'checkpoint')
        const { size, root } = verifyCheckpoint(note, logKeysOf(city, office.engine).log, office.engine).checkpoint
        if (size > (newest?.size ?? 0)) newest = { size, root, note }
      } catch (fault) {
        if (!(fault instanceof Fault)) throw fault // one neighbour that is down or lies is not the last
      }
    }
  return newest
}
