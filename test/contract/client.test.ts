import { describe, expect, it } from 'vitest'

import { callRoute, pathOf, type Fetch } from '#contract/client.ts'
import { createImport } from '#contract/imports.ts'
import { token } from '#contract/oauth.ts'
import { health, manifestFile, ruleSetFile, verifyRoute } from '#contract/public.ts'
import { Fault } from '#core/fault.ts'
import { encodeUtf8 } from '#core/encoding/utf8.ts'

interface Sent {
  url: string
  init: Parameters<Fetch>[1]
}

/** A server that answers the same to all, and remembers what it was asked. */
function answering(status: number, body: string | Uint8Array): { readonly fetch: Fetch; readonly sent: Sent[] } {
  const sent: Sent[] = []
  const bytes = typeof body === 'string' ? encodeUtf8(body) : body
  const fetch: Fetch = (url, init) => {
    sent.push({ url, init })
    return Promise.resolve({ status, headers: new Headers(), arrayBuffer: () => Promise.resolve(Uint8Array.from(bytes).buffer) })
  }
  return { fetch, sent }
}

const base = 'https://node.example/comity'

async function faultFrom(work: Promise<unknown>): Promise<Fault> {
  try {
    await work
  } catch (error) {
    if (error instanceof Fault) return error
    throw error
  }
  throw new Error('no fault')
}

describe('the typed client', () => {
  it('fills in the path, the query and the body, and never follows a redirect', async () => {
    const { fetch, sent } = answering(200, '{"job":"01890a5d-ac96-774b-bcce-b302099a8057"}')
    const query = { family: 'title', dryRun: 'true', fileName: '台账 1.csv' } as const
    await callRoute(createImport, { base, query, body: encodeUtf8('姓名'), token: 'abc', idempotencyKey: 'k1' }, fetch)
    expect(sent).toEqual([
      {
        url: 'https://node.example/comity/imports?family=title&dryRun=true&fileName=%E5%8F%B0%E8%B4%A6%201.csv',
        init: {
          method: 'POST',
          headers: { authorization: 'Bearer abc', 'idempotency-key': 'k1', 'content-type': 'text/csv' },
          redirect: 'error',
          body: encodeUtf8('姓名'),
        },
      },
    ])
    expect(pathOf(ruleSetFile, { set: 'a/b', edition: '1', version: '2' })).toBe('/trust/rules/a%2Fb/1/2.json')
  })

  it('sends a form where the route takes one', async () => {
    const { fetch, sent } = answering(200, '{"access_token":"t","token_type":"Bearer","expires_in":600,"scope":"read"}')
    await callRoute(token, { base, body: { grant_type: 'client_credentials', client_assertion_type: 'a:b', client_assertion: 'x.y.z' } }, fetch)
    expect(sent[0]!.init).toEqual({
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      redirect: 'error',
      body: 'grant_type=client_credentials&client_assertion_type=a%3Ab&client_assertion=x.y.z',
    })
  })

  it('gives a file as the bytes that came', async () => {
    const { fetch } = answering(200, 'a.b.c')
    expect(await callRoute(manifestFile, { base }, fetch)).toEqual(encodeUtf8('a.b.c'))
  })

  it('tells a problem as the fault that the node named', async () => {
    const { fetch } = answering(
      409,
      '{"type":"x","status":409,"code":"draft-unacknowledged","title":"t","at":"draft","findings":[{"at":"name","code":"name-blank","title":"a"}],"new-member":1}',
    )
    const { code, at, findings } = await faultFrom(callRoute(verifyRoute, { base, body: { record: 'a~' } }, fetch))
    expect({ code, at, findings }).toEqual({ code: 'draft-unacknowledged', at: 'draft', findings: [{ at: 'name', code: 'name-blank' }] })
  })

  it.each([
    ['an unknown code', 400, '{"code":"brand-new"}'],
    ['no JSON', 502, '<html>'],
    ['a member twice', 400, '{"code":"internal","code":"internal"}'],
  ])('does not pass on a problem with %s', async (_name, status, body) => {
    const { code } = await faultFrom(callRoute(health, { base }, answering(status, body).fetch))
    expect(code).toBe('service-answer-malformed')
  })

  it('refuses an answer that is not as described', async () => {
    expect((await faultFrom(callRoute(health, { base }, answering(200, '{"alive":true,"more":1}').fetch))).code).toBe('service-answer-malformed')
    expect((await faultFrom(callRoute(health, { base }, () => Promise.reject(new TypeError('fetch failed'))))).code).toBe('service-unreachable')
  })
})
