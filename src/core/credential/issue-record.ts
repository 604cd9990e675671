import type { Engine, RandomBytes, Signer } from '../crypto/engine.ts'
import type { JsonValue } from '../encoding/parse-json.ts'
import type { DivisionCode } from '../model/division-code.ts'
import { spend, type CheckedDraft } from './check-draft.ts'
import type { RecordClaims } from './family.ts'
import { composeSdJwt, issueSdJwt, withSignatureOf, type SdJwtContent } from './issue-sd-jwt.ts'

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

/** A draft that was checked, and what the register adds to it. */
export interface Issue {
  readonly checked: CheckedDraft
  readonly envelope: Envelope
}

/** Signs a checked draft: an SD-JWT with all its disclosures. What is personal is only in the disclosures. */
export const issueRecord = (checked: CheckedDraft, envelope: Envelope, signer: Signer, engine: Engine, random: RandomBytes): string =>
  issueSdJwt(spent({ checked, envelope }), signer, engine, random)

function spent({ checked, envelope }: Issue): SdJwtContent {
  spend(checked)
  const { family, draft } = checked
  const { iss, iat, ...rest } = envelope
  const claims = { iss, vct: family.vct, iat, ...(draft.exp === undefined ? {} : { exp: draft.exp }), ...rest, ...draft.body }
  // Both have passed the family's strict schema, whose members are JSON.
  return { claims: claims as Readonly<Record<string, JsonValue>>, disclosures: draft.personal as Readonly<Record<string, JsonValue>> }
}

/** Many at once: they are signed beside this thread, where the signer can, while it composes the next. One alone is signed sooner than handed over. */
async function issueEach(issues: readonly Issue[], signer: Signer, engine: Engine, random: RandomBytes): Promise<readonly string[]> {
  const { signBeside } = signer
  if (signBeside === undefined || issues.length === 1) return issues.map(({ checked, envelope }) => issueRecord(checked, envelope, signer, engine, random))
  return Promise.all(
    issues.map(async (issue) => {
      const unsigned = composeSdJwt(spent(issue), signer.kid, engine, random)
      return withSignatureOf(unsigned, await signBeside(unsigned.input))
    }),
  )
}

/** The one thing that an issuing key can be asked for. The signer itself is held by nobody else, so nothing is signed that was not checked, and nothing twice. */
export interface IssuingKey {
  readonly kid: string
  /** The records in their order. Fault: `draft-refused` for anything but a check that `checkDraft` has made and nobody has spent. */
  readonly issue: (issues: readonly Issue[], engine: Engine, random: RandomBytes) => Promise<readonly string[]>
}

export const issuingKey = (signer: Signer): IssuingKey =>
  Object.freeze({
    kid: signer.kid,
    issue: (issues: readonly Issue[], engine: Engine, random: RandomBytes) => issueEach(issues, signer, engine, random),
  })
