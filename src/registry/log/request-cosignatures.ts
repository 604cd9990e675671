import { askWitness, type PostText } from '#federation/ask-witness.ts'
import { openRemoteLog } from '#federation/fetch-log.ts'
import type { FetchStream } from '#federation/fetch-trust-files.ts'
import { Fault } from '#core/fault.ts'
import { verifyCheckpoint } from '#core/log/checkpoint.ts'
import { readCosignatures } from '#core/log/cosignature.ts'
import { placesForConsistency, proveConsistency } from '#core/log/merkle.ts'
import { parseSignedNote } from '#core/log/signed-note.ts'
import { readFromTiles, tilesFor } from '#core/log/tiles.ts'
import { witnessRequestText } from '#core/log/witness-request.ts'
import { secondsOf } from '#core/model/instant.ts'
import type { Authority } from '#core/trust/assemble-trust.ts'
import { logKeysOf, witnessedInForce } from '#core/trust/log-keys.ts'
import { findNewestCheckpoint, insertCosignatures, listCosignatures, type LogCheckpoint } from '#storage/log.ts'
import type { Reader } from '#storage/open-store.ts'
import type { Office } from '../office.ts'
import type { TrustDesk } from '../trust-desk.ts'
import { clockTolerance, type ClockWord } from './issuing-gate.ts'
import { logNeighbours } from './neighbours.ts'
import { ownLogKeys } from './own-keys.ts'
import { quorumAround } from './quorum-around.ts'
import { readTiles } from './read-tiles.ts'

export interface CosignReport {
  readonly iss: string
  /**
   * `cosigned`: its word is kept. `has-it`: it had cosigned this head before. `unreachable`, `refused`: it did not. `unusable`: it
   * answered something that is no cosignature of its own, or one of another time. `ahead`: it shows a head that this node has signed and no longer
   * has: this node's log has gone back, and the gate is closed.
   */
  readonly outcome: 'cosigned' | 'has-it' | 'unreachable' | 'refused' | 'unusable' | 'ahead'
  readonly detail?: string
  /** Of a witness that cosigned, validly: how far its clock was ahead of this node's. Seconds. */
  readonly clockAhead?: number
}

/** Owned by the process: it remembers what each witness has seen, so that one request is enough the next time. */
export interface Cosigner {
  /** Asks every neighbour that has not yet cosigned the newest head. Two rounds at once share one. */
  readonly round: () => Promise<readonly CosignReport[]>
  /** Leaves that the newest head has more than the one of this process's last round, whoever has appended them. */
  readonly unasked: () => Promise<number>
}

/** A witness that is behind or ahead of what is remembered says so; after its word one more try is enough, unless others ask for us at the same time. */
const mostTries = 3

type Asking = Pick<Office, 'authority' | 'store' | 'engine' | 'clock' | 'gate'>

/**
 * Neighbours are asked side by side, and none of them is waited for by issuing: a witness that is slow, gone or lying costs its own
 * cosignature and nothing else.
 */
