import { z } from 'zod'

import { CertificateNumber } from '#core/credential/envelope.ts'
import { FamilyId } from '#core/model/family-id.ts'
import { Instant } from '#core/model/instant.ts'
import { statusChanges } from '#core/status/status-reasons.ts'
import type { Route } from './route.ts'
import { Holder, LogProofText, Reason, RecordSummary, Uuid } from './schemas.ts'

const params = z.strictObject({ record: Uuid })

export const getRecord = {
  id: 'getRecord',
  method: 'get',
  path: '/records/{record}',
  summary: { zh: '按编号标识查询记录', en: 'What the register says of a record, without personal data' },
  scope: ['read'],
  params,
  reply: RecordSummary,
} satisfies Route

export const lookUpRecords = {
  id: 'lookUpRecords',
  method: 'post',
  path: '/records/lookup',
  summary: {
    zh: '按证书编号或持证人查询',
    en: 'Records by family and number, or all of a person. In the body, since neither belongs into a URL; a look-up by person is audited',
  },
  scope: ['read'],
  body: z.union([z.strictObject({ family: FamilyId, number: CertificateNumber }), z.strictObject({ holder: Holder })]),
  reply: z.strictObject({ records: z.array(RecordSummary) }),
} satisfies Route

export const presentRecord = {
  id: 'presentRecord',
  method: 'post',
  path: '/records/{record}/presentation',
  summary: { zh: '出具签名文件（可选披露项）', en: 'The signed text with the disclosures chosen; audited' },
  scope: ['read'],
  params,
  body: z.strictObject({ disclose: z.array(z.string().max(64)).max(16).optional().meta({ description: 'All where it is left out' }) }),
  reply: z.strictObject({
    record: Uuid,
    number: z.string(),
    text: z.string(),
    proof: LogProofText.optional().meta({ description: 'By when it stood in the log, once enough other cities have cosigned that' }),
  }),
} satisfies Route

export const changeStatusRoute = {
  id: 'changeStatus',
  method: 'post',
  path: '/records/{record}/status-changes',
  summary: { zh: '中止、恢复、撤销、吊销、注销、作废', en: 'Suspend, reinstate, revoke, withdraw, cancel or void a record' },
  scope: ['status'],
  params,
  body: z.strictObject({
    change: z.enum(statusChanges),
    reason: z.string().max(64).meta({ description: 'A reason code of the change' }),
    effectiveOn: Instant.optional().meta({ description: 'Since when it counts; now where it is left out, never later' }),
    note: Reason.optional(),
  }),
  idempotent: true,
  reply: z.strictObject({ record: Uuid, number: z.string(), change: z.enum(statusChanges), reason: z.string(), effectiveOn: Instant }),
} satisfies Route

export const statusHistoryRoute = {
  id: 'statusHistory',
  method: 'get',
  path: '/records/{record}/status-changes',
  summary: { zh: '状态变更记载', en: 'Everything that has befallen a record, in the order in which it was recorded' },
  scope: ['read', 'status'],
  params,
  reply: z.strictObject({
    record: Uuid,
    changes: z.array(
      z.strictObject({
        change: z.enum(statusChanges),
        reason: z.string(),
        effectiveOn: Instant,
        recordedAt: Instant,
        actor: z.string(),
        note: z.string().optional(),
      }),
    ),
  }),
} satisfies Route

export const handOutCode = {
  id: 'handOutClaimCode',
  method: 'post',
  path: '/records/{record}/claim-codes',
  summary: { zh: '发放领取码', en: 'A claim code for the holder, good once' },
  scope: ['hand-out'],
  params,
  body: z.strictObject({ days: z.int().min(1).max(90).optional().meta({ description: 'How long it is good; 30 where it is left out' }) }),
  idempotent: true,
  reply: z.strictObject({ code: z.string(), expiresOn: Instant }),
} satisfies Route
