import { z } from 'zod'

import { duties } from '#core/model/duty.ts'
import type { Route } from './route.ts'
import { IssuerUrl, Problem } from './schemas.ts'

/** The one way in which a client says who it is (RFC 7523 §2.2). */
export const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'

/** `typ` of a client assertion: RFC 7519's, or the explicit one that RFC 7523's revision asks for. */
export const assertionTypes = ['client-authentication+jwt', 'JWT'] as const

/** Parameters that are not known are ignored (RFC 6749 §3.2); one that stands twice is refused. */
export const TokenRequest = z
  .object({
    grant_type: z.string().max(100),
    client_assertion_type: z.string().max(200),
    client_assertion: z.string().max(8192),
    client_id: z.string().max(200).optional(),
    scope: z.string().max(500).optional().meta({ description: 'Duties asked for, with blanks between them; all that the client holds where it is left out' }),
  })
  .meta({ id: 'TokenRequest' })

export const token = {
  id: 'token',
  method: 'post',
  path: '/oauth/token',
  summary: {
    zh: '以 private_key_jwt 换取访问令牌（RFC 6749 §4.4、RFC 7523）',
    en: 'Access token by client credentials with private_key_jwt (RFC 6749 §4.4, RFC 7523): Ed25519, `typ` JWT or client-authentication+jwt, `kid` of a registered key, `exp` at most five minutes ahead, each `jti` once',
  },
  contentType: ['application/x-www-form-urlencoded'],
  body: TokenRequest,
  throttle: 'token',
  reply: z.strictObject({ access_token: z.string(), token_type: z.literal('Bearer'), expires_in: z.int(), scope: z.string() }),
} satisfies Route

/** How the token endpoint says no: what OAuth clients read, beside our own members. */
export const OauthProblem = Problem.extend({
  error: z.enum(['invalid_request', 'invalid_client', 'invalid_scope', 'unsupported_grant_type', 'temporarily_unavailable', 'server_error']),
  error_description: z.string(),
}).meta({ id: 'OauthProblem', description: 'An error of RFC 6749 §5.2 that is a problem of RFC 9457 as well' })
export type OauthProblem = z.infer<typeof OauthProblem>

export const serverMetadata = {
  id: 'serverMetadata',
  method: 'get',
  path: '/.well-known/oauth-authorization-server',
  summary: { zh: '授权服务器元数据（RFC 8414）', en: 'Authorization server metadata (RFC 8414)' },
  reply: z.strictObject({
    issuer: IssuerUrl,
    token_endpoint: z.string(),
    grant_types_supported: z.tuple([z.literal('client_credentials')]),
    response_types_supported: z.array(z.never()),
    token_endpoint_auth_methods_supported: z.tuple([z.literal('private_key_jwt')]),
    token_endpoint_auth_signing_alg_values_supported: z.array(z.enum(['Ed25519', 'EdDSA'])),
    scopes_supported: z.array(z.enum(duties)),
    service_documentation: z.string(),
  }),
} satisfies Route
