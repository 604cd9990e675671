import { decodeBase64url, encodeBase64url } from './base64url.ts'

/** Base64 with its padding (RFC 4648 §4), as signed notes have it. */
export function encodeBase64(bytes: Uint8Array): string {
  const text = encodeBase64url(bytes).replaceAll('-', '+').replaceAll('_', '/')
  return text.padEnd(Math.ceil(text.length / 4) * 4, '=')
}

const form = /^[A-Za-z0-9+/]*={0,2}$/

/** Only the one text that stands for given bytes is read, as with `decodeBase64url`; `undefined` for every other. */
export function decodeBase64(text: string): Uint8Array | undefined {
  if (text.length % 4 !== 0 || !form.test(text)) return undefined
  try {
    return decodeBase64url(text.replace(/=+$/, '').replaceAll('+', '-').replaceAll('/', '_'))
  } catch {
    return undefined // unused bits are set, or the padding is longer than it should be
  }
}
