import type { Fault } from '../fault.ts'

/** Counts and pieces one behind the other, as a bundle is made of them and what a status list tells of the past. */
export interface PieceWriter {
  readonly byte: (value: number) => void
  /** A whole number: seven bits a byte, the lowest first, the top bit set where more follow. */
  readonly count: (value: number) => void
  readonly raw: (bytes: Uint8Array) => void
  /** Its length, then its bytes. */
  readonly piece: (bytes: Uint8Array) => void
  readonly bytes: () => Uint8Array<ArrayBuffer>
}

export function openWriter(): PieceWriter {
  const parts: Uint8Array[] = []
  const raw = (bytes: Uint8Array): void => void parts.push(bytes)
  const count = (value: number): void => {
    const digits: number[] = []
    let rest = value
    for (; rest >= 128; rest = Math.floor(rest / 128)) digits.push((rest % 128) | 128)
    raw(Uint8Array.of(...digits, rest))
  }
  return {
    byte: (value) => raw(Uint8Array.of(value)),
    count,
    raw,
    piece: (bytes) => {
      count(bytes.length)
      raw(bytes)
    },
    bytes: () => joined(parts),
  }
}

export function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0))
  let filled = 0
  for (const part of parts) {
    whole.set(part, filled)
    filled += part.length
  }
  return whole
}

/** Reads what a `PieceWriter` wrote. Whoever made the bytes may be hostile: every length is held against what is there and what is allowed. */
export interface PieceReader {
  readonly byte: () => number
  readonly count: (most: number) => number
  /** A view of the next bytes. */
  readonly raw: (length: number) => Uint8Array
  readonly piece: (most: number) => Uint8Array
  /** A view of all that is left. */
  readonly rest: () => Uint8Array
  /** Nothing may be left. */
  readonly end: () => void
}

/**
 * @param at what is read, for messages
 * @param malformed makes the fault of its members, given the place with the byte, and what is wrong there
 */
export function openReader(bytes: Uint8Array, at: string, malformed: (at: string, detail: string) => Fault): PieceReader {
  let place = 0
  const refuse = (detail: string): Fault => malformed(`${at}@${place}`, detail)
  const raw = (length: number): Uint8Array => {
    if (length > bytes.length - place) throw refuse('cut off')
    place += length
    return bytes.subarray(place - length, place)
  }
  const byte = (): number => raw(1)[0]!
  const count = (most: number): number => {
    let value = 0
    for (let weight = 1; ; weight *= 128) {
      const digit = byte()
      value += (digit & 127) * weight
      if (value > most) throw refuse(`more than ${most}`)
      // One number, one spelling.
      if (digit === 0 && weight > 1) throw refuse('a zero in front')
      if (digit < 128) return value
    }
  }
  return {
    byte,
    count,
    raw,
    piece: (most) => raw(count(most)),
    rest: () => raw(bytes.length - place),
    end: () => {
      if (place !== bytes.length) throw refuse(`${bytes.length - place} bytes behind the end`)
    },
  }
}
