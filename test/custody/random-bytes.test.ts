import { describe, expect, it } from 'vitest'

import { randomBytes } from '#custody/random-bytes.ts'

describe('random bytes', () => {
  it('gives as many as were asked for, also none and more than a page', () => {
    expect([0, 1, 16, 4095, 4096, 4097, 100_000].map((length) => randomBytes(length).length)).toEqual([0, 1, 16, 4095, 4096, 4097, 100_000])
  })

  it('never gives the same bytes to two callers, over many pages', () => {
    const given = new Set(Array.from({ length: 5000 }, () => Buffer.from(randomBytes(13)).toString('hex')))
    expect(given.size).toBe(5000)
  })

  it('gives bytes of their own: what a caller writes into them reaches nobody else', () => {
    const mine = randomBytes(16)
    mine.fill(7)
    const [next, big] = [randomBytes(16), randomBytes(5000)]
    expect(mine.buffer.byteLength).toBe(16)
    expect([next, big].some((bytes) => bytes.buffer === mine.buffer)).toBe(false)
  })

  it('leaves no stretch of zeros where a page has been used up', () => {
    const all = Buffer.concat(Array.from({ length: 2000 }, () => randomBytes(29)))
    expect(all.indexOf(Buffer.alloc(8))).toBe(-1) // by chance once in some 10^14 runs
  })
})
