import { Fault } from '../fault.ts'

/** Bits one after the other, the highest of a value and of a byte first. */
export interface BitWriter {
  /** The lowest `count` bits of a value. */
  readonly put: (value: bigint | number, count: number) => void
  readonly putBytes: (bytes: Uint8Array) => void
  /** All bits so far, with zeros up to a whole byte. */
  readonly bytes: () => Uint8Array
}

export function openBitWriter(): BitWriter {
  let bits = ''
  const put = (value: bigint | number, count: number): void => {
    if (count > 0) bits += value.toString(2).padStart(count, '0')
  }
  return {
    put,
    putBytes: (bytes) => bytes.forEach((byte) => put(byte, 8)),
    bytes: () => Uint8Array.from({ length: Math.ceil(bits.length / 8) }, (_, index) => Number.parseInt(bits.slice(index * 8, index * 8 + 8).padEnd(8, '0'), 2)),
  }
}

export interface BitReader {
  /** At most 128 bits at once. */
  readonly take: (count: number) => bigint
  readonly takeNumber: (count: number) => number
  readonly takeBytes: (count: number) => Uint8Array
  /** Nothing but zeros up to the end of the byte may be left. Faults: `paper-code-trailing`, `paper-code-malformed`. */
  readonly end: () => void
}

/** Fault of every taking: `paper-code-truncated` where the bits have come to their end. */
export function openBitReader(source: Uint8Array): BitReader {
  let at = 0
  const takeNumber = (count: number): number => {
    if (at + count > source.length * 8) throw new Fault('paper-code-truncated', { at: `bit ${at}` })
    let value = 0
    for (let index = 0; index < count; index++, at++) value = value * 2 + ((source[at >> 3]! >> (7 - (at & 7))) & 1)
    return value
  }
  const take = (count: number): bigint => {
    let value = 0n
    for (let left = count; left > 0; left -= 32) {
      const now = Math.min(left, 32)
      value = (value << BigInt(now)) | BigInt(takeNumber(now))
    }
    return value
  }
  return {
    take,
    takeNumber,
    takeBytes: (count) => Uint8Array.from({ length: count }, () => takeNumber(8)),
    end: () => {
      const left = source.length * 8 - at
      if (left >= 8) throw new Fault('paper-code-trailing', { at: `bit ${at}` })
      if (takeNumber(left) !== 0) throw new Fault('paper-code-malformed', { at: `bit ${at}`, detail: 'bits set after the end' })
    },
  }
}
