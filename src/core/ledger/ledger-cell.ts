/**
 * One cell of a ledger as its file holds it. `number`: a number without a date format, as the file spells it; `date`: a number
 * with a date format, as ISO text with the precision of the format; `formula`: a formula, or a text that a spreadsheet would
 * take for one; `error`: an error value (#REF!), or bytes that the file's encoding does not have.
 */
export interface LedgerCell {
  readonly text: string
  readonly kind: 'text' | 'number' | 'date' | 'formula' | 'error' | 'empty'
  /** Of a number in a workbook that counts its days from 1904: should it turn out to be a day, it is another one than elsewhere. */
  readonly since1904?: true
}

/** One row of a ledger file. `row` is the file's own numbering: the header is row 1. */
export interface LedgerRow {
  readonly row: number
  readonly cells: readonly LedgerCell[]
}

export const emptyCell: LedgerCell = { text: '', kind: 'empty' }

/** At most `limit` characters, or a little more than `limit`, so that a judge sees that the text is too long. Never half a character. */
export function clipped(text: string, limit: number): string {
  if (text.length <= limit) return text
  const cut = text.slice(0, limit + 2)
  return cut.isWellFormed() ? cut : cut.slice(0, -1)
}

// What a form shows for "nothing": one or more dashes of any kind, a stroke, or the word.
const blankMark = /^(?:[-－–—―─_/／\\]+|无|(?:n\/?a))$/i
export const isBlankMark = (text: string): boolean => blankMark.test(text)

const plainNumber = /^[+-]\d+(?:\.\d+)?$/
const trigger = /^'?[=+\-@＝＋－＠]/

/**
 * Would a spreadsheet that opens this text as CSV run it (OWASP, CSV injection)? Plain signed numbers and marks for "blank" are
 * not formulas. A leading apostrophe is how such a text is written so that nothing runs: it is still one when it comes back.
 */
export function looksLikeFormula(text: string): boolean {
  if (!trigger.test(text)) return false
  return !plainNumber.test(text) && !isBlankMark(text)
}

/** A cell of a format that has nothing but text. */
export function textCell(raw: string): LedgerCell {
  const text = raw.trim() // blanks of every kind: Excel's padding, U+3000, and the tab that people append so that Excel leaves an identity number alone
  if (text === '') return emptyCell
  if (text.includes('\ufffd') || !text.isWellFormed()) return { text, kind: 'error' }
  return { text, kind: looksLikeFormula(text) ? 'formula' : 'text' }
}
