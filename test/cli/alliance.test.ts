import { cpSync, readFileSync, readdirSync } from 'node:fs'

import Database from 'better-sqlite3'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import rules from '#schema/rules/sd-capital-circle-2021-1.json' with { type: 'json' }
import { titleDraft } from '../support/examples.ts'
import { answerOf, comity, makeFolder, rowsOf, type Ran } from './run-comity.ts'

// Two cities that have nothing but the command and files that they hand to each other.
const folder = makeFolder()
const alliance = 'sd-capital-circle'
const cities = {
  jinan: ['370100', '济南市人力资源和社会保障局'],
  zibo: ['370300', '淄博市人力资源和社会保障局'],
} as const
type CityName = keyof typeof cities
const at = (city: CityName, ...words: readonly string[]): Promise<Ran> => comity([...words, '--data', folder.path(city), '--json'])

/** Files of a city's own trust folder, without its anchors: what it would publish. */
const published = (city: CityName): readonly string[] =>
  ['manifests', 'status'].flatMap((kind) => readdirSync(folder.path(`${city}-trust`, kind)).map((name) => folder.path(`${city}-trust`, kind, name)))

const memberOf = (city: CityName) => {
  const [anchor] = (
    JSON.parse(readFileSync(folder.path(`${city}-trust`, 'anchors.json'), 'utf8')) as {
      readonly authorities: readonly Readonly<Record<string, unknown>>[]
    }
  ).authorities // written by trust export
  return {
    ...anchor,
    role: 'member',
    coversSubordinates: false,
    state: 'active',
    from: '2020-12-04',
    addresses: [],
  }
}

/** Some twenty processes one after another; a machine that is busy takes its time. */
const patience = 300_000

let list: Readonly<Record<string, unknown>>
let record = ''

beforeAll(async () => {
  const make = async (city: CityName): Promise<void> => {
    const [division, name] = cities[city]
    answerOf(await at(city, 'init', '--division', division, '--name', name))
    answerOf(await at(city, 'trust', 'export', '--out', folder.path(`${city}-trust`)))
  }
  await Promise.all([make('jinan'), make('zibo')])
  const draft = {
    alliance,
    name: { zh: '省会经济圈', en: 'Capital circle' },
    version: 1,
    prev: null,
    thresholds: { list: 2, rules: 2 },
    members: [memberOf('jinan'), memberOf('zibo')],
  }
  answerOf(await at('jinan', 'alliance', 'propose', folder.put('list.json', JSON.stringify(draft)), '--out', folder.path('list-1.json')))
  list = answerOf(await at('zibo', 'alliance', 'sign', folder.path('list-1.json'), '--out', folder.path('list-2.json')))
  answerOf(await at('zibo', 'alliance', 'propose', folder.put('rules.json', JSON.stringify(rules)), '--out', folder.path('rules-1.json')))
  answerOf(await at('jinan', 'alliance', 'sign', folder.path('rules-1.json'), '--out', folder.path('rules-2.json')))
  const { draft: id } = answerOf(await at('jinan', 'issue', folder.put('draft.json', JSON.stringify(titleDraft())), '--family', 'title', '--as', 'wang'))
  const { record: issued } = answerOf(await at('jinan', 'approve', String(id), '--as', 'li'))
  record = folder.path('record')
  answerOf(await at('jinan', 'fetch', String(issued), '--out', record))
  answerOf(await at('jinan', 'trust', 'export', '--out', folder.path('jinan-trust')))
}, patience)
afterAll(folder.remove)

