import { z } from 'zod'

import { FamilyId } from '#core/model/family-id.ts'
import { Instant } from '#core/model/instant.ts'
import type { Route } from './route.ts'
import { pageQuery, Uuid } from './schemas.ts'

const Reissue = z
  .strictObject({
    record: Uuid,
    family: FamilyId,
    number: z.string(),
    reason: z.string(),
    kid: z.string().meta({ description: 'The key that took the record down' }),
    queuedAt: Instant,
    draft: Uuid.optional().meta({ description: 'The draft that waits for a second person' }),
    draftedBy: z.string().optional(),
  })
  .meta({ id: 'Reissue', description: "A record of the bureau's own that has to be issued again" })

const batch = {
  record: Uuid.optional().meta({ description: 'Only this record' }),
  after: Uuid.optional().meta({ description: 'Where the batch before ended' }),
  limit: z.int().min(1).max(500).optional().meta({ description: 'How many of the queue are looked at; 100 where it is left out' }),
}

const ReissueBatch = z
  .strictObject({
    done: z.array(z.strictObject({ record: Uuid, draft: Uuid })),
    passed: z.array(z.strictObject({ record: Uuid, code: z.string() })).meta({ description: 'What was passed over, and why' }),
    next: Uuid.nullable().meta({ description: 'Pass it as `after` for the next batch; null when all have been looked at' }),
  })
  .meta({ id: 'ReissueBatch' })

export const listReissues = {
  id: 'listReissues',
  method: 'get',
  path: '/reissues',
  summary: { zh: '待重新签发的记录', en: 'Records that have to be issued again, oldest first, and how far the work is' },
  scope: ['draft', 'approve'],
  query: z.strictObject(pageQuery),
  reply: z.strictObject({ items: z.array(Reissue), next: Uuid.nullable(), waiting: z.int(), drafted: z.int(), done: z.int() }),
} satisfies Route

export const draftReissuesRoute = {
  id: 'draftReissues',
  method: 'post',
  path: '/reissues/drafts',
  summary: { zh: '起草重新签发', en: 'Draft anew what was signed, for one record or a batch of the queue. Somebody else approves it' },
  scope: ['draft'],
  body: z.strictObject(batch),
  idempotent: true,
  reply: ReissueBatch,
} satisfies Route

export const approveReissuesRoute = {
  id: 'approveReissues',
  method: 'post',
  path: '/reissues/approvals',
  summary: { zh: '审批重新签发', en: 'Approve such drafts that somebody else wrote, in a batch; each old record is voided as its successor is registered' },
  scope: ['approve'],
  body: z.strictObject({
    ...batch,
    acknowledged: z.array(z.string().max(64)).max(50).optional().meta({ description: 'Codes of the warnings that the approver has looked into' }),
  }),
  idempotent: true,
  reply: ReissueBatch,
} satisfies Route
