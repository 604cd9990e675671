import { canonicalJson } from '#core/encoding/canonical-json.ts'
import type { JsonObject } from '#core/encoding/parse-json.ts'
import { Fault } from '#core/fault.ts'
import { digestOf } from '#core/model/digest.ts'
import { dayOf } from '#core/model/instant.ts'
import type { Facts } from '#core/rules/facts.ts'
import type { Verdict } from '#core/verify/verdict.ts'
import { nameOf } from '#core/verify/recognise.ts'
import type { HeldTrust } from './held-trust.ts'
import { storeDraft, type DraftReceipt } from './draft-record.ts'
import type { Office } from './office.ts'
import type { Request } from './perform.ts'
import { refuseIdentityNumber } from './refuse-identity-number.ts'
import type { TrustDesk } from './trust-desk.ts'
import { verifyRecords } from './verify-records.ts'

export interface RecognitionRequest {
  /** The record as its holder presents it: name and identity must be disclosed. */
  readonly record: string
  readonly purpose?: string | undefined
  readonly appliedOn?: string | undefined
  /** Facts that the officer has looked into and answers for. */
  readonly stated?: Facts | undefined
  /** Why a recognition shall be issued although trust data are stale. */
  readonly staleReason?: string | undefined
}

export interface RecognitionReceipt extends DraftReceipt {
  readonly mode: string
}

/**
 * From another city's record to the draft of a recognition record, bound to the bytes of everything that the decision rests on. The
 * rules decide what can be decided; whatever they cannot tell goes to a person. Approval is by somebody else, as for every record.
 */
export async function draftRecognition(
  office: Office,
  desk: TrustDesk,
  request: Request,
  { record, staleReason, ...asked }: RecognitionRequest,
): Promise<RecognitionReceipt> {
  for (const [fact, value] of Object.entries(asked.stated ?? {})) if (typeof value === 'string') refuseIdentityNumber(value, `stated/${fact}`)
  const question = { for: office.authority.division, purpose: asked.purpose, appliedOn: asked.appliedOn, stated: asked.stated }
  const [verdict] = await verifyRecords(office, desk, [record], { recognition: question })
  const draft = composeRecognition(verdict!, await desk.current(), office, asked.purpose, asked.appliedOn)
  const stale = verdict!.notes.filter(({ code }) => code.endsWith('-stale'))
  if (stale.length > 0 && (staleReason ?? '').trim() === '')
    throw new Fault('recognition-stale-trust', { at: 'staleReason', findings: stale.map(({ code, datum }) => ({ at: datum ?? '', code })) })
  const grounds = {
    ...(stale.length === 0 ? {} : { reason: staleReason }),
    ...(asked.stated === undefined ? {} : { detail: { stated: asked.stated as JsonObject } }), // facts are texts, numbers and truth values
  }
  const receipt = await storeDraft(office, request, 'recognition', draft, grounds)
  return { ...receipt, mode: draft.body.mode }
}

function composeRecognition(
  { answer, checks, evidence, record, recognition, ...rest }: Verdict,
  { rules }: HeldTrust,
  { authority, clock, engine }: Office,
  purpose?: string,
  appliedOn?: string,
) {
  const open = checks.filter((check) => check.answer !== 'yes')
  if (answer !== 'yes' || record === null || recognition === null || evidence.digest === null)
    throw new Fault('recognition-not-possible', { at: open[0]?.id, findings: open.map(({ id, reason }) => ({ at: id, code: reason ?? 'cannot-tell' })) })
  const { carriedBy } = recognition
  if (recognition.answer !== 'yes' || carriedBy === undefined)
    throw new Fault('recognition-not-possible', {
      at: 'recognition',
      detail: recognition.mode,
      findings: recognition.reasons.map((code) => ({ at: 'recognition', code })),
    })
  if (recognition.openQuestions.length > 0)
    throw new Fault('recognition-facts-missing', { at: 'stated', findings: recognition.openQuestions.map((fact) => ({ at: fact, code: 'fact-missing' })) })
  const { claims, disclosed, family } = record
  if (disclosed['name'] === undefined || disclosed['identity'] === undefined)
    throw new Fault('recognition-not-possible', { at: 'disclosures', detail: 'name and identity must be disclosed' })
  const day = dayOf(clock())
  return {
    body: {
      source: { iss: claims.iss, family, number: claims.number, digest: evidence.digest, status: claims.status },
      basis: {
        alliance: carriedBy.alliance,
        ruleSet: carriedBy.ruleSet,
        version: carriedBy.version,
        digest: rules.digests.get(nameOf({ id: carriedBy.ruleSet, version: carriedBy.version })),
        rule: carriedBy.rule,
        ...(recognition.clause === undefined ? {} : { clause: recognition.clause }),
      },
      mode: recognition.mode,
      effects: recognition.effects,
      ...(recognition.conditions.length === 0
        ? {}
        : { conditions: recognition.conditions.map((condition) => (typeof condition === 'string' ? condition : condition.zh)) }),
      recognisedFor: authority.division,
      ...(purpose === undefined ? {} : { purpose }),
      appliedOn: appliedOn ?? day,
      decidedOn: day,
      // Without the disclosed values: the digest is public, and an identity number behind a bare digest is found by trying. The digest of
      // the source binds them, salted.
      evidence: digestOf(
        canonicalJson({ answer, checks, evidence, record: { ...record, disclosed: Object.keys(disclosed).toSorted() }, recognition, ...rest }),
        engine,
      ),
    },
    personal: { name: disclosed['name'], identity: disclosed['identity'] },
  }
}
