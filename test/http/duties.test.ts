import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import type { Route } from '#contract/route.ts'
import { allRoutes } from '#contract/routes.ts'
import { duties, type Duty } from '#core/model/duty.ts'
import { openTestNode, type TestNode } from '../support/open-test-node.ts'

let node: TestNode

/** One client a duty, named after it, and for each duty one that has all others. */
beforeAll(async () => {
  const only = duties.map((duty): [string, readonly Duty[]] => [duty, [duty]])
  node = await openTestNode({ clients: { ...Object.fromEntries(only), everything: duties }, limits: { claim: 1000, certificate: 1000 } })
})
afterAll(() => node.close())

/** Asks with nothing that the route needs but a token: whoever is let in is told what else is wrong. */
async function ask(
  { method, path }: Route,
  client?: string,
): Promise<{ readonly status: number; readonly type: string | null; readonly code: string | undefined }> {
  const authorization: Record<string, string> = client === undefined ? {} : { authorization: `Bearer ${await node.token(client)}` }
  const filled = path.replace(/\{\w+\*?\}/g, 'x')
  const response = await fetch(`${node.url}${filled}`, { method: method.toUpperCase(), headers: authorization, redirect: 'manual' })
  const type = response.headers.get('content-type')
  const problem = type?.includes('json') === true ? ((await response.json()) as { readonly code?: string }) : undefined
  return { status: response.status, type, code: problem?.code }
}

const guarded = allRoutes.filter((route: Route) => route.scope !== undefined) as readonly (Route & { readonly scope: readonly Duty[] })[]
const open = allRoutes.filter((route: Route) => route.scope === undefined) as readonly Route[]

describe('every route with a duty', () => {
  it.each(guarded.map((route) => [route.id, route] as const))('%s lets nobody in without it, and everybody with it', async (_id, route) => {
    expect(await ask(route)).toEqual({ status: 401, type: 'application/problem+json', code: 'token-missing' })
    for (const duty of duties) {
      const { status, code } = await ask(route, duty)
      if (route.scope.includes(duty)) expect([duty, status === 401 || status === 403, code === 'duty-missing']).toEqual([duty, false, false])
      else expect([duty, status, code]).toEqual([duty, 403, 'duty-missing'])
    }
  })
})

describe('every route without one', () => {
  it.each(open.map((route) => [route.id, route] as const))('%s asks nobody who they are', async (_id, route) => {
    const { status, code } = await ask(route)
    expect([status === 401, code === 'token-missing', status < 500]).toEqual([false, false, true])
  })
})
