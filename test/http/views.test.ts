import { gunzipSync } from 'node:zlib'

import { verifyAsync } from '@noble/ed25519'
import { compactVerify, importJWK, jwtVerify, type JWK } from 'jose'
import request from 'supertest'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { approveDraftRoute, createDraft } from '#contract/drafts.ts'
import { issuerMetadata } from '#contract/public.ts'
import { changeStatusRoute, getRecord, presentRecord } from '#contract/records.ts'
import { trqpAuthorization, trqpRecognition } from '#contract/views.ts'
import { vctOf } from '#core/credential/family.ts'
import { instantOf, secondsOf, type Instant } from '#core/model/instant.ts'
import type { StatusChange } from '#core/status/status-reasons.ts'
import { closeKey } from '#registry/close-key.ts'
import { rotateKey } from '#registry/rotate-key.ts'
import { titleDraft } from '../support/examples.ts'
import { openTestNode, type TestNode } from '../support/open-test-node.ts'

interface Method {
  readonly id: string
  readonly type: string
  readonly publicKeyJwk?: JWK
  readonly publicKeyMultibase?: string
  readonly revoked?: string
}

interface DidDocument {
  readonly id: string
  readonly verificationMethod: readonly Method[]
  readonly assertionMethod: readonly string[]
}

const iss = 'https://370100.comity.example'
const did = 'did:web:370100.comity.example'

let node: TestNode
let began: Instant
beforeAll(async () => {
  node = await openTestNode()
  began = node.office.clock()
})
afterAll(() => node.close())

const didDocument = async (path = '/.well-known/did.json'): Promise<DidDocument> =>
  JSON.parse((await request(node.server).get(path).buffer(true).parse(bytes)).body.toString()) as DidDocument

function bytes(response: request.Response, done: (error: Error | null, body: Buffer) => void): void {
  const chunks: Buffer[] = []
  response.on('data', (chunk: Buffer) => chunks.push(chunk))
  response.on('end', () => done(null, Buffer.concat(chunks)))
}

async function issue(): Promise<{ readonly record: string; readonly text: string }> {
  const { draft } = await node.call(createDraft, { as: 'drafter', body: { family: 'title', draft: titleDraft() } })
  const { record } = await node.call(approveDraftRoute, { as: 'approver', params: { draft }, body: {} })
  const { text } = await node.call(presentRecord, { as: 'approver', params: { record }, body: {} })
  return { record, text }
}

/** The bytes of a multikey by the definition of base58, without tables of ours. */
function decodeMultikey(text: string): Uint8Array {
  const alphabet = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'
  const value = Array.from(text.slice(1)).reduce((sum, digit) => sum * 58n + BigInt(alphabet.indexOf(digit)), 0n)
  return Buffer.from(value.toString(16).padStart(68, '0'), 'hex')
}

