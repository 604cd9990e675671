import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { ledgerLimits } from '#registry/ledger/ledger-limits.ts'
import { openLedger } from '#registry/ledger/open-ledger.ts'
import type { WorkbookCell } from '#registry/ledger/write-workbook.ts'
import { makeTitleLedger, type LedgerPlan } from '../../scripts/ledger/make-title-ledger.ts'

const plan: LedgerPlan = { rows: 400, seed: 20_260_101, division: '370100', defects: true }
const file = (name: string): string => new URL(name, import.meta.url).pathname

describe('the ledger that is shipped', () => {
  it('is what the generator makes of its seed, and its answers with it', async () => {
    const made = [...makeTitleLedger(plan)]
    const rows: string[][] = []
    for await (const { cells } of openLedger({ path: file('jinan-titles.csv') }, ledgerLimits)) rows.push(cells.map(({ text }) => text))
    expect(rows.slice(1)).toEqual(made.map(({ cells }) => cells.map(inCsv)))
    const { made: from, answers } = JSON.parse(readFileSync(file('jinan-titles.answers.json'), 'utf8')) as { readonly made: unknown; readonly answers: unknown } // our own file
    expect(from).toEqual({ seed: plan.seed, division: plan.division })
    expect(answers).toEqual(made.flatMap(({ answer }) => answer ?? []))
  })
})

const inCsv = (cell: WorkbookCell): string =>
  (typeof cell === 'string' ? cell : 'formula' in cell ? `=${cell.formula}` : cell.number.replace(/^(\d\.\d{5})\d*E/, '$1E')).trim()

describe('the generator', () => {
  it('gives every row a number of its own, and the same rows each time', () => {
    const large = { ...plan, rows: 5000, defects: false }
    const numbers = [...makeTitleLedger(large)].map(({ cells }) => cells[14])
    expect(new Set(numbers).size).toBe(5000)
    expect([...makeTitleLedger(large)].map(({ cells }) => cells[14])).toEqual(numbers)
    expect([...makeTitleLedger({ ...large, rows: 3, seed: 2 })].map(({ cells }) => cells[0])).not.toEqual(
      [...makeTitleLedger({ ...large, rows: 3 })].map(({ cells }) => cells[0]),
    )
  })

  it('spoils every kind twice at least', () => {
    const counts = new Map<string, number>()
    for (const { answer } of makeTitleLedger(plan)) if (answer) counts.set(answer.defect, (counts.get(answer.defect) ?? 0) + 1)
    expect(counts.size).toBe(24)
    expect([...counts.values()].every((count) => count === 2)).toBe(true)
  })
})
