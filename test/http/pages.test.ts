import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliCompressSync, gzipSync } from 'node:zlib'

import request from 'supertest'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { trustAnchors } from '#contract/public.ts'
import { openTestNode, type TestNode } from '../support/open-test-node.ts'

const folder = mkdtempSync(join(tmpdir(), 'comity-pages-'))
const pages = join(folder, 'web')
let node: TestNode
let bare: TestNode

const shell = '<!doctype html><title>核验</title>'
const script = 'postMessage(1)\n'

beforeAll(async () => {
  mkdirSync(join(pages, 'assets'), { recursive: true })
  writeFileSync(join(folder, 'secret.txt'), 'secret')
  writeFileSync(join(pages, 'index.html'), shell)
  writeFileSync(join(pages, 'sw.js'), script)
  writeFileSync(join(pages, 'unknown.txt'), 'not among the pages')
  writeFileSync(join(pages, 'assets', 'page-1a.js'), script)
  writeFileSync(join(pages, 'assets', 'page-1a.js.gz'), gzipSync(script))
  writeFileSync(join(pages, 'assets', 'page-1a.js.br'), brotliCompressSync(script))
  writeFileSync(join(pages, 'assets', 'reader-2b.wasm'), Uint8Array.of(0, 0x61, 0x73, 0x6d))
  node = await openTestNode({ pages })
  bare = await openTestNode({ division: '370300', pages: join(folder, 'nowhere') })
})
afterAll(async () => {
  await node.close()
  await bare.close()
  rmSync(folder, { recursive: true })
})

const policy =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' blob: data:; connect-src 'self'; worker-src 'self'; manifest-src 'self'; font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