describe('an alliance formed by files', () => {
  it('is named by its list and the list by its digest', () => {
    expect(list).toMatchObject({
      file: folder.path('list-2.json'),
      kind: 'alliance',
      subject: alliance,
      version: 1,
      digest: expect.stringMatching(/^[\w-]{43}$/),
      state: 'open',
      met: true,
      thresholds: [{ of: 'new', version: 1, needed: 2, signed: [{ division: '370100' }, { division: '370300' }], missing: [], met: true }],
    })
  })

  it('is not followed before an officer has anchored it, and not by a list that too few have signed', async () => {
    const unanchored = await at('zibo', 'trust', 'take', folder.path('list-2.json'))
    expect(unanchored.code).toBe(1)
    expect(rowsOf(unanchored)).toMatchObject([{ outcome: 'refused', fault: { code: expect.any(String) } }])
    for (const city of ['jinan', 'zibo'] as const)
      expect(answerOf(await at(city, 'trust', 'join', alliance, '--version', '1', '--digest', String(list['digest'])))).toMatchObject({ alliance, version: 1 })
    const half = await at('zibo', 'trust', 'take', folder.path('list-1.json'))
    expect(half.code).toBe(1)
    expect(rowsOf(half)).toMatchObject([{ outcome: 'refused', fault: { code: 'trust-threshold-missed' } }])
  })

  it('brings each city what the other publishes', async () => {
    const files = [folder.path('list-2.json'), folder.path('rules-2.json')]
    const taken = await at('zibo', 'trust', 'take', ...files, ...published('jinan'))
    expect(taken).toMatchObject({ code: 0, stderr: '' })
    expect(rowsOf(taken).map(({ outcome }) => outcome)).toEqual(['taken', 'taken', 'taken', 'taken'])
    expect(rowsOf(await at('zibo', 'trust', 'take', ...files)).map(({ outcome }) => outcome)).toEqual(['known', 'known'])
    const shown = rowsOf(await at('zibo', 'trust', 'show'))
    expect(shown.filter(({ kind }) => kind === 'authority').map(({ division, vouchedBy }) => [division, vouchedBy])).toEqual([
      ['370300', ['anchor', alliance]],
      ['370100', [alliance]],
    ])
    expect(shown.filter(({ kind }) => kind === 'rule-set')).toMatchObject([{ id: rules.id, version: rules.version, freshness: 'fresh' }])
  })

  it('lets the other city recognise a record, by two people, into a record of its own', async () => {
    const asked = ['--purpose', 'appointment', '--stated', 'holderDishonestyRecordActive=false,meetsNationalBasicStandard=true'] as const
    const recognised = answerOf(await at('zibo', 'recognise', record, ...asked, '--as', 'zhao'))
    expect(recognised).toMatchObject({ mode: 'verify_and_record', draft: expect.any(String) })
    expect((await at('zibo', 'approve', String(recognised['draft']), '--as', 'zhao')).code).toBe(1)
    const { record: id } = answerOf(await at('zibo', 'approve', String(recognised['draft']), '--as', 'qian'))
    const { record: text } = answerOf(await at('zibo', 'fetch', String(id)))
    answerOf(await at('zibo', 'trust', 'export', '--out', folder.path('zibo-trust')))
    const verify = (words: readonly string[], input = '') => comity(['verify', ...words, '--trust', folder.path('zibo-trust'), '--json'], { input })
    expect(answerOf(await verify(['-'], String(text)))).toMatchObject({
      answer: 'yes',
      record: {
        family: 'recognition',
        claims: { recognisedFor: '370300', mode: 'verify_and_record' },
      },
    })
    // In words an alliance goes by its name, with its id beside it, and a place by its own.
    const said = await comity(['verify', '-', '--trust', folder.path('zibo-trust'), '--lang', 'zh'], { input: String(text) })
    for (const line of [`  互认联盟: 省会经济圈 (${alliance})`, '  适用地区: 山东省淄博市 (370300)']) expect(said.stdout).toContain(line)
    expect(answerOf(await verify([record, '--for', '370300', ...asked]))).toMatchObject({
      answer: 'yes',
      recognition: { answer: 'yes', carriedBy: { alliance } },
    })
  })

  it('says which neighbour it could not ask: none has an address here', async () => {
    expect(await at('zibo', 'trust', 'refresh')).toMatchObject({ code: 0, stdout: '' })
  })
})

