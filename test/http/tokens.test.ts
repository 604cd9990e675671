import { createHmac } from 'node:crypto'
import request from 'supertest'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { closeClientRoute, listClientsRoute, registerClientRoute } from '#contract/clients.ts'
import { assertionType, serverMetadata } from '#contract/oauth.ts'
import { assertionClaims } from '#contract/request-token.ts'
import { encodeBase64url } from '#core/encoding/base64url.ts'
import type { JsonObject } from '#core/encoding/parse-json.ts'
import { signCompactJws } from '#core/encoding/parse-jws.ts'
import { encodeUtf8 } from '#core/encoding/utf8.ts'
import { duties } from '#core/model/duty.ts'
import { secondsOf } from '#core/model/instant.ts'
import { makeTestKey, type TestKey } from '../support/make-alliance.ts'
import { stolenIssuingKey } from '../support/issuing-signer.ts'
import { freshKey, openTestNode, type TestNode } from '../support/open-test-node.ts'

let node: TestNode
let neighbour: TestNode

beforeAll(async () => {
  node = await openTestNode({ clients: { drafter: duties, approver: duties, reader: ['read'] }, limits: { token: 100_000 } })
  neighbour = await openTestNode({ division: '370300' })
})
afterAll(async () => {
  await node.close()
  await neighbour.close()
})

const now = (): number => secondsOf(node.office.clock())

const claims = (changes: JsonObject = {}): JsonObject => ({
  ...assertionClaims({ client: 'reader', audience: node.office.authority.iss, clock: node.office.clock, random: node.office.random }),
  ...changes,
})

const assertion = (changes: JsonObject = {}, key: TestKey = node.key('reader'), typ = 'client-authentication+jwt'): string =>
  signCompactJws({ typ }, claims(changes), key.signer)

const ask = (text: string, changes: Readonly<Record<string, string>> = {}) =>
  request(node.server)
    .post('/oauth/token')
    .type('form')
    .send({ grant_type: 'client_credentials', client_assertion_type: assertionType, client_assertion: text, ...changes })

const refused = (at?: string, detail?: string) => ({
  error: 'invalid_client',
  error_description: 'The client assertion was not accepted',
  type: 'https://comity.example/problems/assertion-refused',
  status: 401,
  code: 'assertion-refused',
  title: '客户端断言未通过验证',
  titleEn: 'The client assertion was not accepted',
  remedy: '请核对客户端标识、密钥、aud、exp 和 jti',
  remedyEn: 'Check the client id, the key, aud, exp and jti',
  ...(at === undefined ? {} : { at }),
  ...(detail === undefined ? {} : { detail }),
})

/** A token whose parts are chosen freely, as a forger would. */
const forge = (header: object, payload: object, sign: (input: string) => Uint8Array): string => {
  const input = [header, payload].map((part) => encodeBase64url(encodeUtf8(JSON.stringify(part)))).join('.')
  return `${input}.${encodeBase64url(sign(input))}`
}

