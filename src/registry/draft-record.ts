import { checkDraft } from '#core/credential/check-draft.ts'
import { families, familyOfCode } from '#core/credential/families.ts'
import type { Draft, LintFinding, RecordClaims } from '#core/credential/family.ts'
import { sourceOfRecognition } from '#core/credential/family/recognition.ts'
import type { JsonObject } from '#core/encoding/parse-json.ts'
import { Fault } from '#core/fault.ts'
import { contentDigest } from '#core/ledger/repeats.ts'
import type { FamilyId } from '#core/model/family-id.ts'
import { dayOf, secondsOf } from '#core/model/instant.ts'
import type { PartialDate } from '#core/model/partial-date.ts'
import { readUuid, uuidText } from '#core/model/uuid.ts'
import { checkSource } from '#core/verify/check-status.ts'
import { shippedPolicy } from '#core/verify/verdict.ts'
import { decideDraft, findDraft, insertDrafts, type Draft as DraftRow, type DraftDecision } from '#storage/drafts.ts'
import type { Reader, Writer } from '#storage/open-store.ts'
import { enterRecords, type Entry } from './enter-record.ts'
import { holdTrust } from './held-trust.ts'
import type { Office } from './office.ts'
import { ownSchemes } from './open-office.ts'
import { audit, perform, type AuditEvent, type Request } from './perform.ts'
import { publishStatusLists } from './publish.ts'
import { contentIndex, holderIndex, openPersonal, sealPersonal } from './record-personal.ts'
import { findReplaced, voidReplaced, type Replaced } from './replace-record.ts'
import { samePerson } from './same-person.ts'

export interface DraftReceipt extends JsonObject {
  readonly draft: string
  readonly warnings: readonly { readonly at: string; readonly code: string }[]
}

export const warningsOf = (warnings: readonly LintFinding[]) => warnings.map(({ member, code }) => ({ at: member, code }))

export const policyOf = ({ authority, clock, keyring, schemes }: Pick<Office, 'authority' | 'clock' | 'keyring' | 'schemes'>) => ({
  today: dayOf(clock()) as PartialDate, // a day of the calendar
  scope: keyring.issueScope,
  division: authority.division,
  schemes: ownSchemes(authority, schemes),
})

/** What a draft says, whoever wrote it and whenever. */
const contentIndexOf = ({ body, number, personal }: Draft, { engine, vault }: Pick<Office, 'engine' | 'vault'>): Uint8Array =>
  contentIndex(vault, contentDigest({ body, number, personal }, engine.sha256))

/** First of two people: what shall be signed is written down. It is linted now, so that its author hears of it, and again before the key. */
export async function draftRecord(office: Office, request: Request, family: FamilyId, value: unknown): Promise<DraftReceipt> {
  if (family === 'recognition') throw new Fault('draft-refused', { at: 'family', detail: 'a recognition comes of a verdict' })
  return storeDraft(office, request, family, value)
}

/** The same for drafts that the node makes itself, with what its author answers for. */
export async function storeDraft(
  office: Office,
  request: Request,
  family: FamilyId,
  value: unknown,
  grounds: Pick<AuditEvent, 'reason' | 'detail'> = {},
): Promise<DraftReceipt> {
  const { draft, warnings } = checkDraft(families[family], value, policyOf(office))
  const id = office.newId()
  return perform(office, request, async (tx) => {
    await insertDrafts(tx, [draftRow(office, request, id, family, draft)])
    await audit(tx, office, { actor: request.actor, action: 'draft', subject: uuidText(id), ...grounds })
    return { draft: uuidText(id), warnings: warningsOf(warnings) }
  })
}

/** A draft as it is stored; what is personal is sealed from the first moment. */
export const draftRow = (
  office: Pick<Office, 'vault' | 'clock'>,
  { actor }: Pick<Request, 'actor'>,
  id: Uint8Array,
  family: FamilyId,
  draft: Draft,
): DraftRow => ({
  id,
  family: families[family].code,
  state: 'open',
  claims: { ...draft.body, ...(draft.exp === undefined ? {} : { exp: draft.exp }) },
  personalSealed: sealPersonal(office.vault, id, draft.personal as JsonObject), // passed the family's schema
  holderIndex: holderIndex(office.vault, draft.personal),
  number: draft.number ?? null,
  createdBy: actor,
  createdAt: secondsOf(office.clock()),
  decidedBy: null,
  decidedAt: null,
  reason: null,
  recordId: null,
})

export interface IssueReceipt extends JsonObject {
  readonly record: string
  readonly number: string
  readonly registration: string
}

/**
 * Second of two people. Whoever drafted it cannot approve it; warnings must be named one by one. Check, number, signature, record
 * and outbox are one transaction, answered after its commit.
 */
export async function approveDraft(office: Office, request: Request, draftId: string, acknowledged: readonly string[] = []): Promise<IssueReceipt> {
  // Read once: what a draft says never changes, and whether it is still open is asked again when it is settled.
  const found = await lookUpDraft(office.store.read, draftId)
  await requireSource(office, found)
  const { voided, ...receipt } = await perform(office, request, async (tx) => {
    const ready = await readyToSign(tx, office, request, requireOpen(found, draftId), acknowledged)
    const [issued] = await issueDrafts(tx, office, request, [ready])
    return { ...issued!, voided: ready.replaced !== undefined }
  })
  // Of a record that was replaced somebody may hold a copy: they see it as soon as they ask.
  if (voided) await publishStatusLists(office)
  return receipt
}

