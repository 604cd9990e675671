import { Inflate } from 'pako'

import { Fault } from '#core/fault.ts'

/**
 * ZLIB (RFC 1950) that stops as soon as more than `maxBytes` have come out: a kilobyte can unpack to a megabyte. Faults: `bytes-too-many`,
 * `deflate-malformed` for anything that is not whole.
 */
export function inflate(bytes: Uint8Array, maxBytes: number): Uint8Array {
  const chunks: Uint8Array[] = []
  let length = 0
  const stream = new Inflate({ chunkSize: 16 * 1024, windowBits: 15 }) // ZLIB alone, never GZIP by its looks
  stream.onData = (chunk) => {
    length += chunk.length
    if (length > maxBytes) throw new Fault('bytes-too-many', { at: 'deflate' })
    chunks.push(chunk)
  }
  const whole = stream.push(bytes, true)
  if (!whole || stream.err !== 0) throw new Fault('deflate-malformed', { at: 'deflate', detail: stream.msg })
  const out = new Uint8Array(length)
  let filled = 0
  for (const chunk of chunks) {
    out.set(chunk, filled)
    filled += chunk.length
  }
  return out
}
