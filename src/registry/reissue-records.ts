import { checkDraft } from '#core/credential/check-draft.ts'
import { familyOfCode } from '#core/credential/families.ts'
import type { Draft } from '#core/credential/family.ts'
import { parseSdJwt } from '#core/credential/parse-sd-jwt.ts'
import type { JsonObject } from '#core/encoding/parse-json.ts'
import { Fault } from '#core/fault.ts'
import type { FamilyId } from '#core/model/family-id.ts'
import { instantOf, type Instant } from '#core/model/instant.ts'
import { readUuid, uuidText } from '#core/model/uuid.ts'
import { findDraft, insertDrafts } from '#storage/drafts.ts'
import type { Writer } from '#storage/open-store.ts'
import { findRecordById, type RecordRow } from '#storage/records.ts'
import { countReissues, findReissue, listOpenReissues, setReissueDraft } from '#storage/reissues.ts'
import { draftRow, issueDrafts, policyOf, readyToSign, requireSource, type ReadyDraft } from './draft-record.ts'
import { loadRecord } from './find-record.ts'
import type { Office } from './office.ts'
import { pageOf, pageStart, type Page, type PageRequest } from './page.ts'
import { audit, perform, type Request } from './perform.ts'
import { publishStatusLists } from './publish.ts'
import { requireInForce } from './replace-record.ts'

export interface ReissueSummary {
  /** The record that has to be issued again. */
  readonly record: string
  readonly family: FamilyId
  readonly number: string
  readonly reason: string
  /** The key that took it down. */
  readonly kid: string
  readonly queuedAt: Instant
  /** The draft that waits for a second person. */
  readonly draft?: string
  readonly draftedBy?: string
}

/** What waits to be issued again, oldest records first. */
export async function reissuePage({ store }: Pick<Office, 'store'>, request: PageRequest): Promise<Page<ReissueSummary>> {
  const { after, limit } = pageStart(request)
  const rows = await listOpenReissues(store.read, { after, limit: limit + 1 })
  const records = new Map<string, RecordRow>()
  for (const { recordId } of rows) records.set(uuidText(recordId), (await findRecordById(store.read, { id: recordId }))!) // the queue refers to it
  return pageOf(
    rows,
    limit,
    ({ recordId }) => recordId,
    ({ recordId, reason, kid, queuedAt, draftId, draftState, draftedBy }) => {
      const record = uuidText(recordId)
      const { family, number } = records.get(record)!
      const open = draftId !== null && draftState === 'open' && draftedBy !== null
      return {
        record,
        family: familyOfCode(family)!.id, // written by enterRecords alone
        number,
        reason,
        kid,
        queuedAt: instantOf(queuedAt),
        ...(open ? { draft: uuidText(draftId), draftedBy } : {}),
      }
    },
  )
}

/** How far the work is. */
export async function reissueProgress({
  store,
}: Pick<Office, 'store'>): Promise<{ readonly waiting: number; readonly drafted: number; readonly done: number }> {
  const { waiting, drafted, done } = (await countReissues(store.read, {}))! // an aggregate is one row
  return { waiting: waiting || 0, drafted: drafted || 0, done: done || 0 }
}

export interface ReissueBatch extends JsonObject {
  readonly done: readonly { readonly record: string; readonly draft: string }[]
  /** What was passed over, and why: erased, revoked meanwhile, refused by today's lint, drafted by the same person. */
  readonly passed: readonly { readonly record: string; readonly code: string }[]
  /** Where the next batch begins; null when all have been looked at. */
  readonly next: string | null
}

export interface BatchPlan extends PageRequest {
  /** Only this record. */
  readonly record?: string | undefined
}

/** First of two people, for one record or a batch of the queue: what was signed is drafted anew. A record whose draft is open is not drafted twice. */
export function draftReissues(office: Office, request: Request, plan: BatchPlan): Promise<ReissueBatch> {
  return inBatch(office, request, plan, async (tx, rows) => {
    const done: { record: string; draft: string }[] = []
    const passed: { record: string; code: string }[] = []
    for (const { recordId, draft: before } of rows) {
      const record = uuidText(recordId)
      if (before !== undefined) continue
      try {
        const { family, draft } = await contentOf(tx, office, recordId)
        checkDraft(family, draft, policyOf(office))
        const id = office.newId()
        await insertDrafts(tx, [draftRow(office, request, id, family.id, draft)])
        await setReissueDraft(tx, { recordId, draftId: id })
        await audit(tx, office, { actor: request.actor, action: 'draft', subject: uuidText(id), detail: { replaces: record } })
        done.push({ record, draft: uuidText(id) })
      } catch (fault) {
        passed.push({ record, code: codeOf(fault) })
      }
    }
    return { done, passed }
  })
}

