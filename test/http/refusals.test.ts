import { connect } from 'node:net'
import request from 'supertest'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { openTestNode, type TestNode } from '../support/open-test-node.ts'

let node: TestNode

beforeAll(async () => {
  node = await openTestNode()
})
afterAll(() => node.close())

/** Whatever was refused, the next good request succeeds. */
const stillWell = async (): Promise<void> => {
  const { status, body } = await request(node.server).post('/verify').send({ record: 'nothing of a record' })
  expect([status, body.verdict.answer]).toEqual([200, 'cannot-tell'])
}

const post = (body: string, type = 'application/json') => request(node.server).post('/verify').set('Content-Type', type).send(body)

const malformed = {
  type: 'https://comity.example/problems/request-malformed',
  status: 400,
  code: 'request-malformed',
  title: '请求格式错误',
  titleEn: 'The request is malformed',
  remedy: '请按接口文档更正所指成员',
  remedyEn: 'Correct the member named, as the API describes',
}

describe('a request that is refused', () => {
  it.each([
    ['an unknown member', '{"record":"a","mode":"x"}', { at: 'body/mode', detail: 'unrecognized_keys' }],
    ['a member of the wrong kind', '{"record":7}', { at: 'body/record', detail: 'invalid_type' }],
    ['neither one nor many', '{}', { at: 'body/record', detail: 'custom' }],
    ['both one and many', '{"record":"a","records":["b"]}', { at: 'body/record', detail: 'custom' }],
    ['a hundred and one', JSON.stringify({ records: Array.from({ length: 101 }, () => 'a') }), { at: 'body/records', detail: 'too_big' }],
    ['a place that is no code', '{"record":"a","for":"Jinan"}', { at: 'body/for', detail: 'invalid_format' }],
    ['an array', '[]', { at: 'body/', detail: 'invalid_type' }],
  ])('for %s is told the member', async (_name, body, place) => {
    const { status, headers, body: problem } = await post(body)
    expect([status, headers['content-type'], problem]).toEqual([400, 'application/problem+json', { ...malformed, ...place }])
    await stillWell()
  })

  it.each([
    ['a member named twice', '{"record":"a","record":"b"}', 400, 'json-member-repeated', 'body@14'],
    ['__proto__', '{"__proto__":{"record":"a"}}', 400, 'json-member-forbidden', 'body/__proto__'],
    ['seventeen levels', `${'['.repeat(17)}${']'.repeat(17)}`, 400, 'json-too-deep', 'body@16'],
    ['two hundred thousand levels', '['.repeat(200_000), 400, 'json-too-deep', 'body@16'],
    ['a lone surrogate', String.raw`{"record":"\ud800"}`, 400, 'json-surrogate-lone', 'body/record'],
    ['no JSON', '{"record":', 400, 'json-malformed', 'body'],
    ['nothing at all', '', 400, 'json-malformed', 'body'],
    ['a byte order mark', '\ufeff{"record":"a"}', 400, 'json-malformed', 'body'],
  ])('for %s is told the place', async (_name, body, status, code, at) => {
    const answer = await post(body)
    expect([answer.status, answer.body.code, answer.body.at]).toEqual([status, code, at])
    await stillWell()
  })

  it('for bytes that are not UTF-8 is told so', async () => {
    const answer = await fetch(`${node.url}/verify`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: Uint8Array.of(0x22, 0xff, 0x22) })
    expect([answer.status, await answer.json()]).toMatchObject([400, { code: 'text-not-utf8', at: 'body' }])
    await stillWell()
  })

  it.each([
    ['text/plain', 'content-type'],
    ['application/json; charset=utf-7', 'content-type'],
    ['application/json; charset=gb18030', 'content-type'],
    ['application/json, text/plain', 'content-type'],
    ['application/x-www-form-urlencoded', 'content-type'],
  ])('for the content type %s is told which will do', async (type, at) => {
    const { status, body } = await post('{"record":"a"}', type)
    expect([status, body]).toEqual([
      415,
      {
        type: 'https://comity.example/problems/content-type-refused',
        status: 415,
        code: 'content-type-refused',
        title: '内容类型不被接受',
        titleEn: 'The content type is not accepted',
        remedy: '请使用接口文档所列的内容类型，不压缩，编码为 UTF-8',
        remedyEn: 'Use the content type that the API describes, uncompressed, in UTF-8',
        at,
        detail: 'application/json',
      },
    ])
    await stillWell()
  })

  it('for a compressed body is not unpacked', async () => {
    const { status, body } = await post('{"record":"a"}').set('Content-Encoding', 'gzip')
    expect([status, body.code, body.at]).toEqual([415, 'content-type-refused', 'content-encoding'])
    await stillWell()
  })

  it('takes utf-8 by name, in any letters', async () => {
    expect((await post('{"record":"a"}', 'Application/JSON; Charset="UTF-8"')).status).toBe(200)
  })

  it('for an announced length past the cap is not read', async () => {
    const { status, headers, body } = await request(node.server)
      .post('/claim')
      .set('Content-Type', 'application/json')
      .send(JSON.stringify({ code: 'A'.repeat(70_000) }))
    expect([status, headers['connection'], body.code, body.detail]).toEqual([413, 'close', 'bytes-too-many', 'at most 65536 bytes'])
    await stillWell()
  })

  it('for a length that is not announced is counted', async () => {
    const answer = await new Promise<string>((resolve, reject) => {
      const { hostname, port } = new URL(node.url)
      let text = ''
      const socket = connect(Number(port), hostname, () => {
        socket.write('POST /claim HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n')
        for (let chunk = 0; chunk < 5; chunk++) socket.write(`4000\r\n${'a'.repeat(0x4000)}\r\n`)
      })
      socket.on('data', (data) => (text += data.toString('utf8')))
      socket.on('close', () => resolve(text))
      socket.on('error', (error) => (text === '' ? reject(error) : resolve(text)))
    })
    expect(answer.startsWith('HTTP/1.1 413 ')).toBe(true)
    expect(answer).toContain('"code":"bytes-too-many"')
    await stillWell()
  })

  it('lets verification have eight megabytes and not more', async () => {
    const records = Array.from({ length: 100 }, () => 'a'.repeat(65_536))
    expect((await post(JSON.stringify({ records }))).status).toBe(200)
    expect((await post(' '.repeat(8 * 1024 * 1024 + 1))).body.code).toBe('bytes-too-many')
    await stillWell()
  })

  it('for a body or a query where none belongs is told so', async () => {
    expect((await request(node.server).get('/healthz').send('{}')).body).toEqual({ ...malformed, at: 'body', detail: 'the route takes none' })
    expect((await request(node.server).get('/healthz?x=1')).body).toEqual({ ...malformed, at: 'query', detail: 'the route takes none' })
    await stillWell()
  })

  it.each(['%zz', '%', '%e4%bd', '%ff'])('for the escape %s in a query or a form, which stands for nothing, is told so', async (escape) => {
    const token = await node.token('drafter')
    const query = await request(node.server).get(`/imports?after=a${escape}`).set('Authorization', `Bearer ${token}`)
    expect([query.status, query.body]).toEqual([400, { ...malformed, at: 'query', detail: 'percent-encoding' }])
    const form = await request(node.server).post('/oauth/token').type('form').send(`grant_type=${escape}`)
    expect([form.status, form.body]).toMatchObject([400, { error: 'invalid_request', at: 'body', detail: 'percent-encoding' }])
    await stillWell()
  })

  it('for another method is told which the address takes', async () => {
    const { status, headers, body } = await request(node.server).delete('/drafts')
    expect([status, headers['allow'], body]).toEqual([
      405,
      'POST, GET, HEAD',
      {
        type: 'https://comity.example/problems/method-refused',
        status: 405,
        code: 'method-refused',
        title: '此地址不支持该方法',
        titleEn: 'The address does not take this method',
        remedy: '请使用 Allow 响应头所列方法',
        remedyEn: 'Use a method that the Allow header lists',
        detail: 'POST, GET, HEAD',
      },
    ])
  })

  it.each(['/openapi.json', '/metrics', '/docs', '/docs/', '/', '/q'])('for another method at %s is told that it can be looked at', async (path) => {
    for (const method of ['options', 'delete', 'post'] as const) {
      const { status, headers, body } = await request(node.server)[method](path)
      expect([status, headers['content-type'], headers['allow'], body.code]).toEqual([405, 'application/problem+json', 'GET, HEAD', 'method-refused'])
    }
  })

  it.each(['/docs/none.js', '/docs/package.json', '/docs/index.html', '/docs/%zz', '/docs/../openapi', '/docs/a/swagger-ui-init.js'])(
    'for %s, which the docs do not have, is told so',
    async (path) => {
      const { status, headers, body } = await request(node.server).get(path)
      expect([status, headers['content-type'], body.code]).toEqual([404, 'application/problem+json', 'route-unknown'])
    },
  )

  it('for an address that is none is told so', async () => {
    expect((await request(node.server).get('/Healthz')).body.code).toBe('route-unknown')
    expect((await request(node.server).get('/healthz/')).body.code).toBe('route-unknown')
    expect((await request(node.server).get('/status/%E0%A4%A')).body).toEqual({ ...malformed, at: 'path' })
    expect(
      (
        await request(node.server)
          .get('/records/not-an-id')
          .set('Authorization', `Bearer ${await node.token('drafter')}`)
      ).body,
    ).toEqual({ ...malformed, at: 'path/record', detail: 'invalid_format' })
    await stillWell()
  })

  it('for too many tries is told when to come again, and nobody else suffers', async () => {
    const small = await openTestNode({ limits: { claim: 3 } })
    const claim = () =>
      request(small.server)
        .post('/claim')
        .send({ code: '0'.repeat(16), lastSix: '123456' })
    const statuses = []
    for (let index = 0; index < 4; index++) statuses.push((await claim()).status)
    expect(statuses).toEqual([403, 403, 403, 429])
    const { headers, body } = await claim()
    expect([headers['retry-after'], headers['content-type'], body]).toEqual([
      '60',
      'application/problem+json',
      {
        type: 'https://comity.example/problems/requests-too-many',
        status: 429,
        code: 'requests-too-many',
        title: '请求过于频繁',
        titleEn: 'There are too many requests',
        remedy: '请在 Retry-After 所示秒数后重试',
        remedyEn: 'Try again after the seconds that Retry-After says',
      },
    ])
    expect((await request(small.server).post('/verify').send({ record: 'a' })).status).toBe(200)
    await small.close()
  })
})

