import type { FindingCode } from './finding-texts.ts'
import { withoutBlanks } from './half-width.ts'
import { read, refused, type Reading } from './reading.ts'

const year = /[〔[({【〖﹝〈]((?:19|20)\d\d)[〕\])}】〗﹞〉]/
const form = /^[\u4e00-\u9fffA-Za-z]{1,20}〔(?:19|20)\d{2}〕\d{1,5}号$/

/**
 * Reads the number of an official document (发文字号, GB/T 9704): 鲁人社字〔2023〕45号. The year's brackets are made U+3014 and
 * U+3015 whatever stands there, also where the two don't match; full width, blanks and an ordinal 第 are normalised.
 */
export function readDocumentNumber(text: string): Reading<string> {
  if (form.test(text)) return read(text)
  const { text: plain, changes: tidyings } = withoutBlanks(text)
  if (plain === '') return refused('document-number-blank')
  const bracketed = plain.replace(year, '〔$1〕')
  const number = bracketed.replace('〕第', '〕')
  if (!form.test(number)) return refused('document-number-form-unknown')
  const changes: FindingCode[] = [...tidyings]
  // Full-width brackets are only another bracket here, not full-width text.
  const digitsWereWide = /[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a]/.test(text)
  if (bracketed !== plain || /[（）［］｛｝]/.test(text)) changes.push('document-number-brackets')
  if (number !== bracketed) changes.push('document-number-ordinal')
  return read(
    number,
    changes.filter((change) => change !== 'full-width' || digitsWereWide),
  )
}
