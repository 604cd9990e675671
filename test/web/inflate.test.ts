import { deflateRawSync, deflateSync, gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'

import { inflate as nodeInflate } from '#custody/engine-node.ts'
import { inflate } from '#web/trust/inflate.ts'

import { faultOf } from '../support/fault-of.ts'

const noise = (length: number): Uint8Array => Uint8Array.from({ length }, (_, index) => (index * 2_654_435_761) >>> 24)

describe('inflating in a browser', () => {
  it.each([0, 1, 16 * 1024, 16 * 1024 + 1, 200_000])('gives back %d bytes', (length) => {
    expect(inflate(deflateSync(noise(length)), 2 ** 20)).toEqual(noise(length))
  })

  it('takes the very number of bytes that is allowed, and not one more', () => {
    const packed = deflateSync(noise(100_000))
    expect(inflate(packed, 100_000).length).toBe(100_000)
    expect(faultOf(() => inflate(packed, 99_999))).toBe('bytes-too-many')
  })

  it('stops at the cap of what would unpack to a gigabyte', () => {
    const bomb = deflateSync(new Uint8Array(64 * 1024 * 1024))
    expect(bomb.length).toBeLessThan(100_000)
    expect(faultOf(() => inflate(bomb, 2 ** 20))).toBe('bytes-too-many')
  })

  const packed = deflateSync(noise(5000))
  const bad: Readonly<Record<string, Uint8Array>> = {
    'nothing at all': new Uint8Array(),
    'half of it': packed.subarray(0, packed.length / 2),
    'all but the checksum': packed.subarray(0, -4),
    'a wrong checksum': Uint8Array.from([...packed.subarray(0, -1), packed.at(-1)! ^ 1]),
    'raw deflate': deflateRawSync(noise(5000)),
    gzip: gzipSync(noise(5000)),
    noise: noise(5000),
  }
  it.each(Object.entries(bad))('refuses %s, as the node does', (_name, bytes) => {
    expect(faultOf(() => inflate(bytes, 2 ** 20))).toBe('deflate-malformed')
    expect(faultOf(() => nodeInflate(bytes, 2 ** 20))).toBe('deflate-malformed')
  })
})
