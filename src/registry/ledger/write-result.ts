import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import type { Writable } from 'node:stream'
import { finished } from 'node:stream/promises'
import { resultHeaders } from '#core/ledger/columns.ts'
import type { Outcome } from '#core/ledger/judgement.ts'
import { looksLikeFormula } from '#core/ledger/ledger-cell.ts'
import { findingTexts } from '#core/model/finding-texts.ts'
import { csvLine } from './csv-line.ts'
import type { JudgedRow } from './judge-ledger.ts'
import { send } from './write-archive.ts'
import { workbookWriter } from './write-workbook.ts'

export type ResultFormat = 'csv' | 'xlsx'

/** The format that a file name asks for: a workbook where it says so, else CSV. */
export const resultFormatOf = (path: string): ResultFormat => (path.toLowerCase().endsWith('.xlsx') ? 'xlsx' : 'csv')

export interface ResultPlan {
  readonly format: ResultFormat
  /** The ledger's own headers, in its order. */
  readonly headers: readonly string[]
  /** Every row; else only those that somebody should look at: refused, warned or changed. */
  readonly all: boolean
}

/** What a result row needs of a judged one; an import may add findings of its own before it writes. */
export type ResultRow = Pick<JudgedRow, 'row' | 'cells' | 'outcome' | 'findings'>

/** A result file while it is written. Rows go out as they come. */
export interface ResultWriter {
  readonly write: (row: ResultRow) => Promise<void>
  readonly close: () => Promise<void>
}

/**
 * The ledger again, with three more columns at its end: result, reasons, what to do. It can be corrected and fed back as it is:
 * the importer passes over the three. Workbooks keep identity numbers as text; in CSV, texts that a spreadsheet would run get
 * an apostrophe, which the importer knows.
 */
export async function resultWriter(sink: Writable, { format, headers, all }: ResultPlan): Promise<ResultWriter> {
  const line = format === 'xlsx' ? await workbookLines(sink) : csvLines(sink)
  await line.put([...headers, ...resultHeaders])
  return {
    write: async (row) => {
      if (all || row.outcome !== 'accepted') await line.put([...row.cells, ...resultCells(row)])
    },
    close: line.close,
  }
}

/** The same into a file that is made anew, and is its owner's alone: names and identity numbers are in it. */
export async function resultFile(path: string, plan: Omit<ResultPlan, 'format'>): Promise<ResultWriter> {
  const sink = createWriteStream(path, { mode: 0o600 })
  await once(sink, 'open')
  const writer = await resultWriter(sink, { ...plan, format: resultFormatOf(path) })
  return {
    write: writer.write,
    close: async () => {
      await writer.close()
      sink.end()
      await finished(sink)
    },
  }
}

interface Lines {
  readonly put: (cells: readonly string[]) => Promise<void>
  readonly close: () => Promise<void>
}

async function workbookLines(sink: Writable): Promise<Lines> {
  const workbook = await workbookWriter(sink, '导入结果')
  return { put: workbook.row, close: workbook.close }
}

const blockCharacters = 64 * 1024

function csvLines(sink: Writable): Lines {
  // Excel takes CSV for the system's own encoding unless a byte order mark says UTF-8.
  let held = '\ufeff'
  const flush = async (): Promise<void> => {
    const block = held
    held = ''
    await send(sink, block)
  }
  return {
    put: async (cells) => {
      held += csvLine(cells.map(harmless))
      if (held.length > blockCharacters) await flush()
    },
    close: flush,
  }
}

/** A text that a spreadsheet would take for a formula is made one that it shows (OWASP, CSV injection). */
const harmless = (text: string): string => (looksLikeFormula(text) && !text.startsWith("'") ? `'${text}` : text)

const outcomeTexts: Readonly<Record<Outcome, string>> = { accepted: '通过', normalised: '规范后通过', warned: '通过，有提示', refused: '退回' }

/** Result, reasons and remedies of one row, in Chinese: the file goes back to those who keep the ledger. */
function resultCells({ row, outcome, findings }: ResultRow): readonly [string, string, string] {
  const reasons = findings.map(
    ({ column, code, earlierRow }) => `${column}：${findingTexts[code].message.zh}${earlierRow === undefined ? '' : `（第 ${earlierRow} 行）`}`,
  )
  const remedies = findings.filter(({ severity }) => severity !== 'change').map(({ column, code }) => `${column}：${findingTexts[code].remedy.zh}`)
  return [`${outcomeTexts[outcome]}（原第 ${row} 行）`, reasons.join('；'), remedies.join('；')]
}
