import type { WorkbookCell } from '#registry/ledger/write-workbook.ts'
import { chanceOf } from './chance.ts'
import { defects, repeats, type Expectation } from './defects.ts'
import { bureauOf, titleHeaders, titleRow } from './title-rows.ts'

export interface LedgerPlan {
  readonly rows: number
  readonly seed: number
  readonly division: string
  readonly defects: boolean
}

export interface LedgerAnswer {
  /** The file's row number; the header is row 1. */
  readonly row: number
  readonly defect: string
  readonly expect: Expectation
}

export interface MadeRow {
  readonly cells: readonly WorkbookCell[]
  readonly answer?: LedgerAnswer
}

/** How many rows of each kind: one in five hundred, at least two where the ledger is large enough to have any. */
const timesOf = (rows: number): number => Math.max(2, Math.round(rows / 500))

/** Which row gets which defect. Only this is held in memory; each row is made when its turn comes. */
function placed({ rows, seed }: LedgerPlan): ReadonlyMap<number, string> {
  const kinds = Object.keys(defects)
  const last = rows - Object.keys(repeats).length * timesOf(rows)
  if (last < kinds.length * timesOf(rows) * 2) throw new Error(`a ledger with defects has at least ${(kinds.length * 2 + 2) * 2} rows`)
  const chance = chanceOf(seed, -1)
  const chosen = new Map<number, string>()
  for (const kind of kinds)
    for (let times = timesOf(rows); times > 0;) {
      const index = chance.between(1, last)
      if (chosen.has(index)) continue
      chosen.set(index, kind)
      times--
    }
  // The repeats at the end follow rows that are right.
  const repeatKinds = Object.keys(repeats).flatMap((kind) => Array.from({ length: timesOf(rows) }, () => kind))
  repeatKinds.forEach((kind, index) => chosen.set(last + index + 1, kind))
  return chosen
}

/** The rows of a title ledger after its header, one at a time: a hundred thousand cost no more memory than one. */
export function* makeTitleLedger(plan: LedgerPlan): Generator<MadeRow> {
  const bureau = bureauOf(plan.division)
  const wrong = plan.defects ? placed(plan) : new Map<number, string>()
  const pickGood = chanceOf(plan.seed, -2)
  const repeated = new Set<number>()
  const goodIndex = (): number => {
    for (;;) {
      const index = pickGood.between(1, plan.rows)
      if (wrong.has(index) || repeated.has(index)) continue
      repeated.add(index)
      return index
    }
  }
  for (let index = 1; index <= plan.rows; index++) {
    const kind = wrong.get(index)
    const chance = chanceOf(plan.seed, index)
    if (kind === undefined) {
      const row = titleRow(chance, bureau, index)
      yield { cells: titleHeaders.map((header) => row[header]) }
      continue
    }
    const repeat = repeats[kind]
    const { expect, wish, spoil } = repeat ?? defects[kind]!
    const source = repeat === undefined ? index : goodIndex()
    const row = titleRow(repeat === undefined ? chance : chanceOf(plan.seed, source), bureau, source, wish?.(chance))
    const spoilt = { ...row, ...spoil(row, chance) }
    yield { cells: titleHeaders.map((header) => spoilt[header]), answer: { row: index + 1, defect: kind, expect } }
  }
}
