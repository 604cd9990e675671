import { readFileSync, readdirSync, statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import answers from '../ledger/jinan-titles.answers.json' with { type: 'json' }
import { answerOf, comity, makeFolder, rowsOf, type Ran } from './run-comity.ts'

const ledger = fileURLToPath(new URL('../ledger/jinan-titles.csv', import.meta.url))
const workbook = fileURLToPath(new URL('../ledger/jinan-titles.xlsx', import.meta.url))
const folder = makeFolder()
const data = folder.path('jinan')
const run = (...words: readonly string[]): Promise<Ran> => comity(['import', ...words, '--data', data, '--family', 'title'])

let dry: Ran

beforeAll(async () => {
  answerOf(await comity(['init', '--data', data, '--division', '370100', '--name', '济南市人力资源和社会保障局', '--json']))
  dry = await run(ledger, '--dry-run', '--json')
})
afterAll(folder.remove)

const isRow = (row: Readonly<Record<string, unknown>>): boolean => row['row'] !== undefined
const rows = (ran: Ran) => rowsOf(ran).filter(isRow)
const summary = (ran: Ran) => rowsOf(ran).at(-1)!['summary'] as Readonly<Record<string, unknown>>
const expected = { accepted: 352, normalised: 16, warned: 6, refused: 26 }

describe('a dry run', () => {
  it('prints a line for each row of the file, the header being row 1, then a summary', () => {
    expect(dry.code).toBe(0)
    expect(rows(dry).map(({ row }) => row)).toEqual(Array.from({ length: 400 }, (_, index) => index + 2))
    for (const row of rows(dry)) expect(Object.keys(row)).toEqual(['row', 'outcome', 'findings'])
    expect(summary(dry)).toEqual({
      job: expect.stringMatching(/^[0-9a-f-]{36}$/),
      dryRun: true,
      resumed: false,
      rows: 400,
      ...expected,
      issued: 0,
      already: 0,
    })
  })

  it('answers each row as the ledger was made: fixed, warned of or refused', () => {
    const expectedOf: Readonly<Record<string, string>> = {
      fix: 'normalised',
      warn: 'warned',
      warning: 'warned',
      error: 'refused',
    }
    const wanted = new Map(answers.answers.map(({ row, expect: kind }) => [row, expectedOf[kind]]))
    for (const { row, outcome } of rows(dry)) expect(outcome, `row ${String(row)}`).toBe(wanted.get(row as number) ?? 'accepted')
  })

  it('says of each finding in which column it is, what it means and what to do', () => {
    expect(rows(dry).find(({ row }) => row === 20)).toEqual({
      row: 20,
      outcome: 'normalised',
      findings: [
        {
          column: '批准文号',
          code: expect.any(String),
          message: expect.stringMatching(/[a-z]/),
          remedy: expect.any(String),
        },
      ],
    })
    for (const row of rows(dry))
      for (const finding of row['findings'] as readonly object[]) expect(Object.keys(finding)).toEqual(['column', 'code', 'message', 'remedy'])
  })

  it('issues nothing', async () => {
    expect((await comity(['fetch', '--number', 'JN200504000001', '--family', 'title', '--data', data])).code).toBe(1)
  })
})

describe('an import', () => {
  let real: Ran
  const result = folder.path('result.xlsx')
  beforeAll(async () => {
    real = await run(workbook, '--json', '--result', result)
  })

  it('has the outcome of the dry run, from the workbook as from the text', () => {
    expect(real.code).toBe(0)
    const outcomes = (of: Ran) => rows(of).map(({ row, outcome }) => `${String(row)} ${String(outcome)}`)
    expect(outcomes(real)).toEqual(outcomes(dry))
    expect(summary(real)).toEqual({
      job: expect.any(String),
      dryRun: false,
      resumed: false,
      rows: 400,
      ...expected,
      issued: 374,
      already: 0,
    })
  })

  it('marks its records as imported', async () => {
    const { record } = answerOf(await comity(['fetch', '--number', 'JN200504000001', '--family', 'title', '--data', data, '--json']))
    const trust = folder.path('trust')
    answerOf(await comity(['trust', 'export', '--data', data, '--out', trust, '--json']))
    const verdict = answerOf(await comity(['verify', '-', '--trust', trust, '--json'], { input: String(record) }))
    expect(verdict).toMatchObject({
      answer: 'yes',
      record: { claims: { number: 'JN200504000001', imported: { on: expect.any(String) } } },
      notes: expect.arrayContaining([expect.objectContaining({ code: 'imported' })]),
    })
  })

  it('writes the rows to look at to a file that can be fed back', async () => {
    expect(readdirSync(folder.path()).filter((name) => name.includes('partial'))).toEqual([])
    expect(readFileSync(result).subarray(0, 4)).toEqual(Buffer.from('PK\u0003\u0004', 'latin1'))
    const back = await run(result, '--json')
    expect(back.code).toBe(0)
    expect(summary(back)).toMatchObject({ rows: 48, issued: 0, already: 24, refused: 24 })
  })

  it('issues nothing when it is run again', async () => {
    const again = await run(ledger, '--json')
    expect(summary(again)).toMatchObject({ rows: 400, ...expected, issued: 0, already: 374 })
    expect(summary(again)['job']).not.toBe(summary(real)['job'])
  })

  it('is listed with its progress', async () => {
    const jobs = rowsOf(await comity(['jobs', '--data', data, '--json']))
    expect(jobs[0]).toMatchObject({ family: 'title', dryRun: true, state: 'done', done: 400 })
    expect(jobs[1]).toMatchObject({ family: 'title', dryRun: false, state: 'done', done: 400 })
  })

  it('in words shows only rows to look at, in the language of the locale', async () => {
    const ran = await comity(['import', ledger, '--data', data, '--family', 'title', '--dry-run'], {
      env: { LANG: 'zh_CN.UTF-8' },
    })
    expect(ran.stdout).toContain('第 20 行  规范后通过')
    expect(ran.stdout.trim().split('\n').at(-1)).toMatch(/^共 400 行：通过 352，规范后通过 16，有提示 6，退回 26；试运行，未签发/)
  })
})

describe('a file that is refused as a whole', () => {
  it('ends with 1 and says why, with nothing on standard output', async () => {
    const lacking = await run(folder.put('lacking.csv', '姓名,证书编号\n张三,JN1\n'), '--json', '--result', folder.path('no.csv'))
    expect(lacking).toMatchObject({ code: 1, stdout: '' })
    expect(JSON.parse(lacking.stderr)).toMatchObject({
      code: 'ledger-columns-missing',
      at: 'row 1',
      remedy: expect.any(String),
    })
    expect(readdirSync(folder.path())).not.toContain('no.csv')
    expect((await run(folder.put('doc.csv', '%PDF-1.7\n'))).code).toBe(1)
  })

  it('ends with 66 when it is not there, and with 64 for a family without ledgers', async () => {
    expect((await run(folder.path('nothing.csv'))).code).toBe(66)
    for (const family of ['work-injury', 'nonsense']) expect((await comity(['import', ledger, '--data', data, '--family', family])).code).toBe(64)
  })
})

describe('a ledger that is damaged at its end', () => {
  const whole = readFileSync(ledger, 'utf8').trimEnd()
  const many = `${whole}\n${whole.split('\n').slice(1).join('\n')}\n`.replace('\ufeff', '')
  /** Rows that are good, and a part that breaks off: found when most of them have been read. */
  const broken = folder.put('broken.csv', `${many}"朱文玉,37172419`)

  it('is refused as a whole: nothing of it is issued, no job stands there, and the whole one is taken after it', async () => {
    const other = folder.path('zibo')
    answerOf(await comity(['init', '--data', other, '--division', '370300', '--name', '淄博市人力资源和社会保障局', '--json']))
    const put = (file: string): Promise<Ran> => comity(['import', file, '--data', other, '--family', 'title', '--json'])
    const { code, stdout, stderr } = await put(broken)
    expect([code, stdout, JSON.parse(stderr)]).toMatchObject([1, '', { code: 'ledger-malformed', detail: 'CSV_QUOTE_NOT_CLOSED' }])
    expect((await comity(['jobs', '--data', other, '--json'])).stdout).toBe('')
    expect(summary(await put(ledger))).toMatchObject({ resumed: false, issued: 374, already: 0 })
  })
})

describe('a result file', () => {
  const header = '姓名,证件号码,职称系列,职称名称,级别,取得方式,取得时间,证书编号,发证日期'
  const line = (number: string, title = '主治医师', obtained = '2005-05-02'): string =>
    `朱文玉,371724197602257248,卫生系列,${title},中级,评审,${obtained},${number},2005-06-08`
  const small = folder.put('small.csv', [header, line('F1'), line('F2', '工程师'), line('F3', undefined, '2005/5/2'), line('F4', undefined, ''), ''].join('\n'))

  it('whose refused rows are put right makes exactly those accepted, and issues nothing twice', async () => {
    const other = folder.path('binzhou')
    answerOf(await comity(['init', '--data', other, '--division', '371600', '--name', '滨州市人力资源和社会保障局', '--json']))
    const put = (file: string, ...more: readonly string[]): Promise<Ran> => comity(['import', file, '--data', other, '--family', 'title', '--json', ...more])
    const csv = folder.path('back.csv')
    expect(summary(await put(small, '--result', csv))).toMatchObject({ rows: 4, accepted: 1, normalised: 1, refused: 2, issued: 2, already: 0 })
    expect((statSync(csv).mode & 0o777).toString(8)).toBe('600')
    const told = readFileSync(csv, 'utf8')
    const fixed = folder.put('fixed.csv', told.replace('工程师', '主治医师').replace('评审,,F4', '评审,2005-05-02,F4'))
    expect(summary(await put(fixed))).toMatchObject({ rows: 3, accepted: 2, normalised: 1, refused: 0, issued: 2, already: 1 })
    expect(summary(await put(fixed))).toMatchObject({ rows: 3, issued: 0, already: 3 })
  })

  it('does not take the place of the ledger', async () => {
    const before = readFileSync(small, 'utf8')
    const { code, stderr } = await run(small, '--result', folder.path('.', 'small.csv'), '--json')
    expect([code, JSON.parse(stderr)]).toMatchObject([73, { code: 'output-exists', at: small }])
    expect(readFileSync(small, 'utf8')).toBe(before)
  })
})
