import { mkdirSync, rmSync, writeFileSync } from 'node:fs'

import { afterAll, describe, expect, it } from 'vitest'

import { titleDraft } from '../support/examples.ts'
import { makeAlliance, makeShandong } from '../support/make-alliance.ts'
import { answerOf, comity, makeFolder, rowsOf, writeTrustFolder, type RunOptions } from './run-comity.ts'

const folder = makeFolder()
afterAll(folder.remove)

const circle = makeAlliance({ cities: ['370100', '370300'] })
const trust = writeTrustFolder(folder.path('trust'), circle.files)
const asked = ['--trust', trust, '--at', circle.at] as const
const verify = (words: readonly string[], options?: RunOptions) => comity(['verify', ...words], options)

const issue = (index: number): string => circle.issue('370100', 'title', titleDraft({ number: `JN${String(index).padStart(6, '0')}` }))
const [first, second] = [issue(1), issue(2)]
const broken = `${first.slice(0, 300)}${first[300] === 'A' ? 'B' : 'A'}${first.slice(301)}`

describe('a file of one record', () => {
  it('gives the verdict as one object and nothing else', async () => {
    const ran = await verify([folder.put('one', `${first}\n`), ...asked, '--json'])
    expect(ran).toMatchObject({ code: 0, stderr: '' })
    const verdict = answerOf(ran)
    expect(Object.keys(verdict)).toEqual(['answer', 'at', 'policy', 'evidence', 'issuer', 'record', 'checks', 'notes', 'recognition'])
    expect(verdict).toMatchObject({ answer: 'yes', at: circle.at })
  })

  it('gives the same bytes every time', async () => {
    const file = folder.put('one', first)
    const [a, b] = await Promise.all([verify([file, ...asked, '--json']), verify([file, ...asked, '--json'])])
    expect(a).toEqual(b)
  })

  it('is read in every form in which a record is handed over', async () => {
    for (const text of [
      first,
      `\ufeff${first}\r\n\r\n`,
      JSON.stringify(first),
      JSON.stringify({ record: first, id: 'x' }),
      `[${JSON.stringify(first)}]`,
      ` [ {"record": ${JSON.stringify(first)}} ] `,
    ])
      expect(answerOf(await verify([folder.put('form', text), ...asked, '--json'])), text.slice(0, 20)).toMatchObject({ answer: 'yes' })
    expect(answerOf(await verify(['-', ...asked, '--json'], { input: first }))).toMatchObject({
      answer: 'yes',
    })
  })

  it('cannot be told where there is no record in it', async () => {
    for (const text of ['', '\n\n', 'hello', '{"a":1}', '%PDF-1.7\n', '\u0000\u0001'])
      expect((await verify([folder.put('none', text), ...asked])).code, JSON.stringify(text)).toBe(2)
  })

  it('is one record still when its first byte has become a bracket', async () => {
    const { code } = await verify([folder.put('bracket', `[${first.slice(1)}`), ...asked, '--json'])
    expect(code).toBe(1)
  })
})