describe('an access token', () => {
  it('is given for an assertion, bound to this node, with the duties asked for and held', async () => {
    const { status, headers, body } = await ask(assertion())
    const { access_token, ...rest } = body
    expect([status, headers['content-type'], headers['cache-control'], rest]).toEqual([
      200,
      'application/json',
      'no-store',
      { token_type: 'Bearer', expires_in: 600, scope: 'read' },
    ])
    const [header, payload] = (access_token as string)
      .split('.')
      .slice(0, 2)
      .map((part) => JSON.parse(Buffer.from(part, 'base64url').toString('utf8')) as Record<string, unknown>)
    expect(header).toEqual({ typ: 'at+jwt', alg: 'Ed25519', kid: node.office.keyring.token.kid })
    expect(payload).toEqual({
      iss: 'https://370100.comity.example',
      sub: 'reader',
      client_id: 'reader',
      aud: 'https://370100.comity.example',
      iat: expect.any(Number),
      exp: (payload!['iat'] as number) + 600,
      jti: expect.stringMatching(/^[\w-]{22}$/),
      scope: 'read',
    })
  })

  it('is also given to whoever names the endpoint, types it JWT, or asks for less', async () => {
    expect((await ask(assertion({ aud: `${node.url}/oauth/token` }))).status).toBe(200)
    expect((await ask(assertion({ aud: [node.office.authority.iss] }, undefined, 'JWT'))).status).toBe(200)
    const less = signCompactJws({ typ: 'JWT' }, claims({ iss: 'drafter', sub: 'drafter' }), node.key('drafter').signer)
    expect((await ask(less, { scope: 'read audit unheard-of' })).body.scope).toBe('read audit')
  })

  it('is not given for duties that the client does not hold', async () => {
    const { status, body } = await ask(assertion(), { scope: 'approve' })
    expect([status, body.error, body.code]).toEqual([400, 'invalid_scope', 'scope-refused'])
  })

  it.each([
    ['nobody of that name', () => assertion({ iss: 'nobody', sub: 'nobody' })],
    ["somebody else's key", () => assertion({}, node.key('drafter'))],
    ['a key that nobody registered', () => assertion({}, makeTestKey('stranger'))],
    ['one client speaking for another', () => assertion({ sub: 'drafter' })],
    [
      "another's signature under the client's key id",
      () => forge({ typ: 'JWT', alg: 'Ed25519', kid: node.key('reader').public.kid }, claims(), (input) => node.key('drafter').signer.sign(encodeUtf8(input))),
    ],
    ['alg none', () => forge({ typ: 'JWT', alg: 'none', kid: node.key('reader').public.kid }, claims(), () => new Uint8Array(0))],
    [
      'HS256 under the public key',
      () =>
        forge({ typ: 'JWT', alg: 'HS256', kid: node.key('reader').public.kid }, claims(), (input) =>
          createHmac('sha256', node.key('reader').public.x).update(input).digest(),
        ),
    ],
    [
      'a key brought along',
      () =>
        forge({ typ: 'JWT', alg: 'Ed25519', kid: node.key('reader').public.kid, jwk: node.key('drafter').jwk }, claims(), (input) =>
          node.key('drafter').signer.sign(encodeUtf8(input)),
        ),
    ],
    ['another type', () => assertion({}, undefined, 'at+jwt')],
    [
      'no jti',
      () => signCompactJws({ typ: 'JWT' }, Object.fromEntries(Object.entries(claims()).filter(([name]) => name !== 'jti')), node.key('reader').signer),
    ],
    ['several audiences', () => assertion({ aud: [node.office.authority.iss, 'https://other.example'] })],
    ['no token at all', () => 'x'],
  ])('is refused to %s, alike', async (_name, text) => {
    const { status, headers, body } = await ask(text())
    expect([status, headers['content-type'], body]).toEqual([401, 'application/json', refused()])
    expect((await ask(assertion())).status).toBe(200)
  })

  it.each([
    ['for another node', () => assertion({ aud: neighbour.office.authority.iss }), 'client_assertion/aud', undefined],
    ['that has expired', () => assertion({ exp: now() }), 'client_assertion/exp', 'within 300 seconds from now'],
    ['that lives too long', () => assertion({ exp: now() + 310 }), 'client_assertion/exp', 'within 300 seconds from now'],
    ['that is not valid yet', () => assertion({ nbf: now() + 100 }), 'client_assertion/nbf', undefined],
    ['from the future', () => assertion({ iat: now() + 100 }), 'client_assertion/nbf', undefined],
  ])('is refused for an assertion %s, and the client is told why', async (_name, text, at, detail) => {
    const { status, body } = await ask(text())
    expect([status, body]).toEqual([401, refused(at, detail)])
  })

  it('is given once for one assertion, also to two at once', async () => {
    const text = assertion()
    const answers = await Promise.all([ask(text), ask(text), ask(text)])
    expect(answers.map(({ status }) => String(status)).toSorted()).toEqual(['200', '401', '401'])
    expect(answers.find(({ status }) => status === 401)!.body).toEqual(refused('client_assertion/jti', 'used before'))
    expect((await ask(text)).status).toBe(401)
  })

  it('is not given for another grant, a repeated parameter, or a client id that is not the assertion’s', async () => {
    expect((await ask(assertion(), { grant_type: 'password' })).body).toMatchObject({ error: 'unsupported_grant_type', status: 400 })
    expect((await ask(assertion(), { client_assertion_type: 'urn:other' })).body).toMatchObject({ error: 'invalid_client', at: 'client_assertion_type' })
    expect((await ask(assertion(), { client_id: 'drafter' })).body).toEqual(refused())
    const twice = await request(node.server).post('/oauth/token').type('form').send(`grant_type=client_credentials&grant_type=client_credentials`)
    expect(twice.body).toMatchObject({ error: 'invalid_request', code: 'request-malformed', at: 'body/grant_type', detail: 'repeated' })
    expect((await request(node.server).post('/oauth/token').send({})).body).toMatchObject({
      error: 'invalid_request',
      code: 'content-type-refused',
      status: 415,
    })
  })

  it('is described for clients that look it up', async () => {
    expect(await node.call(serverMetadata, {})).toMatchObject({
      issuer: 'https://370100.comity.example',
      token_endpoint: `${node.url}/oauth/token`,
      token_endpoint_auth_methods_supported: ['private_key_jwt'],
    })
  })
})

