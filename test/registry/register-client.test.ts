import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { closeClient, clientsOf, registerClient } from '#registry/register-client.ts'
import { faultCodeOf } from '../support/fault-code-of.ts'
import { makeTestKey } from '../support/make-alliance.ts'
import { openTestOffice, type TestOffice } from '../support/open-test-office.ts'

let node: TestOffice
beforeAll(async () => {
  node = await openTestOffice()
})
afterAll(() => node.close())

const by = { actor: 'cli:keeper' }
const { jwk, public: key } = makeTestKey('client')
const client = { id: 'system:hr', name: '人事系统', kind: 'system' as const, keys: [jwk], duties: ['draft' as const, 'read' as const] }
const register = (changes: object = {}) => faultCodeOf(registerClient(node.office, by, { ...client, ...changes }))

describe('a client', () => {
  it('is let in with its keys by their thumbprints and its duties, and is there once', async () => {
    expect(await register()).toBe('no fault')
    expect(await clientsOf(node.office)).toMatchObject([
      { id: 'system:hr', state: 'active', duties: ['draft', 'read'], jwks: { keys: [{ ...jwk, kid: key.kid }] } },
    ])
    expect(await register()).toBe('client-exists')
  })

  it.each([
    ['a private key', { keys: [{ ...jwk, d: 'AAAA' }] }, 'key-private'],
    ['a key of another kind', { keys: [{ kty: 'EC', crv: 'P-256', x: jwk.x, y: jwk.x }] }, 'key-malformed'],
    ['a key under another’s name', { keys: [{ ...jwk, kid: makeTestKey('other').public.kid }] }, 'key-id-differs'],
    ['a duty that nobody has', { duties: ['everything'] }, 'request-malformed'],
  ])('is not let in with %s', async (_what, changes, code) => {
    expect(await register({ id: 'system:bad', ...changes })).toBe(code)
    expect((await clientsOf(node.office)).map(({ id }) => id)).toEqual(['system:hr'])
  })

  it('is shut out with a reason, and stays known', async () => {
    await closeClient(node.office, by, 'system:hr', 'retired')
    expect((await clientsOf(node.office)).map(({ id, state }) => [id, state])).toEqual([['system:hr', 'closed']])
    expect(await register()).toBe('client-exists')
    expect(await faultCodeOf(closeClient(node.office, by, 'nobody', 'x'))).toBe('client-unknown')
    expect((await node.audits()).find(({ action }) => action === 'close-client')).toMatchObject({ subject: 'system:hr', reason: 'retired' })
  })
})