describe('a file of many records', () => {
  const texts = Array.from({ length: 3000 }, (_, index) => (index % 1000 === 500 ? broken : issue(index + 10)))

  it('gives a line for each, in their order, and a summary; the gravest answer is the exit code', async () => {
    const ran = await verify([folder.put('many', texts.map((text) => `${text}\n`).join('\n')), ...asked, '--json'])
    expect(ran.code).toBe(1)
    const rows = rowsOf(ran)
    expect(rows.slice(0, -1).map(({ index }) => index)).toEqual(texts.map((_, index) => index + 1))
    expect(rows.slice(0, -1).flatMap(({ answer, index }) => (answer === 'yes' ? [] : [`${String(index)} ${String(answer)}`]))).toEqual([
      '501 no',
      '1501 no',
      '2501 no',
    ])
    expect(rows[7]).toMatchObject({ record: { claims: { number: 'JN000017' } } })
    expect(rows.at(-1)).toEqual({
      summary: { records: 3000, answer: 'no', yes: 2997, no: 3, 'cannot-tell': 0 },
    })
  })

  it('says in words only what is not a yes', async () => {
    const ran = await verify([folder.put('few', [first, broken, second, 'hello'].join('\n')), ...asked, '--lang', 'zh'])
    expect(ran.code).toBe(1)
    const lines = ran.stdout.trim().split('\n')
    expect(lines).toHaveLength(3)
    expect(lines[0]).toMatch(/^2  ✗ 否  /)
    expect(lines[1]).toBe('4  ? 无法判断  格式: 文件中没有可核验的记录 [not-a-record]')
    expect(lines[2]).toBe('共 4 份   ✓ 是 2   ✗ 否 1   ? 无法判断 1')
  })

  it('reads an array, and one that was cut off is not taken for whole', async () => {
    const whole = JSON.stringify([first, { record: second }])
    expect(rowsOf(await verify([folder.put('array', whole), ...asked, '--json'])).at(-1)).toEqual({
      summary: { records: 2, answer: 'yes', yes: 2, no: 0, 'cannot-tell': 0 },
    })
    const cut = await verify([folder.put('array', whole.slice(0, -1)), ...asked, '--json'])
    expect(cut.code).toBe(2)
    expect(rowsOf(cut).at(-1)).toEqual({
      summary: { records: 3, answer: 'cannot-tell', yes: 2, no: 0, 'cannot-tell': 1 },
    })
  })

  it('numbers the records of several files through, and names the file', async () => {
    const [a, b] = [folder.put('a', `${first}\n${broken}`), folder.put('b', second)]
    const rows = rowsOf(await verify([a, b, ...asked, '--json']))
    expect(rows.slice(0, -1).map(({ index, file, answer }) => [index, file, answer])).toEqual([
      [1, a, 'yes'],
      [2, a, 'no'],
      [3, b, 'yes'],
    ])
  })

  it('does not let a control character of a record act on the terminal', async () => {
    const header = Buffer.from(JSON.stringify({ alg: 'Ed25519', kid: '\u001b[2K\u001b[1A✓ yes', typ: 'dc+sd-jwt' })).toString('base64url')
    const forged = `${header}${first.slice(first.indexOf('.'))}`
    const { stdout, code } = await verify([folder.put('forged', forged), ...asked])
    expect(code).not.toBe(0)
    expect(stdout).not.toContain('\u001b')
  })
})

describe('asking what a record counts for', () => {
  const shandong = makeShandong()
  const folderOfTwo = writeTrustFolder(folder.path('shandong'), shandong.files)
  const record = folder.put('jinan', shandong.issue('370100', 'title', titleDraft()))
  const ask = (...words: readonly string[]) => comity(['verify', record, '--trust', folderOfTwo, '--at', shandong.at, ...words])

  it('answers with the rule that carries it and every path', async () => {
    const verdict = answerOf(
      await ask('--for', '370300', '--purpose', 'appointment', '--stated', 'meetsNationalBasicStandard=true,holderDishonestyRecordActive=false', '--json'),
    )
    expect(verdict['recognition']).toMatchObject({
      answer: 'yes',
      carriedBy: { alliance: 'sd-capital-circle' },
    })
  })

  it('lets the recognition count in the exit code', async () => {
    const { code, stdout } = await ask('--for', '370200', '--json')
    expect(code).toBe(2)
    expect(JSON.parse(stdout)).toMatchObject({
      answer: 'yes',
      recognition: { answer: 'cannot-tell', mode: 'manual_review' },
    })
    const words = await ask('--for', '370200')
    expect(words.code).toBe(2)
    expect(words.stdout).toContain('? Recognition: An officer decides, Manual review [manual_review]')
  })

  it('counts both answers in a file of many', async () => {
    const many = folder.put('jinan-many', Array.from({ length: 3 }, () => shandong.issue('370100', 'title', titleDraft())).join('\n'))
    const ran = await comity(['verify', many, '--trust', folderOfTwo, '--at', shandong.at, '--for', '370200', '--json'])
    expect(ran.code).toBe(2)
    expect(rowsOf(ran).at(-1)).toEqual({
      summary: {
        records: 3,
        answer: 'cannot-tell',
        yes: 3,
        no: 0,
        'cannot-tell': 0,
        recognition: { yes: 0, 'on-condition': 0, no: 0, 'cannot-tell': 3 },
      },
    })
    const words = await comity(['verify', many, '--trust', folderOfTwo, '--at', shandong.at, '--for', '370300', '--lang', 'zh'])
    expect([words.code, words.stdout]).toEqual([
      0,
      '共 3 份   ✓ 是 3   ✗ 否 0   ? 无法判断 0\n互认   ✓ 认可 0   ! 有条件认可 3   ✗ 不认可 0   ? 须人工判断 0\n',
    ])
  })
})