describe('the pages of a node', () => {
  it.each(['/', '/q', '/claim'])('stand at %s under a policy that names no other host', async (path) => {
    const { status, text, headers } = await request(node.server).get(path)
    expect([status, text]).toEqual([200, shell])
    expect(headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': policy,
      'permissions-policy': 'camera=(self), microphone=(), geolocation=(), payment=(), usb=(), display-capture=()',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-cache',
    })
  })

  it('give a worker script the policy that binds it', async () => {
    const { headers } = await request(node.server).get('/sw.js')
    expect([headers['content-type'], headers['content-security-policy'], headers['cache-control']]).toEqual([
      'text/javascript; charset=utf-8',
      policy,
      'no-cache',
    ])
  })

  it('say that what has its digest in its name need never be asked for again', async () => {
    const { status, headers } = await request(node.server).get('/assets/page-1a.js')
    expect([status, headers['cache-control'], headers['vary']]).toEqual([200, 'public, max-age=31536000, immutable', 'Accept-Encoding'])
    expect((await request(node.server).get('/assets/reader-2b.wasm')).headers['content-type']).toBe('application/wasm')
  })

  it.each([
    ['br, gzip', 'br'],
    ['gzip', 'gzip'],
    ['gzip, br;q=0', 'gzip'],
    ['identity', undefined],
    ['brotli', undefined],
  ])('answer “%s” with what was asked for', async (accepted, encoding) => {
    const answer = await request(node.server)
      .get('/assets/page-1a.js')
      .set('Accept-Encoding', accepted)
      .buffer(true)
      .parse((response, done) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('end', () => done(null, Buffer.concat(chunks)))
      })
    expect(answer.headers['content-encoding']).toBe(encoding)
    expect(String(answer.body)).toBe(script) // unpacked by what the answer says it is
  })

  it('are not sent again to whoever holds them', async () => {
    const { headers } = await request(node.server).get('/')
    // A proxy that packs answers makes the tag a weak one.
    for (const held of [headers['etag']!, `W/${headers['etag']!}`, `"other", ${headers['etag']!}`, '*']) {
      const again = await request(node.server).get('/').set('If-None-Match', held)
      expect([held, again.status, again.text]).toEqual([held, 304, ''])
    }
    expect((await request(node.server).get('/').set('If-None-Match', '"other"')).status).toBe(200)
  })

  it.each([
    '/assets/..%2f..%2fsecret.txt',
    '/assets/../secret.txt',
    '/assets/..',
    '/assets/.',
    '/assets/',
    '/assets/%2e%2e%2fsw.js',
    '/assets/page-1a.js/x',
    '/assets/page-1a.js%00.png',
    '/assets/....//sw.js',
    '/unknown.txt',
    '/index.html',
    '/assets',
  ])('give nothing for %s', async (path) => {
    const { status, body } = await request(node.server).get(path)
    expect(status).toBeGreaterThanOrEqual(400)
    expect(body).toMatchObject({ code: expect.stringMatching(/^(route-unknown|request-malformed)$/) })
  })

  it('tell a person at a browser in both languages that there is nothing at an address, and a program in JSON', async () => {
    const browser = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8'
    const { status, text, headers } = await request(node.server).get('/q/<b>x').set('Accept', browser)
    expect([status, headers['content-type'], headers['cache-control'], headers['vary']]).toEqual([404, 'text/html; charset=utf-8', 'no-store', 'Accept'])
    expect(headers['content-security-policy']).toMatch(
      /^default-src 'none'; style-src 'sha256-[^']+'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'$/,
    )
    expect([text.includes('<h1>没有此地址</h1><p lang="en">There is nothing at this address</p>'), text.includes('<b>')]).toEqual([true, false])
    for (const accept of ['*/*', 'application/json', 'application/problem+json, */*;q=0.1'])
      expect((await request(node.server).get('/q/x').set('Accept', accept)).body.code).toBe('route-unknown')
    expect((await request(node.server).post('/q/x').set('Accept', browser)).body.code).toBe('route-unknown')
  })

  it('say in plain words how to build them where they are not, and the API works on', async () => {
    const { status, text, headers } = await request(bare.server).get('/')
    expect([status, headers['content-type']]).toEqual([503, 'text/plain; charset=utf-8'])
    expect(text).toContain('npm run build:web')
    expect(text).toContain('接口照常可用')
    expect((await request(bare.server).get('/healthz')).status).toBe(200)
    expect((await request(bare.server).get('/sw.js')).status).toBe(404)
  })

  it('are served in their new form as soon as they are built anew', async () => {
    writeFileSync(join(pages, 'index.html'), `${shell}2`)
    expect((await request(node.server).get('/')).text).toBe(`${shell}2`)
    writeFileSync(join(pages, 'index.html'), shell)
  })

  it('leave the addresses of the API as they are', async () => {
    const claim = { code: '0'.repeat(16), lastSix: '192288' }
    const { status, body, headers } = await request(node.server).post('/claim').send(claim)
    expect([status, body.code, headers['cache-control']]).toEqual([403, 'claim-refused', 'no-store'])
    const written = await request(node.server).post('/')
    expect([written.status, written.headers['allow'], written.body.code]).toEqual([405, 'GET, HEAD', 'method-refused'])
  })

  it('share an address with the API, which says what may be done there', async () => {
    const head = await request(node.server).head('/claim')
    expect([head.status, head.text, head.headers['content-length'], head.headers['content-security-policy']]).toEqual([
      200,
      undefined,
      String(Buffer.byteLength(shell)),
      policy,
    ])
    const put = await request(node.server).put('/claim')
    expect([put.status, put.body.code, put.headers['allow']]).toEqual([405, 'method-refused', 'GET, HEAD, POST'])
    const elsewhere = await request(node.server).put('/verify')
    expect([elsewhere.status, elsewhere.headers['allow']]).toEqual([405, 'POST'])
    const unbuilt = await request(bare.server).get('/claim')
    expect([unbuilt.status, unbuilt.headers['content-type']]).toEqual([503, 'text/plain; charset=utf-8'])
    expect(
      (
        await request(bare.server)
          .post('/claim')
          .send({ code: '0'.repeat(16), lastSix: '1' })
      ).status,
    ).toBe(403)
  })
})

describe('the anchors of a node', () => {
  it('are its own authority and the alliances that its officers have joined', async () => {
    const anchors = await node.call(trustAnchors, {})
    expect(anchors).toEqual({
      authorities: [
        {
          division: '370100',
          iss: 'https://370100.comity.example',
          name: { zh: '370100人力资源和社会保障局', en: '370100 HRSS Bureau' },
          authorityKey: { kty: 'OKP', crv: 'Ed25519', x: expect.stringMatching(/^[\w-]{43}$/) },
          authorised: [{ families: expect.arrayContaining(['title', 'recognition']), divisions: ['370100'] }],
        },
      ],
      alliances: [],
    })
  })
})
