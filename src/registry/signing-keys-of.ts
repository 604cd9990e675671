import { instantOf, secondsOf, type Instant } from '#core/model/instant.ts'
import { listSigningKeys, type SigningKey } from '#storage/signing-keys.ts'
import { nearsItsEnd } from './new-key.ts'
import type { Office } from './office.ts'
import { recordCounts } from './records-of-key.ts'

/** `ending`: in force, for less than 30 days more. */
export type KeyState = 'in-force' | 'ending' | 'ended' | 'closed'

/** A key as its owner may look at it: everything but the private half. */
export interface KeyEntry {
  readonly kid: string
  readonly use: SigningKey['use']
  readonly custody: SigningKey['custody']
  readonly from: Instant
  readonly until: Instant
  readonly state: KeyState
  /** How many records it has signed; null for a key that signs none. */
  readonly records: number | null
  readonly closed: { readonly at: Instant; readonly reason: string; readonly compromisedSince?: Instant } | null
}

/** All keys there ever were, oldest first. */
export async function signingKeysOf(office: Pick<Office, 'store' | 'clock'>): Promise<readonly KeyEntry[]> {
  const records = await recordCounts(office)
  const now = secondsOf(office.clock())
  return (await listSigningKeys(office.store.read, {})).map((key) => ({
    kid: key.kid,
    use: key.use,
    custody: key.custody,
    from: instantOf(key.notBefore),
    until: instantOf(key.notAfter),
    state: stateOf(key, now),
    records: key.use === 'issue' ? (records.get(key.kid) ?? 0) : null,
    closed:
      key.closedAt === null
        ? null
        : {
            at: instantOf(key.closedAt),
            reason: key.closedReason ?? '',
            ...(key.compromisedSince === null ? {} : { compromisedSince: instantOf(key.compromisedSince) }),
          },
  }))
}

function stateOf(key: SigningKey, now: number): KeyState {
  if (key.closedAt !== null) return 'closed'
  if (now >= key.notAfter) return 'ended'
  return nearsItsEnd(key, now) ? 'ending' : 'in-force'
}