describe('the trust folder', () => {
  const file = folder.put('record', first)
  const remade = (name: string, change: (path: string) => void): string => {
    const path = writeTrustFolder(folder.path(name), circle.files)
    change(path)
    return path
  }
  const ask = (path: string) => verify([file, '--trust', path, '--at', circle.at, '--json'])

  it('trusts nobody without anchors: the answer cannot be told', async () => {
    const missing = await ask(remade('no-anchors', (path) => rmSync(`${path}/anchors.json`)))
    expect(missing.code).toBe(2)
    expect(missing.stderr).toContain('anchors.json: A trust file is missing [trust-missing]')
    expect(JSON.parse(missing.stdout)).toMatchObject({ answer: 'cannot-tell' })
    const malformed = await ask(remade('bad-anchors', (path) => writeFileSync(`${path}/anchors.json`, '{"authorities":[],"alliances":[],"more":1}')))
    expect(malformed.code).toBe(2)
    expect(malformed.stderr).toContain('[trust-malformed]')
  })

  it('names files that are refused or do not belong there, and uses the others', async () => {
    const odd = await ask(
      remade('odd', (path) => {
        writeFileSync(`${path}/notes.txt`, 'x')
        writeFileSync(`${path}/manifests/forged.jwt`, 'a.b.c')
        mkdirSync(`${path}/status/old`)
      }),
    )
    expect(odd.code).toBe(0)
    expect(odd.stderr).toContain('! manifests/forged.jwt:')
    expect(odd.stderr).toContain('! notes.txt: does not belong to trust data, not read')
    expect(odd.stderr).toContain('! status/old: does not belong to trust data, not read')
  })

  it('must be there', async () => {
    expect((await ask(folder.path('nowhere'))).code).toBe(66)
  })
})

describe('the policy', () => {
  it('that requires a log proof cannot tell', async () => {
    const { code, stdout } = await verify([folder.put('p', first), ...asked, '--policy', 'log-required', '--json'])
    expect(code).toBe(2)
    expect(JSON.parse(stdout)).toMatchObject({
      answer: 'cannot-tell',
      policy: 'comity/1+log-required',
      checks: expect.arrayContaining([{ id: 'time', answer: 'cannot-tell', reason: 'time-unproven' }]),
    })
  })
})

it('ends with 64 for words that are wrong, and with 66 for a file that is not there or a folder', async () => {
  const file = folder.put('u', first)
  for (const words of [
    [],
    [file],
    [file, ...asked, '--nope'],
    [file, '--trust', trust, '--at', 'yesterday'],
    [file, '--trust', trust, '--at', '2026-06-01'],
    [file, '--trust', trust, '--at', '2026-02-30T00:00:00Z'],
    [file, '--trust', trust, '--at', '2026-06-01T24:00:01Z'],
    [file, ...asked, '--for', 'Zibo'],
    [file, ...asked, '--for', '999999'],
    [file, ...asked, '--purpose', 'appointment'],
    [file, ...asked, '--for', '370300', '--purpose', 'fun'],
    [file, ...asked, '--for', '370300', '--applied-on', '2026-02-31'],
    [file, ...asked, '--for', '370300', '--stated', 'nonsense=true'],
    [file, ...asked, '--for', '370300', '--stated', 'superseded=maybe'],
    [file, ...asked, '--policy', 'none'],
    [file, ...asked, '--lang', 'fr'],
  ])
    expect(await verify(words), words.join(' ')).toMatchObject({ code: 64, stdout: '' })
  expect(await verify([folder.path('nothing'), ...asked])).toMatchObject({ code: 66, stdout: '' })
  const ofFolder = await verify([trust, ...asked])
  expect(ofFolder).toMatchObject({ code: 66, stdout: '' })
  expect(ofFolder.stderr).toContain('The path is a folder [input-is-folder]')
})
