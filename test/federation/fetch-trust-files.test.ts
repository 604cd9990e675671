import { createServer, type RequestListener, type Server } from 'node:http'
import { afterEach, describe, expect, it } from 'vitest'

import { TrustIndexEntry, type TrustIndex } from '#contract/public.ts'
import { Fault } from '#core/fault.ts'
import { fetchLimits, fetchTrustFiles, type FetchStream } from '#federation/fetch-trust-files.ts'

const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    server.close()
  }
})

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener)
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  return `http://127.0.0.1:${port}`
}

const entry = (changes: Partial<TrustIndex['files'][number]> = {}) => ({
  kind: 'manifest',
  subject: 'https://a.example',
  version: 1,
  digest: 'A'.repeat(43),
  own: true,
  path: 'trust/manifest.jwt',
  ...changes,
})
const index = (...files: object[]) => JSON.stringify({ iss: 'https://a.example', files })

const everything = { wanted: () => true }
const fetchIt: FetchStream = (url, init) => fetch(url, init)

async function faultOf(address: string, limits = fetchLimits): Promise<string> {
  try {
    await fetchTrustFiles(address, everything, fetchIt, limits)
  } catch (error) {
    if (error instanceof Fault) return error.code
    throw error
  }
  return 'no fault'
}

describe('asking a neighbour', () => {
  it('fetches what is wanted and nothing else', async () => {
    const asked: string[] = []
    const address = await serve((request, response) => {
      asked.push(request.url!)
      response.end(request.url === '/trust/index.json' ? index(entry(), entry({ path: 'status/1', kind: 'status-list' })) : `content of ${request.url}`)
    })
    const { outcome, files } = await fetchTrustFiles(address, { wanted: ({ kind }) => kind === 'manifest' }, fetchIt)
    expect([outcome, files.map(({ name, bytes }) => [name, new TextDecoder().decode(bytes)])]).toEqual([
      'fetched',
      [[`${address}/trust/manifest.jwt`, 'content of /trust/manifest.jwt']],
    ])
    expect(asked).toEqual(['/trust/index.json', '/trust/manifest.jwt'])
  })

  it('does not read an index again that has not changed', async () => {
    const address = await serve((request, response) => {
      if (request.headers['if-none-match'] === '"one"') response.writeHead(304, { etag: '"one"' }).end()
      else response.writeHead(200, { etag: '"one"' }).end(index())
    })
    expect(await fetchTrustFiles(address, everything, fetchIt)).toEqual({ outcome: 'fetched', etag: '"one"', files: [] })
    expect(await fetchTrustFiles(address, { ...everything, etag: '"one"' }, fetchIt)).toEqual({ outcome: 'unchanged', etag: '"one"', files: [] })
  })

  it('goes nowhere else by a redirect', async () => {
    const reached: string[] = []
    const elsewhere = await serve((request, response) => {
      reached.push(request.url!)
      response.end(index())
    })
    const address = await serve((_request, response) => response.writeHead(302, { location: `${elsewhere}/trust/index.json` }).end())
    expect(await faultOf(address)).toBe('neighbour-unreachable')
    expect(reached).toEqual([])
  })

  it('stops reading at the cap, whatever length was announced', async () => {
    let closed: (() => void) | undefined
    const gone = new Promise<void>((resolve) => (closed = resolve))
    const address = await serve((_request, response) => {
      response.on('close', () => closed?.())
      const more = (): void => {
        while (!response.destroyed && response.write(Buffer.alloc(64 * 1024, 0x20)));
        response.once('drain', more)
      }
      more()
    })
    expect(await faultOf(address, { ...fetchLimits, fileBytes: 1024 * 1024 })).toBe('bytes-too-many')
    await gone
  })

  it('counts what a compressed answer unpacks to', async () => {
    const { gzipSync } = await import('node:zlib')
    const bomb = gzipSync(Buffer.alloc(4 * 1024 * 1024, 0x20))
    const address = await serve((_request, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb))
    expect(bomb.length).toBeLessThan(8192)
    expect(await faultOf(address, { ...fetchLimits, fileBytes: 1024 * 1024 })).toBe('bytes-too-many')
  })

  it('waits so long and no longer, also for an answer that drips', async () => {
    const address = await serve((_request, response) => {
      const drip = setInterval(() => response.write(' '), 20)
      response.on('close', () => clearInterval(drip))
    })
    expect(await faultOf(address, { ...fetchLimits, milliseconds: 200 })).toBe('neighbour-unreachable')
  })

  it('takes so many bytes from one neighbour and so many files at a time', async () => {
    const address = await serve((request, response) =>
      response.end(
        request.url === '/trust/index.json' ? index(...[1, 2, 3].map((no) => entry({ path: `status/${no}`, kind: 'status-list' }))) : 'x'.repeat(600),
      ),
    )
    expect(await faultOf(address, { ...fetchLimits, totalBytes: 1000 })).toBe('bytes-too-many')
    const { files } = await fetchTrustFiles(address, everything, fetchIt, { ...fetchLimits, files: 2 })
    expect(files.length).toBe(2)
  })

  it.each([
    ['a page', '<html>'],
    ['an unknown member', JSON.stringify({ iss: 'https://a.example', files: [], more: 1 })],
    ['a member twice', '{"iss":"https://a.example","iss":"https://a.example","files":[]}'],
    ['a path that climbs', index(entry({ path: 'trust/../../etc/passwd' }))],
    ['a path that is an address', index(entry({ path: 'https://evil.example/x' }))],
    ['a path with a query', index(entry({ path: 'trust/manifest.jwt?x=1' }))],
  ])('refuses %s for an index', async (_name, body) => {
    const address = await serve((_request, response) => response.end(body))
    expect(['service-answer-malformed', 'json-malformed', 'json-member-repeated']).toContain(await faultOf(address))
  })

  it.each(['status/..', 'trust/.hidden', 'trust//a', 'trust/a/', '/trust/a', 'trust', 'trust/%2e%2e/a'])('knows no path like %s', (path) => {
    expect(TrustIndexEntry.safeParse(entry({ path })).success).toBe(false)
  })

  it.each([
    'http://city.example',
    'https://127.1',
    'https://0x7f.1',
    'https://2130706433',
    'https://１２７.0.0.1',
    'https://City.example',
    'https://city.example:443',
    'https://city.example/',
    'https://city.example/../x',
    'https://user@city.example',
    'https://city.example?x',
    'file:///etc/passwd',
    'http://127.0.0.2:80',
    '',
  ])('never asks at %j', async (address) => {
    const asked: string[] = []
    const spy: FetchStream = (url, init) => {
      asked.push(url)
      return fetch(url, init)
    }
    await expect(fetchTrustFiles(address, everything, spy)).rejects.toMatchObject({ code: 'neighbour-address-refused' })
    expect(asked).toEqual([])
  })
})
