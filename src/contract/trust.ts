import { z } from 'zod'

import { Digest } from '#core/model/digest.ts'
import { DivisionCode } from '#core/model/division-code.ts'
import type { Route } from './route.ts'
import { IssuerUrl } from './schemas.ts'

export const takeTrustFile = {
  id: 'takeTrustFile',
  method: 'post',
  path: '/trust/files',
  summary: {
    zh: '提交信任文件',
    en: 'Hand in a signed trust file: a manifest, an alliance list, a rule set or a status list. It is kept if it leads back to an anchor',
  },
  scope: ['trust'],
  contentType: ['application/octet-stream'],
  limit: 'many',
  idempotent: true,
  reply: z.strictObject({ outcome: z.enum(['taken', 'known']) }),
} satisfies Route

export const joinAllianceRoute = {
  id: 'joinAlliance',
  method: 'post',
  path: '/trust/alliances',
  summary: {
    zh: '设定联盟信任锚',
    en: 'Follow an alliance from the list with this digest on. The digest comes from a hand that is trusted, never from the list',
  },
  scope: ['trust'],
  body: z.strictObject({ alliance: z.string().regex(/^[a-z0-9-]{1,64}$/), version: z.int().min(1), digest: Digest }),
  idempotent: true,
  reply: z.strictObject({ alliance: z.string() }),
} satisfies Route

export const NeighbourReport = z
  .strictObject({
    iss: IssuerUrl,
    division: DivisionCode,
    outcome: z
      .enum(['fresh', 'unreachable', 'refused'])
      .meta({ description: 'fresh: everything it offers is here; refused: it offered something that was not accepted' }),
    taken: z.int(),
    refused: z.array(z.strictObject({ path: z.string(), code: z.string() })),
    problem: z.string().optional().meta({ description: 'Code of what kept it from being reached' }),
  })
  .meta({ id: 'NeighbourReport' })

export const refreshTrustRoute = {
  id: 'refreshTrust',
  method: 'post',
  path: '/trust/refresh',
  summary: { zh: '从邻近节点更新信任数据', en: 'Fetch trust files from all neighbours that the accepted alliance lists name' },
  scope: ['trust'],
  body: z.strictObject({}),
  idempotent: true,
  reply: z.strictObject({ neighbours: z.array(NeighbourReport) }),
} satisfies Route
