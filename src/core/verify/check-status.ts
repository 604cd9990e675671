import type { RecordClaims } from '../credential/family.ts'
import { Fault } from '../fault.ts'
import { secondsOf, type Instant } from '../model/instant.ts'
import { statusValues, type StatusKind } from '../status/status-kinds.ts'
import { statusAsOf, statusAt } from '../status/status-list.ts'
import type { AcceptedStatusList, Authority, Trust } from '../trust/assemble-trust.ts'
import { sourceOf } from '../trust/freshness.ts'
import type { VerdictReason } from './reason-texts.ts'
import type { Check, Policy } from './verdict.ts'

const reasonOf: Readonly<Record<StatusKind, VerdictReason>> = {
  suspended: 'status-suspended',
  revoked: 'status-revoked',
  penalty: 'status-penalty',
  cancelled: 'status-cancelled',
  voided: 'status-voided',
}

/**
 * The status at `at`. 撤销 reaches back to the beginning, so it answers for every instant; all others count from their effective
 * time, so the list's history answers for an instant before. A list says nothing of what happened after it was made: past its
 * expiry the answer is unknown.
 */
export function checkStatus({ status }: Pick<RecordClaims, 'status'>, authority: Authority, at: Instant, policy: Policy): Check {
  const id = 'status'
  const { idx, uri } = status.status_list
  const datum = `${uri}#${idx}`
  // A record may only point at its own issuer's lists: else a forger's record could borrow a clean place.
  if (!uri.startsWith(`${authority.iss}/`)) return { id, answer: 'no', reason: 'status-uri-foreign', datum }
  const list = authority.statusLists.get(uri)
  if (list === undefined) return { id, answer: 'cannot-tell', reason: 'status-list-missing', datum }
  const source = sourceOf('status-list', uri, list, list.digest, at)
  const found = standing(list, idx, secondsOf(at))
  if (found === 'status-index-out-of-range' || found === 'status-before-list') return { id, answer: 'cannot-tell', reason: found, datum, source }
  // Nothing undoes the other changes, so an old list that tells of one is as good as a new one.
  if (found !== undefined && found !== 'status-suspended') return { id, answer: 'no', reason: found, datum, source }
  if (source.freshness === 'expired') return { id, answer: 'cannot-tell', reason: 'status-list-expired', datum, source }
  if (source.freshness === 'stale' && !policy.acceptStale) return { id, answer: 'cannot-tell', reason: 'status-list-stale', datum, source }
  if (found !== undefined) return { id, answer: 'no', reason: found, datum, source }
  if (source.freshness === 'stale') return { id, answer: 'yes', reason: 'status-list-stale', datum, source }
  if (secondsOf(at) < list.iat) return { id, answer: 'yes', reason: 'status-before-list', datum, source }
  return { id, answer: 'yes', datum, source }
}

function standing({ list, iat }: AcceptedStatusList, index: number, now: number): VerdictReason | undefined {
  try {
    const asOf = statusAsOf(list, index, now)
    if (asOf !== undefined) return asOf.period === undefined ? undefined : reasonOf[asOf.period.kind]
    const value = statusAt(list, index)
    // Without its history a list says nothing of the time before it was made.
    if (now < iat) return 'status-before-list'
    return value === statusValues.valid ? undefined : 'status-unexplained'
  } catch (fault) {
    if (fault instanceof Fault && fault.code === 'status-index-out-of-range') return fault.code
    throw fault
  }
}

/**
 * A recognition record stands on another city's record: when that one is revoked or withdrawn as a penalty, so is what was built
 * on it (撤销 cascades, DESIGN §1). Other changes of the source end nothing that was granted before them.
 */
export function checkSource(source: { readonly iss: string; readonly status: RecordClaims['status'] }, trust: Trust, at: Instant, policy: Policy): Check {
  const authority = trust.authorities.get(source.iss)
  if (authority === undefined) return { id: 'source', answer: 'cannot-tell', reason: 'issuer-unnamed', datum: source.iss }
  const { answer, reason, ...found } = checkStatus(source, authority, at, policy)
  if (reason === 'status-revoked' || reason === 'status-penalty') return { ...found, id: 'source', answer: 'no', reason: 'source-revoked' }
  // Not in force and nobody says why: it may have been revoked.
  if (reason === 'status-unexplained') return { ...found, id: 'source', answer: 'cannot-tell', reason }
  const bygone = reason === 'status-suspended' || reason === 'status-cancelled' || reason === 'status-voided'
  return { ...found, id: 'source', answer: bygone ? 'yes' : answer, ...(reason === undefined ? {} : { reason }) }
}
