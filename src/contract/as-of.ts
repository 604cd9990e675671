import { z } from 'zod'

import { Digest } from '#core/model/digest.ts'
import { DivisionCode } from '#core/model/division-code.ts'
import { Instant } from '#core/model/instant.ts'
import { knowledge } from '#core/views/status-as-of.ts'
import { Records } from './public.ts'
import type { Route } from './route.ts'
import { VerdictReply } from './verdict-schema.ts'

const signed = z.string().meta({
  description:
    'Compact JWS (`typ: comity-as-of+jwt`) under a key of use `status` in the key manifest of this node: the instant, when this is said, and the digest of what is given',
})

const AsOfFile = z
  .strictObject({
    kind: z.enum(['manifest', 'alliance', 'rules', 'freshness', 'status']),
    subject: z.string(),
    version: z.int().optional(),
    digest: Digest.meta({ description: 'SHA-256 of `content` (UTF-8)' }),
    content: z.string().meta({ description: 'The file as it was signed; of a status list JSON with its two bits a record and the reasons' }),
  })
  .meta({ id: 'AsOfFile' })

export const AsOfAnswer = z
  .strictObject({
    asOf: Instant,
    saidAt: Instant,
    genesis: Instant.meta({ description: 'When this node began' }),
    kind: z.enum(['all', 'manifest', 'rules', 'alliance', 'status']),
    subject: z.string(),
    outcome: z
      .enum(['held', 'not-held', 'before-genesis'])
      .meta({ description: 'not-held: the node held nothing of the kind, or did not keep versions yet; before-genesis: there was no node' }),
    files: z.array(AsOfFile),
    signed,
  })
  .meta({ id: 'AsOfAnswer', description: 'What this node held at an instant in the past. An instant in the future is refused' })

const instant = z.strictObject({ instant: Instant })
const about = { method: 'get', reply: AsOfAnswer, throttle: 'verify' } as const

export const everythingAsOf = {
  ...about,
  id: 'everythingAsOf',
  path: '/as-of/{instant}',
  summary: { zh: '某一时刻所持的全部信任文件', en: 'All trust files but status lists that the node held at an instant' },
  params: instant,
} satisfies Route

export const manifestAsOf = {
  ...about,
  id: 'manifestAsOf',
  path: '/as-of/{instant}/manifest',
  summary: { zh: '某一时刻的公钥清单', en: 'The key manifest that stood at an instant' },
  params: instant,
} satisfies Route

export const rulesAsOf = {
  ...about,
  id: 'rulesAsOf',
  path: '/as-of/{instant}/rules',
  summary: { zh: '某一时刻有效的互认规则', en: 'The rule sets that were held and in force at an instant' },
  params: instant,
} satisfies Route

export const allianceAsOf = {
  ...about,
  id: 'allianceAsOf',
  path: '/as-of/{instant}/alliances/{alliance}',
  summary: { zh: '某一时刻的联盟名录', en: 'The alliance list that was held at an instant' },
  params: z.strictObject({ instant: Instant, alliance: z.string().regex(/^[a-z0-9-]{1,64}$/) }),
} satisfies Route

export const statusAsOfRoute = {
  ...about,
  id: 'statusAsOf',
  path: '/as-of/{instant}/status/{no}',
  summary: { zh: '某一时刻的状态列表', en: 'A status list as of an instant, made from its changes' },
  params: z.strictObject({ instant: Instant, no: z.string().regex(/^[1-9]\d{0,8}$/) }),
  query: z.strictObject({
    known: z.enum(knowledge).optional().meta({
      description: 'now (as it is where left out): what counts for that instant, with revocations that became known later; then: what was said on that day',
    }),
  }),
} satisfies Route

export const verifyAsOfRoute = {
  id: 'verifyAsOf',
  method: 'post',
  path: '/as-of/{instant}/verify',
  summary: {
    zh: '按某一时刻所持的名录、规则和公钥清单核验记录',
    en: 'Verify up to a hundred records as of an instant, by the lists, rules and manifests that were held then',
  },
  params: instant,
  body: z
    .strictObject({
      records: Records,
      for: DivisionCode.optional().meta({ description: 'What they count for in this place; left out: nothing is said of recognition' }),
      purpose: z.string().min(1).max(64).optional(),
      appliedOn: z.iso.date().optional().meta({ description: 'Day of the application; the day of the instant where it is left out' }),
    })
    .meta({ id: 'VerifyAsOfRequest' }),
  limit: 'many',
  throttle: 'verify',
  reply: z
    .strictObject({ asOf: Instant, saidAt: Instant, verdicts: z.array(VerdictReply), signed })
    .meta({ id: 'VerdictsAsOf', description: '`signed` holds the SHA-256 of the canonical JSON (RFC 8785) of each verdict, in their order' }),
} satisfies Route