describe('what goes wrong on this side', () => {
  it('is told by an id, and its detail stays in the log', async () => {
    const ill = await openTestNode()
    const broken = { ...ill.desk }
    Object.assign(ill.desk, { current: () => Promise.reject(new Error('secret of the house')) })
    const { status, body } = await request(ill.server).post('/verify').send({ record: 'a' })
    const { instance, ...rest } = body
    expect([status, rest]).toEqual([
      500,
      {
        type: 'https://comity.example/problems/internal',
        status: 500,
        code: 'internal',
        title: '内部错误',
        titleEn: 'Something went wrong here',
        remedy: '请凭错误编号联系管理员',
        remedyEn: 'Give the error id to the operator',
      },
    ])
    expect(instance).toMatch(/^urn:uuid:[0-9a-f-]{36}$/)
    expect(ill.log.find(({ msg }) => msg === 'unforeseen')).toMatchObject({
      id: instance.slice(9),
      route: 'verify',
      error: 'Error',
      message: 'secret of the house',
    })
    const notReady = await request(ill.server).get('/readyz')
    expect([notReady.status, notReady.body.findings.map(({ at }: { at: string }) => at)]).toEqual([503, ['trust', 'manifest']])
    Object.assign(ill.desk, broken)
    expect((await request(ill.server).get('/readyz')).status).toBe(200)
    await ill.close()
  })

  it('the log has neither bodies nor addresses nor identity numbers', async () => {
    await request(node.server).post('/claim').send({ code: 'SECRETCODE012345', lastSix: '192288' })
    await request(node.server).get('/healthz?number=370113199604192288')
    const log = JSON.stringify(node.log)
    for (const secret of ['SECRETCODE012345', '192288', '370113199604192288', '?number']) expect(log).not.toContain(secret)
    expect(node.log.at(-1)).toMatchObject({ level: 'info', route: 'health', status: 400, code: 'request-malformed', msg: 'request' })
  })
})
