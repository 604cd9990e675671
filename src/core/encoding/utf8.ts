import { Fault } from '../fault.ts'

const encoder = new TextEncoder()
// ignoreBOM keeps a byte order mark as a character, so that the JSON parser refuses it instead of two spellings being equal.
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

export const encodeUtf8 = (text: string): Uint8Array<ArrayBuffer> => encoder.encode(text)

/** Strict: ill-formed bytes are a fault, never U+FFFD. */
export function decodeUtf8(bytes: Uint8Array, at?: string): string {
  try {
    return decoder.decode(bytes)
  } catch (cause) {
    throw new Fault('text-not-utf8', { at, cause })
  }
}
