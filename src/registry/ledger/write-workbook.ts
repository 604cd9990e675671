import type { Writable } from 'node:stream'
import { archiveWriter, type ArchivePart } from './write-archive.ts'

/** A cell of a workbook that is written: text, or, for ledgers that are made to be wrong, a bare number or a formula. */
export type WorkbookCell = string | { readonly number: string } | { readonly formula: string; readonly value: string }

/** Writes one sheet row by row with flat memory. Every text cell has the text format, so that a spreadsheet leaves identity numbers alone. */
export interface WorkbookWriter {
  readonly row: (cells: readonly WorkbookCell[]) => Promise<void>
  readonly close: () => Promise<void>
}

const declaration = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const packageRelationships = 'http://schemas.openxmlformats.org/package/2006/relationships'
const kind = 'application/vnd.openxmlformats-officedocument.spreadsheetml'

/** The parts that every workbook has (ECMA-376 part 1 §12.3). Style 1 is number format 49, "@": text. */
const parts = (sheet: string): readonly (readonly [name: string, content: string])[] => [
  [
    '[Content_Types].xml',
    `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="${kind}.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="${kind}.worksheet+xml"/><Override PartName="/xl/styles.xml" ContentType="${kind}.styles+xml"/></Types>`,
  ],
  [
    '_rels/.rels',
    `<Relationships xmlns="${packageRelationships}"><Relationship Id="rId1" Type="${office}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
  ],
  ['xl/workbook.xml', `<workbook xmlns="${main}" xmlns:r="${office}"><sheets><sheet name="${escaped(sheet)}" sheetId="1" r:id="rId1"/></sheets></workbook>`],
  [
    'xl/_rels/workbook.xml.rels',
    `<Relationships xmlns="${packageRelationships}"><Relationship Id="rId1" Type="${office}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="${office}/styles" Target="styles.xml"/></Relationships>`,
  ],
  [
    'xl/styles.xml',
    `<styleSheet xmlns="${main}"><fonts count="1"><font><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="2"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/><xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs></styleSheet>`,
  ],
]

const blockCharacters = 64 * 1024

export async function workbookWriter(sink: Writable, sheet: string): Promise<WorkbookWriter> {
  const archive = archiveWriter(sink)
  for (const [name, content] of parts(sheet)) {
    const part = await archive.part(name)
    await part.write(declaration + content)
    await part.end()
  }
  const rows: ArchivePart = await archive.part('xl/worksheets/sheet1.xml')
  // The first row is the header: it stays in sight.
  let held = `${declaration}<worksheet xmlns="${main}"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><sheetData>`
  let count = 0
  return {
    row: async (cells) => {
      const number = ++count
      held += `<row r="${number}">${cells.map((cell, index) => cellXml(cell, `${columnName(index)}${number}`)).join('')}</row>`
      if (held.length < blockCharacters) return
      const block = held
      held = ''
      await rows.write(block)
    },
    close: async () => {
      await rows.write(`${held}</sheetData></worksheet>`)
      await rows.end()
      await archive.close()
    },
  }
}

function cellXml(cell: WorkbookCell, reference: string): string {
  if (typeof cell === 'string') return cell === '' ? '' : `<c r="${reference}" s="1" t="inlineStr"><is><t xml:space="preserve">${escaped(cell)}</t></is></c>`
  if ('number' in cell) return `<c r="${reference}"><v>${escaped(cell.number)}</v></c>`
  return `<c r="${reference}" t="str"><f>${escaped(cell.formula)}</f><v>${escaped(cell.value)}</v></c>`
}

/** 0 → 'A', 27 → 'AB'. */
export function columnName(index: number): string {
  let name = ''
  for (let rest = index + 1; rest > 0; rest = Math.floor((rest - 1) / 26)) name = String.fromCharCode(65 + ((rest - 1) % 26)) + name
  return name
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

/** XML text; what XML cannot hold is written as ST_Xstring has it (ECMA-376 part 1 §22.9.2.19), and what only looks so is protected. */
function escaped(text: string): string {
  if (!/[&<>"_\p{Cc}\p{Cs}\ufffe\uffff]/u.test(text)) return text
  return text
    .toWellFormed()
    .replace(/_(?=x[0-9A-Fa-f]{4}_)/g, '_x005F_')
    .replace(/[\p{Cc}\ufffe\uffff]/gu, (character) =>
      character === '\t' || character === '\n' ? character : `_x${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}_`,
    )
    .replace(/[&<>"]/g, (character) => entities[character]!)
}
