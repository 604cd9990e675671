import type { FindingCode } from './finding-texts.ts'

/** A text on its way to a value, and what has been changed in it so far. */
export interface Tidied {
  readonly text: string
  readonly changes: readonly FindingCode[]
}

/** Full-width ASCII (U+FF01–FF5E) and the ideographic space, as Chinese input methods and old systems leave them, to plain ASCII. */
export const halfWidth = (text: string): string =>
  text.replaceAll('\u3000', ' ').replace(/[\uff01-\uff5e]/g, (character) => String.fromCharCode(character.charCodeAt(0) - 0xfee0))

/** For codes and numbers written in ASCII: half width and no blanks at either end, each change declared. */
export function tidied(text: string): Tidied {
  const half = halfWidth(text)
  const trimmed = half.trim()
  const changes: FindingCode[] = []
  if (/[\uff01-\uff5e]/.test(text)) changes.push('full-width')
  if (trimmed !== half) changes.push('blanks-removed')
  return { text: trimmed, changes }
}

/** The same, and blanks inside removed as well. */
export function withoutBlanks(text: string): Tidied {
  const { text: trimmed, changes } = tidied(text)
  const joined = trimmed.replace(/\s+/g, '')
  return { text: joined, changes: joined === trimmed || changes.includes('blanks-removed') ? changes : [...changes, 'blanks-removed'] }
}

/** A number that a spreadsheet has turned into a floating-point one: 3.70303E+17. Its last digits are gone for good. */
export const isScientific = (text: string): boolean => /^\d(?:\.\d+)?e\+?\d+$/i.test(text) && /[.+]/.test(text)
