import type { Engine, RandomBytes, Signer } from '../crypto/engine.ts'
import type { JsonValue } from '../encoding/parse-json.ts'
import type { DivisionCode } from '../model/division-code.ts'
import { spend, type CheckedDraft } from './check-draft.ts'
import type { RecordClaims } from './family.ts'
import { issueSdJwt } from './issue-sd-jwt.ts'

export interface Envelope {
  readonly iss: string
  /** Seconds since 1970. */
  readonly iat: number
  readonly division: DivisionCode
  readonly issuedBy: string
  readonly number: string
  readonly status: RecordClaims['status']
  readonly imported?: RecordClaims['imported']
  readonly replaces?: RecordClaims['replaces']
}

/** Signs a checked draft: an SD-JWT with all its disclosures. What is personal is only in the disclosures. */
export function issueRecord(checked: CheckedDraft, envelope: Envelope, signer: Signer, engine: Engine, random: RandomBytes): string {
  spend(checked)
  const { family, draft } = checked
  const { iss, iat, ...rest } = envelope
  const claims = { iss, vct: family.vct, iat, ...(draft.exp === undefined ? {} : { exp: draft.exp }), ...rest, ...draft.body }
  // Both have passed the family's strict schema, whose members are JSON.
  return issueSdJwt(
    { claims: claims as Readonly<Record<string, JsonValue>>, disclosures: draft.personal as Readonly<Record<string, JsonValue>> },
    signer,
    engine,
    random,
  )
}

/** The one thing that an issuing key can be asked for. The signer itself is held by nobody else, so nothing is signed that was not checked, and nothing twice. */
export interface IssuingKey {
  readonly kid: string
  /** Fault: `draft-refused` for anything but a check that `checkDraft` has made and nobody has spent. */
  readonly issue: (checked: CheckedDraft, envelope: Envelope, engine: Engine, random: RandomBytes) => string
}

export const issuingKey = (signer: Signer): IssuingKey =>
  Object.freeze({
    kid: signer.kid,
    issue: (checked: CheckedDraft, envelope: Envelope, engine: Engine, random: RandomBytes) => issueRecord(checked, envelope, signer, engine, random),
  })
