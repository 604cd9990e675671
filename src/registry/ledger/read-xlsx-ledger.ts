import { Fault } from '#core/fault.ts'
import { clipped, emptyCell, textCell, type LedgerCell, type LedgerRow } from '#core/ledger/ledger-cell.ts'
import { dateOfSerial } from '#core/ledger/spreadsheet-date.ts'
import type { LedgerSource } from './byte-source.ts'
import type { LedgerLimits } from './ledger-limits.ts'
import { openArchive, type Archive } from './read-archive.ts'
import { readWorkbook, type Sheet, type Workbook } from './read-workbook.ts'
import { readXml, type XmlHandler } from './read-xml.ts'
import { decodeXstring, readSharedStrings, type SharedStrings } from './shared-strings.ts'

/**
 * Rows of the first visible sheet that has any (ECMA-376 part 1 §18.3). Only that sheet is unpacked, and only as fast as rows are taken; of the others
 * it is only looked whether they begin alike: a ledger in two parts must not be taken for its first. Fault: `ledger-sheets-several`.
 */
export async function* readXlsxLedger(source: LedgerSource, limits: LedgerLimits): AsyncGenerator<LedgerRow> {
  const archive = await openArchive(source, limits)
  try {
    const workbook = await readWorkbook(archive)
    const strings = await readSharedStrings(archive, workbook.sharedStrings, limits)
    const context = { workbook, strings, limits }
    for (const [index, { part }] of workbook.sheets.entries()) {
      let any = false
      for await (const row of readSheet(archive, part, context)) {
        if (!any) await refuseSecond(archive, row, workbook.sheets.slice(index + 1), context)
        any = true
        yield row
      }
      if (any) return
    }
  } finally {
    archive.close()
  }
}

interface SheetContext {
  readonly workbook: Workbook
  readonly strings: SharedStrings
  readonly limits: LedgerLimits
}

async function refuseSecond(archive: Archive, header: LedgerRow, others: readonly Sheet[], context: SheetContext): Promise<void> {
  for (const { name, part } of others)
    for await (const first of readSheet(archive, part, context)) {
      if (wordsOf(first) === wordsOf(header)) throw new Fault('ledger-sheets-several', { at: name })
      break
    }
}

/** What a header says, whatever the order of its columns. */
const wordsOf = ({ cells }: LedgerRow): string =>
  JSON.stringify(
    cells
      .map(({ text }) => text)
      .filter((text) => text !== '')
      .toSorted(),
  )

async function* readSheet(archive: Archive, part: string, context: SheetContext): AsyncGenerator<LedgerRow> {
  const rows: LedgerRow[] = []
  for await (const pause of readXml(
    archive.chunksOf(part),
    part,
    sheetHandler(part, context, (row) => rows.push(row)),
  )) {
    void pause
    yield* rows
    rows.length = 0
  }
}

interface OpenCell {
  readonly column: number
  readonly type: string
  readonly style: number
  /** The text of the formula, when there is one. */
  formula: string | undefined
  text: string
}

/** Gathers the cells of one row at a time. Owned by one sheet; rows leave in order, or the sheet is refused. */
function sheetHandler(part: string, { workbook, strings, limits }: SheetContext, emit: (row: LedgerRow) => void): XmlHandler {
  let row = 0
  let cells: LedgerCell[] = []
  let cell: OpenCell | undefined
  let collecting: 'text' | 'formula' | undefined
  let phonetic = false

  return {
    open: (name, attributes) => {
      switch (name) {
        case 'row': {
          const number = attributes['r'] === undefined ? row + 1 : Number(attributes['r'])
          if (!Number.isInteger(number) || number <= row) throw new Fault('ledger-malformed', { at: part, detail: `row after ${row}` })
          if (number > limits.rows) throw new Fault('ledger-too-large', { at: `row ${number}`, detail: `at most ${limits.rows} rows` })
          row = number
          cells = []
          break
        }
        case 'c': {
          const column = attributes['r'] === undefined ? cells.length : columnOf(attributes['r'])
          if (column >= limits.columns) throw new Fault('ledger-too-large', { at: `row ${row}`, detail: `at most ${limits.columns} columns` })
          if (column < cells.length) throw new Fault('ledger-malformed', { at: `row ${row}`, detail: 'cells out of order' })
          cell = { column, type: attributes['t'] ?? 'n', style: Number(attributes['s'] ?? 0), formula: undefined, text: '' }
          break
        }
        case 'f':
          if (cell !== undefined) cell.formula = ''
          collecting = 'formula'
          break
        case 'v':
          collecting = 'text'
          break
        case 't':
          if (!phonetic) collecting = 'text'
          break
        case 'rPh':
          phonetic = true
          break
        default:
      }
    },
    text: (text) => {
      if (collecting === undefined || cell === undefined) return
      const held = cell[collecting] ?? ''
      if (held.length <= limits.cellCharacters) cell[collecting] = held + text
    },
    close: (name) => {
      switch (name) {
        case 'row':
          if (cells.some(({ kind }) => kind !== 'empty')) emit({ row, cells })
          break
        case 'c':
          if (cell === undefined) break
          while (cells.length < cell.column) cells.push(emptyCell)
          cells.push(readCell(cell, workbook, strings, limits))
          cell = undefined
          break
        case 'f':
        case 'v':
        case 't':
          collecting = undefined
          break
        case 'rPh':
          phonetic = false
          break
        default:
      }
    },
  }
}

function readCell({ type, style, formula, text }: OpenCell, workbook: Workbook, strings: SharedStrings, limits: LedgerLimits): LedgerCell {
  // What a formula last came to is not what the ledger says: it differs on the next machine. A shared formula may have no text of its own.
  if (formula !== undefined) return { text: clipped(`=${formula === '' ? text : formula}`, limits.cellCharacters), kind: 'formula' }
  switch (type) {
    case 's': {
      const shared = strings.textAt(Number(text))
      return shared === undefined ? (text === '' ? emptyCell : { text, kind: 'error' }) : textCell(clipped(shared, limits.cellCharacters))
    }
    case 'e':
      return { text, kind: 'error' }
    case 'b':
      return { text: text === '1' ? 'TRUE' : 'FALSE', kind: 'text' }
    case 'd':
      return { text: text.slice(0, 10), kind: 'date' }
    case 'n': {
      if (text === '') return emptyCell
      const precision = workbook.precisionOf(style)
      const date = precision === undefined ? undefined : dateOfSerial(Number(text), precision, workbook.dateSystem)
      if (date !== undefined) return { text: date, kind: 'date' }
      return workbook.dateSystem === 1904 ? { text, kind: 'number', since1904: true } : { text, kind: 'number' }
    }
    default:
      return textCell(clipped(decodeXstring(text), limits.cellCharacters))
  }
}

/** 'A1' → 0, 'AB7' → 27. */
function columnOf(reference: string): number {
  let column = 0
  for (let at = 0; at < reference.length; at++) {
    const letter = reference.charCodeAt(at) - 64
    if (letter < 1 || letter > 26) break
    column = column * 26 + letter
  }
  return column - 1
}
