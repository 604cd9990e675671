import { familyOfCode } from '#core/credential/families.ts'
import type { JsonObject } from '#core/encoding/parse-json.ts'
import { Fault } from '#core/fault.ts'
import type { FamilyId } from '#core/model/family-id.ts'
import { instantOf, type Instant } from '#core/model/instant.ts'
import { readUuid, uuidText } from '#core/model/uuid.ts'
import { findDraft, listDrafts, type Draft } from '#storage/drafts.ts'
import { audit } from './perform.ts'
import type { Office } from './office.ts'
import { pageOf, pageStart, type Page, type PageRequest } from './page.ts'
import { openPersonal } from './record-personal.ts'

export interface DraftSummary {
  readonly draft: string
  readonly family: FamilyId
  readonly state: Draft['state']
  readonly createdBy: string
  readonly createdAt: Instant
  readonly decidedBy?: string
  readonly decidedAt?: Instant
  readonly reason?: string
  readonly record?: string
}

/** Drafts in one state, oldest first, without what is personal. */
export async function draftPage({ store }: Pick<Office, 'store'>, state: Draft['state'], request: PageRequest): Promise<Page<DraftSummary>> {
  const { after, limit } = pageStart(request)
  return pageOf(await listDrafts(store.read, { state, after, limit: limit + 1 }), limit, ({ id }) => id, summaryOf)
}

const summaryOf = (row: Draft): DraftSummary => ({
  draft: uuidText(row.id),
  family: familyOfCode(row.family)!.id, // written by storeDraft alone
  state: row.state,
  createdBy: row.createdBy,
  createdAt: instantOf(row.createdAt),
  ...(row.decidedBy === null ? {} : { decidedBy: row.decidedBy }),
  ...(row.decidedAt === null ? {} : { decidedAt: instantOf(row.decidedAt) }),
  ...(row.reason === null ? {} : { reason: row.reason }),
  ...(row.recordId === null ? {} : { record: uuidText(row.recordId) }),
})

export interface DraftView extends DraftSummary {
  readonly number?: string
  readonly body: JsonObject
  /** Only for those who have to see it: an approver, or whoever wrote it. Seeing it is audited. */
  readonly personal?: JsonObject
}

export async function readDraft(
  office: Office,
  draftId: string,
  { actor, approves }: { readonly actor: string; readonly approves: boolean },
): Promise<DraftView> {
  const id = readUuid(draftId)
  const row = id === undefined ? undefined : await findDraft(office.store.read, { id })
  if (row === undefined) throw new Fault('draft-unknown', { at: draftId })
  const view = { ...summaryOf(row), ...(row.number === null ? {} : { number: row.number }), body: row.claims }
  if (!approves && row.createdBy !== actor) return view
  await office.store.atomically((tx) => audit(tx, office, { actor, action: 'view-draft', subject: draftId }))
  return { ...view, personal: openPersonal(office.vault, row.id, row.personalSealed) }
}
