import { describe, expect, it } from 'vitest'

import { openapiDocument } from '#contract/openapi.ts'
import { allRoutes } from '#contract/routes.ts'

interface Operation {
  readonly operationId: string
  readonly summary: string
  readonly security?: readonly Record<string, readonly string[]>[]
  readonly parameters?: readonly { readonly in: string; readonly name: string; readonly required?: boolean }[]
  readonly requestBody?: { readonly content: Readonly<Record<string, unknown>> }
  readonly responses: Readonly<Record<string, { readonly content: Readonly<Record<string, { readonly schema: unknown }>> }>>
}

const document = openapiDocument() as { readonly openapi: string; readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>> }
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method, ...operation })),
)

describe('the description of the API', () => {
  it('names every route once, with its method and path', () => {
    const described = operations.map(({ method, path, operationId }) => `${operationId} ${method} ${path.replace('*}', '}')}`).toSorted()
    expect(described).toEqual(allRoutes.map(({ id, method, path }) => `${id} ${method} ${path.replace('*}', '}')}`).toSorted())
    expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(operations.length)
  })

  it('says of every write that it needs an Idempotency-Key, and of nothing else', () => {
    const keyed = operations.filter(({ parameters = [] }) =>
      parameters.some((parameter) => parameter.in === 'header' && parameter.name === 'Idempotency-Key' && parameter.required === true),
    )
    expect(keyed.map(({ operationId }) => operationId).toSorted()).toEqual(
      allRoutes
        .filter(({ idempotent }) => idempotent === true)
        .map(({ id }) => id)
        .toSorted(),
    )
  })

  it('asks for a key on every route that writes, but where asking twice writes nothing twice', () => {
    const without = allRoutes.filter(({ method, idempotent }) => method !== 'get' && idempotent !== true).map(({ id }) => id)
    expect(without.toSorted()).toEqual([
      // Protocols of others: a checkpoint that is known is cosigned again, an assertion is good once.
      'addCheckpoint',
      // Answers, of which nothing is kept.
      'certificate',
      // It has a key of its own: without one a code is good once.
      'claim',
      // Looks, of which the trail keeps each.
      'lookUpRecords',
      'presentRecord',
      'token',
      'trqpAuthorization',
      'trqpRecognition',
      'verify',
      'verifyAsOf',
    ])
  })

  it('offers each duty of a route as an alternative, and asks nothing for public routes', () => {
    const secured = Object.fromEntries(
      operations.filter(({ security }) => security !== undefined).map(({ operationId, security }) => [operationId, security!.map(({ client }) => client![0])]),
    )
    expect(secured).toEqual(Object.fromEntries(allRoutes.filter(({ scope }) => scope !== undefined).map(({ id, scope }) => [id, [...scope!]])))
    expect(secured['verify']).toBeUndefined()
    expect(secured['getDraft']).toEqual(['draft', 'approve', 'recognise'])
  })

  it('describes every problem in one form', () => {
    const problem = { schema: { $ref: '#/components/schemas/Problem' } }
    for (const { operationId, responses } of operations)
      if (operationId !== 'token' && operationId !== 'addCheckpoint') expect(responses['default']!.content).toEqual({ 'application/problem+json': problem })
  })

  it('describes the form of a no that a protocol has of its own', () => {
    const refusal = (id: string) => operations.find(({ operationId }) => operationId === id)!.responses['default']!.content
    expect(refusal('token')).toEqual({ 'application/json': { schema: { $ref: '#/components/schemas/OauthProblem' } } })
    expect(Object.keys(refusal('addCheckpoint'))).toEqual(['application/problem+json', 'text/x.tlog.size'])
  })

  it('takes a ledger as CSV or workbook and a token request as a form', () => {
    const content = (id: string) => Object.keys(operations.find(({ operationId }) => operationId === id)!.requestBody!.content)
    expect(content('createImport')).toEqual(['text/csv', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'])
    expect(content('token')).toEqual(['application/x-www-form-urlencoded'])
    expect(content('verify')).toEqual(['application/json'])
  })

  it('is the same each time it is made', () => {
    expect(JSON.stringify(openapiDocument())).toBe(JSON.stringify(document))
    expect(document.openapi).toBe('3.1.0')
  })
})
