import { Fault } from '#core/fault.ts'
import { headerOf, mapColumns, requireColumns, type LedgerFamily } from '#core/ledger/columns.ts'
import { judgeRow } from '#core/ledger/judge-row.ts'
import type { JudgeContext, LedgerDraft, Outcome } from '#core/ledger/judgement.ts'
import { trackRepeats } from '#core/ledger/repeats.ts'
import type { FindingCode } from '#core/model/finding-texts.ts'
import { nodeEngine } from '#custody/engine-node.ts'
import type { LedgerSource } from './byte-source.ts'
import type { LedgerLimits } from './ledger-limits.ts'
import { openLedger } from './open-ledger.ts'

export interface LedgerJob {
  readonly source: LedgerSource
  readonly family: LedgerFamily
  readonly context: JudgeContext
  readonly limits: LedgerLimits
  /** Rows handed over at a time. */
  readonly batchRows: number
  /** Whether rows carry their texts. Only a result file needs them, and they are more than everything else that crosses to another thread. */
  readonly cells: boolean
  /** Only read it to its end: the header is judged, and no row. */
  readonly unjudged?: boolean
}

/** A finding as a reader of the file meets it: the column by the file's own header. */
export interface LedgerFinding {
  readonly column: string
  readonly code: FindingCode
  readonly severity: 'refusal' | 'warning' | 'change'
  readonly earlierRow?: number
}

export interface JudgedRow {
  /** The file's row number; the header is row 1. */
  readonly row: number
  /** The row's texts under the file's headers, for the result file; none where the job does without. */
  readonly cells: readonly string[]
  readonly outcome: Outcome
  readonly findings: readonly LedgerFinding[]
  readonly draft?: LedgerDraft
  /** `contentDigest` of the draft, 16 bytes. */
  readonly digest?: Uint8Array
}

/** What comes of a ledger, in order: once what its header says, then its rows. Plain data: it crosses threads. */
export type LedgerPart =
  | { readonly kind: 'header'; readonly headers: readonly string[]; readonly unknown: readonly string[] }
  | { readonly kind: 'rows'; readonly rows: readonly JudgedRow[] }

/** Reads and judges a ledger in this thread. A server calls `judgeInWorker`, which runs this where it can harm nobody. */
export async function* judgeLedger({ source, family, context, limits, batchRows, cells: withCells, unjudged = false }: LedgerJob): AsyncGenerator<LedgerPart> {
  const rows = openLedger(source, limits)
  try {
    const first = await rows.next()
    if (first.done) throw new Fault('ledger-empty')
    const mapping = requireColumns(
      mapColumns(
        first.value.cells.map(({ text }) => text),
        family,
      ),
    )
    yield { kind: 'header', headers: mapping.headers, unknown: mapping.unknown }
    const judgeRepeats = trackRepeats(nodeEngine.sha256)
    let batch: JudgedRow[] = []
    let any = false
    for await (const { row, cells } of rows) {
      any = true
      if (unjudged) continue
      const { findings, ...judgement } = judgeRepeats(row, judgeRow(mapping, cells, context))
      batch.push({
        row,
        cells: withCells ? mapping.headers.map((_, index) => cells[index]?.text ?? '') : [],
        ...judgement,
        findings: findings.map((finding) => ({ ...finding, column: headerOf(mapping, finding.column) })),
      })
      if (batch.length < batchRows) continue
      yield { kind: 'rows', rows: batch }
      batch = []
    }
    if (!any) throw new Fault('ledger-no-rows')
    if (batch.length > 0) yield { kind: 'rows', rows: batch }
  } finally {
    await rows.return(undefined)
  }
}
