import { describe, expect, it } from 'vitest'
import { ledgerLimits } from '#registry/ledger/ledger-limits.ts'
import { archive, archiveOfEntries, compound, inline, sheet, workbook } from './make-workbook.ts'
import { faultOf, judgedText, rowsOf, titleHeader, titleLine } from './read-rows.ts'

const plain = sheet(`<row r="1">${inline('A1', '姓名')}</row>`, `<row r="2">${inline('A2', '张三')}</row>`)
const dateFormats = `<styleSheet><numFmts count="3"><numFmt numFmtId="164" formatCode="yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;"/><numFmt numFmtId="165" formatCode="yyyy\\-mm"/><numFmt numFmtId="166" formatCode="[Red]0.00&quot;yd&quot;"/></numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/><xf numFmtId="165"/><xf numFmtId="166"/><xf numFmtId="57"/></cellXfs></styleSheet>`

describe('an .xlsx ledger', () => {
  it('reads shared, rich, phonetic and inline texts, numbers, booleans, errors and gaps', async () => {
    const sharedStrings =
      '<sst><si><t>姓名</t></si><si><r><rPr><b/></rPr><t>张</t></r><r><t xml:space="preserve">三 </t></r><rPh sb="0" eb="1"><t>zhang</t></rPh></si><si><t>a_x000D_b_x005F_x0041_</t></si></sst>'
    const rows = [
      '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="C1" t="b"><v>1</v></c></row>',
      '<row r="4"><c r="A4" t="s"><v>1</v></c><c r="B4"><v>3.7030319880314099E+17</v></c><c r="C4" t="e"><v>#REF!</v></c><c r="D4" t="s"><v>9</v></c><c r="E4" t="s"><v>2</v></c></row>',
      '<row r="5"><c r="A5" s="1"/></row>',
    ]
    expect(await rowsOf(await workbook({ sheets: [sheet(...rows)], sharedStrings }))).toEqual([
      [1, '姓名', '', 'TRUE'],
      [4, '张三', 'number:3.7030319880314099E+17', 'error:#REF!', 'error:9', 'a\rb_x0041_'],
    ])
  })

  it('shows a number with a date format as the date it shows, and one without as a number', async () => {
    const cells = [
      '<c r="A1" s="1"><v>36521</v></c>',
      '<c r="B1"><v>36521</v></c>',
      '<c r="C1" s="2"><v>36521.75</v></c>',
      '<c r="D1" s="3"><v>36521</v></c>',
      '<c r="E1" s="4"><v>36521</v></c>',
      '<c r="F1" s="5"><v>36521</v></c>',
      '<c r="G1" t="d"><v>1999-12-27T00:00:00</v></c>',
    ]
    const bytes = await workbook({ sheets: [sheet(`<row r="1">${cells.join('')}</row>`)], styles: dateFormats })
    expect(await rowsOf(bytes)).toEqual([
      [1, 'date:1999-12-27', 'number:36521', 'date:1999-12-27', 'date:1999-12', 'number:36521', 'date:1999-12', 'date:1999-12-27'],
    ])
    const mac = await workbook({
      sheets: [sheet('<row r="1"><c r="A1" s="1"><v>35059</v></c></row>')],
      styles: dateFormats,
      workbookPr: '<workbookPr date1904="1"/>',
    })
    expect(await rowsOf(mac)).toEqual([[1, 'date:1999-12-27']])
  })

  it('never takes the value of a formula for what the ledger says', async () => {
    const bytes = await workbook({
      sheets: [sheet('<row r="1"><c r="A1" t="str"><f>A2&amp;"x"</f><v>张三</v></c><c r="B1"><f t="shared" si="0"/><v>5</v></c></row>')],
    })
    expect(await rowsOf(bytes)).toEqual([[1, 'formula:=A2&"x"', 'formula:=5']])
  })

  it('reads the first visible sheet that has rows', async () => {
    const empty = sheet('<row r="1"/>')
    expect(await rowsOf(await workbook({ sheets: [{ ...plain, state: 'hidden' }, empty, sheet(`<row r="3">${inline('B3', 'here')}</row>`)] }))).toEqual([
      [3, '', 'here'],
    ])
  })

  it('refuses a ledger in two visible sheets, which must not be taken for its first, and reads it beside sheets that are none', async () => {
    const part = (name: string) => sheet(`<row r="1">${inline('A1', '姓名')}${inline('B1', '证件号码')}</row>`, `<row r="2">${inline('A2', name)}</row>`)
    const turned = sheet(`<row r="2">${inline('A2', '证件号码')}${inline('C2', '姓名')}</row>`)
    const notes = sheet(`<row r="1">${inline('A1', '填表说明')}</row>`)
    const first = [
      [1, '姓名', '证件号码'],
      [2, '张三'],
    ]
    expect(await faultOf(workbook({ sheets: [part('张三'), notes, part('李四')] }).then((bytes) => rowsOf(bytes)))).toBe('ledger-sheets-several')
    expect(await faultOf(workbook({ sheets: [part('张三'), turned] }).then((bytes) => rowsOf(bytes)))).toBe('ledger-sheets-several')
    expect(await rowsOf(await workbook({ sheets: [part('张三'), notes, { ...part('李四'), state: 'hidden' }, sheet('<row r="1"/>')] }))).toEqual(first)
  })

  it('reads names with prefixes and rows without numbers', async () => {
    const xml =
      '<x:worksheet xmlns:x="m"><x:sheetData><x:row><x:c t="inlineStr"><x:is><x:t>姓名</x:t></x:is></x:c><x:c><x:v>1</x:v></x:c></x:row></x:sheetData></x:worksheet>'
    expect(await rowsOf(await workbook({ sheets: [{ xml }] }))).toEqual([[1, '姓名', 'number:1']])
  })

  it.each([
    ['an encrypted workbook', compound('EncryptionInfo', 'EncryptedPackage'), 'ledger-encrypted'],
    ['an old .xls under another name', compound('Root Entry', 'Workbook'), 'ledger-xls-old'],
    ['another compound file', compound('WordDocument'), 'ledger-format-unknown'],
    ['an archive of 70,000 entries', archiveOfEntries(70_000), 'ledger-archive-unsafe'],
    ['an archive of 3,000 entries', archiveOfEntries(3000), 'ledger-archive-unsafe'],
    ['half an archive', Buffer.from('504b0304140000000800', 'hex'), 'ledger-malformed'],
  ])('names the fault of %s', async (_name, bytes, code) => {
    expect(await faultOf(rowsOf(bytes))).toBe(code)
  })

  it.each([
    ['a workbook with macros', { sheets: [plain], more: [['xl/vbaProject.bin', 'x'] as const] }, 'ledger-macro'],
    ['a workbook whose type says macros', { sheets: [plain], mainType: 'application/vnd.ms-excel.sheet.macroEnabled.main+xml' }, 'ledger-macro'],
    ['macro sheets of old', { sheets: [plain], more: [['xl/macrosheets/sheet1.xml', '<x/>'] as const] }, 'ledger-macro'],
    ['a bomb', { sheets: [plain], more: [['xl/media/a.bin', ' '.repeat(4_000_000)] as const] }, 'ledger-archive-unsafe'],
    ['an entry that leaves the archive', { sheets: [plain], more: [['../../etc/x', 'x'] as const] }, 'ledger-archive-unsafe'],
    ['two entries of one name', { sheets: [plain], more: [['xl/workbook.xml', '<workbook/>'] as const] }, 'ledger-archive-unsafe'],
    [
      'nested entities',
      {
        sheets: [
          {
            xml: '<!DOCTYPE w [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><worksheet><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>&b;</t></is></c></row></sheetData></worksheet>',
          },
        ],
      },
      'ledger-xml-doctype',
    ],
    [
      'an external entity in the strings',
      { sheets: [plain], sharedStrings: '<!DOCTYPE s [<!ENTITY x SYSTEM "file:///etc/passwd">]><sst><si><t>&x;</t></si></sst>' },
      'ledger-xml-doctype',
    ],
    ['an entity that is not declared', { sheets: [sheet(`<row r="1">${inline('A1', '&x;')}</row>`)] }, 'ledger-malformed'],
    ['a sheet that ends too soon', { sheets: [{ xml: '<worksheet><sheetData><row r="1">' }] }, 'ledger-malformed'],
    ['elements nested without end', { sheets: [{ xml: `<worksheet>${'<a>'.repeat(100)}${'</a>'.repeat(100)}</worksheet>` }] }, 'ledger-malformed'],
    ['rows that run backwards', { sheets: [sheet(`<row r="2">${inline('A2', 'x')}</row>`, `<row r="1">${inline('A1', 'y')}</row>`)] }, 'ledger-malformed'],
    ['cells that run backwards', { sheets: [sheet(`<row r="1">${inline('B1', 'x')}${inline('A1', 'y')}</row>`)] }, 'ledger-malformed'],
    ['a cell in column 10,000', { sheets: [sheet(`<row r="1">${inline('NTP1', 'x')}</row>`)] }, 'ledger-too-large'],
    ['row two million', { sheets: [sheet(`<row r="2000000">${inline('A2000000', 'x')}</row>`)] }, 'ledger-too-large'],
  ])('names the fault of %s', async (_name, parts, code) => {
    expect(await faultOf(workbook(parts).then((bytes) => rowsOf(bytes)))).toBe(code)
  })

  it('names the fault of an entry that is encrypted, and of one that unpacks to more than it says', async () => {
    const encrypted = Buffer.from(await workbook({ sheets: [plain] }))
    const directory = encrypted.lastIndexOf(Buffer.from('504b0102', 'hex'))
    encrypted.writeUInt16LE(encrypted.readUInt16LE(directory + 8) | 1, directory + 8)
    expect(await faultOf(rowsOf(encrypted))).toBe('ledger-encrypted')
    const lying = Buffer.from(await workbook({ sheets: [plain] }))
    const last = lying.lastIndexOf(Buffer.from('504b0102', 'hex'))
    lying.writeUInt32LE(10, last + 24)
    expect(await faultOf(rowsOf(lying))).toBe('ledger-malformed')
  })

  it('names the fault of a part whose bytes are not those that were packed', async () => {
    const changed = Buffer.from(await workbook({ sheets: [plain] }))
    const last = changed.lastIndexOf(Buffer.from('504b0102', 'hex'))
    changed[last + 16]! ^= 1
    expect(await faultOf(rowsOf(changed))).toBe('ledger-malformed')
  })

  it('names the fault of archives that are no workbooks', async () => {
    expect(await faultOf(archive([['readme.txt', 'x']]).then((bytes) => rowsOf(bytes)))).toBe('ledger-format-unknown')
    expect(
      await faultOf(
        archive([
          ['mimetype', 'application/vnd.oasis.opendocument.spreadsheet'],
          ['content.xml', '<x/>'],
        ]).then((bytes) => rowsOf(bytes)),
      ),
    ).toBe('ledger-format-unknown')
  })

  it('bounds the shared strings', async () => {
    const sharedStrings = `<sst>${Array.from({ length: 2000 }, (_, index) => `<si><t>text ${index}</t></si>`).join('')}</sst>`
    const bytes = await workbook({ sheets: [plain], sharedStrings })
    expect(await faultOf(rowsOf(bytes, { ...ledgerLimits, sharedStringBytes: 10_000 }))).toBe('ledger-too-complex')
    expect(await rowsOf(bytes)).toHaveLength(2)
  })

  it('reads a day whose format was lost by the way in which its workbook counts', async () => {
    const cells = (row: number, values: readonly string[], seven: string): string =>
      values.map((value, index) => (index === 6 ? seven : inline(`${String.fromCharCode(65 + index)}${row}`, value))).join('')
    const days = async (serial: number, workbookPr = '') => {
      const header = cells(1, titleHeader.split(','), inline('G1', '取得时间'))
      const line = cells(2, titleLine.split(','), `<c r="G2"><v>${serial}</v></c>`)
      const bytes = await workbook({ sheets: [sheet(`<row r="1">${header}</row>`, `<row r="2">${line}</row>`)], workbookPr })
      return (await judgedText(bytes)).map(({ draft, findings }) => [draft?.body['obtainedOn'], findings.map(({ code }) => code)])
    }
    expect(await days(43_221)).toEqual([['2018-05-01', ['date-excel-serial']]])
    expect(await days(43_221 - 1462, '<workbookPr date1904="1"/>')).toEqual([['2018-05-01', ['date-excel-serial']]])
  })

  it('refuses a row whose identity number the spreadsheet kept as a number, even where the check character fits', async () => {
    const cells = (row: number, values: readonly string[]): string =>
      values.map((value, index) => inline(`${String.fromCharCode(65 + index)}${row}`, value)).join('')
    const good = titleLine.split(',')
    const mangled = cells(2, good).replace(/<c r="B2".*?<\/c>/, '<c r="B2"><v>370102199003070016</v></c>')
    const judged = await judgedText(
      await workbook({
        sheets: [sheet(`<row r="1">${cells(1, titleHeader.split(','))}</row>`, `<row r="2">${mangled}</row>`, `<row r="3">${cells(3, good)}</row>`)],
      }),
    )
    expect(judged.map(({ row, outcome, findings }) => [row, outcome, findings.map(({ column, code }) => `${column} ${code}`)])).toEqual([
      [2, 'refused', ['证件号码 digits-lost']],
      [3, 'accepted', []],
    ])
  })
})
