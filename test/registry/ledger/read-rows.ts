import { Fault, type FaultCode } from '#core/fault.ts'
import type { LedgerRow } from '#core/ledger/ledger-cell.ts'
import { PartialDate } from '#core/model/partial-date.ts'
import { judgeLedger, type JudgedRow, type LedgerJob } from '#registry/ledger/judge-ledger.ts'
import { ledgerLimits, type LedgerLimits } from '#registry/ledger/ledger-limits.ts'
import { openLedger } from '#registry/ledger/open-ledger.ts'

const bytesOf = (content: Uint8Array | string): Uint8Array => (typeof content === 'string' ? Buffer.from(content) : content)

/** All rows of a file, as texts with the kind before those that are not plain text. */
export async function rowsOf(
  content: Uint8Array | string,
  limits: LedgerLimits = ledgerLimits,
): Promise<readonly (readonly [row: number, ...cells: string[]])[]> {
  const rows: [number, ...string[]][] = []
  for await (const { row, cells } of openLedger({ bytes: bytesOf(content) }, limits)) rows.push([row, ...cells.map(shown)])
  return rows
}

const shown = ({ kind, text }: LedgerRow['cells'][number]): string => (kind === 'text' || kind === 'empty' ? text : `${kind}:${text}`)

export async function faultOf(work: Promise<unknown>): Promise<FaultCode | 'none'> {
  try {
    await work
    return 'none'
  } catch (error) {
    if (error instanceof Fault) return error.code
    throw error
  }
}

export const job = (source: LedgerJob['source'], more: Partial<LedgerJob> = {}): LedgerJob => ({
  source,
  family: 'title',
  context: { today: PartialDate.parse('2026-03-01'), issuerNames: ['济南市人力资源和社会保障局'] },
  limits: ledgerLimits,
  batchRows: 500,
  cells: true,
  ...more,
})

export async function judgedRows(source: LedgerJob['source'], more: Partial<LedgerJob> = {}): Promise<readonly JudgedRow[]> {
  const rows: JudgedRow[] = []
  for await (const part of judgeLedger(job(source, more))) if (part.kind === 'rows') rows.push(...part.rows)
  return rows
}

export const judgedText = (content: Uint8Array | string): Promise<readonly JudgedRow[]> => judgedRows({ bytes: bytesOf(content) })

export const titleHeader = '姓名,证件号码,职称系列,职称名称,级别,取得方式,取得时间,证书编号,发证日期'
export const titleLine = '张三,370102199003070016,工程系列,工程师,中级,评审,2018-05-01,JN201805000001,2018-06-01'
