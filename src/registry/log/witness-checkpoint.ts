import { Fault } from '#core/fault.ts'
import { checkpointText, readCheckpoint, verifyCheckpoint } from '#core/log/checkpoint.ts'
import { cosign } from '#core/log/cosignature.ts'
import { emptyRoot, verifyConsistency } from '#core/log/merkle.ts'
import { logOriginOf } from '#core/log/names.ts'
import { sameBytes } from '#core/log/same-bytes.ts'
import { parseSignedNote } from '#core/log/signed-note.ts'
import { readWitnessRequest } from '#core/log/witness-request.ts'
import { secondsOf } from '#core/model/instant.ts'
import type { Authority, Trust } from '#core/trust/assemble-trust.ts'
import { logKeysOf } from '#core/trust/log-keys.ts'
import { findWitnessedLog, swapWitnessedLog, type WitnessedLog } from '#storage/witnessed-logs.ts'
import type { Office } from '../office.ts'
import { requireOpenKey } from '../open-key.ts'
import { clockTolerance } from './issuing-gate.ts'
import { keepFork } from './keep-fork.ts'
import { ownWitnessKey } from './own-keys.ts'

type Witnessing = Pick<Office, 'authority' | 'store' | 'engine' | 'keyring' | 'clock' | 'newId' | 'gate' | 'witnessMemory'>

/**
 * Answers a request to cosign (C2SP tlog-witness): the line to add to the checkpoint. The head is written down before the line leaves the
 * house, in the transaction that has compared it with the one before: this witness never vouches for two histories of one log, whatever
 * crashes, and whatever backup its database came back from. Its times never go back, whatever its clock does; but for a time that was yet to come when most neighbours say that the clock is right.
 * While they say that it is wrong, or this node's own log has gone back, nothing is cosigned.
 *
 * Faults: `clock-differs` and `log-rolled-back` (503), `log-request-malformed` and what a malformed note is (400), `witness-log-unknown` (404), `witness-signature-refused` (403),
 * `witness-size-differs` (409, with the size), `witness-forked` (409; both heads are kept as evidence), `witness-proof-refused` (422).
 */
export async function witnessCheckpoint(office: Witnessing, trust: Pick<Trust, 'authorities'>, request: Uint8Array): Promise<string> {
  // What came back from an old backup does not know what it has vouched for since.
  office.gate.check()
  const { old, proof, checkpoint: text } = readWitnessRequest(request)
  const { origin, size, root } = requireSigned(office, trust, text)
  if (old > size) throw new Fault('log-request-malformed', { at: 'old', detail: `${old} is more than ${size}` })
  const key = await ownWitnessKey(office.store.read, office)
  const now = secondsOf(office.clock())
  const outcome = await office.store.atomically(async (tx) => {
    const stored = await findWitnessedLog(tx, { origin })
    const held = newerOf(stored, office.witnessMemory.find(origin))
    if (old !== (held?.size ?? 0)) throw new Fault('witness-size-differs', { at: 'old', detail: String(held?.size ?? 0) })
    if (held?.size === size && !sameBytes(held.root, root)) {
      await keepFork(tx, office, { origin, one: held.note, other: text })
      return 'forked'
    }
    const fromRoot = held?.root ?? emptyRoot(office.engine.sha256)
    if (!verifyConsistency({ from: old, fromRoot, to: size, toRoot: root, proof }, office.engine.sha256))
      throw new Fault('witness-proof-refused', { at: 'proof' })
    await requireOpenKey(tx, office.keyring.witness.kid)
    const last = held?.cosignedAt ?? 0
    // A clock that was ahead would otherwise make this witness useless to that log for as long as it was ahead.
    const wasAhead = last > now + clockTolerance && office.gate.clockIsRight(now)
    const at = wasAhead ? now : Math.max(now, last)
    const next = { origin, size, root, note: text, cosignedAt: at }
    if (!(await swapWitnessedLog(tx, stored, next))) throw new Fault('storage-busy', { at: 'witnessed_log', detail: 'another request was first' })
    // Before the commit: should that fail, a head is remembered that was never vouched for, which its log goes on from all the same.
    office.witnessMemory.write(next)
    return at
  })
  if (outcome === 'forked') throw new Fault('witness-forked', { at: origin })
  return cosign(checkpointText({ origin, size, root, extensions: [] }), outcome, office.keyring.witness, key)
}

/** A database that came back from a backup is behind the memory beside it; one that processes of another machine write to may be ahead of it. */
const newerOf = (stored: WitnessedLog | undefined, remembered: WitnessedLog | undefined): WitnessedLog | undefined =>
  stored === undefined || (remembered !== undefined && (remembered.size - stored.size || remembered.cosignedAt - stored.cosignedAt) > 0) ? remembered : stored

/** The head that the note states, if a key of the city whose log it is has signed it. */
function requireSigned({ authority, engine }: Witnessing, { authorities }: Pick<Trust, 'authorities'>, text: string) {
  const { origin } = readCheckpoint(parseSignedNote(text))
  const city = cityOfLog(authorities, origin)
  // A city's own word about its own log is worth nothing to anybody.
  if (city === undefined || city.iss === authority.iss) throw new Fault('witness-log-unknown', { at: 'origin' })
  try {
    const { checkpoint } = verifyCheckpoint(text, logKeysOf(city, engine).log, engine)
    if (checkpoint.extensions.length > 0) throw new Fault('log-checkpoint-malformed', { at: 'extensions' })
    return checkpoint
  } catch (fault) {
    if (fault instanceof Fault && (fault.code === 'log-signature-missing' || fault.code === 'log-signature-wrong'))
      throw new Fault('witness-signature-refused', { at: 'signatures', cause: fault })
    throw fault
  }
}

/** Whose log has this origin. */
export const cityOfLog = (authorities: Trust['authorities'], origin: string): Authority | undefined =>
  [...authorities.values()].find(({ iss }) => logOriginOf(iss) === origin)
