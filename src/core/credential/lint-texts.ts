import { halfWidth } from '../model/half-width.ts'
import { tellsIdentityNumber } from '../model/identity-in-text.ts'
import { readDocumentNumber } from '../model/document-number.ts'
import { placeAt } from '../model/divisions.ts'
import { readNumber } from '../model/number-scheme.ts'
import { firstDayOf, lastDayOf, type PartialDate } from '../model/partial-date.ts'
import type { Draft, LintFinding } from './family.ts'

/** So many characters of an identity number are more than chance. */
const leastTelling = 8

/**
 * What stands in a draft can be read as it is compared, and what it shows to everybody holds no identity number, neither its holder's nor anybody's:
 * it is stored in the clear, signed, and goes into every copy and every printed code. A ledger whose columns were mixed up would put it where the
 * certificate number belongs. The name has a reader of its own, and the name as issued is anybody's writing.
 */
export function lintTexts({ number, body, personal }: Draft): readonly LintFinding[] {
  const findings: LintFinding[] = []
  const identity = personal['identity'] as { readonly number: string } | undefined // every family has one, and its schema has read it
  const own = identity === undefined ? [] : spellingsOf(identity.number)
  const leastDigits = Math.min(17, ...own.map(digitsIn))
  const tells = (text: string): boolean => digitsIn(text) >= leastDigits && (holdsOneOf(text, own) || tellsIdentityNumber(text))
  const look = (member: string, value: unknown, visible: boolean): void => {
    if (hasText(value, hides)) findings.push({ member, code: 'text-character', severity: 'refusal' })
    if (visible && hasText(value, tells)) findings.push({ member, code: 'identity-number-visible', severity: 'refusal' })
  }
  for (const member in body) look(member, body[member], true)
  for (const group in personal) if (group !== 'name') look(group, personal[group], false)
  if (number !== undefined && tells(number)) findings.push({ member: 'number', code: 'identity-number-visible', severity: 'refusal' })
  return findings
}

/** Whether a value is, or holds at any depth, such a text. */
function hasText(value: unknown, such: (text: string) => boolean): boolean {
  if (typeof value === 'string') return such(value)
  return typeof value === 'object' && value !== null && Object.values(value).some((inner) => hasText(inner, such))
}

/** Digits in half and full width. */
function digitsIn(text: string): number {
  let digits = 0
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index)
    if ((code >= 0x30 && code <= 0x39) || (code >= 0xff10 && code <= 0xff19)) digits++
  }
  return digits
}

/** Characters that nobody sees: with them two texts look alike and are not, or one is read in another order than it is compared. */
const hidden = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u

function hides(text: string): boolean {
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index)
    // Ledgers have hundreds of thousands of lines; nearly all are of printable ASCII and Han characters, which need no closer look.
    if (code < 0x20 || (code > 0x7e && code < 0x3000) || code > 0x9fff) return hidden.test(text)
  }
  return false
}

/** The number itself and, of one with eighteen digits, the fifteen that it had before 1999. */
function spellingsOf(number: string): readonly string[] {
  const plain = number.toUpperCase().replace(/\s/g, '')
  if (plain.length < leastTelling) return []
  return /^\d{6}19\d{9}[\dX]$/.test(plain) ? [plain, plain.slice(0, 6) + plain.slice(8, 17)] : [plain]
}

function holdsOneOf(text: string, spellings: readonly string[]): boolean {
  const plain = halfWidth(text).toUpperCase().replace(/[\s-]/g, '')
  return spellings.some((spelling) => plain.includes(spelling))
}

/** What `readNumber` leaves as it is, told at a glance. */
const plainNumber = /^[0-9A-Z-]{1,64}$/

/** A number that a draft brings: two spellings of one number would be two records. */
export function lintNumber({ number }: Draft): readonly LintFinding[] {
  if (number === undefined || plainNumber.test(number)) return []
  const reading = readNumber(undefined, number)
  if (!reading.ok) return [{ member: 'number', code: reading.reason, severity: 'refusal' }]
  return reading.value.number === number ? [] : [{ member: 'number', code: 'number-not-canonical', severity: 'refusal' }]
}

/** The number of an official document (GB/T 9704). Old papers have forms of their own: somebody must have looked, no more. */
export function lintDocumentNumber(member: string, text: string | undefined): readonly LintFinding[] {
  if (text === undefined) return []
  const reading = readDocumentNumber(text)
  if (!reading.ok) return [{ member, code: reading.reason, severity: 'warning' }]
  return reading.value === text ? [] : [{ member, code: 'document-number-not-canonical', severity: 'refusal' }]
}

/** A place of insurance is looked for among the members when it is decided what a conclusion counts for: one that there was not that day is a slip of the pen. */
export function lintPlace(member: string, code: string | undefined, on: PartialDate): readonly LintFinding[] {
  if (code === undefined) return []
  const there = placeAt(code, lastDayOf(on)) ?? placeAt(code, firstDayOf(on))
  return there === undefined ? [{ member, code: 'place-unknown', severity: 'warning' }] : []
}
