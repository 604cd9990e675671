import { checkDraft } from '#core/credential/check-draft.ts'
import { ledgerChecks } from '#core/credential/envelope.ts'
import { families } from '#core/credential/families.ts'
import { Fault } from '#core/fault.ts'
import type { LedgerFamily } from '#core/ledger/columns.ts'
import { findingTexts, type FindingCode } from '#core/model/finding-texts.ts'
import type { Writer } from '#storage/open-store.ts'
import { findRecordsByNumbers } from '#storage/records.ts'
import { policyOf } from './draft-record.ts'
import { enterRecords, type AppendToLog, type Entry } from './enter-record.ts'
import type { JudgedRow, LedgerFinding } from './ledger/judge-ledger.ts'
import type { Office } from './office.ts'
import { contentIndex } from './record-personal.ts'

/** A row's fate, in the order of the file. */
export interface ImportedRow extends Pick<JudgedRow, 'row' | 'cells' | 'outcome' | 'findings'> {
  /** The record that was issued for it, or was there already. */
  readonly record?: Uint8Array | undefined
}

export interface SettledRow extends ImportedRow {
  readonly contentDigest?: Uint8Array
  readonly issued?: boolean
}

/** A row that has had its look before the key: what can be said of it without the register. */
interface CheckedRow {
  readonly judged: ImportedRow
  /** Left out where the row's own judgement has refused it. */
  readonly claim?: {
    readonly number: string
    readonly contentDigest: Uint8Array
    /** What the lint bars from the key has its reasons in place of an entry. */
    readonly entry: Entry | readonly FindingCode[]
  }
}

/** Rows that were checked for one key: another may issue something else. */
export interface CheckedRows {
  readonly kid: string
  readonly rows: readonly CheckedRow[]
}

/** Checks rows for the key, each for one signature. The row's own judgement has named its warnings; the lint's refusals bar the key here as everywhere. */
export function checkRows(office: Office, family: LedgerFamily, judgedRows: readonly JudgedRow[]): CheckedRows {
  const policy = policyOf(office)
  const imported = { on: policy.today, checked: [...ledgerChecks] }
  const rows = judgedRows.map(({ draft, digest, ...judged }): CheckedRow => {
    if (draft === undefined || digest === undefined) return { judged }
    const { body, personal, number, issuedBy } = draft
    const contentDigest = contentIndex(office.vault, digest)
    try {
      const checked = checkDraft(families[family], { body, personal, number }, policy)
      return { judged, claim: { number, contentDigest, entry: { checked, contentDigest, imported, issuedBy } } }
    } catch (fault) {
      if (!(fault instanceof Fault)) throw fault
      const codes = fault.findings.filter(({ code }) => code in findingTexts).map(({ code }) => code as FindingCode) // one of the texts' own
      return { judged, claim: { number, contentDigest, entry: codes.length > 0 ? codes : ['row-unfit'] } }
    }
  })
  return { kid: office.keyring.issue.kid, rows }
}

/**
 * Compares checked rows with what is registered and, unless it is a dry run, issues what is new. A number that stands for the same content is
 * the same record: it is not issued twice.
 */
export async function settleRows(
  tx: Writer,
  office: Office,
  { family, dryRun }: { readonly family: LedgerFamily; readonly dryRun: boolean },
  rows: readonly CheckedRow[],
  log: AppendToLog,
): Promise<readonly SettledRow[]> {
  const numbers = rows.flatMap(({ claim }) => (claim === undefined ? [] : [claim.number]))
  const known = new Map((await findRecordsByNumbers(tx, { family: families[family].code }, numbers)).map((record) => [record.number, record]))
  const entries: Entry[] = []
  const places: number[] = []
  const settled = rows.map(({ judged, claim }, place): SettledRow => {
    if (claim === undefined) return judged
    const { contentDigest, entry } = claim
    const registered = known.get(claim.number)
    if (registered !== undefined) {
      if (Buffer.compare(registered.contentDigest, contentDigest) !== 0) return refused(judged, ['number-registered-otherwise'])
      return { ...judged, findings: [...judged.findings, finding('already-registered', 'change')], contentDigest, record: registered.id }
    }
    if (!('checked' in entry)) return refused(judged, entry)
    entries.push(entry)
    places.push(place)
    return { ...judged, contentDigest }
  })
  if (dryRun) return settled
  const entered = await enterRecords(tx, office, entries, log)
  for (const [index, place] of places.entries()) settled[place] = { ...settled[place]!, record: entered[index]!.id, issued: true }
  return settled
}

const refused = (judged: ImportedRow, codes: readonly FindingCode[]): SettledRow => ({
  ...judged,
  outcome: 'refused',
  findings: [...judged.findings, ...codes.map((code) => finding(code, 'refusal'))],
})

const finding = (code: FindingCode, severity: LedgerFinding['severity']): LedgerFinding => ({ column: '证书编号', code, severity })
