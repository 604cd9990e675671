import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { faultTexts } from '#core/fault-texts.ts'
import type { FaultCode } from '#core/fault.ts'
import { openTestNode, type TestNode } from '../support/open-test-node.ts'

let node: TestNode

beforeAll(async () => {
  node = await openTestNode()
})
afterAll(() => node.close())

interface Answer {
  readonly line: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** What comes back for these very bytes, until the node closes the connection. */
function send(...parts: readonly string[]): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(node.url)
    let text = ''
    const socket = connect(Number(port), hostname, () => parts.forEach((part) => socket.write(part)))
    const told = (): void => {
      const [head = '', body = ''] = text.split('\r\n\r\n')
      const [line = '', ...headers] = head.split('\r\n')
      const split = headers.map((header): [string, string] => [header.slice(0, header.indexOf(':')).toLowerCase(), header.slice(header.indexOf(':') + 2)])
      resolve({ line, headers: Object.fromEntries(split), body })
    }
    socket.on('data', (data) => (text += data.toString('utf8')))
    socket.on('end', () => socket.end())
    socket.on('close', told)
    socket.on('error', (error) => (text === '' ? reject(error) : told()))
  })
}

const host = 'Host: 127.0.0.1\r\n'
const get = `GET /healthz HTTP/1.1\r\n${host}`

const cases: readonly (readonly [name: string, request: string, line: string, code: FaultCode, place: object])[] = [
  ['a header of 20 kB', `${get}X: ${'a'.repeat(20_000)}\r\n\r\n`, '431 Request Header Fields Too Large', 'request-head-too-large', {}],
  ['an address of 20 kB', `GET /${'a'.repeat(20_000)} HTTP/1.1\r\n${host}\r\n`, '431 Request Header Fields Too Large', 'request-head-too-large', {}],
  ['three thousand headers', `${get}${'a: b\r\n'.repeat(3000)}\r\n`, '431 Request Header Fields Too Large', 'request-head-too-large', {}],
  ['a method that is none', `FOO / HTTP/1.1\r\n${host}\r\n`, '400 Bad Request', 'request-malformed', { at: 'http', detail: 'HPE_INVALID_METHOD' }],
  [
    'TLS where none is spoken',
    '\u0016\u0003\u0001\u0002\u0000\u0001\r\n\r\n',
    '400 Bad Request',
    'request-malformed',
    { at: 'http', detail: 'HPE_INVALID_METHOD' },
  ],
  [
    'two lengths that contradict each other',
    `POST /verify HTTP/1.1\r\n${host}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n`,
    '400 Bad Request',
    'request-malformed',
    { at: 'http', detail: 'HPE_INVALID_TRANSFER_ENCODING' },
  ],
  [
    'a chunk without a length',
    `POST /verify HTTP/1.1\r\n${host}Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n`,
    '400 Bad Request',
    'request-malformed',
    { at: 'http', detail: 'HPE_INVALID_CHUNK_SIZE' },
  ],
  ['two hosts', `${get}hOST: elsewhere\r\n\r\n`, '400 Bad Request', 'request-malformed', { at: 'host', detail: 'more than once' }],
  ['no host', 'GET /healthz HTTP/1.1\r\n\r\n', '400 Bad Request', 'request-malformed', { at: 'host', detail: 'missing' }],
  [
    'an expectation that nobody here can meet',
    `POST /verify HTTP/1.1\r\n${host}Expect: tea\r\nContent-Length: 2\r\n\r\n{}`,
    '417 Expectation Failed',
    'expectation-refused',
    { at: 'expect' },
  ],
]

describe('what the server cannot read', () => {
  it.each(cases)('%s is refused with a problem as everything else', async (_name, bytes, line, code, place) => {
    const { line: told, headers, body } = await send(bytes)
    const { zh, en, remedy } = faultTexts[code]
    expect([told, headers['content-type'], headers['connection'], headers['cache-control'], headers['x-content-type-options']]).toEqual([
      `HTTP/1.1 ${line}`,
      'application/problem+json',
      'close',
      'no-store',
      'nosniff',
    ])
    expect(Buffer.byteLength(body)).toBe(Number(headers['content-length']))
    expect(JSON.parse(body)).toEqual({
      type: `https://comity.example/problems/${code}`,
      status: Number(line.slice(0, 3)),
      code,
      title: zh,
      titleEn: en,
      remedy: remedy.zh,
      remedyEn: remedy.en,
      ...place,
    })
    expect(node.log.at(-1)).toMatchObject({ route: 'other', status: Number(line.slice(0, 3)), code })
    expect((await fetch(`${node.url}/healthz`)).status).toBe(200)
  })

  it('old clients need name no host', async () => {
    expect((await send('GET /healthz HTTP/1.0\r\n\r\n')).body).toBe('{"alive":true}')
  })

  it('is counted', async () => {
    expect(await (await fetch(`${node.url}/metrics`)).text()).toMatch(/^comity_http_requests_total\{route="other",status="431"\} 3$/m)
  })
})
