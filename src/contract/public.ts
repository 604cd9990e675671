import { z } from 'zod'

import { PublicJwk } from '#core/crypto/read-public-key.ts'
import { DivisionCode } from '#core/model/division-code.ts'
import { Digest } from '#core/model/digest.ts'
import { Instant } from '#core/model/instant.ts'
import { Anchors } from '#core/trust/anchors.ts'
import type { Route } from './route.ts'
import { IssuerUrl, LogProofText, SignedRecord } from './schemas.ts'
import { VerdictReply } from './verdict-schema.ts'

export const health = {
  id: 'health',
  method: 'get',
  path: '/healthz',
  summary: { zh: '进程存活', en: 'The process is alive' },
  reply: z.strictObject({ alive: z.literal(true) }),
} satisfies Route

export const readinessChecks = ['store', 'keys', 'trust', 'manifest'] as const

/** Uses whose key ends within thirty days, or has ended: somebody has to rotate it. */
const endingUses = ['authority', 'issue', 'log', 'witness'] as const

export const readiness = {
  id: 'readiness',
  method: 'get',
  path: '/readyz',
  summary: {
    zh: '可以受理：数据库应答、密钥已开启、信任数据已装配、公钥清单未过期',
    en: 'Ready to serve: the store answers, keys are open, trust is assembled, the manifest has not expired',
  },
  reply: z.strictObject({
    ready: z.literal(true),
    iss: IssuerUrl,
    division: DivisionCode,
    checks: z.array(z.enum(readinessChecks)),
    keysEnding: z.array(z.enum(endingUses)),
    alarms: z.int().meta({
      description:
        'Contradictions in the trust data that are held, and neighbours’ logs that went back on what they had shown: the node works on, and a person has to look into them',
    }),
  }),
} satisfies Route

export const issuerMetadata = {
  id: 'issuerMetadata',
  method: 'get',
  path: '/.well-known/jwt-vc-issuer',
  summary: { zh: '签发机关元数据（SD-JWT VC）', en: 'Issuer metadata (SD-JWT VC): the keys that sign records' },
  reply: z.strictObject({ issuer: IssuerUrl, jwks: z.strictObject({ keys: z.array(PublicJwk) }) }),
} satisfies Route

export const TrustIndexEntry = z
  .strictObject({
    kind: z.enum(['manifest', 'alliance', 'rules', 'status-list', 'freshness']),
    /** What the file is about: an issuer, an alliance, a rule set, a list's URL. */
    subject: z.string().min(1).max(300),
    version: z.int(),
    digest: Digest,
    /** Whether this node has signed it itself. */
    own: z.boolean(),
    /** Below the node's address, without a slash at its start. */
    path: z
      .string()
      .regex(/^(trust|status)(\/[A-Za-z0-9_-][A-Za-z0-9._~-]*)+$/)
      .max(300),
  })
  .meta({ id: 'TrustIndexEntry' })
export type TrustIndexEntry = z.infer<typeof TrustIndexEntry>

export const TrustIndex = z.strictObject({ iss: IssuerUrl, files: z.array(TrustIndexEntry).max(5000) }).meta({
  id: 'TrustIndex',
  description: 'The signed trust files that this node has to give: its own and those it holds of others. The index itself is not signed and decides nothing',
})
export type TrustIndex = z.infer<typeof TrustIndex>

export const trustIndex = {
  id: 'trustIndex',
  method: 'get',
  path: '/trust/index.json',
  summary: { zh: '信任文件目录', en: 'Index of the trust files' },
  replyType: ['application/json'],
} satisfies Route

export const trustAnchors = {
  id: 'trustAnchors',
  method: 'get',
  path: '/trust/anchors.json',
  summary: {
    zh: '本节点的信任锚，供本节点的核验页使用',
    en: 'The trust anchors of this node, for the page that it serves. Nothing vouches for them but the node: a verifier of another house has its own',
  },
  reply: Anchors,
} satisfies Route

export const manifestFile = {
  id: 'manifestFile',
  method: 'get',
  path: '/trust/manifest.jwt',
  summary: { zh: '公钥清单', en: 'Key manifest of this node' },
  replyType: ['application/comity-manifest+jwt'],
} satisfies Route

const version = z.string().regex(/^[1-9]\d{0,9}$/)

