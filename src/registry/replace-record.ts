import type { RecordClaims } from '#core/credential/family.ts'
import { parseSdJwt } from '#core/credential/parse-sd-jwt.ts'
import { encodeBase64url } from '#core/encoding/base64url.ts'
import { Fault } from '#core/fault.ts'
import { secondsOf } from '#core/model/instant.ts'
import { uuidText } from '#core/model/uuid.ts'
import type { Reader, Writer } from '#storage/open-store.ts'
import { findRecordById, loadBody, type RecordRow } from '#storage/records.ts'
import { findReissueByDraft, setReissueDone } from '#storage/reissues.ts'
import { changeRecord } from './change-status.ts'
import type { Entry } from './enter-record.ts'
import type { Office } from './office.ts'
import type { Request } from './perform.ts'

/** The record that a draft takes the place of, and what passes on from it into the new one's envelope. */
export interface Replaced {
  readonly record: RecordRow
  readonly marks: Pick<Entry, 'imported' | 'issuedBy' | 'replaces'>
}

/** Undefined for a draft that replaces nothing. Fault `status-not-possible` when the old record is not in force: what was revoked is not issued again. */
export async function findReplaced(from: Reader, { engine }: Pick<Office, 'engine'>, draftId: Uint8Array): Promise<Replaced | undefined> {
  const reissue = await findReissueByDraft(from, { draftId })
  if (reissue === undefined) return undefined
  const { recordId: id } = reissue
  const record = (await findRecordById(from, { id }))! // the queue refers to it
  requireInForce(record)
  const { claims } = parseSdJwt(`${(await loadBody(from, { id }))!.signed}~`, engine)
  const { imported, issuedBy } = claims as unknown as RecordClaims // signed by this node
  return { record, marks: { replaces: encodeBase64url(record.digest), issuedBy, ...(imported === undefined ? {} : { imported }) } }
}

export function requireInForce({ id, state }: RecordRow): void {
  if (state !== 0) throw new Fault('status-not-possible', { at: uuidText(id), detail: 'reissue' })
}

/** Voids what was replaced, in the transaction that enters its successor: at no time are there two, or none. */
export async function voidReplaced(tx: Writer, office: Office, request: Pick<Request, 'actor'>, { record }: Replaced): Promise<void> {
  await changeRecord(tx, office, request, record, { change: 'voided', reason: 'reissued' })
  await setReissueDone(tx, { recordId: record.id, at: secondsOf(office.clock()) })
}
