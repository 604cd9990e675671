import { z } from 'zod'

import type { DivisionCode } from '../model/division-code.ts'
import type { FamilyId } from '../model/family-id.ts'
import type { FindingCode } from '../model/finding-texts.ts'
import type { Localised } from '../model/localised.ts'
import type { PartialDate } from '../model/partial-date.ts'
import type { CodeTexts } from './code-texts.ts'
import type { Facts } from '../rules/facts.ts'
import { CertificateNumber, envelope } from './envelope.ts'
import { lintNumber, lintTexts } from './lint-texts.ts'

/** What the lint says of a draft: the member it concerns and a code of `finding-texts.ts`. */
export interface LintFinding {
  readonly member: string
  readonly code: FindingCode
  /** A refusal bars the key. A warning wants somebody to have looked: an approver names it, a ledger row carries it. */
  readonly severity: 'refusal' | 'warning'
}

export interface LintContext {
  /** The calendar day of the check, in the bureaus' time zone. */
  readonly today: PartialDate
}

/** `number`: the one that the draft brings; undefined where the bureau gives it. */
type NumberedContext = LintContext & { readonly number: string | undefined }

type Shape = Readonly<Record<string, z.ZodType>>

export interface FamilyPlan<Body extends Shape, Personal extends Shape> {
  readonly id: FamilyId
  /** Stored in place of the id; never given to another family. */
  readonly code: number
  readonly display: Localised
  /** Whether the document itself can end on a day: `exp` is refused where it cannot (DESIGN §3). A registration's end is no end of the document. */
  readonly expires: boolean
  /** Visible members beside the envelope: what a decision needs. */
  readonly body: Body
  /** Disclosure groups: what is personal. */
  readonly personal: Personal
  /** Display names of every member and group, for type metadata, certificates and pages. */
  readonly labels: Readonly<Record<keyof Body | keyof Personal, Localised>>
  /** What the coded values of a member are called; a member without codes is left out. */
  readonly codes: Readonly<Partial<Record<keyof Body | keyof Personal, CodeTexts>>>
  /** What makes a draft wrong although each member is well formed. Checked before the key is touched. */
  readonly lint: (draft: z.infer<z.ZodObject<Body>>, personal: z.infer<z.ZodObject<Personal>>, context: NumberedContext) => readonly LintFinding[]
  /** What rules may ask of the record. A fact that the presentation does not disclose is left out: unknown. */
  readonly facts: (body: z.infer<z.ZodObject<Body>>, disclosed: Partial<z.infer<z.ZodObject<Personal>>>) => Facts
  /** Rank of the level for narrow look-ups, 0 where the family has none. */
  readonly rank: (body: z.infer<z.ZodObject<Body>>) => number
  /** The day that the document speaks of as its date of issue or decision. */
  readonly dated: (body: z.infer<z.ZodObject<Body>>) => PartialDate
}

/** A family with its types erased, as verification, storage and pages handle it. */
export interface Family {
  readonly id: FamilyId
  readonly code: number
  readonly vct: string
  readonly display: Localised
  readonly expires: boolean
  readonly labels: Readonly<Record<string, Localised>>
  readonly codes: Readonly<Record<string, CodeTexts>>
  /** All visible claims of a signed record. */
  readonly claims: z.ZodType<RecordClaims>
  /** All disclosures, each optional, as a presentation carries them. */
  readonly disclosures: z.ZodType<Readonly<Record<string, unknown>>>
  /** What an officer or a ledger hands in: the body, its number where the bureau gives one, and the personal groups. */
  readonly draft: z.ZodType<Draft>
  readonly groups: readonly string[]
  readonly members: readonly string[]
  readonly lint: (draft: Draft, context: LintContext) => readonly LintFinding[]
  readonly facts: (claims: RecordClaims, disclosed: Readonly<Record<string, unknown>>) => Facts
  readonly rank: (body: Readonly<Record<string, unknown>>) => number
  readonly dated: (body: Readonly<Record<string, unknown>>) => PartialDate
}

export interface RecordClaims {
  readonly iss: string
  readonly vct: string
  readonly iat: number
  readonly exp?: number | undefined
  readonly status: { readonly status_list: { readonly idx: number; readonly uri: string } }
  readonly division: DivisionCode
  readonly issuedBy: string
  readonly number: string
  readonly imported?: { readonly on: PartialDate; readonly checked: readonly string[] } | undefined
  readonly replaces?: string | undefined
  readonly [member: string]: unknown
}

export interface Draft {
  readonly number?: string | undefined
  readonly exp?: number | undefined
  readonly body: Readonly<Record<string, unknown>>
  readonly personal: Readonly<Record<string, unknown>>
}

/** Type URL of a family's signed form. `.example` is reserved (RFC 2606), so nobody can put other metadata behind it. */
export const vctOf = (id: FamilyId): string => `https://comity.example/vct/${id}/1`

/** The only way to make a family: every schema that concerns it is derived from one plan. */
export function family<Body extends Shape, Personal extends Shape>(plan: FamilyPlan<Body, Personal>): Family {
  const { id, code, display, expires, labels, codes, body, personal } = plan
  const vct = vctOf(id)
  const bodySchema = z.strictObject(body)
  const personalSchema = z.strictObject(personal)
  const claims = z.strictObject({ ...envelope, vct: z.literal(vct), ...body }).meta({ id: `${id}-claims`, title: display.en })
  const disclosures = personalSchema.partial().meta({ id: `${id}-disclosures` })
  const draft = z
    .strictObject({ number: CertificateNumber.optional(), exp: envelope.exp, body: bodySchema, personal: personalSchema })
    .meta({ id: `${id}-draft` })
  type BodyOf = z.infer<z.ZodObject<Body>>
  type PersonalOf = z.infer<z.ZodObject<Personal>>
  return {
    id,
    code,
    vct,
    display,
    expires,
    labels,
    codes: codes as Readonly<Record<string, CodeTexts>>, // a partial record with the absent members left out
    // The casts below forget the family's own types; each value has passed the schema of the same plan before it comes here.
    claims: claims as unknown as z.ZodType<RecordClaims>,
    disclosures,
    draft,
    groups: Object.keys(personal),
    members: Object.keys(body),
    lint: (draft, context) => [
      ...plan.lint(draft.body as BodyOf, draft.personal as PersonalOf, { ...context, number: draft.number }),
      ...lintNumber(draft),
      ...lintTexts(draft),
    ],
    facts: (record, disclosed) => plan.facts(record as unknown as BodyOf, disclosed as Partial<PersonalOf>),
    rank: (record) => plan.rank(record as BodyOf),
    dated: (record) => plan.dated(record as BodyOf),
  }
}
