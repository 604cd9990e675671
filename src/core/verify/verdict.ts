import type { RecordClaims } from '../credential/family.ts'
import type { DivisionCode } from '../model/division-code.ts'
import type { FamilyId } from '../model/family-id.ts'
import type { Instant } from '../model/instant.ts'
import type { Localised } from '../model/localised.ts'
import type { Truth } from '../model/truth.ts'
import type { Decision } from '../rules/decision.ts'
import type { Facts } from '../rules/facts.ts'
import type { SourceVersion } from '../trust/freshness.ts'
import type { VerdictReason } from './reason-texts.ts'

/** The checks of DESIGN §3.1, in their order. */
export const checkIds = [
  'form',
  'issuer',
  'key',
  'signature',
  'content',
  'time',
  'key-in-force',
  'key-scope',
  'authorised',
  'validity',
  'status',
  'source',
] as const
export type CheckId = (typeof checkIds)[number]

export interface Check {
  readonly id: CheckId
  readonly answer: Truth
  readonly reason?: VerdictReason
  /** What was looked at: a member, a key id, an index. Never personal data. */
  readonly datum?: string
  readonly source?: SourceVersion
}

/** Something a reader must know although it changes no answer. */
export interface Note {
  readonly code: VerdictReason
  readonly datum?: string
}

/** When the record stood in its issuer's log at the latest, and by whose word. */
export interface LoggedAt {
  readonly at: Instant
  /** Origin of the log. */
  readonly log: string
  readonly index: number
  /** The cities whose cosignatures make the quorum, as issuer URLs, earliest first. */
  readonly by: readonly string[]
  /** Whose quorum it is. */
  readonly alliance: string
}

/** What is verified: a record, and its proof from the transparency log where there is one. */
export interface Evidence {
  /** An SD-JWT, UTF-8. */
  readonly record: Uint8Array
  /** C2SP tlog-proof. */
  readonly proof?: Uint8Array | undefined
}

export interface Verdict {
  /** Whether the record is genuine and holds at `at`: one no makes it no, else one unknown makes it unknown. */
  readonly answer: Truth
  readonly at: Instant
  readonly policy: string
  readonly evidence: { readonly digest: string | null }
  readonly issuer: { readonly iss: string; readonly division: string; readonly name: Localised } | null
  /** Only what was signed: null until the signature has been checked. */
  readonly record: { readonly family: FamilyId; readonly claims: RecordClaims; readonly disclosed: Readonly<Record<string, unknown>> } | null
  /** Absent where nothing proves when it was signed. */
  readonly logged?: LoggedAt
  readonly checks: readonly Check[]
  readonly notes: readonly Note[]
  /** What it counts for, where the policy asks; null where it does not. */
  readonly recognition: Decision | null
}

/** What is asked of recognition: where, for what, on which day the person applied, and what an officer has stated. */
export interface RecognitionQuestion {
  readonly for: DivisionCode
  readonly purpose?: string | undefined
  /** Application date; the day of `at` where it is left out. */
  readonly appliedOn?: string | undefined
  /** Facts that no record carries and an officer answers for. */
  readonly stated?: Facts | undefined
}

/** What a verifier requires. It is named in the verdict, so that a verdict can be replayed. */
export interface Policy {
  readonly id: string
  /** `required`: without a proof from the transparency log, when it was signed is unknown, and so is the answer. */
  readonly logProof: 'required' | 'not-required'
  /** Whether stale trust files (past their time to live, before their expiry) still carry a yes; the verdict notes it. */
  readonly acceptStale: boolean
  readonly recognition?: RecognitionQuestion
}

/** The policy that the product ships. A sheet of paper carries no proof, so none is required: what hangs on the time then asks for it. */
export const shippedPolicy: Policy = { id: 'comity/1', logProof: 'not-required', acceptStale: true }
