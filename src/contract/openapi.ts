import { createDocument, type ZodOpenApiOperationObject, type ZodOpenApiPathsObject, type ZodOpenApiResponseObject } from 'zod-openapi'
import { z } from 'zod'

import { faultTexts } from '#core/fault-texts.ts'
import { duties, dutyTexts } from '#core/model/duty.ts'
import { addCheckpoint, witnessSizeType } from './log.ts'
import { OauthProblem, token } from './oauth.ts'
import { bodyLimits, type Route } from './route.ts'
import { routes } from './routes.ts'
import { Problem } from './schemas.ts'

const tags = {
  public: '公开接口 · Public: verification, claims and trust files',
  log: '透明日志 · The transparency log',
  views: '供其他体系使用的视图 · Views for other ecosystems',
  asOf: '过去某一时刻 · As of an instant in the past',
  oauth: '访问令牌 · Access tokens',
  drafts: '起草与审批 · Drafts and approval',
  records: '记录与状态 · Records and their status',
  recognitions: '互认 · Recognition',
  reissues: '重新签发 · Records to be issued again',
  imports: '台账导入 · Ledgers',
  trust: '信任数据 · Trust data',
  proposals: '联盟治理：提案与签署 · Governance: proposals and signatures',
  clients: '客户端与设置 · Clients and settings',
  audit: '审计 · Audit',
} as const satisfies Record<keyof typeof routes, string>

/** The whole API as an OpenAPI 3.1 document. The same routes always give the same document: it is kept as `schema/openapi.json`. */
export function openapiDocument(): object {
  const paths: Record<string, Record<string, ZodOpenApiOperationObject>> = {}
  for (const [group, of] of Object.entries(routes)) {
    for (const route of of as readonly Route[]) {
      const path = route.path.replace('*}', '}')
      const methods = (paths[path] ??= {})
      methods[route.method] = operation(route, tags[group as keyof typeof tags]) // keys of the table above
    }
  }
  return createDocument({
    openapi: '3.1.0',
    info: {
      title: 'Comity · 互认',
      version: '1',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      description: `城市之间人才证书的互认。每个问题都以 application/problem+json 返回，\`code\` 固定不变。\n\nMutual recognition of talent credentials between cities. Every problem is application/problem+json with a stable \`code\`.\n\n<details><summary>全部代码 · All codes</summary>\n\n${problemTable()}\n\n</details>`,
    },
    tags: Object.values(tags).map((name) => ({ name })),
    paths: paths satisfies ZodOpenApiPathsObject,
    components: {
      securitySchemes: {
        client: {
          type: 'oauth2',
          description: 'Client credentials with private_key_jwt (RFC 7523). One scope a duty.',
          flows: {
            clientCredentials: {
              tokenUrl: '/oauth/token',
              scopes: Object.fromEntries(duties.map((duty) => [duty, `${dutyTexts[duty].zh} · ${dutyTexts[duty].en}`])),
            },
          },
        },
      },
    },
  })
}

function operation(route: Route, tag: string): ZodOpenApiOperationObject {
  const { id, summary, scope, params, query, idempotent, limit } = route
  const header =
    idempotent === true
      ? {
          header: z.object({
            'Idempotency-Key': z
              .string()
              .min(1)
              .max(128)
              .meta({ description: 'The same key with the same request is answered alike and changes nothing twice' }),
          }),
        }
      : {}
  const notes = [scope === undefined ? 'Public.' : `Duty: ${scope.join(' or ')}.`, `At most ${bodyLimits[limit ?? 'default']} bytes.`]
  return {
    operationId: id,
    summary: `${summary.zh} · ${summary.en}`,
    description: notes.slice(0, takesBody(route) ? 3 : 2).join('\n\n'),
    tags: [tag],
    requestParams: { ...(params === undefined ? {} : { path: params }), ...(query === undefined ? {} : { query }), ...header },
    ...(takesBody(route) ? { requestBody: { required: true, content: requestContent(route) } } : {}),
    responses: {
      '200': { description: 'Done', content: replyContent(route) },
      default: refusals[id] ?? { description: 'A problem (RFC 9457)', content: { 'application/problem+json': { schema: Problem } } },
    },
    ...(scope === undefined ? {} : { security: scope.map((duty) => ({ client: [duty] })) }),
  }
}

/** Routes of protocols that have forms of their own for a no. */
const refusals: Readonly<Record<string, ZodOpenApiResponseObject>> = {
  [token.id]: {
    description: 'An error (RFC 6749 §5.2), with the members of a problem beside it',
    content: { 'application/json': { schema: OauthProblem } },
  },
  [addCheckpoint.id]: {
    description: 'A problem (RFC 9457); where the size differs (409), the size that the witness knows, alone (C2SP tlog-witness)',
    content: { 'application/problem+json': { schema: Problem }, [witnessSizeType]: { schema: z.string() } },
  },
}

const takesBody = ({ body, contentType }: Route): boolean => body !== undefined || contentType !== undefined

const bytes = { type: 'string', format: 'binary' } as const

const requestContent = ({ body, contentType }: Route) =>
  Object.fromEntries((contentType ?? ['application/json']).map((type) => [type, { schema: body ?? bytes }]))

const replyContent = ({ reply, replyType }: Route) => Object.fromEntries((replyType ?? ['application/json']).map((type) => [type, { schema: reply ?? bytes }]))

const problemTable = (): string =>
  ['| code | 中文 | English |', '| --- | --- | --- |', ...Object.entries(faultTexts).map(([code, { zh, en }]) => `| \`${code}\` | ${zh} | ${en} |`)].join('\n')
