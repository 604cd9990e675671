import request from 'supertest'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { approveDraftRoute, createDraft } from '#contract/drafts.ts'
import { issuerMetadata, readiness, trustIndex, verifyRoute } from '#contract/public.ts'
import { changeStatusRoute, presentRecord } from '#contract/records.ts'
import { decodeUtf8 } from '#core/encoding/utf8.ts'
import { titleDraft } from '../support/examples.ts'
import { openTestNode, type TestNode } from '../support/open-test-node.ts'

let node: TestNode
let record: string
let text: string

beforeAll(async () => {
  node = await openTestNode()
  const { draft } = await node.call(createDraft, { as: 'drafter', body: { family: 'title', draft: titleDraft() } })
  ;({ record } = await node.call(approveDraftRoute, { as: 'approver', params: { draft }, body: {} }))
  ;({ text } = await node.call(presentRecord, { as: 'approver', params: { record }, body: {} }))
})
afterAll(() => node.close())

describe('what everybody may ask', () => {
  it('says that it is alive and ready', async () => {
    const { status, body } = await request(node.server).get('/healthz')
    expect([status, body]).toEqual([200, { alive: true }])
    expect(await node.call(readiness, {})).toEqual({
      ready: true,
      iss: 'https://370100.comity.example',
      division: '370100',
      checks: ['store', 'keys', 'trust', 'manifest'],
      keysEnding: [],
      alarms: 0,
    })
  })

  it('names its issuing keys', async () => {
    const { issuer, jwks } = await node.call(issuerMetadata, {})
    expect(issuer).toBe('https://370100.comity.example')
    expect(jwks.keys).toEqual([
      { kty: 'OKP', crv: 'Ed25519', x: expect.stringMatching(/^[\w-]{43}$/), kid: node.office.keyring.issue.kid, alg: 'Ed25519', use: 'sig' },
    ])
  })

  it('verifies one record', async () => {
    const reply = await node.call(verifyRoute, { body: { record: text } })
    if (!('verdict' in reply)) throw new Error('one was asked for')
    const { answer, issuer, record: read, checks, recognition } = reply.verdict
    expect({ answer, issuer, recognition }).toEqual({
      answer: 'yes',
      issuer: { iss: 'https://370100.comity.example', division: '370100', name: { zh: '370100人力资源和社会保障局', en: '370100 HRSS Bureau' } },
      recognition: null,
    })
    expect(read!.disclosed['name']).toEqual({ name: '孙远敏' })
    expect(checks.map((check) => `${check.id} ${check.answer}`)).toEqual(
      ['form', 'issuer', 'key', 'signature', 'content', 'time', 'key-in-force', 'key-scope', 'authorised', 'validity', 'status'].map((id) => `${id} yes`),
    )
  })

  it('verifies many in their order, past the size of one', async () => {
    const changed = `${text.slice(0, 400)}${text[400] === 'A' ? 'B' : 'A'}${text.slice(401)}`
    const records = Array.from({ length: 60 }, (_, index) => (index === 31 ? changed : text))
    const reply = await node.call(verifyRoute, { body: { records, for: '370300' } })
    if (!('verdicts' in reply)) throw new Error('many were asked for')
    expect(reply.verdicts.map(({ answer }) => answer)).toEqual(records.map((each) => (each === text ? 'yes' : 'no')))
    expect(reply.verdicts[0]!.recognition!.mode).toBe('manual_review')
  })

  it('answers as of an instant', async () => {
    const reply = await node.call(verifyRoute, { body: { record: text, at: '2020-01-01T00:00:00Z' } })
    expect('verdict' in reply && reply.verdict.answer).toBe('no')
    expect('verdict' in reply && reply.verdict.at).toBe('2020-01-01T00:00:00Z')
  })

  it('sees a revocation at once', async () => {
    const before = await request(node.server).get('/status/1')
    const { draft } = await node.call(createDraft, { as: 'drafter', body: { family: 'title', draft: titleDraft() } })
    const { record: second } = await node.call(approveDraftRoute, { as: 'approver', params: { draft }, body: {} })
    const { text: its } = await node.call(presentRecord, { as: 'approver', params: { record: second }, body: {} })
    await node.call(changeStatusRoute, { as: 'approver', params: { record: second }, body: { change: 'revoked', reason: 'fraud' } })
    const reply = await node.call(verifyRoute, { body: { record: its } })
    expect('verdict' in reply && reply.verdict.checks.at(-1)).toMatchObject({ id: 'status', answer: 'no', reason: 'status-revoked' })
    const after = await request(node.server).get('/status/1').set('If-None-Match', before.headers['etag']!)
    expect([after.status, after.headers['etag'] === before.headers['etag']]).toEqual([200, false])
  })
})

