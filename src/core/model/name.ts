import type { FindingCode } from './finding-texts.ts'
import { read, refused, type Reading } from './reading.ts'

export interface PersonName {
  /** The canonical form that is compared and signed. */
  readonly name: string
  /** The name as the document has it, where that differs by more than blanks at its ends. */
  readonly nameAsIssued?: string
}

/** Signs that are written for the separator U+00B7 (民委发〔2016〕33号), and its full-width and half-width look-alikes. */
const separatorVariants = /[\u2022\u30fb\u2027\uff0e.\u25cf\u22c5\u2219\u318d\uff65\u2024\u0387]/

/** Characters that NFC would replace although they are characters of their own in registers: CJK compatibility ideographs. */
const notCompatibilityIdeographs = /[^\uf900-\ufaff\u{2f800}-\u{2fa1f}]+/gu

/** NFC, but compatibility ideographs stay as they are; never NFKC, which would change them too. */
const composed = (text: string): string => text.replace(notCompatibilityIdeographs, (part) => part.normalize('NFC'))

const han = String.raw`\p{Script=Han}\p{Co}\u{20000}-\u{2fffd}\u{30000}-\u{3fffd}`
// Ideographs of planes 2 and 3 are named by range: the engines of server and browser may know different versions of Unicode.
const allowed = new RegExp(`^[\\p{L}\\p{M}${han}· ,.'’\\-]+$`, 'u')
const letter = new RegExp(`[\\p{L}${han}]`, 'u')
const blankBetweenHan = new RegExp(`(?<=[${han}])\\s+(?=[${han}])`, 'gu')
const besideLatin = /\p{Script=Latin}/u

/** A dot is the separator between names of other scripts; between Latin letters (J. M. Smith) it is a dot. */
function separated(text: string): string {
  const characters = [...text]
  return characters
    .map((character, index) => {
      if (!separatorVariants.test(character)) return character
      const neighbours = [characters.slice(0, index).findLast((each) => each.trim() !== ''), characters.slice(index + 1).find((each) => each.trim() !== '')]
      const latin = neighbours.some((each) => each !== undefined && besideLatin.test(each))
      return latin && /[.\uff0e\u2024]/.test(character) ? '.' : '·'
    })
    .join('')
}

function forbidden(name: string): FindingCode | undefined {
  if (/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u.test(name)) return 'name-control'
  if (/\p{Nd}/u.test(name)) return 'name-digit'
  if (/[<>&\uff1c\uff1e]/.test(name)) return 'name-markup'
  return allowed.test(name) ? undefined : 'name-character'
}

/**
 * Reads a person's name: any letters of any script, characters beyond the BMP, 1 to 100 code points. Normalised with a change
 * each: separators to U+00B7, NFC, blanks between Han characters or around separators. Private-use characters of old
 * registers are kept with a warning, never mapped. Refused: blank, digits, markup, controls, bidirectional overrides and
 * zero-width characters, which a forger uses to make two names look alike.
 */
export function readName(text: string): Reading<PersonName> {
  const issued = text.trim()
  if (issued === '') return refused('name-blank')
  const reason = forbidden(separated(composed(issued)).replace(/\s+/g, ' '))
  if (reason !== undefined) return refused(reason)
  const changes: FindingCode[] = []
  const nfc = composed(issued)
  if (nfc !== issued) changes.push('name-composed')
  const dotted = separated(nfc)
  if (dotted !== nfc) changes.push('name-separator')
  const name = dotted
    .replace(/\s*·\s*/g, '·')
    .replace(blankBetweenHan, '')
    .replace(/\s+/g, ' ')
  if (name !== dotted || issued !== text) changes.push('blanks-removed')
  if ([...name].length > 100) return refused('name-too-long')
  if (!letter.test(name) || /^[·,.'’-]|[·,-]$|··/.test(name)) return refused('name-form-unknown')
  return read({ name, ...(name === issued ? {} : { nameAsIssued: issued }) }, changes, /\p{Co}/u.test(name) ? ['name-private-use'] : [])
}
