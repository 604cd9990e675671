import { encodeUtf8 } from '#core/encoding/utf8.ts'
import { canonicalJson } from '#core/encoding/canonical-json.ts'
import type { JsonObject } from '#core/encoding/parse-json.ts'
import { Fault } from '#core/fault.ts'
import { instantOf, secondsOf, type Instant } from '#core/model/instant.ts'
import { makeUuid, millisecondsOf, uuidText } from '#core/model/uuid.ts'
import { periodsOf } from '#core/status/periods-of.ts'
import { statusValues, weighPeriods } from '#core/status/status-kinds.ts'
import { reasonsOf, type StatusChange } from '#core/status/status-reasons.ts'
import { appendToOutbox } from '#storage/outbox.ts'
import type { Writer } from '#storage/open-store.ts'
import { setState, type RecordRow } from '#storage/records.ts'
import { insertStatusEvents, listStatusEvents, type StatusEvent } from '#storage/status-events.ts'
import { markListsDirty } from '#storage/status-lists.ts'
import { findRecord, type RecordReference } from './find-record.ts'
import type { Office } from './office.ts'
import { audit, perform, type Request } from './perform.ts'
import { publishStatusLists } from './publish.ts'
import { refuseIdentityNumber } from './refuse-identity-number.ts'

export interface Change {
  readonly change: StatusChange
  readonly reason: string
  /** Since when it counts; now where it is left out. Never in the future: a list cannot announce; nor before 1970, for which it has no number. */
  readonly effectiveOn?: Instant | undefined
  /** For the file, never published. */
  readonly note?: string | undefined
}

export interface StatusReceipt extends JsonObject {
  readonly record: string
  readonly number: string
  readonly change: string
  readonly reason: string
  readonly effectiveOn: string
}

/**
 * Suspends, reinstates, revokes, withdraws, cancels or voids a record. History is only added to: a reinstatement is a new entry.
 * The answer comes after commit and after the status list has been signed anew, so that whoever asks next sees it.
 */
export async function changeStatus(office: Office, request: Request, reference: RecordReference, change: Change): Promise<StatusReceipt> {
  checkReason(change)
  office.gate.check()
  const receipt = await perform(office, request, async (tx) => changeRecord(tx, office, request, await findRecord(tx, reference), change))
  await publishStatusLists(office)
  return receipt
}

/** What the log holds of a change. The event's random id keeps it from being guessed. */
export const statusDigest = (
  { id, recordId, kind, reason, effectiveAt }: Pick<StatusEvent, 'id' | 'recordId' | 'kind' | 'reason' | 'effectiveAt'>,
  { sha256 }: Pick<Office['engine'], 'sha256'>,
): Uint8Array => sha256(encodeUtf8(canonicalJson({ id: uuidText(id), record: uuidText(recordId), change: kind, reason, effectiveAt })))

/** The same within the caller's transaction. The list is marked; whoever calls sees to it that it is published. */
export async function changeRecord(
  tx: Writer,
  office: Pick<Office, 'clock' | 'random' | 'engine' | 'newId'>,
  { actor }: Pick<Request, 'actor'>,
  record: RecordRow,
  { change, reason, effectiveOn, note }: Change,
): Promise<StatusReceipt> {
  refuseIdentityNumber(note, 'note')
  const now = secondsOf(office.clock())
  const effectiveAt = effectiveOn === undefined ? now : secondsOf(effectiveOn)
  const changes = await listStatusEvents(tx, { recordId: record.id })
  refuseImpossible(change, effectiveAt, now, changes)
  const id = idAfter(changes.at(-1)?.id, now, office)
  const place = { statusList: record.statusList, statusIndex: record.statusIndex }
  await insertStatusEvents(tx, [{ id, recordId: record.id, kind: change, reason, effectiveAt, recordedAt: now, actor, note: note ?? null, ...place }])
  const { value } = weighPeriods(periodsOf([...changes, { kind: change, reason, effectiveAt }]), now)
  const list = await setState(tx, { id: record.id, state: value })
  await markListsDirty(tx, list === undefined ? [] : [list])
  const digest = statusDigest({ id, recordId: record.id, kind: change, reason, effectiveAt }, office.engine)
  await appendToOutbox(tx, [{ id: office.newId(), kind: 'status', digest, createdAt: now, publishedAt: null }])
  await audit(tx, office, { actor, action: change, subject: uuidText(record.id), reason })
  return { record: uuidText(record.id), number: record.number, change, reason, effectiveOn: instantOf(effectiveAt) }
}

function checkReason({ change, reason }: Change): void {
  if (!reasonsOf(change).includes(reason)) throw new Fault('status-reason-unknown', { at: 'reason', detail: reasonsOf(change).join(', ') })
}

/** Events of one record are read back in the order of their ids: two within one second must not change places. */
function idAfter(last: Uint8Array | undefined, now: number, { random }: Pick<Office, 'random'>): Uint8Array {
  const before = last === undefined ? 0 : millisecondsOf(last)
  return makeUuid(Math.max(now * 1000, before + 1), random)
}

type Changes = Parameters<typeof periodsOf>[0]

function refuseImpossible(change: StatusChange, effectiveAt: number, now: number, changes: Changes): void {
  if (effectiveAt > now) throw new Fault('status-not-possible', { at: 'effectiveOn', detail: 'in the future' })
  // A list tells times in seconds since 1970. One earlier instant would keep the whole list, with all its records, from ever being signed again.
  if (effectiveAt < 0) throw new Fault('status-not-possible', { at: 'effectiveOn', detail: 'before 1970' })
  const lasting = periodsOf(changes).filter(({ until }) => until === undefined)
  const { value } = weighPeriods(lasting, now)
  // A period that ended before it began would make the whole list unreadable.
  const suspension = lasting.findLast(({ kind }) => kind === 'suspended')
  if (change === 'reinstated' && suspension !== undefined && effectiveAt < suspension.from)
    throw new Fault('status-not-possible', { at: 'effectiveOn', detail: 'before the suspension' })
  const possible =
    change === 'reinstated'
      ? lasting.some(({ kind }) => kind === 'suspended')
      : change === 'suspended'
        ? value === statusValues.valid
        : // What has ended can still be revoked from the start: the graver finding stands (行政许可法 art. 69).
          change === 'revoked' || change === 'penalty'
          ? !lasting.some(({ kind }) => kind === 'revoked' || kind === change)
          : value === statusValues.valid || value === statusValues.suspended
  if (!possible) throw new Fault('status-not-possible', { at: 'change', detail: change })
}
