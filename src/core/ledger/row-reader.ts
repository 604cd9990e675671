import type { FindingCode } from '../model/finding-texts.ts'
import { read, refused, type Reading } from '../model/reading.ts'
import type { ColumnId, ColumnMapping } from './columns.ts'
import { emptyCell, isBlankMark, type LedgerCell } from './ledger-cell.ts'
import { daysUntil1904 } from './spreadsheet-date.ts'

/** What is said of a row: the column it concerns ('row' for all of it), a code of `finding-texts.ts`, and what that does to the row. */
export interface RowFinding {
  readonly column: ColumnId | 'row'
  readonly code: FindingCode
  readonly severity: 'refusal' | 'warning' | 'change'
  /** For repeated rows: the earlier row of the same file. */
  readonly earlierRow?: number
}

/** Reads one row column by column and remembers all that was odd; it never stops at the first. */
export interface RowReader {
  readonly find: (finding: RowFinding) => void
  readonly findings: () => readonly RowFinding[]
  /** The cell's text; '' for a blank cell and a mark for blank; undefined where the cell itself is refused. */
  readonly textOf: (column: ColumnId) => string | undefined
  /** A value that must be there: a blank cell is left to the reader to name. */
  readonly required: <T>(column: ColumnId, readText: (text: string) => Reading<T>) => T | undefined
  /** A value that may be absent. */
  readonly optional: <T>(column: ColumnId, readText: (text: string) => Reading<T>) => T | undefined
}

const longest = 200

export function rowReader(mapping: ColumnMapping, cells: readonly LedgerCell[]): RowReader {
  const findings: RowFinding[] = []
  const find = (finding: RowFinding): void => {
    if (!findings.some(({ column, code }) => column === finding.column && code === finding.code)) findings.push(finding)
  }
  const refusedColumns = new Set<ColumnId>()

  // One look at every column that means something, also those that nobody asks for below: a formula anywhere is a refusal.
  for (const [column, index] of mapping.columns) {
    const code = defectOf(cells[index] ?? emptyCell, column)
    if (code === undefined) continue
    refusedColumns.add(column)
    find({ column, code, severity: 'refusal' })
  }
  // A comma that somebody forgot to quote moves every later cell by one: what lies under which header is then a guess.
  if (cells.slice(mapping.width).some(({ kind }) => kind !== 'empty')) find({ column: 'row', code: 'row-too-long', severity: 'refusal' })

  const textOf = (column: ColumnId): string | undefined => {
    if (refusedColumns.has(column)) return undefined
    const index = mapping.columns.get(column)
    const text = index === undefined ? '' : (cells[index]?.text ?? '')
    return isBlankMark(text) ? '' : text
  }
  /** A number without a date format is taken for a day by the way most workbooks count; whether this one does is known here alone. */
  const readAs = <T>(column: ColumnId, text: string, readText: (text: string) => Reading<T>): Reading<T> => {
    const reading = readText(text)
    const index = mapping.columns.get(column)
    const shifted = reading.ok && reading.changes.includes('date-excel-serial') && index !== undefined && cells[index]?.since1904 === true
    return shifted ? readText(String(Number(text) + daysUntil1904)) : reading
  }
  const take = <T>(column: ColumnId, reading: Reading<T>): T | undefined => {
    if (!reading.ok) {
      find({ column, code: reading.reason, severity: 'refusal' })
      return undefined
    }
    for (const code of reading.changes) find({ column, code, severity: 'change' })
    for (const code of reading.warnings) find({ column, code, severity: 'warning' })
    return reading.value
  }
  return {
    find,
    findings: () => findings,
    textOf,
    required: (column, readText) => {
      const text = textOf(column)
      return text === undefined ? undefined : take(column, readAs(column, text, readText))
    },
    optional: (column, readText) => {
      const text = textOf(column)
      return text === undefined || text === '' ? undefined : take(column, readAs(column, text, readText))
    },
  }
}

const numbers: readonly ColumnId[] = ['idNumber', 'number', 'managementNumber', 'registrationNumber']

function defectOf({ kind, text }: LedgerCell, column: ColumnId): FindingCode | undefined {
  if (kind === 'formula') return 'cell-formula'
  if (kind === 'error') return 'cell-unreadable'
  if (text.length > longest && column !== 'note') return 'text-too-long'
  // A spreadsheet keeps 15 digits of a number. The rest is gone even where the check character happens to fit, as it does in one of eleven.
  if (kind === 'number' && numbers.includes(column) && text.replace(/\D/g, '').length > 15) return 'digits-lost'
  return undefined
}

/** A short line as certificates have it: nothing that cannot be seen; line breaks of a wrapped cell are taken out. */
export function readLine(text: string): Reading<string> {
  if (text === '') return refused('cell-blank')
  const line = text.replace(/[ \t]*[\r\n]+[ \t]*/g, '')
  if (/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(line)) return refused('text-character')
  return read(line, line === text ? [] : ['blanks-removed'])
}

/** One of a closed list of words. */
export const readWord =
  <T>(words: ReadonlyMap<string, T>, reason: FindingCode) =>
  (text: string): Reading<T> => {
    const value = words.get(text.normalize('NFKC').replace(/\s+/g, '').toUpperCase())
    return value === undefined ? refused(text === '' ? 'cell-blank' : reason) : read(value)
  }
