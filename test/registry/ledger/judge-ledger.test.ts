import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { Fault } from '#core/fault.ts'
import type { JudgedRow, LedgerPart } from '#registry/ledger/judge-ledger.ts'
import { judgeInWorker } from '#registry/ledger/run-in-worker.ts'
import { faultOf, job, judgedRows, judgedText, titleHeader, titleLine } from './read-rows.ts'

interface Answer {
  readonly row: number
  readonly defect: string
  readonly expect: 'error' | 'fix' | 'warn'
}

const ledger = (name: string): string => new URL(`../../ledger/${name}`, import.meta.url).pathname
const { summary, answers } = JSON.parse(readFileSync(ledger('jinan-titles.answers.json'), 'utf8')) as {
  readonly summary: { readonly rows: number }
  readonly answers: readonly Answer[]
} // our own file
const outcomeOf = { error: 'refused', fix: 'normalised', warn: 'warned' } as const

/** What the importer must say of each defect: codes by column. */
const said: Readonly<Record<string, readonly string[]>> = {
  id_check_digit: ['证件号码 person-id-check-digit'],
  id_transposed: ['证件号码 person-id-check-digit'],
  id_impossible_date: ['证件号码 person-id-birth-impossible'],
  id_scientific: ['证件号码 digits-lost'],
  id_lower_x: ['证件号码 letters-upper-cased'],
  area_withdrawn: ['证件号码 person-id-area-withdrawn'],
  sex_mismatch: ['性别 gender-contradicts-identity'],
  birth_mismatch: ['出生年月 birth-contradicts-identity'],
  name_blank: ['姓名 name-blank'],
  name_dot_variant: ['姓名 name-separator'],
  date_impossible: ['取得时间 date-impossible'],
  date_future: ['取得时间 date-in-future', '发证日期 date-in-future'],
  issued_before_birth: ['取得时间 date-before-birth', '发证日期 date-before-birth'],
  date_dotted: ['取得时间 date-dotted'],
  date_chinese: ['发证日期 date-chinese'],
  date_excel_serial: ['发证日期 date-excel-serial'],
  document_brackets: ['批准文号 document-number-brackets'],
  full_width_digits: ['证书编号 full-width'],
  formula_cell: ['工作单位 cell-formula'],
  series_unknown: ['职称系列 series-unknown'],
  level_title_mismatch: ['级别 level-title-mismatch'],
  legacy_title_name: ['职称名称 title-legacy-name'],
  duplicate_number_other_person: ['证书编号 number-of-another-person'],
  exact_repeat: ['整行 row-repeated'],
}

describe.each(['jinan-titles.csv', 'jinan-titles.xlsx'])('our own ledger %s', (file) => {
  it('is judged row by row as its answers say', async () => {
    const expected = new Map(answers.map(({ row, defect, expect: kind }) => [row, [row, outcomeOf[kind], said[defect]] as const]))
    const rows = await judgedRows({ path: ledger(file) })
    expect(rows.map(({ row, outcome, findings }) => [row, outcome, findings.map(({ column, code }) => `${column} ${code}`)])).toEqual(
      Array.from({ length: summary.rows }, (_, index) => expected.get(index + 2) ?? [index + 2, 'accepted', []]),
    )
    expect([...new Set(answers.map(({ defect }) => defect))].sort()).toEqual(Object.keys(said).sort())
    expect(
      rows.every(({ outcome, draft, digest }) => (outcome === 'refused') === (draft === undefined) && (draft === undefined) === (digest === undefined)),
    ).toBe(true)
  })
})

