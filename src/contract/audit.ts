import { z } from 'zod'

import { Instant } from '#core/model/instant.ts'
import type { Route } from './route.ts'
import { page, pageQuery, Uuid } from './schemas.ts'

export const listAudit = {
  id: 'listAudit',
  method: 'get',
  path: '/audit',
  summary: { zh: '审计记录', en: 'Who did what, when and why, oldest first; of one subject where it is named' },
  scope: ['audit'],
  query: z.strictObject({ ...pageQuery, subject: z.string().min(1).max(300).optional() }),
  reply: page(
    z.strictObject({
      id: Uuid,
      at: Instant,
      actor: z.string(),
      action: z.string(),
      subject: z.string(),
      reason: z.string().optional(),
      detail: z.record(z.string(), z.unknown()).optional(),
    }),
  ),
} satisfies Route
