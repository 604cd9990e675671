import type { Deflate } from '../status/status-list.ts'

const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1
  return value
})

function crc32(bytes: Uint8Array): number {
  let value = 0xffffffff
  for (const byte of bytes) value = (value >>> 8) ^ table[(value ^ byte) & 0xff]!
  return ~value >>> 0
}

/** Magic, deflate, no flags, no time, slowest and best, system unknown (RFC 1952 §2.3). */
const header = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 2, 0xff] as const

/**
 * GZIP (RFC 1952) out of ZLIB (RFC 1950): the same deflated data between other bytes. The same input always gives the same output,
 * since no time stands in the header.
 */
export function gzip(bytes: Uint8Array, deflate: Deflate): Uint8Array {
  const deflated = deflate(bytes).subarray(2, -4) // without ZLIB's header and Adler-32
  const packed = new Uint8Array(header.length + deflated.length + 8)
  packed.set(header)
  packed.set(deflated, header.length)
  const trailer = new DataView(packed.buffer, header.length + deflated.length)
  trailer.setUint32(0, crc32(bytes), true)
  trailer.setUint32(4, bytes.length, true)
  return packed
}
