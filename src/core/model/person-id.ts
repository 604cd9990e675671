import { isKnownArea, isProvince } from './divisions.ts'
import type { FindingCode } from './finding-texts.ts'
import { isScientific, tidied, withoutBlanks } from './half-width.ts'
import { mod11Check } from './iso7064.ts'
import { PartialDate } from './partial-date.ts'
import type { PersonIdKind } from './person-id-kind.ts'
import { read, refused, type Reading } from './reading.ts'

export { personIdKindOf, personIdKinds, type PersonIdKind } from './person-id-kind.ts'
export { maskName, maskPersonId } from './person-mask.ts'

export interface PersonId {
  readonly kind: PersonIdKind
  readonly number: string
  /** From the number, where it has one from 1900 on. */
  readonly birth?: PartialDate
  readonly gender?: 'male' | 'female'
  /** Six digits: the division of first registration, or the province that accepted a foreign resident's application. */
  readonly area?: string
}

export interface PersonIdContext {
  /** What the document is said to be. Without it only numbers that show their own kind are read. */
  readonly kind?: PersonIdKind | undefined
  /** The day of reading ('2026-03-01'): nobody is born after it. */
  readonly today: string
}

/**
 * Reads an identity number. Normalised with a change each: full width, blanks, a small x, the 15-digit form. The province,
 * the birth date and the check character (GB 11643, ISO 7064 MOD 11-2) must be right; a district that is unknown or
 * withdrawn and a birth before 1900 are warnings, because people with such numbers exist.
 */
export function readPersonId(text: string, { kind, today }: PersonIdContext): Reading<PersonId> {
  if (kind === 'officer_id') return readOfficerId(text)
  const { text: plain, changes } = withoutBlanks(text)
  if (plain === '') return refused('person-id-blank')
  if (isScientific(plain)) return refused('digits-lost')
  const upper = plain.toUpperCase()
  const all = upper === plain ? changes : [...changes, 'letters-upper-cased' as const]
  const form = formOf(upper, kind)
  if (form === undefined) return refused(kind !== undefined && formOf(upper, undefined) !== undefined ? 'person-id-kind-mismatch' : 'person-id-form-unknown')
  const { area } = form
  if (area === undefined) return read({ kind: form.kind, number: upper }, all)
  if (upper.length === 18) return readLong(upper, { kind: form.kind, area }, today, all)
  const long = `${upper.slice(0, 6)}19${upper.slice(6)}`
  return readLong(`${long}${mod11Check(long)}`, { kind: form.kind, area }, today, [...all, 'person-id-15-digits'])
}

interface Form {
  readonly kind: PersonIdKind
  /** What a number of the kind looks like. */
  readonly whole: RegExp
  /** What can be nothing but a number of the kind, so that it is known without being told. */
  readonly shown?: RegExp
  /** For numbers with a birth date and a check character: where the holder's area stands in them. */
  readonly area?: (number: string) => string
}

const firstSix = (number: string): string => number.slice(0, 6)
const resident = /^(?!8[123]0000)[1-8]\d{16}[\dX]$|^[1-6]\d{14}$/
const hkMo = /^8[12]0000\d{11}[\dX]$/
const tw = /^830000\d{11}[\dX]$/
const foreign2023 = /^9\d{16}[\dX]$/
const foreign2017 = /^[A-Z]{3}\d{12}$/
const hkMoTravel = /^[HM]\d{8}(?:\d\d)?$/