describe('the DID document', () => {
  it('is where did:web looks, with a type and a tag', async () => {
    const { status, headers } = await request(node.server).get('/.well-known/did.json')
    expect([status, headers['content-type'], headers['cache-control']]).toEqual([200, 'application/did+json', 'public, max-age=60'])
    expect((await request(node.server).get('/.well-known/did.json').set('If-None-Match', headers['etag']!)).status).toBe(304)
    expect(await didDocument('/did.json')).toEqual(await didDocument())
  })

  it('gives keys in both forms under which others verify a record', async () => {
    const { text } = await issue()
    const jwt = text.split('~')[0]!
    const [header, payload, signature] = jwt.split('.') as [string, string, string]
    const { kid } = JSON.parse(Buffer.from(header, 'base64url').toString()) as { readonly kid: string }
    const { id, verificationMethod, assertionMethod } = await didDocument()
    expect(id).toBe(did)
    const jwk = verificationMethod.find((method) => method.id === `${did}#${kid}`)!
    expect(assertionMethod).toContain(jwk.id)
    await expect(compactVerify(jwt, await importJWK(jwk.publicKeyJwk!, 'Ed25519'))).resolves.toMatchObject({ protectedHeader: { kid } })
    const verified = await Promise.all(
      verificationMethod
        .filter(({ type }) => type === 'Multikey')
        .map(async ({ publicKeyMultibase }) => {
          const key = decodeMultikey(publicKeyMultibase!)
          expect([...key.subarray(0, 2)]).toEqual([0xed, 0x01])
          return verifyAsync(Buffer.from(signature, 'base64url'), Buffer.from(`${header}.${payload}`), key.subarray(2))
        }),
    )
    // The issuing key, and not the status key.
    expect(verified.filter((one) => one)).toHaveLength(1)
    expect(verified).toHaveLength(2)
  })

  it('follows the keys: a superseded one stays, a compromised one leaves it and the issuer metadata', async () => {
    const own = await openTestNode({ division: '370200' })
    try {
      const by = { actor: 'cli:test' }
      const first = own.office.keyring.issue.kid
      const { kid: second } = await rotateKey(own.office, by, 'issue')
      const { kid: third } = await rotateKey(own.office, by, 'issue')
      await closeKey(own.office, by, first, { reason: 'superseded' })
      await closeKey(own.office, by, second, { reason: 'compromised', compromisedSince: own.office.clock() })
      own.desk.changed()
      const document = JSON.parse((await request(own.server).get('/.well-known/did.json').buffer(true).parse(bytes)).body.toString()) as DidDocument
      const jwks = document.verificationMethod.filter(({ type }) => type === 'JsonWebKey')
      expect(Object.fromEntries(jwks.map(({ publicKeyJwk, revoked }) => [publicKeyJwk!.kid, revoked === undefined]))).toEqual({
        [first]: false,
        [third]: true,
        [own.office.keyring.status.kid]: true,
      })
      expect(document.assertionMethod.some((id) => id.endsWith(first))).toBe(false)
      expect(new Set((await own.call(issuerMetadata, {})).jwks.keys.map(({ kid }) => kid))).toEqual(new Set([first, third]))
    } finally {
      await own.close()
    }
  })

  it('is not given for an authority at an address, and says why', async () => {
    const own = await openTestNode({ division: '370300', iss: 'https://127.0.0.1:8443' })
    try {
      const { status, body } = await request(own.server).get('/.well-known/did.json')
      expect([status, body.code, body.title]).toEqual([404, 'did-web-unfit', '该机关标识不能表示为 did:web'])
    } finally {
      await own.close()
    }
  })
})

describe('a status list as W3C reads it', () => {
  const places = async (purpose: string): Promise<readonly number[]> => {
    const { status, headers, body } = await request(node.server).get(`/status/1/${purpose}`).buffer(true).parse(bytes)
    expect([status, headers['content-type'], headers['cache-control']]).toEqual([200, 'application/vc+jwt', 'public, max-age=300'])
    const { verificationMethod } = await didDocument()
    const token = (body as Buffer).toString()
    const { kid } = JSON.parse(Buffer.from(token.split('.')[0]!, 'base64url').toString()) as { readonly kid: string }
    const key = verificationMethod.find(({ id }) => id === kid)!
    const { payload } = await jwtVerify(token, await importJWK(key.publicKeyJwk!, 'Ed25519'), { typ: 'vc+jwt', currentDate: new Date() })
    const { encodedList, statusPurpose } = payload['credentialSubject'] as { readonly encodedList: string; readonly statusPurpose: string }
    expect([statusPurpose, payload['issuer'], payload['id']]).toEqual([purpose, did, `${iss}/status/1/${purpose}`])
    const bits = gunzipSync(Buffer.from(encodedList.slice(1), 'base64url'))
    expect(bits.length).toBe(16_384)
    return Array.from({ length: bits.length * 8 }, (_, index) => index).filter((index) => (bits[Math.floor(index / 8)]! >> (7 - (index % 8))) & 1)
  }

  it('has each change at the place of the record, and the change after it', async () => {
    const change = async (record: string, what: StatusChange, reason: string) =>
      node.call(changeStatusRoute, { as: 'approver', params: { record }, body: { change: what, reason } })
    const placeOf = ({ text }: { readonly text: string }): number =>
      (JSON.parse(Buffer.from(text.split('.')[1]!, 'base64url').toString()) as { readonly status: { readonly status_list: { readonly idx: number } } }).status
        .status_list.idx
    const [revoked, suspended, cancelled, untouched] = [await issue(), await issue(), await issue(), await issue()]
    await change(revoked.record, 'revoked', 'fraud')
    await change(suspended.record, 'suspended', 'investigation')
    await change(cancelled.record, 'cancelled', 'deceased')
    expect(await places('revocation')).toEqual([placeOf(revoked), placeOf(cancelled)].toSorted((a, b) => a - b))
    expect(await places('suspension')).toEqual([placeOf(suspended)])
    node.pass(2)
    await change(suspended.record, 'reinstated', 'cleared')
    expect(await places('suspension')).toEqual([])
    expect(await node.call(getRecord, { as: 'approver', params: { record: untouched.record } })).toMatchObject({ status: 'valid' })
  })

  it('is the same bytes until something changes', async () => {
    const first = await request(node.server).get('/status/1/revocation')
    expect((await request(node.server).get('/status/1/revocation').set('If-None-Match', first.headers['etag']!)).status).toBe(304)
  })

  it.each([
    ['/status/2/revocation', 404, 'trust-file-unknown'],
    ['/status/1/message', 400, 'request-malformed'],
    ['/status/01/revocation', 400, 'request-malformed'],
    ['/status/1/revocation?timestamp=2026-01-01T00:00:00Z', 400, 'request-malformed'],
  ])('%s: %i %s', async (path, status, code) => {
    const reply = await request(node.server).get(path)
    expect([reply.status, reply.body.code]).toEqual([status, code])
  })
})