/** Second of two people, for a batch: those that the same person has drafted, or whose warnings are not named, are passed over. */
export async function approveReissues(
  office: Office,
  request: Request,
  { acknowledged = [], ...plan }: BatchPlan & { readonly acknowledged?: readonly string[] | undefined },
): Promise<ReissueBatch> {
  const batch = await inBatch(office, request, plan, async (tx, rows) => {
    const ready: ReadyDraft[] = []
    const passed: { record: string; code: string }[] = []
    for (const { recordId, draft: id } of rows) {
      if (id === undefined) continue
      try {
        const row = (await findDraft(tx, { id }))! // the queue refers to it
        await requireSource(office, row)
        ready.push(await readyToSign(tx, office, request, row, acknowledged))
      } catch (fault) {
        passed.push({ record: uuidText(recordId), code: codeOf(fault) })
      }
    }
    await issueDrafts(tx, office, request, ready)
    return { done: ready.map(({ row, replaced }) => ({ record: uuidText(replaced!.record.id), draft: uuidText(row.id) })), passed } // every draft of the queue replaces something
  })
  await publishStatusLists(office)
  return batch
}

interface QueuedRow {
  readonly recordId: Uint8Array
  /** Its open draft. */
  readonly draft: Uint8Array | undefined
}

type Work = (tx: Writer, rows: readonly QueuedRow[]) => Promise<Pick<ReissueBatch, 'done' | 'passed'>>

/** One batch is one transaction: it has happened or it has not, and the next begins where it ended. */
function inBatch(office: Office, request: Request, { record, ...page }: BatchPlan, work: Work): Promise<ReissueBatch> {
  const { after, limit } = pageStart(page)
  return perform(office, request, async (tx): Promise<ReissueBatch> => {
    if (record !== undefined) return { ...(await work(tx, [await findQueued(tx, record)])), next: null }
    const rows = await listOpenReissues(tx, { after, limit: limit + 1 })
    const { items, next } = pageOf(rows, limit, ({ recordId }) => recordId, queuedRow)
    return { ...(await work(tx, items)), next }
  })
}

const queuedRow = ({ recordId, draftId, draftState }: Awaited<ReturnType<typeof listOpenReissues>>[number]): QueuedRow => ({
  recordId,
  draft: draftState === 'open' ? (draftId ?? undefined) : undefined,
})

async function findQueued(tx: Writer, record: string): Promise<QueuedRow> {
  const recordId = readUuid(record)
  const reissue = recordId === undefined ? undefined : await findReissue(tx, { recordId })
  if (reissue === undefined || reissue.doneAt !== null) throw new Fault('record-unknown', { at: record })
  const draft = reissue.draftId === null ? undefined : await findDraft(tx, { id: reissue.draftId })
  return { recordId: reissue.recordId, draft: draft?.state === 'open' ? draft.id : undefined }
}

/** What a record says, as a draft says it. Its number stays with it: the successor gets one of its own. Faults: `record-erased`, `status-not-possible`. */
async function contentOf(tx: Writer, office: Office, id: Uint8Array) {
  const row = (await findRecordById(tx, { id }))! // the queue refers to it
  requireInForce(row)
  const family = familyOfCode(row.family)! // written by enterRecords alone
  const { claims, disclosed } = parseSdJwt(await loadRecord(office, tx, id), office.engine)
  const draft: Draft = {
    body: Object.fromEntries(family.members.filter((member) => member in claims).map((member) => [member, claims[member]])),
    personal: disclosed,
    ...(typeof claims['exp'] === 'number' ? { exp: claims['exp'] } : {}),
  }
  return { family, draft }
}

/** Only what is wrong with one record is passed over; trouble with the store or the key ends the batch. */
function codeOf(fault: unknown): string {
  if (!(fault instanceof Fault) || fault.code.startsWith('storage-') || fault.code.startsWith('key-') || fault.code.startsWith('device-')) throw fault
  return fault.code
}
