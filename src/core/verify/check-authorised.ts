import { ancestorsOf } from '../model/division-code.ts'
import { dayAt } from '../model/bureau-day.ts'
import { dayOf, type Instant } from '../model/instant.ts'
import { anyOf } from '../model/truth.ts'
import { memberOn } from '../trust/alliance-list.ts'
import type { Authority, Trust, Voucher } from '../trust/assemble-trust.ts'
import { sourceOf, type SourceVersion } from '../trust/freshness.ts'
import { covers, type Scope, type Scoped } from '../trust/scope.ts'
import type { Check, Policy } from './verdict.ts'

/** When it says it was signed, and by when it stood in the log, where that is proven. Seconds. */
interface Signed {
  readonly iat: number
  readonly loggedAt: number | undefined
}

/**
 * Somebody whom the verifier trusts must say that this issuer may issue this. One who does is enough; each alliance is asked on
 * its own. Where the authorisation has ended since, only a proof of time could tell whether it was issued before. Where the list of an
 * alliance is missing, that alliance might have said yes.
 */
export function checkAuthorised(authority: Authority, { unheard }: Pick<Trust, 'unheard'>, record: Scoped, signed: Signed, at: Instant, policy: Policy): Check {
  const checks = authority.vouchers.map((voucher) => askVoucher(voucher, authority, record, signed, at, policy))
  const missing: readonly Check[] = unheard.map((alliance) => ({ id: 'authorised', answer: 'cannot-tell', reason: 'alliance-list-missing', datum: alliance }))
  const answer = anyOf([...checks, ...missing].map((check) => check.answer))
  return [...checks, ...missing].find((check) => check.answer === answer)! // every authority has a voucher, or nobody would have named it
}

function askVoucher(voucher: Voucher, authority: Authority, record: Scoped, { iat, loggedAt }: Signed, at: Instant, policy: Policy): Check {
  const id = 'authorised'
  const territory = { division: authority.division, andBelow: voucher.by === 'alliance' && voucher.member.coversSubordinates }
  const source = sourceOfVoucher(voucher, authority.iss, at)
  if (voucher.by === 'anchor')
    return authorises(voucher.authorised, record, territory) ? { id, answer: 'yes', source } : { id, answer: 'no', reason: 'issuer-not-authorised', source }
  const { member } = voucher
  // What an old list says, yes or no, may long be otherwise.
  if (source.freshness === 'expired') return { id, answer: 'cannot-tell', reason: 'alliance-list-expired', source }
  if (source.freshness === 'stale' && !policy.acceptStale) return { id, answer: 'cannot-tell', reason: 'alliance-list-stale', source }
  // A member that has left without a day: nobody says since when, so it may have been before or after.
  const left = member.state !== 'active' && member.until === undefined && member.from <= dayAt(iat)
  if (!authorises(member.authorised, record, territory) || !(left || memberOn(member, dayAt(iat))))
    return { id, answer: 'no', reason: 'issuer-not-authorised', source }
  // Whether it was one when the record was logged, if that is known, and else whether it has been one ever since.
  if (left || !memberOn(member, loggedAt === undefined ? dayOf(at) : dayAt(loggedAt)))
    return { id, answer: 'cannot-tell', reason: 'issuer-no-longer-authorised', source }
  return source.freshness === 'stale' ? { id, answer: 'yes', reason: 'alliance-list-stale', source } : { id, answer: 'yes', source }
}

/** Where it stands that this issuer is one: with the verifier's own anchors, or on an alliance's list. */
export const sourceOfVoucher = (voucher: Voucher, iss: string, at: Instant): SourceVersion =>
  voucher.by === 'anchor' ? { kind: 'anchor', id: iss } : sourceOf('alliance-list', voucher.list.payload.alliance, voucher.list.times, voucher.list.digest, at)

/** A scope that names no divisions is for the authority's own, and those below it where it speaks for them: never for a neighbour's. */
function authorises(scopes: readonly Scope[], record: Scoped, { division, andBelow }: { readonly division: string; readonly andBelow: boolean }): boolean {
  const own = record.division === division || (andBelow && ancestorsOf(record.division).includes(division))
  return scopes.some((scope) => covers(scope, record) && (scope.divisions !== undefined || own))
}
