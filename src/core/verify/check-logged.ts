import type { Engine } from '../crypto/engine.ts'
import { Fault } from '../fault.ts'
import { verifyCheckpoint } from '../log/checkpoint.ts'
import { readCosignatures } from '../log/cosignature.ts'
import { leafBytes } from '../log/leaf.ts'
import { readLogProof } from '../log/log-proof.ts'
import { hashLeaf, verifyInclusion } from '../log/merkle.ts'
import type { SignedNote } from '../log/signed-note.ts'
import { dayAt } from '../model/bureau-day.ts'
import { instantOf, secondsOf, type Instant } from '../model/instant.ts'
import { memberOn, type AcceptedAllianceList } from '../trust/alliance-list.ts'
import type { Authority, Trust } from '../trust/assemble-trust.ts'
import { logKeysOf, witnessedInForce } from '../trust/log-keys.ts'
import type { VerdictReason } from './reason-texts.ts'
import type { LoggedAt } from './verdict.ts'

/** Clocks of two cities never quite agree: a cosignature so many seconds ahead of the instant asked about is not from the future. */
const clockLeeway = 60

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
  { authorities }: Pick<Trust, 'authorities'>,
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
    const lists = authority.vouchers.flatMap((voucher) => (voucher.by === 'alliance' ? [voucher.list] : []))
    const asked = lists.filter(({ payload }) => payload.thresholds.cosigners !== undefined)
    if (asked.length === 0) return unproven('log-quorum-unset')
    const answers = asked.flatMap((list) => quorumOf(list, authority, authorities, note, secondsOf(at), engine) ?? [])
    const earliest = answers.toSorted((one, other) => one.seconds - other.seconds)[0]
    if (earliest === undefined) return unproven('log-quorum-missed', checkpoint.origin)
    const { seconds, by, alliance } = earliest
    return { kind: 'logged', seconds, logged: { at: instantOf(seconds), log: checkpoint.origin, index, by, alliance } }
  } catch (fault) {
    if (!(fault instanceof Fault)) throw fault
    return unproven('log-proof-refused', fault.code)
  }
}

interface Quorum {
  readonly seconds: number
  readonly by: readonly string[]
  readonly alliance: string
}

function quorumOf(
  { payload }: AcceptedAllianceList,
  issuer: Authority,
  authorities: Trust['authorities'],
  note: SignedNote,
  now: number,
  engine: Engine,
): Quorum | undefined {
  const times: { readonly iss: string; readonly seconds: number }[] = []
  for (const member of payload.members) {
    const witness = authorities.get(member.iss)
    // Nobody vouches for the age of its own log; and only a full member of this alliance was agreed upon.
    if (witness === undefined || member.iss === issuer.iss || member.role !== 'member') continue
    const keys = logKeysOf(witness, engine).witness
    const seconds = readCosignatures(
      note,
      keys.map((key) => key.note),
      engine,
    )
      .filter(
        ({ key, at }) =>
          at <= now + clockLeeway &&
          memberOn(member, dayAt(at)) &&
          witnessedInForce(
            keys.find(({ note }) => note === key)!,
            at,
          ),
      ) // one of those given
      .map(({ at }) => at)
    // One city, one voice, however many keys it has had.
    if (seconds.length > 0) times.push({ iss: member.iss, seconds: Math.min(...seconds) })
  }
  const needed = payload.thresholds.cosigners ?? Infinity
  const first = times.toSorted((one, other) => one.seconds - other.seconds).slice(0, needed)
  return first.length < needed ? undefined : { seconds: first.at(-1)!.seconds, by: first.map(({ iss }) => iss), alliance: payload.alliance }
}