describe('a ledger as a whole', () => {
  it('that is not there, or is a folder, is named unreadable', async () => {
    expect(await faultOf(judgedRows({ path: ledger('nowhere.csv') }))).toBe('ledger-unreadable')
    expect(await faultOf(judgedRows({ path: ledger('.') }))).toBe('ledger-unreadable')
  })

  it.each([
    ['only a header', `${titleHeader}\n`, 'ledger-no-rows'],
    ['blank lines', '\n\n,,\n', 'ledger-empty'],
    ['a column missing', `${titleHeader.replace('级别', '职务')}\n${titleLine}\n`, 'ledger-columns-missing'],
    ['a header twice', `${titleHeader},姓名\n${titleLine},李四\n`, 'ledger-columns-ambiguous'],
    ['two headers of one meaning', `${titleHeader},身份证号\n${titleLine},x\n`, 'ledger-columns-ambiguous'],
    ['rows without a header', `${titleLine}\n${titleLine}\n`, 'ledger-columns-missing'],
  ])('is refused with a name for %s', async (_name, content, code) => {
    expect(await faultOf(judgedText(content))).toBe(code)
  })

  it('names the columns that are missing by their usual headers, never by what stands in the file', async () => {
    const error = await judgedText('张三,370102199003070016\nx,y\n').catch((fault: unknown) => fault)
    expect(error).toBeInstanceOf(Fault)
    expect((error as Fault).detail).toBe('姓名、证件号码、职称系列、职称名称、级别、取得方式、取得时间、证书编号、发证日期')
  })

  it('refuses a row whose cells are shifted by a comma that nobody quoted', async () => {
    const judged = await judgedText(`${titleHeader}\n${titleLine.replace('工程师', '工程师,高级')}\n`)
    expect(judged[0]!.outcome).toBe('refused')
    expect(judged[0]!.findings.map(({ column, code }) => `${column} ${code}`)).toContain('整行 row-too-long')
  })

  it('tells all that is wrong with a row at once', async () => {
    const judged = await judgedText(`${titleHeader}\n ,370102199003070015,玄学系列,工程师,特级,评审,2093-05-01,,2018-02-30\n`)
    expect(judged[0]!.findings.map(({ column, code }) => `${column} ${code}`)).toEqual([
      '姓名 name-blank',
      '证件号码 person-id-check-digit',
      '职称系列 series-unknown',
      '级别 title-level-unknown',
      '发证日期 date-impossible',
      '证书编号 number-blank',
      '取得时间 date-in-future',
    ])
  })
})

async function partsOf(parts: AsyncIterable<LedgerPart>): Promise<readonly LedgerPart[]> {
  const all: LedgerPart[] = []
  for await (const part of parts) all.push(part)
  return all
}

describe('the worker', () => {
  const path = ledger('jinan-titles.csv')

  it('gives what judging here gives, in batches', async () => {
    const parts = await partsOf(judgeInWorker(job({ path }, { batchRows: 150 })))
    expect(parts.map((part) => (part.kind === 'rows' ? part.rows.length : part.kind))).toEqual(['header', 150, 150, 100])
    const rows = parts.flatMap((part): readonly JudgedRow[] => (part.kind === 'rows' ? part.rows : []))
    expect(plain(rows)).toEqual(plain(await judgedRows({ path })))
  })

  it('hands faults over with their code and place', async () => {
    const error = await partsOf(judgeInWorker(job({ bytes: Buffer.from('a,b\n1,2\n') }))).catch((fault: unknown) => fault)
    expect(error).toBeInstanceOf(Fault)
    expect(error).toMatchObject({ code: 'ledger-columns-missing', at: 'row 1' })
  })

  it('ends when nobody takes its rows any more', async () => {
    const taken: string[] = []
    for await (const part of judgeInWorker(job({ path }, { batchRows: 10 }))) {
      taken.push(part.kind)
      if (taken.length === 2) break
    }
    expect(taken).toEqual(['header', 'rows'])
  })

  it('is the only one that dies when a ledger needs more memory than it may have', async () => {
    expect(await faultOf(partsOf(judgeInWorker(job({ path }), 4)))).toBe('ledger-too-complex')
    expect(await partsOf(judgeInWorker(job({ path })))).toHaveLength(2)
  })
})

// Digests cross the threads as plain byte arrays.
const plain = (rows: readonly JudgedRow[]): unknown =>
  rows.map(({ digest, ...row }) => ({ ...row, digest: digest === undefined ? undefined : Buffer.from(digest).toString('hex') }))