const use = (token: string | undefined, path = '/audit') => {
  const asked = request(node.server).get(path)
  return token === undefined ? asked : asked.set('Authorization', token)
}

describe('a token that is shown', () => {
  const payload = (changes: object = {}) => ({
    iss: 'https://370100.comity.example',
    sub: 'drafter',
    client_id: 'drafter',
    aud: 'https://370100.comity.example',
    iat: now(),
    exp: now() + 600,
    jti: 'a',
    scope: 'audit',
    ...changes,
  })
  const signed = (changes: object = {}, typ = 'at+jwt') => signCompactJws({ typ }, payload(changes), node.office.keyring.token)

  it('lets its client in', async () => {
    expect((await use(`Bearer ${signed()}`)).status).toBe(200)
    expect((await use(`bearer ${signed()}`)).status).toBe(200)
  })

  it('is needed', async () => {
    const { status, headers, body } = await use(undefined)
    expect([status, headers['www-authenticate'], body]).toEqual([
      401,
      'Bearer realm="comity"',
      {
        type: 'https://comity.example/problems/token-missing',
        status: 401,
        code: 'token-missing',
        title: '缺少访问令牌',
        titleEn: 'There is no access token',
        remedy: '请在 Authorization 请求头中附 Bearer 令牌',
        remedyEn: 'Send a Bearer token in the Authorization header',
      },
    ])
  })

  it.each([
    ['of another node', () => neighbour.token('drafter')],
    ['with alg none', () => forge({ typ: 'at+jwt', alg: 'none', kid: node.office.keyring.token.kid }, payload(), () => new Uint8Array(0))],
    [
      'with HS256',
      () => forge({ typ: 'at+jwt', alg: 'HS256', kid: node.office.keyring.token.kid }, payload(), (input) => createHmac('sha256', 'x').update(input).digest()),
    ],
    [
      'signed by another key under the right name',
      () =>
        forge({ typ: 'at+jwt', alg: 'Ed25519', kid: node.office.keyring.token.kid }, payload(), (input) =>
          neighbour.office.keyring.token.sign(encodeUtf8(input)),
        ),
    ],
    [
      'whose scope was changed',
      () => {
        const [header, , signature] = signed().split('.')
        return [header, encodeBase64url(encodeUtf8(JSON.stringify(payload({ scope: 'audit clients' })))), signature].join('.')
      },
    ],
    ['signed by the key of records', async () => signCompactJws({ typ: 'at+jwt' }, payload() as JsonObject, await stolenIssuingKey(node.office))],
    ['for another audience', () => signed({ aud: 'https://370300.comity.example' })],
    ['of another issuer', () => signed({ iss: 'https://370300.comity.example' })],
    ['for another client than its subject', () => signed({ client_id: 'approver' })],
    ['that has expired', () => signed({ exp: now() })],
    ['of another type', () => signed({}, 'JWT')],
    ['with a member more', () => signed({ admin: true })],
    ['of a client that is not here', () => signed({ sub: 'gone', client_id: 'gone' })],
    ['that is an assertion', () => assertion()],
    ['that is none', () => 'abc'],
  ])('%s is refused, alike', async (_name, token) => {
    const { status, headers, body } = await use(`Bearer ${await token()}`)
    expect([status, headers['www-authenticate'], body]).toEqual([
      401,
      'Bearer realm="comity", error="invalid_token"',
      {
        type: 'https://comity.example/problems/token-refused',
        status: 401,
        code: 'token-refused',
        title: '访问令牌无效、已过期，或其客户端已停用',
        titleEn: 'The access token is wrong, has expired, or its client has been closed',
        remedy: '请重新获取令牌',
        remedyEn: 'Obtain a new token',
      },
    ])
    expect((await use(`Bearer ${signed()}`)).status).toBe(200)
  })

  it.each(['Basic YTpi', 'Bearer', 'Bearer a b', 'Bearer a,b'])('by the header "%s" is refused', async (header) => {
    expect((await use(header)).body.code).toBe('token-refused')
  })

  it('without the duty is told which it takes', async () => {
    const { status, headers, body } = await use(`Bearer ${await node.token('reader')}`)
    expect([status, headers['www-authenticate'], body]).toEqual([
      403,
      'Bearer realm="comity", error="insufficient_scope"',
      {
        type: 'https://comity.example/problems/duty-missing',
        status: 403,
        code: 'duty-missing',
        title: '没有此项职责',
        titleEn: 'The caller lacks the duty',
        remedy: '请由具有该职责的人员办理',
        remedyEn: 'Let somebody who has it do this',
        at: 'scope',
        detail: 'audit',
      },
    ])
  })

  it('gives no duty that its client does not hold, whatever it says', async () => {
    const more = signCompactJws({ typ: 'at+jwt' }, payload({ sub: 'reader', client_id: 'reader', scope: 'read audit' }), node.office.keyring.token)
    expect((await use(`Bearer ${more}`)).body.code).toBe('duty-missing')
  })

  it('expires for a client that was let in a moment before', async () => {
    const own = await openTestNode()
    const token = `Bearer ${await own.token('drafter')}`
    const look = () => request(own.server).get('/audit').set('Authorization', token)
    expect((await look()).status).toBe(200)
    own.pass(599)
    expect((await look()).status).toBe(200)
    own.pass(1)
    expect((await look()).body.code).toBe('token-refused')
    await own.close()
  })

  it('of a client that is closed is refused from its next request on', async () => {
    const key = makeTestKey('temp')
    await node.call(registerClientRoute, { as: 'drafter', body: { id: 'temp', name: '临时', kind: 'system', keys: [key.jwk], duties: ['audit'] } })
    const given = await ask(assertion({ iss: 'temp', sub: 'temp' }, key))
    const token = `Bearer ${given.body.access_token as string}`
    expect((await use(token)).status).toBe(200)
    await node.call(closeClientRoute, { as: 'drafter', params: { client: 'temp' }, body: { reason: '调离' } })
    expect((await use(token)).body.code).toBe('token-refused')
    expect((await ask(assertion({ iss: 'temp', sub: 'temp' }, key))).body).toEqual(refused())
    const { clients } = await node.call(listClientsRoute, { as: 'drafter' })
    expect(clients.find(({ id }) => id === 'temp')).toMatchObject({
      name: '临时',
      kind: 'system',
      duties: ['audit'],
      state: 'closed',
      keys: [{ x: key.jwk.x, kid: key.public.kid }],
    })
  })
})

