import { createServer, type RequestListener, type Server } from 'node:http'
import { createServer as createPlainServer, type AddressInfo, type Server as PlainServer } from 'node:net'
import { gzipSync } from 'node:zlib'
import { afterEach, describe, expect, it } from 'vitest'

import { Fault } from '#core/fault.ts'
import { openNeighbourFetch, type Resolve } from '#federation/neighbour-fetch.ts'
import { isLoopbackAddress, isPublicAddress } from '#federation/public-address.ts'
import { readAll } from '#federation/read-all.ts'

const servers: (Server | PlainServer)[] = []
afterEach(() => {
  for (const server of servers.splice(0)) {
    if ('closeAllConnections' in server) server.closeAllConnections()
    server.close()
  }
})

/** The port of a server on this machine. */
async function serve(listener: RequestListener): Promise<number> {
  const server = createServer(listener)
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port // listening on TCP
}

const init = () => ({ headers: {}, redirect: 'error', signal: AbortSignal.timeout(2000) }) as const
const resolving =
  (...addresses: readonly string[]): Resolve =>
  (_host, _options, done) =>
    done(
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    )
/** What asking comes to: a fault's code and detail, or the name of another error. */
async function refusalOf(url: string, resolve?: Resolve): Promise<string> {
  try {
    await openNeighbourFetch(resolve)(url, init())
    return 'answered'
  } catch (error) {
    return error instanceof Fault ? `${error.code} ${error.detail}` : 'error'
  }
}

const inside = [
  '127.0.0.1',
  '127.200.0.1',
  '0.0.0.0',
  '10.1.2.3',
  '100.64.0.1',
  '169.254.169.254',
  '172.16.0.1',
  '172.31.255.255',
  '192.168.1.1',
  '198.18.0.1',
  '203.0.113.5',
  '224.0.0.1',
  '255.255.255.255',
  '::',
  '::1',
  '::ffff:10.0.0.1',
  '::ffff:8.8.8.8',
  '64:ff9b::a00:1',
  'fc00::1',
  'fd12:3456::1',
  'fe80::1',
  'ff02::1',
  '2001::1',
  '2001:db8::1',
  '2002:a00:1::1',
]
const outside = ['1.1.1.1', '8.8.8.8', '100.63.255.255', '172.32.0.1', '192.167.255.255', '223.255.255.255', '2400:3200::1', '2606:4700::1111']

describe('an address', () => {
  it.each(inside)('%s is not of the internet at large', (address) => expect(isPublicAddress(address)).toBe(false))
  it.each(outside)('%s is', (address) => expect([isPublicAddress(address), isLoopbackAddress(address)]).toEqual([true, false]))
  it('is of this machine in one of two networks', () => {
    const addresses = ['127.0.0.1', '127.200.0.1', '::1', '10.0.0.1', '0.0.0.0', '::', 'localhost']
    expect(addresses.filter(isLoopbackAddress)).toEqual(['127.0.0.1', '127.200.0.1', '::1'])
  })
})