describe('the next list of the alliance', () => {
  const file = (name: string): string => folder.path(name)
  const divisionsOf = (voters: unknown): readonly string[] => (voters as readonly { readonly division: string }[]).map(({ division }) => division)
  let digest = ''

  it('follows the first one, which a member adopts as it adopts any other', async () => {
    for (const first of ['list-2.json', 'rules-2.json'])
      expect(answerOf(await at('jinan', 'alliance', 'adopt', file(first)))).toMatchObject({ outcome: 'adopted', version: 1 })
  })

  it('is proposed by what changes, read before it is signed, and told in both languages', async () => {
    const changes = [
      { change: 'set', secretariat: '370100', terms: [{ chair: '370300', from: '2026-01-01', until: '2099-01-01' }] },
      { change: 'amend', iss: 'https://370300.comity.example', authorised: [{ families: ['title'], levels: ['intermediate'] }] },
    ]
    const draft = folder.put('changes.json', JSON.stringify({ alliance, changes }))
    const proposed = answerOf(await at('jinan', 'alliance', 'propose', draft, '--unsigned', '--out', file('next.json')))
    expect(proposed).toMatchObject({ kind: 'alliance', version: 2, state: 'open', met: false })
    digest = String(proposed['digest'])
    const shown = await comity(['alliance', 'show', file('next.json'), '--data', file('zibo'), '--lang', 'zh'])
    expect(shown.stdout.split('\n')).toEqual([
      '联盟名录  sd-capital-circle  v2  待签署',
      `  ${digest}`,
      '  … 现行名录 v1: 0/2 已签',
      '      未签：370100 济南市人力资源和社会保障局, 370300 淄博市人力资源和社会保障局',
      '  … 拟议名录 v2: 0/2 已签',
      '      未签：370100 济南市人力资源和社会保障局, 370300 淄博市人力资源和社会保障局',
      expect.stringMatching(/^ {2}· 淄博市人力资源和社会保障局（370300）可签发：.+ → 专业技术职称（级别：中级）$/),
      '  · 新增轮值任期：370300，2026-01-01 至 2099-01-01（不含）',
      '  · 秘书处：无 → 370100',
      expect.stringMatching(/^ {2}· 规则集 sd-capital-circle\/2021-1 v1 继续有效（/),
      '  签署前请与其他成员核对摘要',
      '',
    ])
    const told = rowsOf(await comity(['alliance', 'diff', file('next.json'), '--trust', file('zibo-trust'), '--json']))
    expect(told.map(({ code }) => code)).toEqual(['member-scope', 'term-added', 'secretariat', 'rules-carried'])
    const plain = await comity(['alliance', 'diff', file('next.json'), '--trust', file('zibo-trust'), '--lang', 'en'])
    expect(plain.stdout).toContain('secretariat: none → 370100')
    expect((await comity(['alliance', 'show', file('next.json'), '--data', file('zibo'), '--trust', file('zibo-trust')])).code).toBe(64)
    expect((await comity(['alliance', 'show'])).code).toBe(64)
  })

  it('is signed where only the authority key is, and refused with who is missing until all parts are put together', async () => {
    // The machine that never sees a network: the node's authority key and no other.
    cpSync(file('jinan'), file('jinan-offline'), { recursive: true })
    const database = new Database(folder.path('jinan-offline', 'comity.db'))
    database.exec("delete from signing_key where use <> 'authority'")
    database.close()
    const offline = await comity(['alliance', 'sign', file('next.json'), '--data', file('jinan-offline'), '--out', file('next-jinan.json'), '--json'])
    expect(divisionsOf((answerOf(offline)['thresholds'] as readonly { readonly signed: unknown }[])[0]!.signed)).toEqual(['370100'])

    const early = await at('zibo', 'alliance', 'adopt', file('next-jinan.json'))
    expect(early.code).toBe(1)
    expect(JSON.parse(early.stderr)).toMatchObject({
      code: 'trust-threshold-missed',
      detail: 'old (list v1): 1 of 2, missing 1 of 370300 淄博市人力资源和社会保障局; new (list v2): 1 of 2, missing 1 of 370300 淄博市人力资源和社会保障局',
      findings: [
        { at: 'old/370300', code: 'signature-missing', message: 'This member has not signed' },
        { at: 'new/370300', code: 'signature-missing' },
      ],
    })
    answerOf(await at('zibo', 'alliance', 'sign', file('next.json'), '--out', file('next-zibo.json')))
    expect((await at('zibo', 'alliance', 'sign', file('next-zibo.json'), '--out', file('again.json'))).stderr).toContain('signature-repeated')
    const adopted = answerOf(await at('jinan', 'alliance', 'adopt', file('next-jinan.json'), file('next-zibo.json')))
    expect(adopted).toMatchObject({ outcome: 'adopted', state: 'adopted', version: 2, digest })
    expect(answerOf(await at('zibo', 'alliance', 'adopt', file('next-jinan.json')))).toMatchObject({ outcome: 'adopted', version: 2 })
    const [kept] = rowsOf(await at('jinan', 'alliance', 'show'))
    expect(kept).toMatchObject({ digest, state: 'adopted', proposedBy: expect.stringMatching(/^cli:/) })
    expect(rowsOf(await at('jinan', 'trust', 'show')).filter(({ kind }) => kind === 'rule-set')).toHaveLength(1)
  })

  it('is kept fresh by the secretariat alone', async () => {
    const stamp = answerOf(await at('jinan', 'alliance', 'confirm', alliance, '--out', file('stamp.json')))
    expect(stamp).toMatchObject({ kind: 'freshness', subject: `${alliance}/2`, met: true })
    expect(answerOf(await at('zibo', 'alliance', 'adopt', file('stamp.json')))).toMatchObject({ outcome: 'adopted' })
    answerOf(await at('zibo', 'trust', 'export', '--out', file('zibo-trust')))
    expect(readdirSync(folder.path('zibo-trust', 'freshness'))).toHaveLength(1)
    const [row] = rowsOf(await comity(['trust', 'show', '--trust', file('zibo-trust'), '--json'])).filter(({ kind }) => kind === 'alliance-list')
    expect(row).toMatchObject({ id: alliance, version: 2, freshness: 'fresh', confirmedAt: expect.any(String) })
    expect((await at('zibo', 'alliance', 'confirm', 'nobody', '--out', file('none.json'))).code).toBe(1)
  })
})
