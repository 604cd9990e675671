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
  if (found !== undefined) return { id, answer: found === 'status-index-out-of-range' ? 'cannot-tell' : 'no', reason: found, datum, source }
  if (source.freshness === 'expired') return { id, answer: 'cannot-tell', reason: 'status-list-expired', datum, source }
  if (source.freshness === 'stale') return { id, answer: policy.acceptStale ? 'yes' : 'cannot-tell', reason: 'status-list-stale', datum, source }
  if (secondsOf(at) < list.iat) return { id, answer: 'yes', reason: 'status-before-list', datum, source }
  return { id, answer: 'yes', datum, source }
}

function standing({ list }: AcceptedStatusList, index: number, now: number): VerdictReason | undefined {
  try {
    const asOf = statusAsOf(list, index, now)
    if (asOf !== undefined) return asOf.period === undefined ? undefined : reasonOf[asOf.period.kind]
    return statusAt(list, index) === statusValues.valid ? undefined : 'status-unexplained'
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
  const fallen = reason === 'status-revoked' || reason === 'status-penalty'
  if (fallen) return { ...found, id: 'source', answer: 'no', reason: 'source-revoked' }
  return { ...found, id: 'source', answer: answer === 'no' ? 'yes' : answer, ...(reason === undefined ? {} : { reason }) }
}
