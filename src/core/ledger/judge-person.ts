import type { LintFinding } from '../credential/family.ts'
import { lintAge, lintDates } from '../credential/lint-person.ts'
import type { FindingCode } from '../model/finding-texts.ts'
import { personIdKindOf, readPersonId, type PersonIdKind } from '../model/person-id.ts'
import { readName } from '../model/name.ts'
import { readDate, type PartialDate } from '../model/partial-date.ts'
import { read, refused, type Reading } from '../model/reading.ts'
import type { ColumnId } from './columns.ts'
import type { JudgeContext } from './judgement.ts'
import { readLine, readWord, type RowReader } from './row-reader.ts'

/** GB/T 2261.1, by word and by code. */
const genders: ReadonlyMap<string, 'male' | 'female'> = new Map([
  ['男', 'male'],
  ['男性', 'male'],
  ['1', 'male'],
  ['女', 'female'],
  ['女性', 'female'],
  ['2', 'female'],
])

export interface JudgedPerson {
  /** The disclosure groups of a draft; undefined where the name or the identity number cannot be read. */
  readonly personal: Readonly<Record<string, unknown>> | undefined
  readonly birth: PartialDate | undefined
}

/** Words that leave open which document it is; the number shows it. */
const openKinds = ['港澳台居民居住证', '身份证件', '有效身份证件', '有效证件']
/** Code list AAC058 of the core systems: 01 is the resident identity card; its other codes each stand for several documents. */
const residentCode = '01'

function readIdKind(text: string): Reading<PersonIdKind | undefined> {
  if (openKinds.includes(text)) return read(undefined)
  const kind = text === residentCode ? 'resident_id' : personIdKindOf(text)
  return kind === undefined ? refused('person-id-kind-unknown') : read(kind)
}

/**
 * The holder. Birth date and gender stay as the ledger has them, so that a contradiction with the identity number stays
 * visible; only where the ledger is silent they are taken from the number.
 */
export function judgePerson(row: RowReader, { today }: JudgeContext): JudgedPerson {
  const name = row.required('name', readName)
  const kind = row.optional('idKind', readIdKind)
  const identity = row.required('idNumber', (text) => readPersonId(text, { kind, today }))
  const gender = row.optional('gender', readWord(genders, 'gender-unknown')) ?? identity?.gender
  const date = row.optional('birth', readDate) ?? identity?.birth
  const employer = row.optional('employer', readLine)
  if (name === undefined || identity === undefined) return { personal: undefined, birth: date }
  const birth = { ...(date === undefined ? {} : { date }), ...(gender === undefined ? {} : { gender }) }
  return {
    birth: date,
    personal: {
      name,
      identity: { kind: identity.kind, number: identity.number },
      ...(date === undefined && gender === undefined ? {} : { birth }),
      ...(employer === undefined ? {} : { employer }),
    },
  }
}

const columnOfMember: Readonly<Record<string, ColumnId>> = {
  identity: 'idNumber',
  titleAsIssued: 'title',
  qualificationAsIssued: 'qualification',
  reviewCommittee: 'committee',
  approvalDocumentNumber: 'document',
  registration: 'registrationNumber',
}

/** What the lint of the family says of a draft, said of the columns. */
export function takeLint(row: RowReader, findings: readonly LintFinding[]): void {
  for (const { member, code, severity } of findings) {
    const column = columnOf(member, code)
    row.find({ column, code, severity })
  }
}

function columnOf(member: string, code: FindingCode): ColumnId {
  if (code === 'gender-contradicts-identity') return 'gender'
  if (member === 'evaluationBody') return code.startsWith('uscc-') ? 'bodyCode' : 'body'
  return columnOfMember[member] ?? (member as ColumnId) // all other members that a ledger fills are named as its columns
}

/** What can still be said of the dates of a row that will be refused anyway: all that is wrong with it is told at once. */
export function lintWhatIsThere(
  row: RowReader,
  birth: PartialDate | undefined,
  dates: readonly (readonly [ColumnId, PartialDate | undefined])[],
  { today }: JudgeContext,
): void {
  takeLint(row, lintDates(dates, { today }))
  for (const [column, date] of dates) if (date !== undefined) takeLint(row, lintAge(birth, column, date))
}
