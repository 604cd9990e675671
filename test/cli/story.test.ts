import { createHash } from 'node:crypto'
import { chmodSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { titleDraft } from '../support/examples.ts'
import { answerOf, comity, makeFolder, rowsOf, type Ran } from './run-comity.ts'

const folder = makeFolder()
const data = folder.path('jinan')
const trust = folder.path('trust')
const record = folder.path('record.sd-jwt')
const node = (...words: readonly string[]): Promise<Ran> => comity([...words, '--data', data, '--json'])
const name = '济南市人力资源和社会保障局'
const bureau = ['--division', '370100', '--name', name] as const

let made: Ran
let drafted: Readonly<Record<string, unknown>>
let issued: Readonly<Record<string, unknown>>

/** Every file of a folder with the digest of its bytes. */
const digestsOf = (of: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    readdirSync(of).map((file) => [
      file,
      createHash('sha256')
        .update(readFileSync(join(of, file)))
        .digest('hex'),
    ]),
  )

beforeAll(async () => {
  made = await comity(['init', '--data', data, ...bureau, '--name-en', 'Jinan HRSS Bureau', '--json'])
  drafted = answerOf(await node('issue', folder.put('draft.json', JSON.stringify(titleDraft())), '--family', 'title', '--as', 'wang'))
  issued = answerOf(await node('approve', String(drafted['draft']), '--as', 'li'))
  answerOf(await node('fetch', String(issued['record']), '--out', record, '--as', 'li'))
  answerOf(await node('trust', 'export', '--out', trust))
})
afterAll(folder.remove)

describe('a node made by the command', () => {
  it('says where it is and who it is, and never what the passphrase is', () => {
    expect(answerOf(made)).toEqual({
      data,
      division: '370100',
      issuer: 'https://370100.comity.example',
      name: { zh: name, en: 'Jinan HRSS Bureau' },
      passphraseFile: join(data, 'passphrase'),
    })
    const passphrase = readFileSync(join(data, 'passphrase'), 'utf8').trim()
    expect(passphrase).toMatch(/^[A-Za-z0-9_-]{43}$/)
    expect(made.stdout + made.stderr).not.toContain(passphrase)
  })

  it('lets nobody else read its folder and its files', () => {
    expect((statSync(data).mode & 0o777).toString(8)).toBe('700')
    for (const file of readdirSync(data)) expect((statSync(join(data, file)).mode & 0o777).toString(8), file).toBe('600')
  })

  it('is not made a second time: that is refused and changes nothing', async () => {
    const before = digestsOf(data)
    const again = await comity(['init', '--data', data, '--division', '370200', '--name', '青岛市人力资源和社会保障局'])
    expect(again).toMatchObject({ code: 1, stdout: '' })
    expect(again.stderr).toContain('There is a node here already [node-already-initialised]')
    expect(digestsOf(data)).toEqual(before)
  })

  it('leaves nothing where making it fails half way', async () => {
    const weak = folder.put('short', 'short\n')
    chmodSync(weak, 0o600)
    const failed = await comity(['init', '--data', folder.path('deep', 'er', 'node'), ...bureau, '--passphrase-file', weak])
    expect(failed.code).toBe(78)
    expect(failed.stderr).toContain('[passphrase-too-short]')
    expect(readdirSync(folder.path())).not.toContain('deep')
  })

  it('leaves a folder that was there before as it was', async () => {
    const there = folder.path('there')
    folder.put('there/notes.txt', 'mine')
    const failed = await comity(['init', '--data', there, '--division', '999999', '--name', name])
    expect(failed).toMatchObject({ code: 64, stdout: '' })
    expect(failed.stderr).toContain('[division-unknown]')
    expect(readdirSync(there)).toEqual(['notes.txt'])
  })

  it('is not there in a folder without one, and none is made by asking', async () => {
    const empty = folder.path('empty')
    folder.put('empty/notes.txt', 'mine')
    const asked = await comity(['keys', 'list', '--data', empty])
    expect(asked).toMatchObject({ code: 78, stdout: '' })
    expect(asked.stderr).toContain('[node-not-initialised]')
    expect(readdirSync(empty)).toEqual(['notes.txt'])
  })
})

describe('a record issued by two people', () => {
  it('is a draft first, with the warnings that its approver must have looked into', () => {
    expect(drafted).toEqual({ draft: expect.stringMatching(/^[0-9a-f-]{36}$/), warnings: [] })
  })

  it('gets its number when it is approved', () => {
    const year = new Date().getUTCFullYear()
    expect(issued).toEqual({
      record: expect.stringMatching(/^[0-9a-f-]{36}$/),
      number: `3701001${year}0000001`,
      registration: `${year}-000001`,
    })
  })

  it('is never approved by whoever drafted it', async () => {
    const { draft } = answerOf(
      await comity(['issue', '-', '--family', 'title', '--as', 'wang', '--data', data, '--json'], {
        input: JSON.stringify(titleDraft()),
      }),
    )
    const own = await node('approve', String(draft), '--as', 'wang')
    expect(own).toMatchObject({ code: 1, stdout: '' })
    expect(JSON.parse(own.stderr)).toEqual({
      code: 'draft-own-approval',
      message: 'Nobody approves their own draft',
      at: draft,
      remedy: 'Let another person approve it',
    })
    expect(rowsOf(await node('drafts')).map((row) => row['draft'])).toContain(draft)
    expect(answerOf(await node('reject', String(draft), '--as', 'li', '--reason', 'a duplicate'))).toEqual({ draft })
    expect(rowsOf(await node('drafts')).map((row) => row['draft'])).not.toContain(draft)
  })

  it('is refused with every finding, in the reader’s language', async () => {
    const wrong = JSON.stringify(titleDraft({ body: { obtainedOn: '2031-03-05' } }))
    const refused = await comity(['issue', '-', '--family', 'title', '--as', 'wang', '--data', data, '--json', '--lang', 'zh'], { input: wrong })
    expect(refused).toMatchObject({ code: 1, stdout: '' })
    expect(JSON.parse(refused.stderr)).toMatchObject({
      code: 'draft-refused',
      message: '草稿未通过检查',
      findings: expect.arrayContaining([expect.objectContaining({ at: 'obtainedOn', remedy: expect.any(String) })]),
    })
  })

  it('is written to a file that only its owner can read', () => {
    expect((statSync(record).mode & 0o777).toString(8)).toBe('600')
    expect(readFileSync(record, 'utf8')).toMatch(/^[A-Za-z0-9_.~-]+~\n$/)
  })
})

describe('verifying it with an exported folder', () => {
  it('is a yes', async () => {
    const verdict = answerOf(await comity(['verify', record, '--trust', trust, '--json']))
    expect(verdict).toMatchObject({
      answer: 'yes',
      policy: 'comity/1',
      issuer: { iss: 'https://370100.comity.example', division: '370100' },
      record: { family: 'title' },
      recognition: null,
    })
    expect((verdict['checks'] as readonly { readonly id: string; readonly answer: string }[]).map(({ id, answer }) => `${id} ${answer}`)).toEqual([
      'form yes',
      'issuer yes',
      'key yes',
      'signature yes',
      'content yes',
      'time yes',
      'key-in-force yes',
      'key-scope yes',
      'authorised yes',
      'validity yes',
      'status yes',
    ])
  })

  it('says in words what was looked at, in Chinese and in English', async () => {
    const zh = await comity(['verify', record, '--trust', trust], {
      env: { LC_ALL: 'zh_CN.UTF-8' },
    })
    const en = await comity(['verify', record, '--trust', trust])
    expect(zh.code).toBe(0)
    expect(zh.stdout).toContain('✓ 是：记录真实，且在所问时刻有效')
    expect(zh.stdout).toContain('状态列表 https://370100.comity.example/status/1')
    expect(en.code).toBe(0)
    expect(en.stdout).toContain('✓ yes: The record is genuine, and it holds at the instant asked about')
    expect(en.stdout).toContain('status list https://370100.comity.example/status/1')
  })

  it('is a no that names the check when one byte of the signed part is another', async () => {
    const text = readFileSync(record, 'utf8')
    const at = text.indexOf('.', text.indexOf('.') + 1) - 20
    const changed = folder.put('changed.sd-jwt', text.slice(0, at) + (text[at] === 'A' ? 'B' : 'A') + text.slice(at + 1))
    const { code, stdout } = await comity(['verify', changed, '--trust', trust, '--json'])
    expect(code).toBe(1)
    expect(JSON.parse(stdout)).toMatchObject({
      answer: 'no',
      record: null,
      checks: expect.arrayContaining([expect.objectContaining({ answer: 'no', reason: expect.any(String) })]),
    })
  })

  it('cannot tell when the status list is missing', async () => {
    answerOf(await node('trust', 'export', '--out', folder.path('no-status')))
    rmSync(folder.path('no-status', 'status'), { recursive: true })
    const { code, stdout } = await comity(['verify', record, '--trust', folder.path('no-status'), '--json'])
    expect(code).toBe(2)
    expect(JSON.parse(stdout)).toMatchObject({
      answer: 'cannot-tell',
      checks: expect.arrayContaining([
        expect.objectContaining({
          id: 'status',
          answer: 'cannot-tell',
          reason: 'status-list-missing',
        }),
      ]),
    })
  })

  it('is a no for an instant before it was signed', async () => {
    const { code, stdout } = await comity(['verify', record, '--trust', trust, '--at', '2020-01-01T08:00:00+08:00', '--json'])
    expect(code).toBe(1)
    expect(JSON.parse(stdout)).toMatchObject({
      answer: 'no',
      at: '2020-01-01T00:00:00Z',
      checks: expect.arrayContaining([{ id: 'time', answer: 'no', reason: 'record-from-future' }]),
    })
  })

  it('is a yes for a copy that discloses less, and the copy discloses no more', async () => {
    const copy = folder.path('copy.sd-jwt')
    expect(answerOf(await comity(['present', record, '--disclose', 'name', '--out', copy, '--json']))).toEqual({ disclosed: ['name'], file: copy })
    expect(answerOf(await comity(['verify', copy, '--trust', trust, '--json']))['record']).toMatchObject({ disclosed: { name: { name: '孙远敏' } } })
    const bare = answerOf(await comity(['present', record, '--none', '--json']))
    expect(bare).toEqual({ disclosed: [], record: expect.stringMatching(/^[^~]+~$/) })
  })

  it('replaces a trust folder as a whole, and leaves every other folder alone', async () => {
    writeFileSync(join(trust, 'status', 'old.jwt'), 'old')
    answerOf(await node('trust', 'export', '--out', trust))
    expect(readdirSync(join(trust, 'status'))).not.toContain('old.jwt')
    folder.put('mine/anchors.json', '{}')
    folder.put('mine/thesis.txt', 'mine')
    const refused = await node('trust', 'export', '--out', folder.path('mine'))
    expect(refused).toMatchObject({ code: 73, stdout: '' })
    expect(readdirSync(folder.path('mine'))).toEqual(['anchors.json', 'thesis.txt'])
  })
})

describe('what a bureau does besides', () => {
  it('revokes a record, and the next export says so', async () => {
    const { draft } = answerOf(
      await comity(['issue', '-', '--family', 'title', '--as', 'wang', '--data', data, '--json'], {
        input: JSON.stringify(titleDraft()),
      }),
    )
    const { record: id, number } = answerOf(await node('approve', String(draft), '--as', 'li'))
    const { record: text } = answerOf(await node('fetch', String(id)))
    const revoked = answerOf(
      await node('status', '--number', String(number), '--family', 'title', '--change', 'revoked', '--reason', 'fraud', '--note', 'case 12', '--as', 'li'),
    )
    expect(revoked).toEqual({
      record: id,
      number,
      change: 'revoked',
      reason: 'fraud',
      effectiveOn: expect.stringMatching(/Z$/),
    })
    answerOf(await node('trust', 'export', '--out', trust))
    const { code, stdout } = await comity(['verify', '-', '--trust', trust, '--json'], {
      input: String(text),
    })
    expect(code).toBe(1)
    expect(JSON.parse(stdout)).toMatchObject({
      answer: 'no',
      checks: expect.arrayContaining([expect.objectContaining({ id: 'status', answer: 'no', reason: 'status-revoked' })]),
    })
    const again = await node('status', String(id), '--change', 'revoked', '--reason', 'fraud', '--as', 'li')
    expect(again.code).toBe(1)
    expect(JSON.parse(again.stderr)).toMatchObject({ code: 'status-not-possible' })
    expect((await node('status', String(id), '--change', 'cancelled', '--reason', 'fraud')).code).toBe(64)
  })

  it('hands out a claim code', async () => {
    expect(answerOf(await node('claim-code', String(issued['record']), '--days', '3'))).toEqual({
      code: expect.stringMatching(/^[0-9A-Z]{4}(-[0-9A-Z]{4}){3}$/),
      expiresOn: expect.stringMatching(/Z$/),
    })
  })

  it('recognises nothing of its own accord where no agreement covers the case', async () => {
    const refused = await node('recognise', record, '--as', 'wang')
    expect(refused).toMatchObject({ code: 1, stdout: '' })
    expect(JSON.parse(refused.stderr)).toMatchObject({ code: 'recognition-not-possible' })
  })

  it('sets a number scheme, which the next record follows', async () => {
    const scheme = { id: '370100-skill', family: 'skill', template: 'S{year:4}{serial:6}' }
    expect(answerOf(await node('scheme', 'set', scheme.template, '--family', 'skill'))).toEqual(scheme)
    expect((await node('scheme', 'set', 'S{serial:6}', '--family', 'skill')).code).toBe(65)
  })

  it('rotates and closes keys; the private halves are shown nowhere', async () => {
    const before = rowsOf(await node('keys', 'list'))
    expect(before.map(({ use }) => String(use)).toSorted()).toEqual(['authority', 'issue', 'log', 'status', 'token', 'witness'])
    const { kid } = answerOf(await node('keys', 'rotate', '--use', 'issue'))
    expect(answerOf(await node('keys', 'close', String(before.find(({ use }) => use === 'issue')!['kid']), '--reason', 'superseded'))).toMatchObject({
      reason: 'superseded',
    })
    const after = rowsOf(await node('keys', 'list'))
    expect(after.filter(({ use }) => use === 'issue').map((key) => [key['kid'] === kid, key['closed'] === null])).toEqual([
      [false, false],
      [true, true],
    ])
    expect(Object.keys(after[0]!).toSorted()).toEqual(['closed', 'custody', 'from', 'kid', 'records', 'state', 'until', 'use'])
    expect((await node('keys', 'close', String(kid), '--reason', 'compromised')).code).toBe(64)
  })

  it('registers a client by its public key, and refuses the private one', async () => {
    const key = folder.path('client.json')
    const { kid } = answerOf(await comity(['clients', 'new-key', '--out', key, '--json']))
    expect((statSync(key).mode & 0o777).toString(8)).toBe('600')
    expect((await comity(['clients', 'new-key', '--out', key])).code).toBe(73)
    const words = ['--id', 'window-3', '--name', '三号窗口', '--kind', 'officer', '--duties', 'draft,read'] as const
    const leaked = await node('clients', 'register', key, ...words)
    expect(leaked.code).toBe(65)
    expect(JSON.parse(leaked.stderr)).toMatchObject({ code: 'key-private' })
    expect(JSON.parse(readFileSync(`${key}.pub`, 'utf8'))).toEqual({
      kty: 'OKP',
      crv: 'Ed25519',
      x: expect.any(String),
      kid,
    })
    expect(answerOf(await node('clients', 'register', `${key}.pub`, ...words))).toEqual({
      client: 'window-3',
    })
    expect((await node('clients', 'register', `${key}.pub`, ...words)).code).toBe(1)
    expect(answerOf(await node('clients', 'close', 'window-3', '--reason', 'left'))).toEqual({
      client: 'window-3',
    })
    expect(rowsOf(await node('clients', 'list'))).toEqual([
      {
        client: 'window-3',
        name: '三号窗口',
        kind: 'officer',
        duties: ['draft', 'read'],
        state: 'closed',
        createdAt: expect.stringMatching(/Z$/),
      },
    ])
  })

  it('backs up the database and not the passphrase; with both the backup is the node', async () => {
    const backup = folder.path('restored', 'comity.db')
    folder.put('restored/passphrase', readFileSync(join(data, 'passphrase')))
    chmodSync(folder.path('restored', 'passphrase'), 0o600)
    const { code, stderr } = await node('backup', '--out', backup)
    expect(code).toBe(0)
    expect(stderr).toContain('The passphrase file')
    expect(readdirSync(folder.path('restored')).toSorted()).toEqual(['comity.db', 'passphrase'])
    expect(rowsOf(await comity(['keys', 'list', '--data', folder.path('restored'), '--json']))).toEqual(rowsOf(await node('keys', 'list')))
    expect((await node('backup', '--out', backup)).code).toBe(73)
  })
})
