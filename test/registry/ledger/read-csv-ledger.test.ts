import iconv from 'iconv-lite'
import { describe, expect, it } from 'vitest'
import { ledgerLimits } from '#registry/ledger/ledger-limits.ts'
import { faultOf, judgedText, rowsOf, titleHeader, titleLine } from './read-rows.ts'

const text = '姓名,备注\r\n侯𫍯,𠮷野\r\n'
const rows = [
  [1, '姓名', '备注'],
  [2, '侯𫍯', '𠮷野'],
]

describe('a CSV ledger', () => {
  it.each([
    ['UTF-8', iconv.encode(text, 'utf-8')],
    ['UTF-8 with a byte order mark', iconv.encode(`\ufeff${text}`, 'utf-8')],
    ['GB18030 with four-byte characters', iconv.encode(text, 'gb18030')],
    ['UTF-16 LE with a mark', iconv.encode(`\ufeff${text}`, 'utf-16le')],
    ['UTF-16 BE with a mark', iconv.encode(`\ufeff${text}`, 'utf-16be')],
  ])('reads the same in %s', async (_name, bytes) => {
    expect(await rowsOf(bytes)).toEqual(rows)
  })

  it('takes a file for UTF-8 only if all of it is, however late the first byte that is not', async () => {
    const long = `姓名\n${`${'a'.repeat(999)}\n`.repeat(600)}`
    const mixed = Buffer.concat([Buffer.from(long.slice(3)), iconv.encode('侯𫍯\n', 'gb18030')])
    expect((await rowsOf(mixed)).at(-1)).toEqual([601, '侯𫍯'])
  })

  it.each([
    ['commas', 'a,b\n1,2'],
    ['tabs', 'a\tb\n1\t2'],
    ['semicolons', 'a;b\n1;2'],
    ['the delimiter that the header has outside quotes', '"a;;;",b\n1,2'],
  ])('is split at %s', async (name, content) => {
    expect(await rowsOf(content)).toEqual([
      [1, name.startsWith('the') ? 'a;;;' : 'a', 'b'],
      [2, '1', '2'],
    ])
  })

  it('keeps the numbering of rows through blank lines, mixed line ends and quoted line breaks', async () => {
    expect(await rowsOf('a,b\r\n1,2\n\n\r\n,\r3,"x\ny"\r\n4,5')).toEqual([
      [1, 'a', 'b'],
      [2, '1', '2'],
      [6, '3', 'x\ny'],
      [7, '4', '5'],
    ])
  })

  it('marks what a spreadsheet would run, and nothing else', async () => {
    const cells = ['=1+1', '+1+1', '-cmd', '@sum', "'=1+1", '-5', '-', '——', '2020-01-01', '"=HYPERLINK(""http://x"",""y"")"', '＝1']
    expect(await rowsOf(`h\n${cells.join('\n')}\n`)).toEqual([
      [1, 'h'],
      [2, 'formula:=1+1'],
      [3, 'formula:+1+1'],
      [4, 'formula:-cmd'],
      [5, 'formula:@sum'],
      [6, "formula:'=1+1"],
      [7, '-5'],
      [8, '-'],
      [9, '——'],
      [10, '2020-01-01'],
      [11, 'formula:=HYPERLINK("http://x","y")'],
      [12, 'formula:＝1'],
    ])
  })

  it('takes off the tab that people append to keep identity numbers from being mangled', async () => {
    expect(await rowsOf('a,b\n370102199003070016\t, 　x　\n')).toEqual([
      [1, 'a', 'b'],
      [2, '370102199003070016', 'x'],
    ])
  })

  it('refuses the cell, not the file, where a byte means nothing in GB18030', async () => {
    const bytes = Buffer.concat([iconv.encode('姓名,备注\n张三,', 'gb18030'), Buffer.from([0xff, 0x0a])])
    const [, row] = await rowsOf(bytes)
    expect(row![1]).toBe('张三')
    expect(row![2]).toMatch(/^error:/)
  })

  it.each([
    ['nothing at all', '', 'ledger-empty'],
    ['UTF-16 without a mark', iconv.encode(text, 'utf-16le'), 'ledger-encoding-unknown'],
    ['a quote that is never closed', 'a,b\n"1,2\n3,4\n', 'ledger-malformed'],
    ['a quote that swallows megabytes', `a,b\n"${'1,2\n'.repeat(2_500_000)}`, 'ledger-malformed'],
    ['PDF', '%PDF-1.7\n1 0 obj', 'ledger-format-unknown'],
    ['a table saved as HTML', '<html><table><tr><td>姓名', 'ledger-format-unknown'],
    ['an XML spreadsheet of 2003', '<?xml version="1.0"?><Workbook/>', 'ledger-format-unknown'],
  ])('names the fault of %s', async (_name, content, code) => {
    expect(await faultOf(rowsOf(content))).toBe(code)
  })

  it('keeps its limits', async () => {
    expect(await faultOf(rowsOf('a\nb\nc\n', { ...ledgerLimits, rows: 2 }))).toBe('ledger-too-large')
    expect(await faultOf(rowsOf('a,b,c\n', { ...ledgerLimits, columns: 2 }))).toBe('ledger-too-large')
    expect(await faultOf(rowsOf('a,b,c\n', { ...ledgerLimits, bytes: 5 }))).toBe('ledger-too-large')
  })

  it('refuses a row with a cell of a megabyte and reads the next one', async () => {
    const judged = await judgedText(`${titleHeader}\n${titleLine.replace('张三', '张'.repeat(350_000))}\n${titleLine}\n`)
    expect(judged.map(({ row, outcome, findings }) => [row, outcome, findings.map(({ column, code }) => `${column} ${code}`)])).toEqual([
      [2, 'refused', ['姓名 text-too-long']],
      [3, 'accepted', []],
    ])
    expect(judged[0]!.cells[0]!.length).toBeLessThan(5000)
  })
})
