import { describeInstant } from '../credential/describe-date.ts'
import { families } from '../credential/families.ts'
import { recordType } from '../credential/parse-sd-jwt.ts'
import { instantOf, secondsOf } from '../model/instant.ts'
import type { Localised } from '../model/localised.ts'
import type { SourceVersion } from '../trust/freshness.ts'
import { sourceOfVoucher } from './check-authorised.ts'
import { datumText } from './datum-text.ts'
import { placeText } from './decision-texts.ts'
import { loggedLine } from './logged-texts.ts'
import type { TrustNames } from './trust-names.ts'
import type { Check, CheckId, Verdict } from './verdict.ts'

/** What a check looked at, and which file it believed. */
export interface CheckBasis {
  /** A text of no language has one form. Undefined only where nothing was there to look at. */
  readonly datum: Localised | string | undefined
  /** Undefined only where there is no such file, which then is the check's reason; and for a time that is proven, whose datum names the log and the witnesses. */
  readonly source: SourceVersion | undefined
}

/**
 * Each check made whole for a reader who looks at it alone. A verdict says each thing once: that the key was found in which manifest, not that
 * the signature, the window and the scope of that key rest on the same one. Nothing is added that the verdict has not looked at.
 *
 * @param names of the trust that the verdict was given by
 */
export function basisOf(check: Check, verdict: Verdict, names: TrustNames): CheckBasis {
  const { id, reason, source } = check
  if (id === 'time' && verdict.logged !== undefined && reason === undefined) return { datum: loggedLine(verdict.logged, names.authorities), source }
  return { datum: datumText(check) ?? datumOf(id, verdict), source: source ?? sourceOf(id, verdict, names) }
}

function datumOf(id: CheckId, { evidence, record }: Verdict): Localised | string | undefined {
  if (id === 'form') return evidence.digest === null ? undefined : `application/${recordType}`
  if (record === null) return undefined
  const { claims, family } = record
  switch (id) {
    case 'time':
      return describeInstant(claims.iat)
    case 'key-scope':
    case 'authorised': {
      const [{ display }, place] = [families[family], placeText(claims.division)]
      return { zh: `${display.zh}，${place.zh}`, en: `${display.en}, ${place.en}` }
    }
    case 'validity':
      return claims.exp === undefined ? { zh: '记录没有失效日', en: 'No end date' } : describeInstant(claims.exp)
    case 'issuer':
    case 'key':
    case 'signature':
    case 'content':
    case 'key-in-force':
    case 'status':
    case 'source':
      return undefined // they name it themselves
  }
}

function sourceOf(id: CheckId, verdict: Verdict, names: TrustNames): SourceVersion | undefined {
  const sourceAt = (other: CheckId): SourceVersion | undefined => verdict.checks.find((check) => check.id === other)?.source
  switch (id) {
    case 'form':
    case 'content':
    case 'time':
    case 'validity':
      return recordSource(verdict)
    case 'issuer': {
      const iss = verdict.issuer?.iss
      const [voucher] = (iss === undefined ? undefined : names.authorities.get(iss)?.vouchers) ?? []
      return sourceAt('authorised') ?? (iss === undefined || voucher === undefined ? undefined : sourceOfVoucher(voucher, iss, verdict.at))
    }
    case 'signature':
    case 'key-in-force':
    case 'key-scope':
      return sourceAt('key')
    case 'key':
    case 'authorised':
    case 'status':
    case 'source':
      return undefined // they name it themselves, where there is one
  }
}

/** The record itself, by its digest, which what cannot be read has not. When it was made is its own word: said only once its signature has been checked. */
function recordSource({ at, evidence: { digest: id }, record }: Verdict): SourceVersion | undefined {
  if (id === null) return undefined
  if (record === null) return { kind: 'record', id }
  return { kind: 'record', id, issuedAt: instantOf(record.claims.iat), ageSeconds: Math.max(0, secondsOf(at) - record.claims.iat) }
}
