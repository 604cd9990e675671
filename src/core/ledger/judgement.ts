import type { Draft } from '../credential/family.ts'
import type { NumberScheme } from '../model/number-scheme.ts'
import type { PartialDate } from '../model/partial-date.ts'
import type { LedgerFamily } from './columns.ts'
import type { RowFinding, RowReader } from './row-reader.ts'

/** What a row is judged against beside itself. */
export interface JudgeContext {
  /** The calendar day of the import, in the bureaus' time zone. */
  readonly today: PartialDate
  /** Names under which the importing bureau has issued, its predecessors' included; empty: any name is taken as it stands. */
  readonly issuerNames: readonly string[]
  /** How the bureau numbers this family, where that is configured. */
  readonly scheme?: NumberScheme | undefined
}

/** What a good row comes to: a draft of its family, its number, and what the envelope and the officer need beside it. */
export interface LedgerDraft extends Draft {
  readonly family: LedgerFamily
  readonly number: string
  /** As the ledger has it; absent: the importing bureau. */
  readonly issuedBy?: string
  /** For the officer; never part of the record. */
  readonly note?: string
}

export const outcomes = ['accepted', 'normalised', 'warned', 'refused'] as const
export type Outcome = (typeof outcomes)[number]

export interface Judgement {
  readonly outcome: Outcome
  readonly findings: readonly RowFinding[]
  /** Absent if and only if the row is refused. */
  readonly draft?: LedgerDraft
}

/** One family's reading of a row: undefined as soon as anything that the record needs is missing. */
export type JudgeFamily = (row: RowReader, context: JudgeContext) => Draft | undefined

/** Any refusal refuses the row; else a warning warns; else a change makes it normalised. Everything found is listed, whatever the outcome. */
export function outcomeOf(findings: readonly RowFinding[]): Outcome {
  if (findings.some(({ severity }) => severity === 'refusal')) return 'refused'
  if (findings.some(({ severity }) => severity === 'warning')) return 'warned'
  return findings.length > 0 ? 'normalised' : 'accepted'
}
