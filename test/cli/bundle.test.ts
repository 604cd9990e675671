import { readFileSync, statSync, writeFileSync } from 'node:fs'

import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { anchorsDigest } from '#core/bundle/bundle.ts'
import { nodeEngine } from '#custody/engine-node.ts'

import { bundleOfFiles } from '../support/bundle-of.ts'
import { titleDraft } from '../support/examples.ts'
import { makeAlliance, makeTestKey } from '../support/make-alliance.ts'
import { answerOf, comity, makeFolder, rowsOf, writeTrustFolder, type Ran } from './run-comity.ts'

const folder = makeFolder()
afterAll(folder.remove)

const circle = makeAlliance({
  cities: ['370100', '370300'],
  history: { '370100': new Map([[2, [{ kind: 'revoked', reason: 'fraud', from: 1_780_000_000 }]]]) },
})
const jinan = circle.city('370100')
const good = folder.put('good', circle.issue('370100', 'title', titleDraft(), { idx: 1 }))
const all = folder.put(
  'all',
  [
    readFileSync(good, 'utf8'),
    circle.issue('370100', 'title', titleDraft(), { idx: 2 }),
    readFileSync(good, 'utf8').replace(/^(.{200})./s, '$1-'),
    makeAlliance({ cities: ['420100'] }).issue('420100', 'title', titleDraft()),
  ].join('\n'),
)
const trust = writeTrustFolder(folder.path('trust'), circle.files)
const anchors = folder.path('trust', 'anchors.json')
const made = bundleOfFiles(circle.files, { maker: jinan, iat: circle.iat })
const bundle = folder.put('circle.bundle', made)
const digest = anchorsDigest(circle.files.anchors, nodeEngine)
const verify = (...words: readonly string[]): Promise<Ran> => comity(['verify', ...words, '--at', circle.at])

describe('verifying by a bundle', () => {
  it('gives the very lines that its folder gives, by whichever option it is named', async () => {
    const [byFolder, byBundle, byTrust, confirmed] = await Promise.all([
      verify(all, '--trust', trust, '--json'),
      verify(all, '--bundle', bundle, '--anchors', anchors, '--json'),
      verify(all, '--trust', bundle, '--anchors', anchors, '--json'),
      verify(all, '--bundle', bundle, `--confirm=${digest}`, '--json'),
    ])
    expect(rowsOf(byFolder).map(({ answer }) => answer)).toEqual(['yes', 'no', 'no', 'cannot-tell', undefined])
    for (const ran of [byBundle, byTrust, confirmed]) expect([ran.code, ran.stdout]).toEqual([byFolder.code, byFolder.stdout])
  })

  it('trusts nobody because the bundle says so: it shows what the bundle names, and how to confirm it', async () => {
    const { code, stdout, stderr } = await verify(good, '--bundle', bundle, '--json')
    expect([code, (JSON.parse(stdout) as { readonly answer: string }).answer]).toEqual([2, 'cannot-tell']) // one verdict
    expect(stderr).toContain('No anchors are given, so nobody is trusted. The bundle names these:\n    Alliance circle circle v1 ')
    expect(stderr).toContain(`--confirm=${digest}\n`)
    expect(stderr).toContain(`It says that it is by ${jinan.iss}, which nothing that is trusted confirms`)
  })

  it('is refused a digest that is not the one of the bundle’s anchors, told by somebody', async () => {
    const { code, stdout, stderr } = await verify(good, '--bundle', bundle, `--confirm=${digest.slice(1)}A`)
    expect([code, stdout]).toEqual([65, ''])
    expect(stderr).toContain('[trust-anchor-differs] --confirm')
  })

  it('says who made it and how old it is, and nothing of that in the result', async () => {
    const young = await verify(good, '--bundle', bundle, '--anchors', anchors, '--lang', 'zh')
    expect(young.stderr).toBe('离线包由济南市人力资源和社会保障局制作于 2026年6月1日 11:00（北京时间），60 分钟前；签名已核实\n')
    const old = await comity(['verify', good, '--bundle', bundle, '--anchors', anchors, '--at', '2026-06-05T03:00:00Z', '--lang', 'zh'])
    expect(old.code).toBe(0)
    expect(old.stderr).toContain('，4 天前；签名已核实\n! 离线包已旧于其中文件的更新期限')
    expect(old.stdout).not.toContain('离线包')
  })

  it('uses nothing of one that was changed or that somebody else signed in its maker’s name, which is no word about the record', async () => {
    const forger = { kid: jinan.status.signer.kid, sign: makeTestKey('forger').signer.sign }
    const cases = [
      [made.with(made.length - 9, made.at(-9)! ^ 1), 65, 'bundle-damaged'],
      [bundleOfFiles({ ...circle.files, statusLists: [] }, { maker: jinan, iat: circle.iat, signer: forger }), 65, 'bundle-signature-wrong'],
      [Buffer.from('comity-bundle/9\nx'), 65, 'bundle-version-unknown'],
      [Buffer.from('hello'), 65, 'bundle-malformed'],
      [new Uint8Array(0), 65, 'bundle-malformed'],
    ] as const
    for (const [bytes, code, fault] of cases) {
      const ran = await verify(good, '--bundle', folder.put('bad.bundle', bytes), '--anchors', anchors)
      expect([ran.code, ran.stdout, /\[([a-z0-9-]+)\]/.exec(ran.stderr)?.[1]]).toEqual([code, '', fault])
    }
  })

  it('names the files of it that do not lead back to the anchors', async () => {
    const other = makeAlliance({ cities: ['370100', '370300'], seed: 'forger' })
    const forged = folder.put('forged.bundle', bundleOfFiles(other.files, { maker: other.city('370100'), iat: other.iat }))
    const { code, stderr } = await verify(good, '--bundle', forged, '--anchors', anchors)
    expect(code).toBe(2)
    expect(stderr).toContain('! alliance circle 1: An alliance list is not the one that the anchor names [trust-anchor-differs]')
  })

  it('takes anchors of one’s own for a folder as well, and ends where they are none', async () => {
    const none = folder.put('none.json', '{"authorities":[],"alliances":[]}')
    expect((await verify(good, '--trust', trust, '--anchors', none)).code).toBe(2)
    expect(await verify(good, '--trust', trust, '--anchors', folder.put('bad.json', '{}'))).toMatchObject({ code: 65, stdout: '' })
    expect(await verify(good, '--bundle', bundle, '--anchors', folder.path('nowhere'))).toMatchObject({ code: 66, stdout: '' })
  })

  it('ends with 64 for words that do not go together', async () => {
    for (const words of [
      ['--bundle', bundle, '--trust', trust],
      ['--bundle', bundle, '--anchors', anchors, `--confirm=${digest}`],
      ['--trust', trust, `--confirm=${digest}`],
      [],
    ])
      expect(await verify(good, ...words), words.join(' ')).toMatchObject({ code: 64, stdout: '' })
    expect(await verify(good, '--bundle', trust)).toMatchObject({ code: 66, stdout: '' })
  })
})

