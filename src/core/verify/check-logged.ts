import type { Engine } from '../crypto/engine.ts'
import { Fault } from '../fault.ts'
import { verifyCheckpoint } from '../log/checkpoint.ts'
import { leafBytes } from '../log/leaf.ts'
import { readLogProof } from '../log/log-proof.ts'
import { hashLeaf, verifyInclusion } from '../log/merkle.ts'
import { instantOf, type Instant } from '../model/instant.ts'
import type { Authority, Trust } from '../trust/assemble-trust.ts'
import { logKeysOf } from '../trust/log-keys.ts'
import { alliancesAsking, quorumTimes } from './quorum-times.ts'
import type { VerdictReason } from './reason-texts.ts'
import type { LoggedAt } from './verdict.ts'

export type LogAnswer =
  | { readonly kind: 'logged'; readonly logged: LoggedAt; readonly seconds: number }
  /** There is no proof, or it proves nothing: the time of signing is as unproven as without it. */
  | { readonly kind: 'unproven'; readonly reason: VerdictReason; readonly datum?: string }

const unproven = (reason: VerdictReason, datum?: string): LogAnswer => ({ kind: 'unproven', reason, ...(datum === undefined ? {} : { datum }) })

/**
 * By when the record stood in its issuer's log, by the word of other cities (DESIGN §3.1, step 3).
 *
 * Each alliance that names the issuer is asked on its own how many of its other members must have cosigned (`thresholds.cosigners`); of
 * their times the latest that is needed counts, since one of so many is honest by assumption and has not seen the head later than it
 * says. The earliest that any alliance gives is the answer. A member that has left counts for what it cosigned before.
 *
 * @param digest SHA-256 of the issuer-signed JWT
 * @param proof C2SP tlog-proof, as it was handed over
 */
export function checkLogged(
  digest: Uint8Array,
  proof: Uint8Array | undefined,
  authority: Authority,
  trust: Pick<Trust, 'authorities'>,
  at: Instant,
  engine: Engine,
): LogAnswer {
  if (proof === undefined) return unproven('time-unproven')
  try {
    const { index, hashes, checkpoint: text } = readLogProof(proof)
    const { checkpoint, note } = verifyCheckpoint(text, logKeysOf(authority, engine).log, engine)
    const leafHash = hashLeaf(leafBytes('record', digest), engine.sha256)
    if (!verifyInclusion({ index, size: checkpoint.size, leafHash, root: checkpoint.root, proof: hashes }, engine.sha256))
      return unproven('log-proof-differs', checkpoint.origin)
    if (alliancesAsking(authority).length === 0) return unproven('log-quorum-unset')
    const earliest = quorumTimes(note, authority, trust, at, engine)[0]
    if (earliest === undefined) return unproven('log-quorum-missed', checkpoint.origin)
    const { seconds, by, alliance } = earliest
    return { kind: 'logged', seconds, logged: { at: instantOf(seconds), log: checkpoint.origin, index, by, alliance } }
  } catch (fault) {
    if (!(fault instanceof Fault)) throw fault
    return unproven('log-proof-refused', fault.code)
  }
}