// Residence permits begin with 810000 and 820000 (Hong Kong, Macao) or 830000 (Taiwan), as the rules of 2018 for them say. A passport number
// of fifteen or more digits alone is taken for somebody's mangled identity number instead.
const forms: readonly Form[] = [
  { kind: 'resident_id', whole: resident, shown: resident, area: firstSix },
  { kind: 'hk_mo_residence_permit', whole: hkMo, shown: hkMo, area: firstSix },
  { kind: 'tw_residence_permit', whole: tw, shown: tw, area: firstSix },
  { kind: 'foreign_permanent_resident_2023', whole: foreign2023, shown: foreign2023, area: (number) => `${number.slice(1, 3)}0000` },
  { kind: 'foreign_permanent_resident_2017', whole: foreign2017, shown: foreign2017 },
  { kind: 'hk_mo_travel_permit', whole: hkMoTravel, shown: hkMoTravel },
  { kind: 'tw_travel_permit', whole: /^\d{8}$|^\d{10}[A-Z0-9]?$/ },
  { kind: 'passport', whole: /^(?=.*\d)[A-Z0-9]{5,14}$|^(?=.*\d)(?=.*[A-Z])[A-Z0-9]{15,17}$/, shown: /^[A-Z]{1,2}\d{7,8}$/ },
]

/** One card in two editions: who writes 外国人永久居留身份证 seldom knows which it is, but the number shows it. */
const editions: readonly PersonIdKind[] = ['foreign_permanent_resident_2023', 'foreign_permanent_resident_2017']

function formOf(number: string, kind: PersonIdKind | undefined): Form | undefined {
  if (kind === undefined) return forms.find(({ shown }) => shown?.test(number))
  const kinds = editions.includes(kind) ? editions : [kind]
  return forms.find((form) => kinds.includes(form.kind) && form.whole.test(number))
}

const noProvinceOfResidents = ['71', '81', '82']

/** Eighteen characters: area (or 9, province and country), birth date, sequence number that is odd for men, check character. */
function readLong(
  number: string,
  { kind, area: areaIn }: Required<Pick<Form, 'kind' | 'area'>>,
  today: string,
  changes: readonly FindingCode[],
): Reading<PersonId> {
  const area = areaIn(number)
  const ownPrefix = kind === 'hk_mo_residence_permit' || kind === 'tw_residence_permit'
  if (!ownPrefix && (!isProvince(area) || noProvinceOfResidents.includes(area.slice(0, 2)))) return refused('person-id-province-unknown')
  const birth = birthOf(number)
  if (birth.reason !== undefined) return refused(birth.reason)
  if (birth.day > today) return refused('person-id-birth-in-future')
  // A spreadsheet keeps fifteen digits of a number and fills up with zeros; then the check fails in ten cases of eleven.
  if (mod11Check(number.slice(0, 17)) !== number[17]) return refused(number.endsWith('000') ? 'digits-lost' : 'person-id-check-digit')
  const warnings: FindingCode[] = []
  if (birth.date === undefined) warnings.push('person-id-birth-before-1900')
  if (kind === 'resident_id') {
    const known = isKnownArea(area)
    if (known !== 'current') warnings.push(known === 'withdrawn' ? 'person-id-area-withdrawn' : 'person-id-area-unknown')
  }
  const gender = Number(number[16]) % 2 === 1 ? 'male' : 'female'
  return read({ kind, number, ...(birth.date === undefined ? {} : { birth: birth.date }), gender, area }, changes, warnings)
}

interface BirthInNumber {
  readonly day: string
  readonly date?: PartialDate
  readonly reason?: FindingCode
}

function birthOf(number: string): BirthInNumber {
  const day = `${number.slice(6, 10)}-${number.slice(10, 12)}-${number.slice(12, 14)}`
  const date = PartialDate.safeParse(day)
  if (date.success) return { day, date: date.data }
  // The type begins in 1900, the calendar does not: the same day 400 years later exists if and only if this one does.
  const later = `${Number(day.slice(0, 4)) + 400}${day.slice(4)}`
  return day >= '1800' && day < '1900' && PartialDate.safeParse(later).success ? { day } : { day, reason: 'person-id-birth-impossible' }
}

/** Numbers of officers' and soldiers' cards have no published form: 4 to 40 printable characters. */
function readOfficerId(text: string): Reading<PersonId> {
  const { text: number, changes } = tidied(text)
  if (number === '') return refused('person-id-blank')
  return /^[\p{L}\p{N}\p{P} ]{4,40}$/u.test(number) ? read({ kind: 'officer_id', number }, changes) : refused('person-id-form-unknown')
}
