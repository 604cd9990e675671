import table from '#codes/ledger-columns.json' with { type: 'json' }

import { Fault } from '../fault.ts'
import type { FamilyId } from '../model/family-id.ts'

/** Families whose old records stand in ledgers. Health conclusions are entered one by one. */
export const ledgerFamilies = ['title', 'skill', 'qualification'] as const
export type LedgerFamily = (typeof ledgerFamilies)[number]

/** What a column of a ledger says. One name may mean another thing in another family; the table tells. */
export type ColumnId =
  | 'name'
  | 'gender'
  | 'idKind'
  | 'idNumber'
  | 'socialSecurityNumber'
  | 'birth'
  | 'employer'
  | 'note'
  | 'series'
  | 'major'
  | 'title'
  | 'level'
  | 'method'
  | 'scope'
  | 'obtainedOn'
  | 'committee'
  | 'document'
  | 'documentOn'
  | 'number'
  | 'issuedBy'
  | 'issuedOn'
  | 'occupation'
  | 'occupationCode'
  | 'workType'
  | 'skillLevel'
  | 'body'
  | 'bodyCode'
  | 'qualification'
  | 'qualificationLevel'
  | 'managementNumber'
  | 'registrationNumber'
  | 'registrationUnit'
  | 'registeredFrom'
  | 'registeredUntil'

interface Column {
  readonly id: ColumnId
  readonly label: string
  readonly required: boolean
  /** Read only where the column named here is absent: one thing under two names in exports of the core systems. */
  readonly insteadOf?: ColumnId
  readonly headers: readonly string[]
  readonly codes: readonly { readonly code: string; readonly confidence: string }[]
}

const person = table.person as readonly Column[] // the file's ids are checked against ColumnId by a test
const ofFamily: Readonly<Record<LedgerFamily, readonly Column[]>> = {
  title: [...person, ...(table.families.title as readonly Column[])], // as above
  skill: [...person, ...(table.families.skill as readonly Column[])], // as above
  qualification: [...person, ...(table.families.qualification as readonly Column[])], // as above
}

/** Every column that a ledger of the family may have, in the order of a template. */
export const columnsOf = (family: LedgerFamily): readonly Column[] => ofFamily[family]

/** The three columns that a result file has at its end; an importer that meets them there passes over them. */
export const resultHeaders = ['结果', '原因', '处理办法'] as const

export interface ColumnMapping {
  readonly family: LedgerFamily
  /** The file's headers in the file's order, without the result columns. */
  readonly headers: readonly string[]
  /** How many cells a row may have, result columns included. */
  readonly width: number
  readonly columns: ReadonlyMap<ColumnId, number>
  /** Headers that mean nothing to this family; their cells only travel into the result file. */
  readonly unknown: readonly string[]
  /** Labels of required columns that the file lacks. */
  readonly missing: readonly string[]
  /** Labels of columns that the file has twice. */
  readonly ambiguous: readonly string[]
}

const dataItem = /[A-Z]{3}\d{2}[0-9A-Z]/

/** Headers are compared in half width, without blanks, marks for "required", and what brackets add: '*证件号码（必填）' → '证件号码'. */
export function plainHeader(header: string): string {
  const half = header.normalize('NFKC').replace(/[\s*:]+/g, '')
  const bare = half.replace(/\((?:必填|选填|可选|必选|文本|文本格式|格式.*|如.*|例.*|yyyy.*)\)$/i, '')
  return bare === '' ? half : bare
}

/** A column's id by its header, or by a data-item code standing alone or beside it: 'AAC003', '姓名(AAC003)'. */
const idsOf: Readonly<Record<LedgerFamily, ReadonlyMap<string, Column>>> = {
  title: namesOf(ofFamily.title),
  skill: namesOf(ofFamily.skill),
  qualification: namesOf(ofFamily.qualification),
}

function namesOf(columns: readonly Column[]): ReadonlyMap<string, Column> {
  return new Map(
    columns.flatMap((column) => [column.label, ...column.headers, ...column.codes.map(({ code }) => code)].map((name) => [plainHeader(name), column] as const)),
  )
}

function columnOf(header: string, family: LedgerFamily): Column | undefined {
  const plain = plainHeader(header)
  const names = idsOf[family]
  const code = dataItem.exec(plain.toUpperCase())?.[0]
  return (
    names.get(plain) ??
    (code === undefined
      ? undefined
      : (names.get(code) ??
        names.get(
          plain
            .toUpperCase()
            .replace(code, '')
            .replace(/[()[\]_-]/g, ''),
        )))
  )
}

/** Which column of the file says what. Pure: `requireColumns` decides whether the file can be read with it. */
export function mapColumns(headers: readonly string[], family: LedgerFamily): ColumnMapping {
  const ends = headers.length - resultHeaders.length
  const own = resultHeaders.every((header, index) => headers[ends + index] === header) ? headers.slice(0, ends) : headers
  const found = new Map<Column, number[]>()
  const unknown: string[] = []
  own.forEach((header, index) => {
    const column = columnOf(header, family)
    if (column === undefined) {
      if (header !== '') unknown.push(header)
    } else found.set(column, [...(found.get(column) ?? []), index])
  })
  const columns = new Map<ColumnId, number>()
  for (const [column, [index]] of found) if (column.insteadOf === undefined) columns.set(column.id, index!)
  for (const [column, [index]] of found) {
    if (column.insteadOf === undefined) continue
    if (columns.has(column.insteadOf)) unknown.push(own[index!]!)
    else columns.set(column.insteadOf, index!)
  }
  return {
    family,
    headers: own,
    width: headers.length,
    columns,
    unknown,
    missing: ofFamily[family].filter(({ id, required }) => required && !columns.has(id)).map(({ label }) => label),
    ambiguous: [...found].filter(([, indexes]) => indexes.length > 1).map(([{ label }]) => label),
  }
}

/** Refuses the whole file: with a required column absent or two columns of one meaning, any reading of a row would be a guess. */
export function requireColumns(mapping: ColumnMapping): ColumnMapping {
  if (mapping.missing.length > 0) throw new Fault('ledger-columns-missing', { at: 'row 1', detail: mapping.missing.join('、') })
  if (mapping.ambiguous.length > 0) throw new Fault('ledger-columns-ambiguous', { at: 'row 1', detail: mapping.ambiguous.join('、') })
  return mapping
}

/** The header that the file has for a column, or the usual one where it has none. */
export function headerOf(mapping: ColumnMapping, id: ColumnId | 'row'): string {
  if (id === 'row') return '整行'
  const index = mapping.columns.get(id)
  return (index === undefined ? undefined : mapping.headers[index]) ?? ofFamily[mapping.family].find((column) => column.id === id)?.label ?? id
}

export function asLedgerFamily(family: FamilyId): LedgerFamily {
  const known = ledgerFamilies.find((id) => id === family)
  if (known === undefined) throw new Fault('ledger-family-unsupported', { detail: family })
  return known
}
