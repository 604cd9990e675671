import { TextDecoder } from 'node:util'
import { Parser, type Options } from 'csv-parse'
import iconv from 'iconv-lite'
import { Fault } from '#core/fault.ts'
import { clipped, textCell, type LedgerCell, type LedgerRow } from '#core/ledger/ledger-cell.ts'
import { chunksOf, headOf, type LedgerSource } from './byte-source.ts'
import type { LedgerLimits } from './ledger-limits.ts'

type Encoding = 'utf-8' | 'gb18030' | 'utf-16le' | 'utf-16be'

/**
 * UTF-16 says so by its mark. Of the rest, UTF-8 is tried first over the whole file: text in GB18030 is next to never valid
 * UTF-8, while nearly all UTF-8 is valid GB18030.
 */
async function encodingOf(source: LedgerSource): Promise<Encoding> {
  const head = await headOf(source, 3)
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le'
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be'
  const strict = new TextDecoder('utf-8', { fatal: true })
  let utf8 = true
  for await (const chunk of chunksOf(source)) {
    if (chunk.includes(0)) throw new Fault('ledger-encoding-unknown', { detail: 'a NUL byte: UTF-16 without a byte order mark, or not a text' })
    if (utf8) {
      try {
        strict.decode(chunk, { stream: true })
      } catch {
        utf8 = false
      }
    }
  }
  if (!utf8) return 'gb18030'
  try {
    strict.decode()
    return 'utf-8'
  } catch {
    return 'gb18030'
  }
}

async function* textOf(source: LedgerSource, encoding: Encoding): AsyncGenerator<string> {
  const decoder = iconv.getDecoder(encoding, { stripBOM: true })
  for await (const chunk of chunksOf(source)) {
    const text = decoder.write(chunk)
    if (text !== '') yield text
  }
  const rest = decoder.end()
  if (rest !== undefined && rest !== '') yield rest
}

const delimiters = [',', '\t', ';'] as const

/** The one of comma, tab and semicolon that the header line has most of, outside quotes. */
function delimiterOf(start: string): string {
  const counts = new Map<string, number>()
  let quoted = false
  for (const character of start) {
    if (character === '"') quoted = !quoted
    else if (!quoted && (character === '\n' || character === '\r') && counts.size > 0) break
    else if (!quoted && (delimiters as readonly string[]).includes(character)) counts.set(character, (counts.get(character) ?? 0) + 1)
  }
  return delimiters.reduce<string>((best, candidate) => ((counts.get(candidate) ?? 0) > (counts.get(best) ?? 0) ? candidate : best), ',')
}

// A quote that is never closed would otherwise gather the rest of the file into one cell.
const recordBytes = 8 * 1024 * 1024

/** Rows of a delimited text (RFC 4180, with the delimiters and line ends that are met). A record is a row, whatever lines it spans. */
export async function* readCsvLedger(source: LedgerSource, limits: LedgerLimits): AsyncGenerator<LedgerRow> {
  const encoding = await encodingOf(source)
  let parser: Parser | undefined
  let row = 0
  for await (const text of textOf(source, encoding)) {
    parser ??= parserFor(delimiterOf(text))
    await write(parser, text)
    for (const record of drained(parser)) {
      const cells = cellsOf(record, ++row, limits)
      if (cells !== undefined) yield { row, cells }
    }
  }
  if (parser === undefined) return
  await finish(parser)
  for (const record of drained(parser)) {
    const cells = cellsOf(record, ++row, limits)
    if (cells !== undefined) yield { row, cells }
  }
}

function parserFor(delimiter: string): Parser {
  // The parser is drained after each chunk, so its own queue is bounded by one chunk's records; it hands its options to its stream.
  const options: Options & { readonly readableHighWaterMark: number } = {
    delimiter,
    record_delimiter: ['\r\n', '\n', '\r'],
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: false,
    max_record_size: recordBytes,
    readableHighWaterMark: Number.MAX_SAFE_INTEGER,
  }
  const parser = new Parser(options)
  // An error reaches whoever wrote or ended, below; without a listener the stream would throw it a second time at nobody.
  parser.on('error', () => undefined)
  return parser
}

function* drained(parser: Parser): Generator<readonly string[]> {
  for (;;) {
    const record = parser.read() as readonly string[] | null // records are arrays of texts: no option makes them anything else
    if (record === null) return
    yield record
  }
}

const write = (parser: Parser, text: string): Promise<void> =>
  new Promise((resolve, reject) => parser.write(text, (error) => (error ? reject(malformed(error)) : resolve())))

const finish = (parser: Parser): Promise<void> =>
  new Promise((resolve, reject) => parser.end((error?: Error | null) => (error ? reject(malformed(error)) : resolve())))

const malformed = (error: Error): Fault => {
  const line = 'lines' in error && typeof error.lines === 'number' ? `line ${error.lines}` : undefined
  return new Fault('ledger-malformed', { at: line, detail: 'code' in error ? String(error.code) : 'CSV' })
}

/** Undefined for a blank row. */
function cellsOf(record: readonly string[], row: number, limits: LedgerLimits): readonly LedgerCell[] | undefined {
  if (row > limits.rows) throw new Fault('ledger-too-large', { at: `row ${row}`, detail: `at most ${limits.rows} rows` })
  if (record.length > limits.columns) throw new Fault('ledger-too-large', { at: `row ${row}`, detail: `at most ${limits.columns} columns` })
  const cells = record.map((text) => textCell(clipped(text, limits.cellCharacters)))
  return cells.every((cell) => cell.kind === 'empty') ? undefined : cells
}
