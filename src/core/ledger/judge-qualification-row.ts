import { qualification as family } from '../credential/family/qualification.ts'
import { readDocumentNumber } from '../model/document-number.ts'
import { readNumber } from '../model/number-scheme.ts'
import { readDate } from '../model/partial-date.ts'
import { findNamedQualification } from '../model/qualification.ts'
import { read, type Reading } from '../model/reading.ts'
import { judgePerson, lintWhatIsThere, takeLint } from './judge-person.ts'
import type { JudgeFamily } from './judgement.ts'
import { readIssuedNumber } from './read-issued-number.ts'
import { readLine } from './row-reader.ts'

interface Named {
  readonly name: string
  readonly level?: string
}

/** A qualification by its catalogue name, its level apart: 一级建造师 is 建造师, level 一级. Names outside the catalogue stay as they are. */
function readQualification(text: string): Reading<Named> {
  const line = readLine(text)
  if (!line.ok) return line
  const found = findNamedQualification(line.value)
  return read(found === undefined ? { name: line.value } : { name: found.entry.zh, ...(found.level === undefined ? {} : { level: found.level }) }, line.changes)
}

/** One row of a ledger of professional qualifications (专业技术人员职业资格证书台账). */
export const judgeQualification: JudgeFamily = (row, context) => {
  const { personal, birth } = judgePerson(row, context)
  const named = row.required('qualification', readQualification)
  const ownLevel = row.optional('qualificationLevel', readLine)
  const major = row.optional('major', readLine)
  const managementNumber = row.optional('managementNumber', (text) => readNumber(undefined, text))
  const number = row.required('number', (text) => readIssuedNumber(context.scheme, text))
  const approvalDocumentNumber = row.optional('document', readDocumentNumber)
  const obtainedOn = row.required('obtainedOn', readDate)
  const issuedOn = row.required('issuedOn', readDate)
  const registrationNumber = row.optional('registrationNumber', (text) => readNumber(undefined, text))
  const unit = row.optional('registrationUnit', readLine)
  const from = row.optional('registeredFrom', readDate)
  const until = row.optional('registeredUntil', readDate)

  if (named?.level !== undefined && ownLevel !== undefined && ownLevel !== named.level)
    row.find({ column: 'qualificationLevel', code: 'qualification-level-mismatch', severity: 'refusal' })
  if (
    (registrationNumber === undefined) !== (from === undefined) &&
    row.textOf('registrationNumber') !== undefined &&
    row.textOf('registeredFrom') !== undefined
  )
    row.find({ column: registrationNumber === undefined ? 'registrationNumber' : 'registeredFrom', code: 'registration-incomplete', severity: 'refusal' })
  lintWhatIsThere(
    row,
    birth,
    [
      ['obtainedOn', obtainedOn],
      ['issuedOn', issuedOn],
    ],
    context,
  )
  if (from !== undefined) lintWhatIsThere(row, birth, [['registeredFrom', from]], context)
  if (!personal || !named || !number || !obtainedOn || !issuedOn) return undefined
  const level = named.level ?? ownLevel
  const asIssued = row.textOf('qualification')
  const registration =
    registrationNumber === undefined || from === undefined
      ? undefined
      : { number: registrationNumber.number, ...(unit === undefined ? {} : { unit }), from, ...(until === undefined ? {} : { until }) }
  const draft = {
    number: number.number,
    body: {
      qualification: named.name,
      ...(asIssued === undefined || asIssued === named.name ? {} : { qualificationAsIssued: asIssued }),
      ...(level === undefined ? {} : { qualificationLevel: level }),
      ...(major === undefined ? {} : { major }),
      ...(managementNumber === undefined ? {} : { managementNumber: managementNumber.number }),
      ...(approvalDocumentNumber === undefined ? {} : { approvalDocumentNumber }),
      obtainedOn,
      issuedOn,
      ...(registration === undefined ? {} : { registration }),
    },
    personal,
  }
  takeLint(row, family.lint(draft, context))
  return draft
}