export interface ReadyDraft {
  readonly row: DraftRow
  readonly entry: Entry
  readonly replaced: Replaced | undefined
}

/** The second look at a draft, by somebody else than whoever wrote it. Faults: `draft-own-approval`, `draft-refused`, `draft-unacknowledged`, `status-not-possible`. */
export async function readyToSign(
  from: Reader,
  office: Office,
  { actor }: Pick<Request, 'actor'>,
  row: DraftRow,
  acknowledged: readonly string[],
): Promise<ReadyDraft> {
  const at = uuidText(row.id)
  if (samePerson(row.createdBy, actor)) throw new Fault('draft-own-approval', { at })
  const { exp, ...body } = row.claims
  const personal = openPersonal(office.vault, row.id, row.personalSealed)
  const value = { body, personal, ...(row.number === null ? {} : { number: row.number }), ...(exp === undefined ? {} : { exp }) }
  const checked = checkDraft(familyOfCode(row.family)!, value, policyOf(office))
  const silent = checked.warnings.filter(({ code }) => !acknowledged.includes(code))
  if (silent.length > 0) throw new Fault('draft-unacknowledged', { at, findings: warningsOf(silent) })
  const replaced = await findReplaced(from, office, row.id)
  return { row, entry: { checked, contentDigest: contentIndexOf(checked.draft, office), ...replaced?.marks }, replaced }
}

/** Signs, registers and settles drafts, and voids what they replace, in the caller's transaction: all or none. */
export async function issueDrafts(tx: Writer, office: Office, request: Pick<Request, 'actor'>, ready: readonly ReadyDraft[]): Promise<readonly IssueReceipt[]> {
  const entered = await enterRecords(
    tx,
    office,
    ready.map(({ entry }) => entry),
  )
  const receipts: IssueReceipt[] = []
  for (const [index, { row, entry, replaced }] of ready.entries()) {
    const { id, number, registration } = entered[index]!
    const draft = uuidText(row.id)
    await settle(tx, draft, { id: row.id, state: 'approved', decidedBy: request.actor, decidedAt: secondsOf(office.clock()), reason: null, recordId: id })
    const heeded = [...new Set(entry.checked.warnings.map(({ code }) => code))]
    await audit(tx, office, {
      actor: request.actor,
      action: 'issue',
      subject: uuidText(id),
      detail: {
        draft,
        draftedBy: row.createdBy,
        number,
        registration,
        ...(heeded.length === 0 ? {} : { acknowledged: heeded }),
        ...(replaced === undefined ? {} : { replaces: uuidText(replaced.record.id) }),
      },
    })
    if (replaced !== undefined) await voidReplaced(tx, office, request, replaced)
    receipts.push({ record: uuidText(id), number, registration })
  }
  return receipts
}

/** Days may have passed since a recognition was drafted: what it stands on must not have fallen meanwhile. */
export async function requireSource(office: Office, row: DraftRow | undefined): Promise<void> {
  const source = row === undefined || row.state !== 'open' ? undefined : sourceOfRecognition(familyOfCode(row.family)!, row.claims as unknown as RecordClaims) // its draft has passed the family's schema
  if (source === undefined) return
  const { trust } = await holdTrust(office)
  const { answer, reason } = checkSource(source, trust, office.clock(), shippedPolicy)
  if (answer !== 'yes') throw new Fault('recognition-not-possible', { at: 'source', findings: [{ at: 'source', code: reason ?? answer }] })
}

/** The second person says no, with the reason that the first is owed. */
export async function rejectDraft(office: Office, request: Request, draftId: string, reason: string): Promise<{ readonly draft: string }> {
  return perform(office, request, async (tx) => {
    const row = requireOpen(await lookUpDraft(tx, draftId), draftId)
    await settle(tx, draftId, { id: row.id, state: 'rejected', decidedBy: request.actor, decidedAt: secondsOf(office.clock()), reason, recordId: null })
    await audit(tx, office, { actor: request.actor, action: 'reject', subject: draftId, reason })
    return { draft: draftId }
  })
}

// Between our look and our decision somebody else may have decided.
async function settle(tx: Writer, draftId: string, decision: DraftDecision): Promise<void> {
  if (!(await decideDraft(tx, decision))) throw new Fault('draft-decided', { at: draftId })
}

async function lookUpDraft(from: Reader, draftId: string): Promise<DraftRow | undefined> {
  const id = readUuid(draftId)
  return id === undefined ? undefined : findDraft(from, { id })
}

function requireOpen(row: DraftRow | undefined, draftId: string): DraftRow {
  if (row === undefined) throw new Fault('draft-unknown', { at: draftId })
  if (row.state !== 'open') throw new Fault('draft-decided', { at: draftId, detail: row.state })
  return row
}
