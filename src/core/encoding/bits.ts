/** Whole numbers of up to 24 bits one behind the other, the highest bit first. */
export interface BitWriter {
  readonly put: (value: number, width: number) => void
  /** The last byte is filled with zeros. */
  readonly bytes: () => Uint8Array<ArrayBuffer>
}

export function openBitWriter(): BitWriter {
  const bytes: number[] = []
  let [held, waiting] = [0, 0] // fewer than eight bits wait
  const put = (value: number, width: number): void => {
    held = (held << width) | value
    for (waiting += width; waiting >= 8;) bytes.push((held >> (waiting -= 8)) & 255)
    held &= (1 << waiting) - 1
  }
  return { put, bytes: () => Uint8Array.from(waiting === 0 ? bytes : [...bytes, held << (8 - waiting)]) }
}

export interface BitReader {
  /** Undefined behind the end. */
  readonly take: (width: number) => number | undefined
  /** Whether nothing is left but the zeros that fill the last byte. */
  readonly isAtEnd: () => boolean
}

export function openBitReader(bytes: Uint8Array): BitReader {
  let [held, waiting, at] = [0, 0, 0]
  const take = (width: number): number | undefined => {
    for (; waiting < width; waiting += 8) {
      if (at === bytes.length) return undefined
      held = (held << 8) | bytes[at++]!
    }
    const value = held >> (waiting -= width)
    held &= (1 << waiting) - 1
    return value
  }
  return { take, isAtEnd: () => at === bytes.length && waiting < 8 && held === 0 }
}