describe('comity bundle', () => {
  const data = folder.path('jinan')
  const node = (...words: readonly string[]): Promise<Ran> => comity([...words, '--data', data, '--json'])
  const out = folder.path('own.bundle')
  let told: Readonly<Record<string, unknown>>
  let record: string

  beforeAll(async () => {
    answerOf(await node('init', '--division', '370100', '--name', '济南市人力资源和社会保障局', '--name-en', 'Jinan HRSS Bureau'))
    const drafted = answerOf(await node('issue', folder.put('draft.json', JSON.stringify(titleDraft())), '--family', 'title', '--as', 'wang'))
    const issued = answerOf(await node('approve', String(drafted['draft']), '--as', 'li'))
    record = folder.path('record.sd-jwt')
    answerOf(await node('fetch', String(issued['record']), '--out', record))
    told = answerOf(await node('bundle', '--out', out))
  }, 120_000)

  it('says what it wrote, and by which digest others can trust what this node trusts', () => {
    expect(told).toEqual({
      out,
      bytes: statSync(out).size,
      files: 2,
      alliance: null,
      madeAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
      anchors: expect.stringMatching(/^[\w-]{43}$/),
    })
    // It is made to be handed on.
    expect((statSync(out).mode & 0o777).toString(8)).toBe('644')
  })

  it('writes what verifies its records, and what trust show shows', async () => {
    const confirm = `--confirm=${String(told['anchors'])}`
    const ran = await comity(['verify', record, '--bundle', out, confirm])
    expect([ran.code, ran.stderr]).toEqual([0, expect.stringContaining('The offline bundle was made by Jinan HRSS Bureau at ')])
    const shown = await comity(['trust', 'show', '--bundle', out, confirm, '--json'])
    expect(rowsOf(shown).map(({ kind, id, iss }) => [kind, id ?? iss])).toEqual([
      ['authority', 'https://370100.comity.example'],
      ['manifest', 'https://370100.comity.example'],
      ['status-list', 'https://370100.comity.example/status/1'],
    ])
  })

  it('makes none of an alliance that the node does not follow, and leaves what was there', async () => {
    writeFileSync(out, 'mine')
    const ran = await node('bundle', '--alliance', 'nowhere', '--out', out)
    expect([ran.code, readFileSync(out, 'utf8')]).toEqual([1, 'mine'])
    expect(ran.stderr).toContain('trust-file-unknown')
  })
})
