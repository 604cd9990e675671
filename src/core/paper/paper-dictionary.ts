import { condenseCharacter } from './condensed-characters.ts'

/** In a published dictionary placeholder 0x01 is written U+2401 (SYMBOL FOR START OF HEADING), 0x02 U+2402, and so on. */
const firstSign = 0x2401
const lastSign = 0x241f

/**
 * A published dictionary (`schema/paper/dictionary-<version>.txt`, UTF-8) as deflate wants it: its lines without the line ends, each
 * character as the condensed text has it.
 */
export function readPaperDictionary(text: string): Uint8Array {
  const bytes: number[] = []
  for (const character of text) {
    const code = character.codePointAt(0)!
    if (code === 0x0a) continue
    if (code >= firstSign && code <= lastSign) bytes.push(code - firstSign + 1)
    else bytes.push(...condenseCharacter(code))
  }
  return Uint8Array.from(bytes)
}

/** How a placeholder is written in a published dictionary. */
export const signOf = (placeholder: number): string => String.fromCodePoint(firstSign + placeholder - 1)
