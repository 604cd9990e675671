import { z } from 'zod'

import { families } from '#core/credential/families.ts'
import { FamilyId, familyIds } from '#core/model/family-id.ts'
import { Instant } from '#core/model/instant.ts'
import type { Route } from './route.ts'
import { page, pageQuery, Reason, Uuid } from './schemas.ts'

const Warning = z.strictObject({ at: z.string(), code: z.string() }).meta({ id: 'DraftWarning', description: 'What the approver must acknowledge by its code' })

const draftOf = <Id extends FamilyId>(id: Id) => z.strictObject({ family: z.literal(id), draft: families[id].draft })

/** Every family but the recognition, which comes of a verdict (`draftRecognition`). */
const [first, ...others] = familyIds.filter((id) => id !== 'recognition').map(draftOf)
export const NewDraft = z.discriminatedUnion('family', [first!, ...others]).meta({ id: 'NewDraft' }) // there are families

export const DraftReceipt = z.strictObject({ draft: Uuid, warnings: z.array(Warning) }).meta({ id: 'DraftReceipt' })

const states = ['open', 'approved', 'rejected'] as const

const summary = {
  draft: Uuid,
  family: FamilyId,
  state: z.enum(states),
  createdBy: z.string(),
  createdAt: Instant,
  decidedBy: z.string().optional(),
  decidedAt: Instant.optional(),
  reason: z.string().optional(),
  record: Uuid.optional(),
}

export const DraftSummary = z.strictObject(summary).meta({ id: 'DraftSummary' })

export const createDraft = {
  id: 'createDraft',
  method: 'post',
  path: '/drafts',
  summary: { zh: '起草记录', en: 'Draft a record. Somebody else approves it' },
  scope: ['draft'],
  body: NewDraft,
  idempotent: true,
  reply: DraftReceipt,
} satisfies Route

export const listDraftsRoute = {
  id: 'listDrafts',
  method: 'get',
  path: '/drafts',
  summary: { zh: '草稿列表', en: 'Drafts in one state, oldest first, without personal data' },
  scope: ['draft', 'approve', 'recognise'],
  query: z.strictObject({ state: z.enum(states).optional(), ...pageQuery }),
  reply: page(DraftSummary),
} satisfies Route

export const getDraft = {
  id: 'getDraft',
  method: 'get',
  path: '/drafts/{draft}',
  summary: { zh: '查看草稿', en: 'A draft. Personal data are shown to approvers and to whoever wrote it' },
  scope: ['draft', 'approve', 'recognise'],
  params: z.strictObject({ draft: Uuid }),
  reply: z.strictObject({
    ...summary,
    number: z.string().optional(),
    body: z.record(z.string(), z.unknown()),
    personal: z.record(z.string(), z.unknown()).optional(),
  }),
} satisfies Route

export const approveDraftRoute = {
  id: 'approveDraft',
  method: 'post',
  path: '/drafts/{draft}/approval',
  summary: { zh: '审批并签发', en: 'Approve a draft that somebody else wrote; the record is signed and registered' },
  scope: ['approve'],
  params: z.strictObject({ draft: Uuid }),
  body: z.strictObject({
    acknowledged: z.array(z.string().max(64)).max(50).optional().meta({ description: 'Codes of the warnings that the approver has looked into' }),
  }),
  idempotent: true,
  reply: z.strictObject({ record: Uuid, number: z.string(), registration: z.string() }),
} satisfies Route

export const rejectDraftRoute = {
  id: 'rejectDraft',
  method: 'post',
  path: '/drafts/{draft}/rejection',
  summary: { zh: '退回草稿', en: 'Reject a draft, with the reason' },
  scope: ['approve'],
  params: z.strictObject({ draft: Uuid }),
  body: z.strictObject({ reason: Reason }),
  idempotent: true,
  reply: z.strictObject({ draft: Uuid }),
} satisfies Route
