import { z } from 'zod'

import { factNames } from '#core/rules/facts.ts'
import { modes } from '#core/rules/rule-set.ts'
import { DraftReceipt } from './drafts.ts'
import type { Route } from './route.ts'
import { Reason, SignedRecord } from './schemas.ts'

const Stated = z
  .partialRecord(z.enum(factNames), z.union([z.string().max(200), z.boolean(), z.number()]))
  .meta({ id: 'StatedFacts', description: 'Facts that no record carries and that the officer answers for' })

export const draftRecognitionRoute = {
  id: 'draftRecognition',
  method: 'post',
  path: '/recognitions',
  summary: { zh: '起草互认确认', en: "Draft the recognition of another city's record, from its signed text. Somebody else approves it" },
  scope: ['recognise'],
  body: z.strictObject({
    record: SignedRecord,
    purpose: z.string().min(1).max(64).optional(),
    appliedOn: z.iso.date().optional(),
    stated: Stated.optional(),
    staleReason: Reason.optional().meta({ description: 'Why it shall be issued although trust data are stale' }),
  }),
  idempotent: true,
  reply: DraftReceipt.extend({ mode: z.enum(modes) }),
} satisfies Route
