// Makes a ledger of people who don't exist, for tests, the demo and the bench. Same arguments, same bytes.
//   node scripts/make-ledger.ts --rows 400 --seed 1 --division 370100 --out FILE.csv|FILE.xlsx
//     [--encoding utf-8|utf-8-bom|gb18030|utf-16le] [--defects] [--answers FILE]
// The ledger that is shipped as test/ledger/jinan-titles.{csv,xlsx} has 400 rows, seed 20260101, division 370100 and --defects.
import { once } from 'node:events'
import { createWriteStream, writeFileSync } from 'node:fs'
import { finished } from 'node:stream/promises'
import { parseArgs } from 'node:util'
import iconv from 'iconv-lite'
import { csvLine } from '#registry/ledger/csv-line.ts'
import { workbookWriter, type WorkbookCell } from '#registry/ledger/write-workbook.ts'
import { makeTitleLedger, type LedgerAnswer, type LedgerPlan } from './ledger/make-title-ledger.ts'
import { titleHeaders } from './ledger/title-rows.ts'

const encodings = ['utf-8', 'utf-8-bom', 'gb18030', 'utf-16le'] as const
type Encoding = (typeof encodings)[number]

const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '400' },
    seed: { type: 'string', default: '1' },
    family: { type: 'string', default: 'title' },
    division: { type: 'string', default: '370100' },
    out: { type: 'string' },
    encoding: { type: 'string', default: 'utf-8-bom' },
    defects: { type: 'boolean', default: false },
    answers: { type: 'string' },
  },
})

const encoding = encodings.find((name) => name === values.encoding)
if (values.out === undefined || encoding === undefined || values.family !== 'title') {
  process.stderr.write(
    `usage: make-ledger --out FILE.csv|FILE.xlsx [--rows N] [--seed S] [--family title] [--division CODE] [--encoding ${encodings.join('|')}] [--defects] [--answers FILE]\n`,
  )
  process.exit(64)
}

const plan: LedgerPlan = { rows: Number(values.rows), seed: Number(values.seed), division: values.division, defects: values.defects }
const answers = values.out.endsWith('.xlsx') ? await makeWorkbook(values.out) : await makeCsv(values.out, encoding)
if (values.answers !== undefined) writeFileSync(values.answers, answersText(answers))

async function makeWorkbook(file: string): Promise<readonly LedgerAnswer[]> {
  const found: LedgerAnswer[] = []
  const sink = createWriteStream(file)
  const workbook = await workbookWriter(sink, '职称台账')
  await workbook.row(titleHeaders)
  for (const { cells, answer } of makeTitleLedger(plan)) {
    await workbook.row(cells)
    if (answer !== undefined) found.push(answer)
  }
  await workbook.close()
  sink.end()
  await finished(sink)
  return found
}

async function makeCsv(file: string, as: Encoding): Promise<readonly LedgerAnswer[]> {
  const found: LedgerAnswer[] = []
  const sink = createWriteStream(file)
  const charset = as === 'utf-8-bom' ? 'utf-8' : as
  let held = (as === 'utf-8-bom' || as === 'utf-16le' ? '\ufeff' : '') + csvLine(titleHeaders)
  const put = async (): Promise<void> => {
    if (!sink.write(iconv.encode(held, charset, { addBOM: false }))) await once(sink, 'drain')
    held = ''
  }
  for (const { cells, answer } of makeTitleLedger(plan)) {
    held += csvLine(cells.map(plainText))
    if (held.length > 65_536) await put()
    if (answer !== undefined) found.push(answer)
  }
  await put()
  sink.end()
  await finished(sink)
  return found
}

/** What a spreadsheet writes of a cell into CSV. */
function plainText(cell: WorkbookCell): string {
  if (typeof cell === 'string') return cell
  if ('formula' in cell) return `=${cell.formula}`
  return cell.number.replace(/^(\d\.\d{5})\d*E/, '$1E')
}

function answersText(found: readonly LedgerAnswer[]): string {
  const count = (expect: LedgerAnswer['expect']): number => found.filter((answer) => answer.expect === expect).length
  const summary = { rows: plan.rows, errors: count('error'), fixes: count('fix'), warnings: count('warn') }
  return `${JSON.stringify({ made: { seed: plan.seed, division: plan.division }, summary, answers: found }, undefined, 2)}\n`
}
