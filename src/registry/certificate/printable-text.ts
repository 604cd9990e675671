import { isCovered, type Coverage } from './font-faces.ts'

/** What can be printed of a text, and which code points could not be. */
export interface Printable {
  readonly text: string
  /** `U+2B8B8`, in the order in which they stand. */
  readonly missing: readonly string[]
}

/**
 * Controls, bidirectional marks, everything that is invisible, and private-use characters, whose shape no font of another house knows. A sheet
 * that obeyed them could be made to say something else than what was signed.
 */
const neverPrinted = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u
/** They choose a glyph of the character before them; a font that does not know the variant shows the character itself. */
const variation = /^\p{Variation_Selector}$/u
const mark = /\p{M}/u

const graphemes = new Intl.Segmenter('zh', { granularity: 'grapheme' })

const named = (codePoint: number): string => `U+${codePoint.toString(16).toUpperCase().padStart(4, '0')}`

/**
 * Makes every character of a text either printable in one of the fonts or visible as 〔U+2B8B8〕: no empty box, and nothing unseen. The
 * characters of one cluster (a letter with its marks) have to come from one font.
 *
 * @param fonts coverage of each family, the first preferred
 */
export function printableText(text: string, fonts: readonly Coverage[]): Printable {
  const [first] = fonts
  if (
    first !== undefined &&
    !neverPrinted.test(text) &&
    !mark.test(text) &&
    Array.from(text).every((character) => isCovered(first, character.codePointAt(0)!))
  ) {
    return { text, missing: [] }
  }
  const missing: string[] = []
  const substitute = (character: string): string => {
    const name = named(character.codePointAt(0)!)
    missing.push(name)
    return `〔${name}〕`
  }
  const printed = Array.from(graphemes.segment(text), ({ segment }) => {
    const characters = Array.from(segment)
    const [head] = characters as [string, ...string[]] // a segment is never empty
    const plain = characters.filter((character) => !variation.test(character))
    const covering = (some: readonly string[]): Coverage | undefined =>
      fonts.find((font) => some.every((character) => isCovered(font, character.codePointAt(0)!)))
    // Shaping composes a letter and its marks where the font has them as one.
    if (characters.length > 1 && !mark.test(head) && !neverPrinted.test(segment) && covering(Array.from(segment.normalize('NFC'))) !== undefined) return segment
    // A mark whose letter is not printed would settle on whatever comes before it.
    const font = neverPrinted.test(head) || mark.test(head) ? undefined : (covering(plain) ?? covering([head]))
    return characters
      .map((character, index) => {
        if (index > 0 && font !== undefined && variation.test(character)) return character
        const printable = font !== undefined && !neverPrinted.test(character) && isCovered(font, character.codePointAt(0)!)
        return printable ? character : substitute(character)
      })
      .join('')
  })
  return { text: printed.join(''), missing }
}
