import { Fault } from '../fault.ts'
import { encodeUtf8 } from './utf8.ts'

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
const invalid = 0xff
const codeOf = new Uint8Array(64)
const digitOf = new Uint8Array(256).fill(invalid)
for (let digit = 0; digit < 64; digit++) {
  const code = alphabet.charCodeAt(digit)
  codeOf[digit] = code
  digitOf[code] = digit
}
const asciiDecoder = new TextDecoder()

/** Base64url without padding (RFC 7515 §2). */
export const encodeBase64url = (bytes: Uint8Array): string => asciiDecoder.decode(encodeBase64urlBytes(bytes))

/** The same as ASCII bytes, for a caller that hashes or signs them. */
export function encodeBase64urlBytes(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const { length } = bytes
  const text = new Uint8Array(Math.ceil((length * 4) / 3))
  let at = 0
  let filled = 0
  for (; at + 2 < length; at += 3) {
    const group = (bytes[at]! << 16) | (bytes[at + 1]! << 8) | bytes[at + 2]!
    text[filled++] = codeOf[group >> 18]!
    text[filled++] = codeOf[(group >> 12) & 63]!
    text[filled++] = codeOf[(group >> 6) & 63]!
    text[filled++] = codeOf[group & 63]!
  }
  if (at + 1 === length) {
    text[filled++] = codeOf[bytes[at]! >> 2]!
    text[filled++] = codeOf[(bytes[at]! & 3) << 4]!
  } else if (at + 2 === length) {
    const group = (bytes[at]! << 8) | bytes[at + 1]!
    text[filled++] = codeOf[group >> 10]!
    text[filled++] = codeOf[(group >> 4) & 63]!
    text[filled++] = codeOf[(group & 15) << 2]!
  }
  return text
}

/**
 * The only text that stands for given bytes is accepted: no padding, no white space, no `+/`, no set bits after the last byte.
 * A lenient decoder would let one signed object have many spellings, and many digests.
 */
export const decodeBase64url = (text: string, at?: string): Uint8Array<ArrayBuffer> => decodeBase64urlBytes(encodeUtf8(text), at)

/** The same for a text whose bytes are at hand. */
export function decodeBase64urlBytes(text: Uint8Array, at?: string): Uint8Array<ArrayBuffer> {
  const { length } = text
  const rest = length & 3
  if (rest === 1) throw new Fault('base64url-malformed', { at, detail: 'impossible length' })
  const bytes = new Uint8Array((length * 3) >> 2)
  const whole = length - rest
  let filled = 0
  let wrong = 0 // collects the high bits of every digit: one comparison at the end instead of one a character
  for (let index = 0; index < whole; index += 4) {
    const a = digitOf[text[index]!]!
    const b = digitOf[text[index + 1]!]!
    const c = digitOf[text[index + 2]!]!
    const d = digitOf[text[index + 3]!]!
    wrong |= a | b | c | d
    bytes[filled++] = (a << 2) | (b >> 4)
    bytes[filled++] = (b << 4) | (c >> 2)
    bytes[filled++] = (c << 6) | d
  }
  let unused = 0
  if (rest > 1) {
    const a = digitOf[text[whole]!]!
    const b = digitOf[text[whole + 1]!]!
    wrong |= a | b
    bytes[filled++] = (a << 2) | (b >> 4)
    unused = b & 15
    if (rest === 3) {
      const c = digitOf[text[whole + 2]!]!
      wrong |= c
      bytes[filled++] = (b << 4) | (c >> 2)
      unused = c & 3
    }
  }
  if (wrong > 63) throw new Fault('base64url-malformed', { at, detail: `character ${text.findIndex((code) => digitOf[code] === invalid)}` })
  if (unused !== 0) throw new Fault('base64url-malformed', { at, detail: 'unused bits are set' })
  return bytes
}
