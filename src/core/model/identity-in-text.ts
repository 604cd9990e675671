import { halfWidth } from './half-width.ts'
import { readPersonId } from './person-id.ts'

/** Eighteen characters, whatever blanks and dashes somebody has put between them. A longer run of digits is some other number. */
const eighteen = /(?<![0-9A-Z])\d(?:[ -]?\d){16}[ -]?[\dX](?![0-9A-Z])/g

/** Nobody is born later who is written down now. Later years are what counting numbers have there. */
const latestBirth = '2099-12-31'

/**
 * Whether an identity number of eighteen characters with a right check character stands in a text. Where a text is stored or signed in the
 * clear, a clerk who puts one there by mistake has published it. Shorter numbers show nothing of what they are.
 */
export function tellsIdentityNumber(text: string): boolean {
  const found = halfWidth(text).toUpperCase().match(eighteen) ?? []
  return found.some((number) => isOne(number.replace(/[ -]/g, '')))
}

/**
 * Certificate numbers are built of a division, a year and a count, too: 370100 2021 05012345 passes for a date and in one of eleven cases for a check.
 * So the district must be one: nobody is registered with a whole city, and of numbers by chance a few in a million are left.
 */
function isOne(number: string): boolean {
  const reading = readPersonId(number, { today: latestBirth })
  if (!reading.ok || reading.value.birth === undefined) return false
  const { kind, area = '' } = reading.value
  return kind !== 'resident_id' || !(reading.warnings.includes('person-id-area-unknown') || area.endsWith('00'))
}
