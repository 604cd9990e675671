import { tellsIdentityNumber } from '../model/identity-in-text.ts'
import { refused } from '../model/reading.ts'
import type { ColumnMapping, LedgerFamily } from './columns.ts'
import { judgeQualification } from './judge-qualification-row.ts'
import { judgeSkill } from './judge-skill-row.ts'
import { judgeTitle } from './judge-title-row.ts'
import { outcomeOf, type JudgeContext, type JudgeFamily, type Judgement } from './judgement.ts'
import type { LedgerCell } from './ledger-cell.ts'
import { readLine, rowReader } from './row-reader.ts'

const judges: Readonly<Record<LedgerFamily, JudgeFamily>> = { title: judgeTitle, skill: judgeSkill, qualification: judgeQualification }

/** Judges one row by itself; what it has to do with other rows is the business of `trackRepeats`. */
export function judgeRow(mapping: ColumnMapping, cells: readonly LedgerCell[], context: JudgeContext): Judgement {
  const row = rowReader(mapping, cells)
  const draft = judges[mapping.family](row, context)
  const issuedBy = row.optional('issuedBy', (text) => {
    if (context.issuerNames.length > 0 && !context.issuerNames.includes(text)) return refused('issuer-not-this-bureau')
    return tellsIdentityNumber(text) ? refused('identity-number-visible') : readLine(text)
  })
  const note = row.textOf('note')
  const findings = row.findings()
  const outcome = outcomeOf(findings)
  if (outcome === 'refused' || draft?.number === undefined) return { outcome, findings }
  const extra = { ...(issuedBy === undefined ? {} : { issuedBy }), ...(note === undefined || note === '' ? {} : { note }) }
  return { outcome, findings, draft: { ...draft, family: mapping.family, number: draft.number, ...extra } }
}
