import type { Engine } from '../crypto/engine.ts'
import { readCosignatures } from '../log/cosignature.ts'
import type { SignedNote } from '../log/signed-note.ts'
import { dayAt } from '../model/bureau-day.ts'
import { secondsOf, type Instant } from '../model/instant.ts'
import { memberOn, type AcceptedAllianceList } from '../trust/alliance-list.ts'
import type { Authority, Trust } from '../trust/assemble-trust.ts'
import { logKeysOf, witnessedInForce } from '../trust/log-keys.ts'

/** Clocks of two cities never quite agree: a cosignature so many seconds ahead of the instant asked about is not from the future. */
const clockLeeway = 60

/** That so many members of an alliance as it asks for have cosigned a head. */
export interface Quorum {
  /** By when, seconds since 1970: the latest of the times that are needed. */
  readonly seconds: number
  /** Whose words they are, in the order of their times. */
  readonly by: readonly string[]
  readonly alliance: string
}

/** The alliances of an issuer that have agreed on how many of their members must cosign its heads. */
export const alliancesAsking = ({ vouchers }: Pick<Authority, 'vouchers'>): readonly AcceptedAllianceList[] =>
  vouchers.flatMap((voucher) => (voucher.by === 'alliance' && voucher.list.payload.thresholds.cosigners !== undefined ? [voucher.list] : []))

/**
 * The times that a head's cosignatures prove, one for each of the issuer's alliances whose quorum is among them, the earliest first. Whoever
 * verifies a proof and whoever looks for one goes by this alone.
 *
 * @param note the head with its cosignatures; that the issuer's log has signed it is for the caller to know
 */
export function quorumTimes(
  note: SignedNote,
  issuer: Authority,
  { authorities }: Pick<Trust, 'authorities'>,
  at: Instant,
  engine: Pick<Engine, 'verify' | 'sha256'>,
): readonly Quorum[] {
  const answers = alliancesAsking(issuer).flatMap((list) => quorumOf(list, issuer, authorities, note, secondsOf(at), engine) ?? [])
  return answers.toSorted((one, other) => one.seconds - other.seconds)
}

function quorumOf(
  { payload }: AcceptedAllianceList,
  issuer: Authority,
  authorities: Trust['authorities'],
  note: SignedNote,
  now: number,
  engine: Pick<Engine, 'verify' | 'sha256'>,
): Quorum | undefined {
  const needed = payload.thresholds.cosigners ?? Infinity
  // Lines of witnesses beside the log's own: with fewer than are asked for there is nothing to verify.
  if (note.signatures.length < needed) return undefined
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
  const first = times.toSorted((one, other) => one.seconds - other.seconds).slice(0, needed)
  return first.length < needed ? undefined : { seconds: first.at(-1)!.seconds, by: first.map(({ iss }) => iss), alliance: payload.alliance }
}
