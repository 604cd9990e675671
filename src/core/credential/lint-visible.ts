import { halfWidth } from '../model/half-width.ts'
import { tellsIdentityNumber } from '../model/identity-in-text.ts'
import { readDocumentNumber } from '../model/document-number.ts'
import { readNumber } from '../model/number-scheme.ts'
import type { Draft, LintFinding } from './family.ts'

/** So many characters of an identity number are more than chance. */
const leastTelling = 8

/**
 * What a draft shows to everybody must not hold its holder's identity number, nor anybody's: it is stored in the clear, signed, and goes into
 * every copy and every printed code. A ledger whose columns were mixed up would put it where the certificate number belongs.
 */
export function lintVisible({ number, body, personal }: Draft): readonly LintFinding[] {
  const identity = personal['identity'] as { readonly number: string } | undefined // every family has one, and its schema has read it
  const own = identity === undefined ? [] : spellingsOf(identity.number)
  const tells = (value: unknown): boolean => {
    if (typeof value === 'string') return holdsOneOf(value, own) || tellsIdentityNumber(value)
    return typeof value === 'object' && value !== null && Object.values(value).some(tells)
  }
  return Object.entries({ ...body, number }).flatMap(([member, value]) =>
    tells(value) ? [{ member, code: 'identity-number-visible' as const, severity: 'refusal' as const }] : [],
  )
}

/** The number itself and, of one with eighteen digits, the fifteen that it had before 1999. */
function spellingsOf(number: string): readonly string[] {
  const plain = number.toUpperCase().replace(/\s/g, '')
  const old = /^\d{6}19\d{9}[\dX]$/.test(plain) ? [plain.slice(0, 6) + plain.slice(8, 17)] : []
  return [plain, ...old].filter((spelling) => spelling.length >= leastTelling)
}

const holdsOneOf = (text: string, spellings: readonly string[]): boolean => {
  const plain = halfWidth(text).toUpperCase().replace(/[\s-]/g, '')
  return spellings.some((spelling) => plain.includes(spelling))
}

/** Characters that nobody sees: with them two texts look alike and are not, or one is read in another order than it is compared. */
const hidden = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u

/** Every line of a draft can be read as it is compared. The name has a reader of its own, and the name as issued is anybody's writing. */
export function lintLines({ body, personal: { name: _name, ...personal } }: Draft): readonly LintFinding[] {
  const hides = (value: unknown): boolean =>
    typeof value === 'string' ? hidden.test(value) : typeof value === 'object' && value !== null && Object.values(value).some(hides)
  return Object.entries({ ...body, ...personal }).flatMap(([member, value]) =>
    hides(value) ? [{ member, code: 'text-character' as const, severity: 'refusal' as const }] : [],
  )
}

/** A number that a draft brings: two spellings of one number would be two records. */
export function lintNumber({ number }: Draft): readonly LintFinding[] {
  if (number === undefined) return []
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
