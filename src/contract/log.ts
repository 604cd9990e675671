import { z } from 'zod'

import { Digest } from '#core/model/digest.ts'
import { Instant } from '#core/model/instant.ts'
import type { Route } from './route.ts'

export const logCheckpoint = {
  id: 'logCheckpoint',
  method: 'get',
  path: '/log/checkpoint',
  summary: { zh: '日志检查点及见证签名（C2SP tlog-checkpoint）', en: 'The newest head of the log with its cosignatures (C2SP tlog-checkpoint)' },
  replyType: ['text/plain; charset=utf-8'],
} satisfies Route

export const logTile = {
  id: 'logTile',
  method: 'get',
  path: '/log/tile/{tile*}',
  summary: {
    zh: '日志分片与条目包（C2SP tlog-tiles）：<层>/<号>[.p/<宽>] 或 entries/<号>[.p/<宽>]',
    en: 'Tiles and bundles of entries (C2SP tlog-tiles): <L>/<N>[.p/<W>] or entries/<N>[.p/<W>]',
  },
  params: z.strictObject({ tile: z.string().max(100) }),
  replyType: ['application/octet-stream'],
} satisfies Route

export const addCheckpoint = {
  id: 'addCheckpoint',
  method: 'post',
  path: '/log/add-checkpoint',
  summary: {
    zh: '见证邻市日志的检查点（C2SP tlog-witness）',
    en: "Cosign a checkpoint of a neighbour's log (C2SP tlog-witness)",
  },
  contentType: ['text/plain'],
  anyType: true,
  replyType: ['text/plain; charset=utf-8'],
  throttle: 'witness',
} satisfies Route

const division = z.string().regex(/^\d{6}$/)

export const mirroredLogCheckpoint = {
  id: 'mirroredLogCheckpoint',
  method: 'get',
  path: '/log/mirror/{division}/checkpoint',
  summary: { zh: '所镜像的邻市日志的检查点', en: "The newest head of a neighbour's log that this node has followed" },
  params: z.strictObject({ division }),
  replyType: ['text/plain; charset=utf-8'],
} satisfies Route

export const mirroredLogTile = {
  id: 'mirroredLogTile',
  method: 'get',
  path: '/log/mirror/{division}/tile/{tile*}',
  summary: { zh: '所镜像的邻市日志的分片与条目包', en: "Tiles and bundles of entries of a neighbour's log that this node has followed" },
  params: z.strictObject({ division, tile: z.string().max(100) }),
  replyType: ['application/octet-stream'],
} satisfies Route

export const logForks = {
  id: 'logForks',
  method: 'get',
  path: '/log/forks',
  summary: {
    zh: '邻市日志分叉的证明：任何人持其日志密钥即可核验',
    en: "Proofs that a neighbour's log has signed two roots of one size: whoever has its key can check them",
  },
  reply: z.strictObject({
    forks: z.array(z.strictObject({ origin: z.string(), since: Instant, digest: Digest, proof: z.string() })),
  }),
} satisfies Route

/** The answer to a wrong old size: the right one in decimal and a newline (C2SP tlog-witness). */
export const witnessSizeType = 'text/x.tlog.size'
