import { tidied } from './half-width.ts'
import { read, refused, type Reading } from './reading.ts'

/** Reads a code of the Occupational Classification Dictionary (职业分类大典 2022): major, middle, minor and fine class, 6-31-01-03. */
export function readOccupationCode(text: string): Reading<string> {
  const { text: plain, changes } = tidied(text)
  return /^[1-8]-\d{2}-\d{2}-\d{2}$/.test(plain) ? read(plain, changes) : refused('occupation-code-form-unknown')
}