describe('a neighbour', () => {
  it.each(inside.filter((address) => !address.includes(':')))('is not asked at https://%s', async (address) => {
    expect(await refusalOf(`https://${address}/trust/index.json`)).toBe(`neighbour-address-refused ${address}`)
  })

  it.each(inside)('is not asked under a name that leads to %s', async (address) => {
    let reached = 0
    const port = await serve((_request, response) => {
      reached++
      response.end()
    })
    expect(await refusalOf(`https://city.example:${port}/`, resolving(address))).toBe(`neighbour-address-refused ${address}`)
    expect(reached).toBe(0)
  })

  it('is not asked under a name one of whose addresses is private, nor by plain HTTP anywhere but on this machine', async () => {
    expect(await refusalOf('https://city.example/', resolving('1.1.1.1', '10.0.0.1'))).toBe('neighbour-address-refused 10.0.0.1')
    expect(await refusalOf('http://localhost:80/', resolving('10.0.0.1'))).toBe('neighbour-address-refused 10.0.0.1')
    expect(await refusalOf('http://10.0.0.1/')).toBe('neighbour-address-refused 10.0.0.1')
    expect(await refusalOf('http://1.1.1.1/')).toBe('neighbour-address-refused 1.1.1.1')
  })

  it('is looked up for the very connection: what a name says of itself later counts then', async () => {
    const says = [['1.1.1.1', '127.0.0.1'], ['10.0.0.7']]
    const resolve: Resolve = (...given) => resolving(...(says.shift() ?? []))(...given)
    const ask = openNeighbourFetch(resolve)
    for (const detail of ['127.0.0.1', '10.0.0.7'])
      await expect(ask('https://city.example/', init())).rejects.toMatchObject({ code: 'neighbour-address-refused', detail })
    await expect(ask('https://city.example/', init())).rejects.toThrow('no address of city.example')
  })

  it('is asked on this machine, as a demonstration is: what it answers, coded or not, and what it is sent', async () => {
    const port = await serve((request, response) => {
      const parts: Buffer[] = []
      request.on('data', (part: Buffer) => parts.push(part))
      request.on('end', () => {
        const coded = request.url === '/coded'
        response.writeHead(request.url === '/none' ? 404 : 200, { etag: '"one"', ...(coded ? { 'content-encoding': 'gzip' } : {}) })
        const said = Buffer.from(`${request.method} ${request.url} ${Buffer.concat(parts).toString('utf8')}`)
        response.end(coded ? gzipSync(said) : said)
      })
    })
    const ask = openNeighbourFetch()
    const said = async (url: string, more: object = {}) => {
      const answer = await ask(url, { ...init(), ...more })
      return [answer.status, answer.url === url, answer.headers.get('etag'), Buffer.from(await readAll(answer, url, { fileBytes: 100 })).toString('utf8')]
    }
    for (const host of ['127.0.0.1', 'localhost']) {
      const base = `http://${host}:${port}`
      expect(await said(`${base}/plain`)).toEqual([200, true, '"one"', 'GET /plain '])
      expect(await said(`${base}/coded`)).toEqual([200, true, '"one"', 'GET /coded '])
      expect(await said(`${base}/none`)).toEqual([404, true, '"one"', 'GET /none '])
      expect(await said(`${base}/post`, { method: 'POST', body: '正文' })).toEqual([200, true, '"one"', 'POST /post 正文'])
    }
  })

  it('leads nowhere by a redirect, and is read no further than the cap, coded or not', async () => {
    const port = await serve((request, response) => {
      if (request.url === '/redirect') response.writeHead(302, { location: 'http://169.254.169.254/' }).end()
      else if (request.url === '/bomb') response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(Buffer.alloc(4 * 1024 * 1024)))
      else if (request.url === '/odd') response.writeHead(200, { 'content-encoding': 'br' }).end('x')
      else response.writeHead(200, { 'content-encoding': 'gzip' }).end('no gzip')
    })
    const ask = openNeighbourFetch()
    const at = (path: string): string => `http://127.0.0.1:${port}${path}`
    await expect(ask(at('/redirect'), init())).rejects.toThrow('a redirect')
    await expect(ask(at('/odd'), init())).rejects.toThrow('coded as br')
    await expect(readAll(await ask(at('/bomb'), init()), 'bomb', { fileBytes: 1024 * 1024 })).rejects.toMatchObject({ code: 'bytes-too-many' })
    await expect(readAll(await ask(at('/broken'), init()), 'broken', { fileBytes: 1024 })).rejects.toThrow()
    // A good request after all of these is answered.
    await expect(ask(at('/bomb'), init())).resolves.toMatchObject({ status: 200 })
  })

  it('is waited for so long and no longer, whether it is silent or drips', async () => {
    const port = await serve((request, response) => {
      if (request.url === '/silent') return
      response.writeHead(200)
      const drip = setInterval(() => response.write(' '), 20)
      response.on('close', () => clearInterval(drip))
    })
    const ask = openNeighbourFetch()
    const shortly = () => ({ ...init(), signal: AbortSignal.timeout(200) })
    await expect(ask(`http://127.0.0.1:${port}/silent`, shortly())).rejects.toThrow('aborted')
    await expect(readAll(await ask(`http://127.0.0.1:${port}/drips`, shortly()), 'drips', { fileBytes: 1024 })).rejects.toThrow('aborted')
  })

  it('that has closed a connection which was kept is asked on a new one', async () => {
    let connections = 0
    const server = createPlainServer((socket) => {
      let requests = 0
      const first = ++connections === 1
      socket.on('error', () => undefined)
      // The first connection is cut when it is used again: its server had just decided to close it.
      socket.on('data', () => (first && requests++ > 0 ? socket.resetAndDestroy() : socket.write('HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nhere')))
    })
    servers.push(server)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo // listening on TCP
    const ask = openNeighbourFetch()
    for (let time = 0; time < 2; time++) {
      const answer = await ask(`http://127.0.0.1:${port}/`, init())
      expect(Buffer.from(await readAll(answer, 'here', { fileBytes: 100 })).toString('utf8')).toBe('here')
    }
    expect(connections).toBe(2)
  })
})
