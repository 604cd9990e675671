import { z } from 'zod'

import type { Route } from './route.ts'

const replyType = ['application/comity-bundle'] as const

export const allianceBundle = {
  id: 'allianceBundle',
  method: 'get',
  path: '/bundle/{alliance}',
  summary: {
    zh: '一个联盟的离线包：名录、公钥清单、互认规则、状态列表与日志策略，一个签名文件',
    en: 'Everything that a verifier without a network needs of one alliance, in one signed file: list, manifests, rules, status lists, log policies',
  },
  params: z.strictObject({ alliance: z.string().regex(/^[a-z0-9-]{1,64}$/) }),
  replyType,
} satisfies Route

export const wholeBundle = {
  id: 'wholeBundle',
  method: 'get',
  path: '/bundle',
  summary: { zh: '本节点所循全部联盟的离线包', en: 'The same of all that this node follows, itself included' },
  replyType,
} satisfies Route