export const allianceFile = {
  id: 'allianceFile',
  method: 'get',
  path: '/trust/alliances/{alliance}/{version}.json',
  summary: { zh: '联盟名录', en: 'A version of an alliance list' },
  params: z.strictObject({ alliance: z.string().regex(/^[a-z0-9-]{1,64}$/), version }),
  replyType: ['application/json'],
} satisfies Route

export const ruleSetFile = {
  id: 'ruleSetFile',
  method: 'get',
  path: '/trust/rules/{set}/{edition}/{version}.json',
  summary: { zh: '互认规则', en: 'A version of a rule set' },
  params: z.strictObject({ set: z.string().regex(/^[a-z0-9-]{1,64}$/), edition: z.string().regex(/^[a-z0-9.-]{1,32}$/), version }),
  replyType: ['application/json'],
} satisfies Route

export const heldFile = {
  id: 'heldFile',
  method: 'get',
  path: '/trust/held/{digest}',
  summary: {
    zh: '所持其他机关的公钥清单、状态列表，或联盟名录的时效确认',
    en: 'A manifest or status list of another authority, or a stamp that an alliance list is still the newest, as it is held here',
  },
  params: z.strictObject({ digest: Digest }),
  replyType: ['application/comity-manifest+jwt', 'application/statuslist+jwt', 'application/json'],
} satisfies Route

export const statusListFile = {
  id: 'statusListFile',
  method: 'get',
  path: '/status/{no}',
  summary: { zh: '状态列表', en: 'A status list of this node (Token Status List)' },
  params: z.strictObject({ no: z.string().regex(/^[1-9]\d{0,8}$/) }),
  replyType: ['application/statuslist+jwt'],
} satisfies Route

const mostRecords = 100

/** Many at once, each alone or with its proof. */
export const Records = z
  .array(z.union([SignedRecord, z.strictObject({ record: SignedRecord, proof: LogProofText.optional() })]))
  .min(1)
  .max(mostRecords)

export const VerifyRequest = z
  .strictObject({
    record: SignedRecord.optional(),
    proof: LogProofText.optional().meta({ description: 'Of `record`' }),
    records: Records.optional(),
    at: Instant.optional().meta({ description: 'The instant asked about; now where it is left out' }),
    for: DivisionCode.optional().meta({ description: 'What it counts for in this place; left out: nothing is said of recognition' }),
    purpose: z.string().min(1).max(64).optional(),
    appliedOn: z.iso.date().optional().meta({ description: 'Day of the application; the day of `at` where it is left out' }),
  })
  .refine(({ record, records }) => (record === undefined) !== (records === undefined), { path: ['record'], error: 'one of record and records' })
  .refine(({ record, proof }) => proof === undefined || record !== undefined, { path: ['proof'], error: 'a proof is of a record' })
  .meta({ id: 'VerifyRequest' })

export const verifyRoute = {
  id: 'verify',
  method: 'post',
  path: '/verify',
  summary: { zh: '核验一份或多份记录', en: 'Verify one record, or up to a hundred. Nothing is stored' },
  body: VerifyRequest,
  limit: 'many',
  throttle: 'verify',
  reply: z.union([z.strictObject({ verdict: VerdictReply }), z.strictObject({ verdicts: z.array(VerdictReply) })]),
} satisfies Route

export const claim = {
  id: 'claim',
  method: 'post',
  path: '/claim',
  summary: { zh: '凭领取码领取本人记录', en: 'Fetch one’s own record by a claim code. Wrong, absent, used and expired codes are answered alike' },
  body: z.strictObject({
    code: z.string().min(16).max(40).meta({ description: 'Sixteen characters; blanks, hyphens and case do not count, O is read as 0, I and L as 1' }),
    lastSix: z.string().min(1).max(12).meta({ description: 'The last six characters of the identity number' }),
    disclose: z.array(z.string().max(64)).max(16).optional().meta({ description: 'Disclosures wanted; all where it is left out' }),
    repeatKey: z
      .string()
      .regex(/^[A-Za-z0-9_-]{22,64}$/)
      .optional()
      .meta({
        description:
          'Random text of the caller’s own, 128 bits or more. If the answer is lost on its way, the same claim with the same text is answered again for ten minutes',
      }),
  }),
  throttle: 'claim',
  reply: z.strictObject({ text: z.string(), proof: LogProofText.optional() }),
} satisfies Route