describe('the trust registry query protocol', () => {
  const query = (changes: object = {}) => ({ entity_id: did, authority_id: iss, action: 'issue', resource: vctOf('title'), ...changes })
  const ask = async (path: string, body: unknown) => request(node.server).post(path).set('Content-Type', 'application/json').send(JSON.stringify(body))

  it('answers an authorization as of an instant, and signs what it says', async () => {
    const time = began
    const answer = await node.call(trqpAuthorization, { body: query({ context: { time, division: '370100' } }) })
    const { signed, ...said } = answer
    expect(said).toEqual({
      entity_id: did,
      authority_id: iss,
      action: 'issue',
      resource: 'https://comity.example/vct/title/1',
      authorized: true,
      time_requested: time,
      time_evaluated: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
      message: '已获授权签发 · authorised to issue it',
      context: { time, division: '370100' },
      source: { kind: 'anchor', id: iss },
    })
    const { verificationMethod } = await didDocument()
    const key = verificationMethod.find(({ id }) => id === `${did}#${node.office.keyring.status.kid}`)!
    const { payload, protectedHeader } = await jwtVerify(signed, await importJWK(key.publicKeyJwk!, 'Ed25519'), { issuer: iss, typ: 'comity-trqp+jwt' })
    expect(protectedHeader.kid).toBe(node.office.keyring.status.kid)
    const { iat, ...rest } = payload
    expect([instantOf(iat!), rest]).toEqual([said.time_evaluated, { iss, ...said }])
  })

  it('answers no where it is a no', async () => {
    const { status, body } = await ask('/authorization', query({ context: { division: '370200' } }))
    expect([status, body.authorized, body.time_requested]).toEqual([200, false, undefined])
  })

  it('answers a recognition, and what its signature covers says that it is one', async () => {
    const { recognized, signed } = await node.call(trqpRecognition, { body: query() })
    expect(recognized).toBe(true)
    const said = JSON.parse(Buffer.from(signed.split('.')[1]!, 'base64url').toString()) as Readonly<Record<string, unknown>>
    expect([said['recognized'], 'authorized' in said]).toEqual([true, false])
  })

  it('reads a time with parts of a second as the second that it is in', async () => {
    const time = began.replace('Z', '.999Z')
    const { status, body } = await ask('/authorization', query({ context: { time } }))
    expect([status, body.authorized, body.time_requested]).toEqual([200, true, time])
  })

  it.each<[string, (now: number) => object, number, string, string | undefined]>([
    ['the future', (now) => ({ context: { time: instantOf(now + 3600) } }), 422, 'instant-in-future', 'context/time'],
    ['before the node began', () => ({ context: { time: instantOf(secondsOf(began) - 3600) } }), 422, 'instant-before-genesis', 'context/time'],
    ['a time with another offset', () => ({ context: { time: '2026-06-01T12:00:00+08:00' } }), 400, 'request-malformed', 'body/context/time'],
    ['a day and no time', () => ({ context: { time: '2026-06-01' } }), 400, 'request-malformed', 'body/context/time'],
    ['a member of the context that nobody defines', () => ({ context: { purpose: 'x' } }), 400, 'request-malformed', 'body/context/purpose'],
    ['a member that nobody defines', () => ({ scope: 'x' }), 400, 'request-malformed', 'body/scope'],
    ['a context that is no object', () => ({ context: 'now' }), 400, 'request-malformed', 'body/context'],
    ['no action', () => ({ action: undefined }), 400, 'request-malformed', 'body/action'],
    ['an empty action', () => ({ action: '' }), 400, 'request-malformed', 'body/action'],
    ['an identifier with a blank', () => ({ entity_id: 'a b' }), 400, 'request-malformed', 'body/entity_id'],
    ['an identifier without end', () => ({ entity_id: 'a'.repeat(301) }), 400, 'request-malformed', 'body/entity_id'],
    ['an entity that nobody names', () => ({ entity_id: 'did:web:nowhere.example' }), 404, 'question-unknown', 'entity_id'],
    ['an entity that is nothing of ours', () => ({ entity_id: 'user-1234' }), 404, 'question-unknown', 'entity_id'],
    ['an authority for which this node does not speak', () => ({ authority_id: 'https://370300.comity.example' }), 404, 'question-unknown', 'authority_id'],
    ['another action', () => ({ action: 'verify' }), 404, 'question-unknown', 'action'],
    ['another resource', () => ({ resource: 'driverlicense' }), 404, 'question-unknown', 'resource'],
  ])('%s is answered with its reason on both roads', async (_name, changes, status, code, at) => {
    for (const path of ['/authorization', '/recognition']) {
      const reply = await ask(path, query(changes(secondsOf(node.office.clock()))))
      expect([path, reply.status, reply.headers['content-type'], reply.body.code, reply.body.at]).toEqual([path, status, 'application/problem+json', code, at])
    }
  })

  it('says from when on it can be asked', async () => {
    const { body } = await ask('/authorization', query({ context: { time: '2001-01-01T00:00:00Z' } }))
    expect(secondsOf(body.detail as Instant)).toBeLessThanOrEqual(secondsOf(began))
  })

  it.each(['/authorization', '/recognition'])('%s takes JSON, once, and no other method', async (path) => {
    const twice = `{"entity_id":"${did}","entity_id":"${did}","authority_id":"${iss}","action":"issue","resource":"${vctOf('title')}"}`
    const post = () => request(node.server).post(path)
    expect((await post().set('Content-Type', 'application/json').send(twice)).body.code).toBe('json-member-repeated')
    expect((await post().set('Content-Type', 'text/plain').send('{}')).body.code).toBe('content-type-refused')
    expect((await request(node.server).get(path)).status).toBe(405)
  })

  it('gives no answer under a key that has been closed', async () => {
    const own = await openTestNode({ division: '370300' })
    try {
      const by = { actor: 'cli:test' }
      const { kid } = own.office.keyring.status
      await rotateKey(own.office, by, 'status')
      await closeKey(own.office, by, kid, { reason: 'superseded' })
      own.desk.changed()
      const entity = 'https://370300.comity.example'
      const { status, body } = await request(own.server)
        .post('/authorization')
        .send(query({ entity_id: entity, authority_id: entity }))
      expect([status, body.code]).toEqual([503, 'node-not-ready'])
      // Its list has been signed anew, by a key that this process has yet to take up.
      expect((await request(own.server).get('/status/1/revocation')).status).toBe(503)
    } finally {
      await own.close()
    }
  })
})
