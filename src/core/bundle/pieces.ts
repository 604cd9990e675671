import { Fault } from '../fault.ts'
import type { Deflate, Inflate } from '../status/status-list.ts'

/** Counts and pieces one behind the other, as a bundle is made of them. */
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
  /** Nothing may be left. */
  readonly end: () => void
}

export const malformed = (at: string, detail?: string): Fault => new Fault('bundle-malformed', { at, detail })

/** @param at what is read, for messages. Fault of its members: `bundle-malformed` with the byte. */
export function openReader(bytes: Uint8Array, at: string): PieceReader {
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
    end: () => {
      if (place !== bytes.length) throw refuse(`${bytes.length - place} bytes behind the end`)
    },
  }
}

const [same, deflated, stored] = [0, 1, 2]

/** Bytes whose number the reader knows by other means: all the same, compressed, or as they are, whichever is shortest. */
export function writeColumn(writer: PieceWriter, bytes: Uint8Array, deflate: Deflate): void {
  const first = bytes[0] ?? 0
  if (bytes.every((byte) => byte === first)) {
    writer.byte(same)
    writer.byte(first)
    return
  }
  const small = deflate(bytes)
  const gains = small.length < bytes.length
  writer.byte(gains ? deflated : stored)
  if (gains) writer.piece(small)
  else writer.raw(bytes)
}

/** @param length what must come out, to the byte. Faults: `bundle-malformed`, and those of `inflate`. */
export function readColumn(reader: PieceReader, length: number, inflate: Inflate): Uint8Array {
  const form = reader.byte()
  if (form === same) return new Uint8Array(length).fill(reader.byte())
  if (form === stored) return reader.raw(length)
  if (form !== deflated) throw malformed('column', `form ${form}`)
  const bytes = inflate(reader.piece(length), length)
  if (bytes.length !== length) throw malformed('column', `${bytes.length} bytes, not ${length}`)
  return bytes
}
