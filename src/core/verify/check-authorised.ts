import { dayOf, instantOf, type Instant } from '../model/instant.ts'
import { anyOf } from '../model/truth.ts'
import { memberOn } from '../trust/alliance-list.ts'
import type { Authority, Voucher } from '../trust/assemble-trust.ts'
import { sourceOf } from '../trust/freshness.ts'
import { covers, type Scoped } from '../trust/scope.ts'
import type { Check, Policy } from './verdict.ts'

/**
 * Somebody whom the verifier trusts must say that this issuer may issue this. One who does is enough; each alliance is asked on
 * its own. Where the authorisation has ended since, only a proof of time could tell whether it was issued before.
 */
export function checkAuthorised(authority: Authority, record: Scoped, iat: number, at: Instant, policy: Policy): Check {
  const checks = authority.vouchers.map((voucher) => askVoucher(voucher, authority, record, iat, at, policy))
  const answer = anyOf(checks.map((check) => check.answer))
  return checks.find((check) => check.answer === answer) ?? { id: 'authorised', answer: 'no', reason: 'issuer-not-authorised' }
}

function askVoucher(voucher: Voucher, authority: Authority, record: Scoped, iat: number, at: Instant, policy: Policy): Check {
  const id = 'authorised'
  if (voucher.by === 'anchor') {
    const source = { kind: 'anchor', id: authority.iss } as const
    return voucher.authorised.some((scope) => covers(scope, record))
      ? { id, answer: 'yes', source }
      : { id, answer: 'no', reason: 'issuer-not-authorised', source }
  }
  const { list, member } = voucher
  const source = sourceOf('alliance-list', list.payload.alliance, list.payload, list.digest, at)
  const inScope = member.authorised.some((scope) => covers(scope, record))
  if (!inScope || !memberOn(member, dayOf(instantOf(iat)))) return { id, answer: 'no', reason: 'issuer-not-authorised', source }
  if (!memberOn(member, dayOf(at))) return { id, answer: 'cannot-tell', reason: 'issuer-no-longer-authorised', source }
  if (source.freshness === 'expired') return { id, answer: 'cannot-tell', reason: 'alliance-list-expired', source }
  if (source.freshness === 'stale') return { id, answer: policy.acceptStale ? 'yes' : 'cannot-tell', reason: 'alliance-list-stale', source }
  return { id, answer: 'yes', source }
}
