/**
 * The text of a file: by its byte order mark, else as UTF-8, else byte by byte (a record is ASCII, so that whatever superset of ASCII the rest
 * is written in, the record survives). `undefined` for what is not text: it holds NUL or other controls.
 */
export function decodeText(bytes: Uint8Array): string | undefined {
  const text = decoded(bytes)
  // oxlint-disable-next-line no-control-regex -- controls are what tells other files from text
  return /[\0-\x08\x0e-\x1a\x1c-\x1f]/.test(text) ? undefined : text
}

function decoded(bytes: Uint8Array): string {
  const [first, second] = bytes
  if (first === 0xff && second === 0xfe) return new TextDecoder('utf-16le').decode(bytes)
  if (first === 0xfe && second === 0xff) return new TextDecoder('utf-16be').decode(bytes)
  try {
    // A head may end inside a character: `stream` leaves that open.
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true })
  } catch {
    return new TextDecoder('latin1').decode(bytes)
  }
}
