import { z } from 'zod'

import { PublicJwk } from '#core/crypto/read-public-key.ts'
import { duties } from '#core/model/duty.ts'
import { FamilyId } from '#core/model/family-id.ts'
import { NumberScheme } from '#core/model/number-scheme.ts'
import { Instant } from '#core/model/instant.ts'
import type { Route } from './route.ts'
import { Reason } from './schemas.ts'

const ClientId = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._@-]{0,63}$/)
  .meta({ id: 'ClientId' })

export const registerClientRoute = {
  id: 'registerClient',
  method: 'post',
  path: '/clients',
  summary: { zh: '登记客户端', en: 'Register an officer or a business system, with its public keys and duties' },
  scope: ['clients'],
  body: z.strictObject({
    id: ClientId,
    name: z.string().min(1).max(200),
    kind: z.enum(['officer', 'system']),
    keys: z.array(PublicJwk).min(1).max(10),
    duties: z.array(z.enum(duties)).min(1).max(duties.length),
  }),
  idempotent: true,
  reply: z.strictObject({ client: ClientId }),
} satisfies Route

export const closeClientRoute = {
  id: 'closeClient',
  method: 'post',
  path: '/clients/{client}/closure',
  summary: { zh: '停用客户端', en: 'Shut a client out from its next request on' },
  scope: ['clients'],
  params: z.strictObject({ client: ClientId }),
  body: z.strictObject({ reason: Reason }),
  idempotent: true,
  reply: z.strictObject({ client: ClientId }),
} satisfies Route

export const listClientsRoute = {
  id: 'listClients',
  method: 'get',
  path: '/clients',
  summary: { zh: '客户端列表', en: 'All clients' },
  scope: ['clients'],
  reply: z.strictObject({
    clients: z.array(
      z.strictObject({
        id: ClientId,
        name: z.string(),
        kind: z.enum(['officer', 'system']),
        keys: z.array(PublicJwk),
        duties: z.array(z.string()),
        state: z.string(),
        createdAt: Instant,
      }),
    ),
  }),
} satisfies Route

export const putNumberScheme = {
  id: 'putNumberScheme',
  method: 'put',
  path: '/number-schemes/{family}',
  summary: { zh: '设定证书编号规则', en: "How this authority builds a family's certificate numbers" },
  scope: ['clients'],
  params: z.strictObject({ family: FamilyId }),
  body: NumberScheme,
  idempotent: true,
  reply: NumberScheme,
} satisfies Route
