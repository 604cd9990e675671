import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'

import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { answerOf, comity, entry, makeFolder } from './run-comity.ts'

const folder = makeFolder()
const data = folder.path('node')

/** Starts a node and answers its process and its address. */
async function serve(...more: readonly string[]): Promise<{ readonly child: ChildProcess; readonly url: string }> {
  const child = spawn(process.execPath, [entry, 'serve', '--data', data, '--port', '0', '--refresh-every', '0', '--json', ...more], {
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string] // readline gives a line
  return { child, url: (JSON.parse(line) as { readonly url: string }).url } // one object, as the next test says
}

beforeAll(async () => {
  answerOf(await comity(['init', '--data', data, '--division', '370100', '--name', '济南市人力资源和社会保障局', '--json']))
})
afterAll(folder.remove)

describe('a node that is served', () => {
  it('says where, answers there, and ends when it is asked to', async () => {
    const { child, url } = await serve()
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
    const metadata = await fetch(`${url}/.well-known/jwt-vc-issuer`)
    expect(metadata.status).toBe(200)
    expect(await metadata.json()).toMatchObject({ issuer: 'https://370100.comity.example' })

    const taken = await comity(['serve', '--data', data, '--port', new URL(url).port])
    expect(taken).toMatchObject({ code: 78, stdout: '' })
    expect(taken.stderr).toContain('[port-unusable]')

    // A command line beside the server works on the same store.
    expect((await comity(['keys', 'list', '--data', data, '--json'])).code).toBe(0)

    child.kill('SIGTERM')
    const [code] = (await once(child, 'close')) as [number | null] // as the event says
    expect(code).toBe(0)
  })
  it.each(['node', 'https://a.example/', 'https://a.example/?x=1', 'https://a.example#q', 'ftp://a.example', 'https://u:p@a.example', 'HTTPS://A.example'])(
    'is not served as %s, which others could not reach it at',
    async (address) => {
      const { code, stdout, stderr } = await comity(['serve', '--data', data, '--port', '0', '--address', address])
      expect([code, stdout, stderr]).toEqual([64, '', expect.stringContaining('--address · https://hrss.example.gov.cn')])
    },
  )

  it('names the address that it was given to whoever looks for its token endpoint', async () => {
    const { child, url } = await serve('--address', 'https://hrss.example.gov.cn/comity')
    const metadata = await fetch(`${url}/.well-known/oauth-authorization-server`)
    expect(await metadata.json()).toMatchObject({ token_endpoint: 'https://hrss.example.gov.cn/comity/oauth/token' })
    child.kill('SIGTERM')
    expect(await once(child, 'close')).toEqual([0, null])
  })
})
