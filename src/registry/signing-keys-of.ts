import { instantOf, type Instant } from '#core/model/instant.ts'
import { listSigningKeys, type SigningKey } from '#storage/signing-keys.ts'
import type { Office } from './office.ts'

/** A key as its owner may look at it: everything but the sealed half. */
export interface KeyEntry {
  readonly kid: string
  readonly use: SigningKey['use']
  readonly from: Instant
  readonly until: Instant
  readonly closed: { readonly at: Instant; readonly reason: string; readonly compromisedSince?: Instant } | null
}

/** All keys there ever were, oldest first. */
export async function signingKeysOf({ store }: Pick<Office, 'store'>): Promise<readonly KeyEntry[]> {
  return (await listSigningKeys(store.read, {})).map(({ kid, use, notBefore, notAfter, closedAt, closedReason, compromisedSince }) => ({
    kid,
    use,
    from: instantOf(notBefore),
    until: instantOf(notAfter),
    closed:
      closedAt === null
        ? null
        : { at: instantOf(closedAt), reason: closedReason ?? '', ...(compromisedSince === null ? {} : { compromisedSince: instantOf(compromisedSince) }) },
  }))
}
