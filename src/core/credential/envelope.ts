import { z } from 'zod'

import { Digest } from '../model/digest.ts'
import { DivisionCode } from '../model/division-code.ts'
import { PartialDate } from '../model/partial-date.ts'

/** An authority's identity: an HTTPS URL without query or fragment. It names the issuer; nothing is ever fetched from it (DESIGN §5). */
export const IssuerUrl = z
  .string()
  .max(120)
  .regex(/^https:\/\/[a-z0-9.-]+(:\d{1,5})?(\/[A-Za-z0-9._~-]+)*$/)
  .meta({ id: 'IssuerUrl' })

/** NumericDate (RFC 7519 §2): whole seconds since 1970. */
export const NumericDate = z.int().min(0).max(253_402_300_799).meta({ id: 'NumericDate' })

/** A certificate number is an opaque string; what shape it must have is its issuer's number scheme, not this schema. */
export const CertificateNumber = z.string().min(1).max(64).meta({ id: 'CertificateNumber' })

export const StatusReference = z
  .strictObject({ status_list: z.strictObject({ idx: z.int().min(0).max(131_071), uri: z.string().max(160) }) })
  .meta({ id: 'StatusReference', description: 'Where the status of the record stands (Token Status List, referenced token)' })

/** What was checked when a record came from an old ledger. */
export const ledgerChecks = ['identity-number', 'certificate-number', 'dates', 'codes', 'duplicates'] as const

export const ImportMark = z
  .strictObject({ on: PartialDate, checked: z.array(z.enum(ledgerChecks)).max(ledgerChecks.length) })
  .meta({ id: 'ImportMark', description: 'The record was taken over from an old ledger; what was checked then' })

/** A short line of text as it stands in a document: no control characters, no bidirectional overrides, no surrounding blanks. */
export const Line = z
  .string()
  .min(1)
  .max(200)
  .regex(/^[^\p{Cc}\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]+$/u)
  .meta({ id: 'Line' })

/** The members that every record has beside its family's own; always visible. */
export const envelope = {
  iss: IssuerUrl,
  iat: NumericDate,
  exp: NumericDate.optional(),
  status: StatusReference,
  division: DivisionCode,
  issuedBy: Line,
  number: CertificateNumber,
  imported: ImportMark.optional(),
  /** Digest of the record of the same issuer that this one takes the place of. */
  replaces: Digest.optional(),
}