describe('a client that is registered', () => {
  const register = (body: object) =>
    request(node.server)
      .post('/clients')
      .set({ Authorization: `Bearer ${tokenText}`, 'Idempotency-Key': freshKey() })
      .send({ id: 'new', name: '新', kind: 'officer', keys: [makeTestKey('new').jwk], duties: ['read'], ...body })
  let tokenText: string
  beforeAll(async () => {
    tokenText = await node.token('drafter')
  })

  it.each([
    ['a private key', { keys: [{ ...makeTestKey('new').jwk, d: 'A'.repeat(43) }] }, 400, 'request-malformed'],
    ['a weak key', { keys: [{ kty: 'OKP', crv: 'Ed25519', x: 'AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA' }] }, 422, 'key-weak'],
    ['an unknown duty', { duties: ['everything'] }, 400, 'request-malformed'],
    ['an id that is taken', { id: 'reader' }, 409, 'client-exists'],
    ['the id of the command line', { id: 'cli:root' }, 400, 'request-malformed'],
  ])('is refused with %s', async (_name, changes, status, code) => {
    const answer = await register(changes)
    expect([answer.status, answer.body.code]).toEqual([status, code])
  })

  it('that is not there cannot be closed', async () => {
    const { status, body } = await request(node.server)
      .post('/clients/nobody/closure')
      .set({ Authorization: `Bearer ${tokenText}`, 'Idempotency-Key': freshKey() })
      .send({ reason: 'x' })
    expect([status, body.code]).toEqual([404, 'client-unknown'])
  })
})
