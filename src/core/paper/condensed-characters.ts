import { Fault } from '../fault.ts'

/**
 * Characters of the condensed text. Printable ASCII is one byte, an ideograph two instead of UTF-8's three, so that a name costs 17 bits a
 * character after deflate. Bytes under 0x20 are placeholders and not characters.
 *
 * | first byte   | more | character                                        |
 * | ------------ | ---- | ------------------------------------------------ |
 * | 0x20 – 0x7e  |      | itself                                           |
 * | 0x80 – 0xd1  | 1    | U+4E00 – U+9FFF, counted from 0                  |
 * | 0xd2 – 0xd5  | 1    | U+00xx (not printable ASCII), U+20xx, U+30xx, U+FFxx |
 * | 0xff         | 3    | any other code point                             |
 */
const blockOf: ReadonlyMap<number, number> = new Map([
  [0xd2, 0x00],
  [0xd3, 0x20],
  [0xd4, 0x30],
  [0xd5, 0xff],
])
const leadOf: ReadonlyMap<number, number> = new Map([...blockOf].map(([lead, block]) => [block, lead]))

const firstIdeograph = 0x4e00
const lastIdeograph = 0x9fff
const isPrintable = (code: number): boolean => code >= 0x20 && code <= 0x7e

/** One character as bytes. The text is well formed: `decodeUtf8` made it. */
export function condenseCharacter(code: number): readonly number[] {
  if (isPrintable(code)) return [code]
  if (code >= firstIdeograph && code <= lastIdeograph) return [0x80 + ((code - firstIdeograph) >> 8), (code - firstIdeograph) & 0xff]
  const lead = leadOf.get(code >> 8)
  if (lead !== undefined) return [lead, code & 0xff]
  return [0xff, code >> 16, (code >> 8) & 0xff, code & 0xff]
}

/** The character that begins at a place, and how many bytes it takes. Fault: `paper-code-malformed`, also for a second spelling of a character. */
export function readCharacter(bytes: Uint8Array, at: number): { readonly code: number; readonly length: number } {
  const lead = bytes[at]!
  if (isPrintable(lead)) return { code: lead, length: 1 }
  const byte = (offset: number): number => {
    const value = bytes[at + offset]
    if (value === undefined) throw malformed(at)
    return value
  }
  const ideograph = firstIdeograph + ((lead - 0x80) << 8)
  if (lead >= 0x80 && ideograph <= lastIdeograph) return { code: ideograph + byte(1), length: 2 }
  const block = blockOf.get(lead)
  if (block !== undefined) {
    const code = (block << 8) + byte(1)
    if (isPrintable(code)) throw malformed(at)
    return { code, length: 2 }
  }
  if (lead !== 0xff) throw malformed(at)
  const code = (byte(1) << 16) + (byte(2) << 8) + byte(3)
  const isSurrogate = code >= 0xd800 && code <= 0xdfff
  if (code > 0x10ffff || isSurrogate || condenseCharacter(code).length !== 4) throw malformed(at)
  return { code, length: 4 }
}

const malformed = (at: number): Fault => new Fault('paper-code-malformed', { at: `text ${at}`, detail: 'no such character' })
