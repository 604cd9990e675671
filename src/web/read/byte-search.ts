/** The first place at or after `from` where `bytes` hold the ASCII text `wanted`, or -1. */
export function indexOfText(bytes: Uint8Array, wanted: string, from = 0, to = bytes.length): number {
  const first = wanted.charCodeAt(0)
  const last = to - wanted.length
  for (let at = bytes.indexOf(first, from); at >= 0 && at <= last; at = bytes.indexOf(first, at + 1)) {
    if (holdsTextAt(bytes, wanted, at)) return at
  }
  return -1
}

/** The last place where `bytes` hold the ASCII text `wanted`, or -1. */
export function lastIndexOfText(bytes: Uint8Array, wanted: string): number {
  const first = wanted.charCodeAt(0)
  for (let at = bytes.lastIndexOf(first); at >= 0; at = at === 0 ? -1 : bytes.lastIndexOf(first, at - 1)) {
    if (holdsTextAt(bytes, wanted, at)) return at
  }
  return -1
}

export function holdsTextAt(bytes: Uint8Array, wanted: string, at: number): boolean {
  for (let index = 0; index < wanted.length; index++) if (bytes[at + index] !== wanted.charCodeAt(index)) return false
  return true
}

/** A byte a character, so that places in the text are places in the bytes. */
export const latin1 = (bytes: Uint8Array): string => new TextDecoder('latin1').decode(bytes)