describe('the static signed files', () => {
  it.each([
    ['/trust/manifest.jwt', 'application/comity-manifest+jwt'],
    ['/status/1', 'application/statuslist+jwt'],
  ])('%s has its type and a strong tag, and is not sent twice', async (path, type) => {
    const first = await request(node.server).get(path).buffer(true).parse(bytes)
    expect([first.status, first.headers['content-type'], first.headers['cache-control']]).toEqual([200, type, 'public, max-age=60'])
    const etag = first.headers['etag']!
    expect(etag).toMatch(/^"[\w-]{43}"$/)
    for (const held of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
      const again = await request(node.server).get(path).set('If-None-Match', held)
      expect([again.status, again.text ?? '', again.headers['etag'], again.headers['content-type']]).toEqual([304, '', etag, undefined])
    }
    expect((await request(node.server).get(path).set('If-None-Match', '"other"').buffer(true).parse(bytes)).body).toEqual(first.body)
    expect((await request(node.server).head(path)).headers['content-length']).toBe(first.headers['content-length'])
  })

  it('are all in the index, under paths that lead to them', async () => {
    const { iss, files } = JSON.parse(decodeUtf8(await node.call(trustIndex, {}))) as { iss: string; files: { kind: string; path: string; own: boolean }[] }
    expect([iss, files.map(({ kind, path, own }) => [kind, path, own])]).toEqual([
      'https://370100.comity.example',
      [
        ['status-list', 'status/1', true],
        ['manifest', 'trust/manifest.jwt', true],
      ],
    ])
    for (const { path } of files) expect((await request(node.server).get(`/${path}`)).status).toBe(200)
  })

  it.each(['/status/2', '/trust/alliances/nowhere/1.json', '/trust/rules/nowhere/2021-1/1.json', `/trust/held/${'A'.repeat(43)}`])(
    '%s is not there, and says so',
    async (path) => {
      const { status, headers, body } = await request(node.server).get(path)
      expect([status, headers['content-type'], body]).toEqual([
        404,
        'application/problem+json',
        {
          type: 'https://comity.example/problems/trust-file-unknown',
          status: 404,
          code: 'trust-file-unknown',
          title: '没有该信任文件',
          titleEn: 'There is no such trust file',
          remedy: '请查看 /trust/index.json',
          remedyEn: 'Look at /trust/index.json',
        },
      ])
    },
  )
})

describe('the pages for people and machines beside the API', () => {
  it('docs fetch nothing from elsewhere', async () => {
    const page = await request(node.server).get('/docs/')
    expect(page.status).toBe(200)
    expect([...page.text.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, link]) => link).filter((link) => !link!.startsWith('./'))).toEqual([])
    expect(page.headers['content-security-policy']).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    )
    expect((await request(node.server).get('/docs/swagger-ui-bundle.js')).status).toBe(200)
    expect((await request(node.server).get('/openapi.json')).body.openapi).toBe('3.1.0')
  })

  it('metrics count by route and status and name nobody', async () => {
    const { status, text: metrics } = await request(node.server).get('/metrics')
    expect(status).toBe(200)
    expect(metrics).toMatch(/^comity_http_requests_total\{route="approveDraft",status="200"\} \d+$/m)
    expect(metrics).toMatch(/^comity_records_issued_total \d+$/m)
    expect(metrics).toMatch(/^comity_outbox_backlog \d+$/m)
    expect(metrics).toMatch(/^comity_import_jobs\{state="queued"\} 0$/m)
    expect(metrics).toMatch(/^comity_event_loop_delay_seconds\{quantile="0.99"\} [\d.e-]+$/m)
    expect(
      [...metrics.matchAll(/(\w+)="/g)].map(([, label]) => label).filter((label) => !['route', 'status', 'le', 'quantile', 'kind', 'state'].includes(label!)),
    ).toEqual([])
    for (const secret of [record, 'drafter', '孙远敏', '370113199604192288']) expect(metrics).not.toContain(secret)
  })

  it('answers carry the headers that keep browsers out of trouble', async () => {
    const { headers } = await request(node.server).get('/healthz')
    expect(headers['content-security-policy']).toBe("default-src 'none';base-uri 'none';form-action 'none';frame-ancestors 'none'")
    expect(headers['x-content-type-options']).toBe('nosniff')
    expect(headers['referrer-policy']).toBe('no-referrer')
    expect(headers['x-powered-by']).toBeUndefined()
    expect(headers['cache-control']).toBe('no-store')
  })
})

function bytes(response: request.Response, done: (error: Error | null, body: Buffer) => void): void {
  const chunks: Buffer[] = []
  response.on('data', (chunk: Buffer) => chunks.push(chunk))
  response.on('end', () => done(null, Buffer.concat(chunks)))
}
