import { chmodSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { titleDraft } from '../support/examples.ts'
import { makeSoftToken, type SoftToken } from '../support/soft-token.ts'
import { answerOf, comity, makeFolder, rowsOf, type Ran } from './run-comity.ts'

const folder = makeFolder()
const bureau = ['--division', '370100', '--name', '济南市人力资源和社会保障局'] as const
let token: SoftToken
let env: Readonly<Record<string, string>>
const ran: Ran[] = []

const run = async (words: readonly string[], more: Readonly<Record<string, string>> = env): Promise<Ran> => {
  const one = await comity([...words, '--json'], { env: more })
  ran.push(one)
  return one
}
const node = (data: string, ...words: readonly string[]): Promise<Ran> => run([...words, '--data', folder.path(data)])
const codeOf = ({ stderr }: Ran): unknown => (JSON.parse(stderr.trim().split('\n').at(-1)!) as { readonly code: string }).code

/** A record by the hands of two people, in a file. */
const issue = async (data: string, name: string): Promise<string> => {
  const draft = folder.put('draft.json', JSON.stringify(titleDraft()))
  const drafted = answerOf(await node(data, 'issue', draft, '--family', 'title', '--as', 'wang'))
  const issued = answerOf(await node(data, 'approve', String(drafted['draft']), '--as', 'li'))
  const out = folder.path(`${name}.sd-jwt`)
  answerOf(await node(data, 'fetch', String(issued['record']), '--out', out, '--as', 'li'))
  return out
}

beforeAll(() => {
  token = makeSoftToken()
  env = token.env
})
afterAll(() => {
  folder.remove()
  token.remove()
})

describe('a node with its keys in a device', () => {
  it('is made, issues and is believed by somebody who has only its files', async () => {
    answerOf(await run(['init', '--data', folder.path('jinan'), ...bureau, '--custody', 'pkcs11']))
    const record = await issue('jinan', 'first')
    answerOf(await node('jinan', 'trust', 'export', '--out', folder.path('trust')))
    const verified = await run(['verify', record, '--trust', folder.path('trust')], {})
    expect([verified.code, rowsOf(verified)[0]!['answer']]).toEqual([0, 'yes'])
  })

  it('moves one key where it is told', async () => {
    const { kid, ...rotated } = answerOf(await node('jinan', 'keys', 'rotate', '--use', 'issue', '--custody', 'vault'))
    expect([rotated, typeof kid]).toEqual([{ dryRun: false, use: 'issue', custody: 'vault' }, 'string'])
    expect(answerOf(await node('jinan', 'keys', 'rotate', '--use', 'token'))['custody']).toBe('pkcs11')
  })

  it('says what a theft would cost, does nothing, and then does what it said', async () => {
    const since = new Date(Date.now() - 1000).toISOString()
    const record = await issue('jinan', 'second')
    const keys = rowsOf(await node('jinan', 'keys', 'list')).filter(({ use }) => use === 'issue')
    expect(keys.map(({ custody, state, records }) => [custody, state, records])).toEqual([
      ['pkcs11', 'in-force', 1],
      ['vault', 'in-force', 1],
    ])
    const kid = String(keys[1]!['kid'])
    const told = answerOf(await node('jinan', 'keys', 'compromise', kid, '--since', since, '--dry-run'))
    const at = `${since.slice(0, 19)}Z`
    expect(told).toEqual({
      dryRun: true,
      kid,
      use: 'issue',
      records: { total: 1, since: at, before: 0, after: 1, toReissue: 1, timeBy: 'recorded' },
      signedAnew: ['trust/manifest.jwt'],
      endsTokens: false,
      replaced: true,
    })
    expect(rowsOf(await node('jinan', 'keys', 'list')).filter(({ use }) => use === 'issue')).toEqual(keys)
    const { successor, ...done } = answerOf(await node('jinan', 'keys', 'compromise', kid, '--since', since))
    expect([done, typeof successor]).toEqual([{ ...told, dryRun: false }, 'string'])
    answerOf(await node('jinan', 'trust', 'export', '--out', folder.path('later')))
    const verified = await run(['verify', record, '--trust', folder.path('later')], {})
    expect([verified.code, rowsOf(verified)[0]!['answer']]).toEqual([1, 'no'])
    const [waiting] = rowsOf(await node('jinan', 'reissues'))
    expect(waiting).toMatchObject({ family: 'title', reason: 'key-compromised', kid })
    const drafted = rowsOf(await node('jinan', 'reissues', 'draft', '--as', 'wang'))
    expect([drafted[0]!['record'], drafted[1]]).toEqual([waiting!['record'], { summary: { done: 1, passed: 0 } }])
    expect(rowsOf(await node('jinan', 'reissues', 'approve', '--as', 'wang'))).toEqual([
      { record: waiting!['record'], code: 'draft-own-approval' },
      { summary: { done: 0, passed: 1 } },
    ])
    expect(rowsOf(await node('jinan', 'reissues', 'approve', '--as', 'li')).at(-1)).toEqual({ summary: { done: 1, passed: 0 } })
    expect(rowsOf(await node('jinan', 'reissues'))).toEqual([])
    expect(answerOf(await node('jinan', 'keys', 'rotate', '--use', 'status', '--dry-run'))).toMatchObject({ dryRun: true, use: 'status', records: null })
    expect((await node('jinan', 'keys', 'compromise', kid)).code).toBe(64)
  })

  it('says in one line what is missing, and changes nothing', async () => {
    const absent = await run(['init', '--data', folder.path('other'), ...bureau, '--custody', 'pkcs11'], { ...env, COMITY_PKCS11_TOKEN: 'elsewhere' })
    expect([absent.code, codeOf(absent)]).toEqual([78, 'device-absent'])
    const bare = await run(['init', '--data', folder.path('other'), ...bureau, '--custody', 'pkcs11'], {})
    expect([bare.code, codeOf(bare)]).toEqual([78, 'device-not-configured'])
    expect(readdirSync(folder.path())).not.toContain('other')
    expect((await run(['init', '--data', folder.path('other'), ...bureau, '--custody', 'cupboard'])).code).toBe(64)
    chmodSync(token.pinFile, 0o644)
    const open = await node('jinan', 'keys', 'list')
    chmodSync(token.pinFile, 0o600)
    expect([open.code, codeOf(open)]).toEqual([78, 'passphrase-file-unsafe'])
  })

  it('has shown its PIN to nobody', () => {
    const said = ran.map(({ stdout, stderr }) => stdout + stderr).join('')
    expect(said).not.toContain(token.pin)
    for (const name of readdirSync(folder.path('jinan'))) expect(readFileSync(join(folder.path('jinan'), name)).includes(token.pin), name).toBe(false)
  })
})
