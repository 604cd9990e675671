import { halfWidth } from './half-width.ts'
import { readPersonId } from './person-id.ts'

/** Eighteen characters, whatever blanks and dashes somebody has put between them. A longer run of digits is some other number. */
const eighteen = /(?<![0-9A-Z])\d(?:[ -]?\d){16}[ -]?[\dX](?![0-9A-Z])/g

/**
 * Whether an identity number of eighteen characters with a right check character stands in a text. Where a text is stored or signed in the
 * clear, a clerk who puts one there by mistake has published it. Shorter numbers show nothing of what they are.
 */
export function tellsIdentityNumber(text: string): boolean {
  const found = halfWidth(text).toUpperCase().match(eighteen) ?? []
  return found.some((number) => readPersonId(number.replace(/[ -]/g, ''), { today: '9999-12-31' }).ok)
}