export function openCosigner(
  office: Asking,
  desk: Pick<TrustDesk, 'current'>,
  { post, fetch }: { readonly post: PostText; readonly fetch: FetchStream },
): Cosigner {
  const seen = new Map<string, number>()
  let running: Promise<readonly CosignReport[]> | undefined
  let askedSize = 0

  const round = async (): Promise<readonly CosignReport[]> => {
    const head = await findNewestCheckpoint(office.store.read, {})
    if (head === undefined) return []
    askedSize = head.size
    const { trust } = await desk.current()
    const have = new Set((await listCosignatures(office.store.read, { size: head.size })).map(({ kid }) => kid))
    const neighbours = logNeighbours(trust, office)
    const reports = await Promise.all(
      neighbours.map(async ({ city, addresses }): Promise<CosignReport> => {
        const { iss } = city
        const hasIt = logKeysOf(city, office.engine).witness.some(({ entry }) => have.has(entry.key.kid))
        if (hasIt && seen.get(iss) === head.size && office.gate.clockIsHeard(secondsOf(office.clock()))) return { iss, outcome: 'has-it' }
        // Asked once in the life of the process even so: a database that came back from a backup has its cosignatures, too, and only a
        // neighbour knows that there was more. And every ten minutes, for the time by its clock.
        if (hasIt) seen.set(iss, head.size)
        let report: CosignReport = { iss, outcome: 'unreachable' }
        for (const address of addresses) {
          report = await ask(city, address, head)
          if (report.outcome !== 'unreachable') break
        }
        return report
      }),
    )
    hearClocks(
      office,
      reports.flatMap(({ clockAhead }) => clockAhead ?? []),
      Math.max(2, quorumAround(office, trust), Math.floor(neighbours.length / 2) + 1),
    )
    return reports
  }

  const ask = async (city: Authority, address: string, head: LogCheckpoint): Promise<CosignReport> => {
    const { iss } = city
    try {
      for (let attempt = 0; attempt < mostTries; attempt++) {
        const old = Math.min(seen.get(iss) ?? 0, head.size)
        const proof = await consistency(office.store.read, office, old, head.size)
        const answer = await askWitness(address, witnessRequestText({ old, proof, checkpoint: head.note }), post)
        if (answer.kind === 'refused') return { iss, outcome: 'refused', detail: `status ${answer.status}` }
        if (answer.kind === 'cosigned') {
          seen.set(iss, head.size)
          return await keep(city, head, answer.lines)
        }
        seen.set(iss, answer.size)
        if (answer.size > head.size) {
          const ahead = await ownHeadAt(office, address, fetch)
          if (ahead === undefined || ahead <= head.size) return { iss, outcome: 'unusable', detail: `claims ${answer.size}, shows ${ahead ?? 'nothing'}` }
          office.gate.close(new Fault('log-rolled-back', { at: 'log', detail: `${head.size} leaves of ${ahead}` }))
          return { iss, outcome: 'ahead', detail: `${ahead} of ${head.size}` }
        }
      }
      return { iss, outcome: 'refused', detail: 'its size keeps changing' }
    } catch (fault) {
      if (!(fault instanceof Fault)) throw fault
      return { iss, outcome: fault.code.startsWith('log-') ? 'unusable' : 'unreachable', detail: fault.code }
    }
  }

  const keep = async (city: Authority, head: LogCheckpoint, lines: string): Promise<CosignReport> => {
    const { iss } = city
    const note = parseSignedNote(head.note + lines)
    const { witness } = logKeysOf(city, office.engine)
    const now = secondsOf(office.clock())
    const found = readCosignatures(
      note,
      witness.map(({ note: key }) => key),
      office.engine,
    ).map(({ key, at }) => ({
      at,
      witness: witness.find(({ note }) => note === key)!, // one of those given
      line: note.signatures.find(({ name, id }) => name === key.name && id.every((byte, index) => byte === key.id[index]))!.line,
    }))
    if (found.length === 0) return { iss, outcome: 'unusable', detail: 'no cosignature of its own' }
    const clockAhead = found[0]!.at - now
    // A head that was made while this node's clock was ahead is no younger than now.
    const madeAt = Math.min(head.madeAt, now)
    const good = found.filter(({ at, witness }) => witnessedInForce(witness, at) && at <= now + clockTolerance && at >= madeAt - clockTolerance)
    if (good.length === 0) return { iss, outcome: 'unusable', detail: `its clock says ${found[0]!.at}, ours ${now}`, clockAhead }
    await office.store.atomically((tx) =>
      insertCosignatures(
        tx,
        good.map(({ at, witness, line }) => ({ size: head.size, kid: witness.entry.key.kid, cosignedAt: at, line })),
      ),
    )
    return { iss, outcome: 'cosigned', clockAhead }
  }

  return {
    round: () => {
      running ??= round().finally(() => {
        running = undefined
      })
      return running
    },
    unasked: async () => ((await findNewestCheckpoint(office.store.read, {}))?.size ?? 0) - askedSize,
  }
}

/**
 * What the witnesses' clocks say of this node's. One that is wrong or lies must not stop it, so it takes as many as the alliances believe, and
 * most of all neighbours, whether they were heard or not.
 *
 * @param ahead how far each was ahead; where nobody was heard, what was heard before stands
 */
function hearClocks({ gate, clock }: Asking, ahead: readonly number[], needed: number): void {
  if (ahead.length === 0) return
  const sides = [ahead.filter((seconds) => seconds > clockTolerance), ahead.filter((seconds) => seconds < -clockTolerance)]
  const against = sides.find(({ length }) => length >= needed)?.toSorted((one, other) => one - other)
  const agreeing = ahead.filter((seconds) => Math.abs(seconds) <= clockTolerance).length
  const wordOf = (): ClockWord | undefined => {
    if (against !== undefined) return { kind: 'differs', seconds: -against[Math.floor(against.length / 2)]! }
    if (agreeing >= needed) return { kind: 'agrees' }
    return agreeing === 0 ? undefined : { kind: 'unheard' }
  }
  gate.hear(wordOf(), secondsOf(clock()))
}

/**
 * How large this node's own log was when it signed the head that a neighbour shows of it. A witness's bare number could be made up to stop
 * this node from issuing; its own signature can't.
 */
async function ownHeadAt(office: Asking, address: string, fetch: FetchStream): Promise<number | undefined> {
  const bytes = await openRemoteLog(address, `log/mirror/${office.authority.division}`, fetch).checkpoint()
  return bytes === undefined ? undefined : verifyCheckpoint(bytes, await ownLogKeys(office.store.read, office), office.engine).checkpoint.size
}

async function consistency(from: Reader, { engine }: Pick<Office, 'engine'>, old: number, size: number): Promise<readonly Uint8Array[]> {
  if (old === 0 || old === size) return []
  const tiles = await readTiles(from, tilesFor(placesForConsistency(old, size), size))
  return proveConsistency(old, size, readFromTiles(tiles, engine.sha256), engine.sha256)
}
