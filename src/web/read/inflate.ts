export interface Inflated {
  readonly bytes: Uint8Array
  /** The data were sound and complete, and `bytes` are all of them. */
  readonly isWhole: boolean
}

/** The first `most` bytes that data inflate to, or fewer where they are spoilt or cut. What is beyond is never inflated. */
export async function inflateAtMost(data: Uint8Array, most: number, format: CompressionFormat): Promise<Inflated> {
  const parts: Uint8Array[] = []
  let length = 0
  let isWhole = true
  // A copy, as a Blob wants bytes that nobody shares.
  const reader = new Blob([data.slice()]).stream().pipeThrough(new DecompressionStream(format)).getReader()
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      parts.push(part.value.subarray(0, most - length))
      length += part.value.length
      if (length > most) {
        isWhole = false
        await reader.cancel()
        break
      }
    }
  } catch {
    isWhole = false
  }
  return { bytes: joined(parts), isWhole }
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}
