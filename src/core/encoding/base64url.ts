import { Fault } from '../fault.ts'

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
const invalid = 0xff
const digitOf = new Uint8Array(128).fill(invalid)
for (let digit = 0; digit < 64; digit++) digitOf[alphabet.charCodeAt(digit)] = digit

/** Base64url without padding (RFC 7515 §2). */
export function encodeBase64url(bytes: Uint8Array): string {
  let text = ''
  let at = 0
  for (; at + 2 < bytes.length; at += 3) {
    const group = (bytes[at]! << 16) | (bytes[at + 1]! << 8) | bytes[at + 2]!
    text += alphabet[group >> 18]! + alphabet[(group >> 12) & 63]! + alphabet[(group >> 6) & 63]! + alphabet[group & 63]!
  }
  if (at + 1 === bytes.length) {
    const group = bytes[at]!
    text += alphabet[group >> 2]! + alphabet[(group & 3) << 4]!
  } else if (at + 2 === bytes.length) {
    const group = (bytes[at]! << 8) | bytes[at + 1]!
    text += alphabet[group >> 10]! + alphabet[(group >> 4) & 63]! + alphabet[(group & 15) << 2]!
  }
  return text
}

/**
 * The only text that stands for given bytes is accepted: no padding, no white space, no `+/`, no set bits after the last byte.
 * A lenient decoder would let one signed object have many spellings, and many digests.
 */
export function decodeBase64url(text: string, at?: string): Uint8Array<ArrayBuffer> {
  const rest = text.length & 3
  if (rest === 1) throw new Fault('base64url-malformed', { at, detail: 'impossible length' })
  const bytes = new Uint8Array((text.length * 3) >> 2)
  let filled = 0
  let group = 0
  let held = 0
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index)
    const digit = code < 128 ? digitOf[code]! : invalid
    if (digit === invalid) throw new Fault('base64url-malformed', { at, detail: `character ${index}` })
    group = ((group << 6) | digit) & 0xffffff
    held += 6
    if (held >= 8) {
      held -= 8
      bytes[filled++] = (group >> held) & 0xff
    }
  }
  if ((group & ((1 << held) - 1)) !== 0) throw new Fault('base64url-malformed', { at, detail: 'unused bits are set' })
  return bytes
}
