import { mostPaperDigits, paperDigits, readPaperDigits } from './paper-digits.ts'

/**
 * What the QR code says: `<address>/q#<digits>`. Digits take a third of the room that bytes take in a QR code, and a fragment never
 * reaches a server.
 * @param address where a verify page is: `https://host`, with or without `/` at its end
 */
export const paperUrl = (address: string, code: Uint8Array): string => `${address.replace(/\/+$/, '')}/q#${paperDigits(code)}`

/** A signature alone takes 155 digits: fewer without our own path before them are a number of something else. */
const fewestDigits = 100

// Blanks and line ends within the digits, as e-mail and print bring them.
const prefix = /^https?:\/\/[^\s/?#]{1,255}(?::\d{1,5})?(?:\/[^\s?#]{0,255})?\/q\/?#/i

/**
 * The code in what a scanner read or a person pasted: the URL with any host (a look-alike's too: the host is never believed, only the
 * signature is), its fragment, or the bare digits. `undefined` when the text is something else.
 * Faults: `paper-code-damaged`, `paper-code-too-long`.
 */
export function readPaperUrl(text: string): Uint8Array | undefined {
  // Anything longer is read neither as digits nor by the expression.
  if (text.length > mostPaperDigits * 3) return undefined
  const trimmed = text.trim()
  const before = prefix.exec(trimmed)?.[0]
  const digits = trimmed.slice(before?.length ?? (trimmed.startsWith('#') ? 1 : 0)).replaceAll(/\s+/g, '')
  if (!/^[0-9]+$/.test(digits) || (before === undefined && digits.length < fewestDigits)) return undefined
  return readPaperDigits(digits)
}
