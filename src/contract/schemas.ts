import { z } from 'zod'

import { IssuerUrl } from '#core/credential/envelope.ts'
import { Identity } from '#core/credential/personal.ts'
import { Digest } from '#core/model/digest.ts'
import { FamilyId } from '#core/model/family-id.ts'
import { Instant } from '#core/model/instant.ts'

/** A row's id as text: UUID version 7 (RFC 9562), lower case. */
export const Uuid = z
  .string()
  .regex(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  .meta({ id: 'Uuid', description: 'UUID version 7 (RFC 9562), lower case' })

export const Reason = z.string().min(1).max(500).meta({ id: 'Reason', description: 'Why; kept in the audit trail, never published. No personal data' })

export const Truth = z.enum(['yes', 'no', 'cannot-tell']).meta({ id: 'Truth' })

/** A whole number in a query string. */
export const pageLimit = (most: number) =>
  z
    .string()
    .regex(/^[1-9]\d{0,4}$/)
    .transform(Number)
    .pipe(z.int().max(most))
    .optional()

/** Position of a page: what `next` of the page before said. */
export const pageQuery = { after: Uuid.optional(), limit: pageLimit(500) }

export const page = <Item extends z.ZodType>(item: Item) =>
  z.strictObject({ items: z.array(item), next: Uuid.nullable().meta({ description: 'Pass it as `after` for the next page; null at the end' }) })

/** What was found, with its texts: a lint finding, a failed check, a ledger cell. */
export const Finding = z.strictObject({ at: z.string(), code: z.string(), title: z.string(), titleEn: z.string() }).meta({ id: 'Finding' })

/** Problem details (RFC 9457). `title` and `remedy` are Chinese, `titleEn` and `remedyEn` English; programs look at `code`, which is stable. */
export const Problem = z
  .strictObject({
    type: z.string().meta({ description: 'https://comity.example/problems/<code>' }),
    status: z.int(),
    code: z.string(),
    title: z.string(),
    titleEn: z.string(),
    remedy: z.string(),
    remedyEn: z.string(),
    at: z.string().optional().meta({ description: 'The place in the request: a member, a header' }),
    detail: z.string().optional(),
    findings: z.array(Finding).optional(),
    instance: z.string().optional().meta({ description: 'Names the occurrence in the log; only where something went wrong on this side' }),
  })
  .meta({ id: 'Problem', description: 'RFC 9457 problem details' })
export type Problem = z.infer<typeof Problem>

/** What the register says of a record to those who may look: nothing personal. */
export const RecordSummary = z
  .strictObject({
    record: Uuid,
    family: FamilyId,
    number: z.string(),
    registration: z.string(),
    status: z.enum(['valid', 'invalid', 'suspended', 'ceased']),
    imported: z.boolean(),
    digest: Digest,
    issuedAt: Instant,
  })
  .meta({ id: 'RecordSummary' })

export const Holder = Identity.clone().meta({ id: 'Holder', description: 'Identity document of the person whose records are looked for' })

export const SignedRecord = z
  .string()
  .min(1)
  .max(64 * 1024)
  .meta({ id: 'SignedRecord', description: 'A signed record: SD-JWT, `<jwt>~<disclosure>~…~`' })

export const LogProofText = z
  .string()
  .min(1)
  .max(16 * 1024)
  .meta({ id: 'LogProof', description: 'Proof that a record stands in its issuer’s log (C2SP tlog-proof)' })

export { IssuerUrl }
