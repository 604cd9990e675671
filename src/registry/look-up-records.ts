import { familyOfCode } from '#core/credential/families.ts'
import { encodeBase64url } from '#core/encoding/base64url.ts'
import { Fault } from '#core/fault.ts'
import type { FamilyId } from '#core/model/family-id.ts'
import { dayOf, instantOf, type Instant } from '#core/model/instant.ts'
import { readPersonId, type PersonIdKind } from '#core/model/person-id.ts'
import { uuidText } from '#core/model/uuid.ts'
import type { StatusChange } from '#core/status/status-reasons.ts'
import { findRecordsByHolder, type RecordRow } from '#storage/records.ts'
import { listStatusEvents } from '#storage/status-events.ts'
import { findRecord, type RecordReference } from './find-record.ts'
import type { Office } from './office.ts'
import { audit, type Request } from './perform.ts'
import { holderIndex } from './record-personal.ts'

export interface RecordSummary {
  readonly record: string
  readonly family: FamilyId
  readonly number: string
  /** Gapless within family and year. */
  readonly registration: string
  readonly status: 'valid' | 'invalid' | 'suspended' | 'ceased'
  readonly imported: boolean
  readonly digest: string
  readonly issuedAt: Instant
}

const states = ['valid', 'invalid', 'suspended', 'ceased'] as const

const summaryOf = (row: RecordRow): RecordSummary => ({
  record: uuidText(row.id),
  family: familyOfCode(row.family)!.id, // written by enterRecords alone
  number: row.number,
  registration: `${row.year}-${String(row.serial).padStart(6, '0')}`,
  status: states[row.state],
  imported: row.origin === 1,
  digest: encodeBase64url(row.digest),
  issuedAt: instantOf(row.issuedAt),
})

/** What the register says of one record, without opening what is personal. Fault: `record-unknown`. */
export const summariseRecord = async ({ store }: Pick<Office, 'store'>, reference: RecordReference): Promise<RecordSummary> =>
  summaryOf(await findRecord(store.read, reference))

/** The same for a number that may mean nothing. */
export async function findByNumber(
  office: Pick<Office, 'store'>,
  reference: Extract<RecordReference, { readonly number: string }>,
): Promise<readonly RecordSummary[]> {
  try {
    return [await summariseRecord(office, reference)]
  } catch (fault) {
    if (fault instanceof Fault && fault.code === 'record-unknown') return []
    throw fault
  }
}

export interface Holder {
  readonly kind: PersonIdKind
  readonly number: string
}

/** As records hold it: what is asked for in full width, with blanks, a small x, by its fifteen old digits or under the card's other edition is the same person. */
function identityOf({ kind, number }: Holder, today: string): Holder {
  const reading = readPersonId(number, { kind, today })
  return reading.ok ? { kind: reading.value.kind, number: reading.value.number } : { kind, number }
}

/** All records of a person, oldest first. Who looked is written down; for whom is not, since the trail holds nothing personal. */
export async function findByHolder(office: Office, { actor }: Pick<Request, 'actor'>, { kind, number }: Holder): Promise<readonly RecordSummary[]> {
  const index = holderIndex(office.vault, { identity: identityOf({ kind, number }, dayOf(office.clock())) })
  const rows = await findRecordsByHolder(office.store.read, { holderIndex: index })
  await office.store.atomically((tx) =>
    audit(tx, office, { actor, action: 'look-up-holder', subject: 'records', detail: { records: rows.map(({ id }) => uuidText(id)) } }),
  )
  return rows.map(summaryOf)
}

export interface RecordedStatusChange {
  readonly change: StatusChange
  readonly reason: string
  readonly effectiveOn: Instant
  readonly recordedAt: Instant
  readonly actor: string
  readonly note?: string
}

/** Everything that has befallen a record, in the order in which it was recorded. */
export async function statusHistory({ store }: Pick<Office, 'store'>, reference: RecordReference): Promise<readonly RecordedStatusChange[]> {
  const { id } = await findRecord(store.read, reference)
  const events = await listStatusEvents(store.read, { recordId: id })
  return events.map(({ kind, reason, effectiveAt, recordedAt, actor, note }) => ({
    change: kind,
    reason,
    effectiveOn: instantOf(effectiveAt),
    recordedAt: instantOf(recordedAt),
    actor,
    ...(note === null ? {} : { note }),
  }))
}
