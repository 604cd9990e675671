import { z } from 'zod'

import { DivisionCode } from '#core/model/division-code.ts'
import { Instant } from '#core/model/instant.ts'
import { statusPurposes } from '#core/views/bitstring-status-list.ts'
import type { Route } from './route.ts'
import { SourceVersion } from './verdict-schema.ts'

// What other ecosystems read: all of it derived from the manifest, the lists and the status lists, and none of it the truth.

const didSummary = { zh: 'DID 文档（did:web）', en: 'The authority as a DID document (did:web): its keys as JsonWebKey and Multikey' }

export const didDocument = {
  id: 'didDocument',
  method: 'get',
  path: '/.well-known/did.json',
  summary: didSummary,
  replyType: ['application/did+json'],
} satisfies Route

/** Where did:web looks for it when the issuer's identity has a path, and the node stands below that path. */
export const didDocumentBelow = { ...didDocument, id: 'didDocumentBelow', path: '/did.json' } satisfies Route

export const bitstringStatusList = {
  id: 'bitstringStatusList',
  method: 'get',
  path: '/status/{no}/{purpose}',
  summary: {
    zh: '状态列表（W3C Bitstring Status List，同一索引）',
    en: 'A status list of this node as a BitstringStatusListCredential, with the same indices',
  },
  params: z.strictObject({ no: z.string().regex(/^[1-9]\d{0,8}$/), purpose: z.enum(statusPurposes) }),
  replyType: ['application/vc+jwt'],
} satisfies Route

/** A single string in the characters of RFC 3986. */
const Identifier = z
  .string()
  .min(1)
  .max(300)
  .regex(/^[A-Za-z0-9._~:/?#[\]@!$&'()*+,;=%-]+$/)

const time = z.iso
  .datetime()
  .max(40)
  .meta({ description: 'RFC 3339, UTC. The instant asked about; now where it is left out. Fractions of a second do not count' })

const locator = z.string().max(300).meta({ description: 'Taken, and not needed here' })

const query = <Context extends z.ZodObject>(context: Context) =>
  z.strictObject({
    entity_id: Identifier.meta({ description: 'An issuer: its URL, or its did:web' }),
    authority_id: Identifier.meta({ description: "https://comity.example/alliances/<id>, or this node's own issuer for all that it trusts" }),
    action: Identifier.meta({ description: '`issue`' }),
    resource: Identifier.meta({ description: 'Type URL of a record family' }),
    context: context.optional(),
  })

const statement = {
  entity_id: Identifier,
  authority_id: Identifier,
  action: Identifier,
  resource: Identifier,
  time_requested: z.string().optional(),
  time_evaluated: Instant,
  message: z.string(),
  context: z.record(z.string(), z.string()).optional(),
  source: SourceVersion.optional(),
  signed: z.string().meta({
    description: 'The same answer as a compact JWS (`typ: comity-trqp+jwt`) under a key of use `status` in the key manifest of this node, with `iss` and `iat`',
  }),
}

const AuthorizationContext = z.strictObject({
  time: time.optional(),
  locator: locator.optional(),
  division: DivisionCode.optional().meta({ description: "The place issued for; the entity's own where it is left out" }),
  series: z
    .string()
    .regex(/^\d{2}$/)
    .optional(),
  level: z.string().min(1).max(40).optional(),
})

export const TrqpAuthorizationAnswer = z.strictObject({ ...statement, authorized: z.boolean() }).meta({ id: 'TrqpAuthorizationAnswer' })
export const TrqpRecognitionAnswer = z.strictObject({ ...statement, recognized: z.boolean() }).meta({ id: 'TrqpRecognitionAnswer' })

export const trqpAuthorization = {
  id: 'trqpAuthorization',
  method: 'post',
  path: '/authorization',
  summary: {
    zh: '某机关在某时是否获授权签发某类记录（ToIP TRQP 2.0）',
    en: 'Whether an authority authorises an entity, as of an instant (ToIP Trust Registry Query Protocol 2.0). What cannot be told is a problem, never a no',
  },
  body: query(AuthorizationContext).meta({ id: 'TrqpAuthorizationQuery' }),
  throttle: 'verify',
  reply: TrqpAuthorizationAnswer,
} satisfies Route

export const trqpRecognition = {
  id: 'trqpRecognition',
  method: 'post',
  path: '/recognition',
  summary: {
    zh: '某机关在某时是否被承认为某类记录的签发机关（ToIP TRQP 2.0）',
    en: 'Whether an authority recognises another as issuing records of a family, as of an instant (ToIP TRQP 2.0)',
  },
  body: query(z.strictObject({ time: time.optional(), locator: locator.optional() })).meta({ id: 'TrqpRecognitionQuery' }),
  throttle: 'verify',
  reply: TrqpRecognitionAnswer,
} satisfies Route
