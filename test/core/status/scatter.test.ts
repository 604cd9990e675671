import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { nobleEngine } from '#core/crypto/engine-noble.ts'
import { scatter } from '#core/status/scatter.ts'
import { nodeEngine } from '#custody/engine-node.ts'
import { faultOf } from '../../support/fault-of.ts'

const zeros = new Uint8Array(16)

/** Lists as they are opened now, and as they were before their places were a datum of theirs. */
describe.each([2 ** 16, 2 ** 17])('scattering %i places', (size) => {
  const placesOf = (seed: Uint8Array): Uint32Array => Uint32Array.from({ length: size }, (_, ordinal) => scatter(seed, ordinal, size, nodeEngine.sha256))

  it('uses every place of a list exactly once', () => {
    expect(placesOf(zeros).toSorted()).toEqual(Uint32Array.from({ length: size }, (_, index) => index))
  })

  it('never gives two records one place, under any seed', () => {
    const ordinals = fc.tuple(fc.nat(size - 1), fc.nat(size - 1)).filter(([a, b]) => a !== b)
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 16, maxLength: 32 }), ordinals, (seed, [a, b]) => {
        const places = [a, b].map((ordinal) => scatter(seed, ordinal, size, nodeEngine.sha256))
        expect(places[0]).not.toBe(places[1])
        for (const place of places) expect(place).toSatisfy((index: number) => Number.isInteger(index) && index >= 0 && index < size)
      }),
    )
  })

  it('is fixed for a seed: issued records stay where they are', () => {
    const ordinals = [0, 1, 2, 3, size - 1]
    const expected = { [2 ** 16]: [9630, 7708, 53039, 38071, 38485], [2 ** 17]: [42899, 50715, 110275, 22836, 105181] }[size]
    for (const { sha256 } of [nodeEngine, nobleEngine]) expect(ordinals.map((ordinal) => scatter(zeros, ordinal, size, sha256))).toEqual(expected)
  })

  it('sends neighbours far apart and seeds to different places', () => {
    const places = placesOf(zeros)
    const others = placesOf(new Uint8Array(16).fill(1))
    let near = 0
    let same = 0
    for (let ordinal = 1; ordinal < size; ordinal++) {
      if (Math.abs(places[ordinal]! - places[ordinal - 1]!) < 64) near++
      if (places[ordinal] === others[ordinal]) same++
    }
    // By chance 127 neighbours are that near, whatever the size, and one place is the same.
    expect(near).toBeLessThan(256)
    expect(same).toBeLessThan(12)
  })

  it('keeps the places of one list apart from those of another that is filled at the same time', () => {
    const ones = new Uint8Array(16).fill(1)
    const alone = [zeros, ones].map((seed) => [0, 1, 2, 3].map((ordinal) => scatter(seed, ordinal, size, nodeEngine.sha256)))
    const inTurn = [0, 1, 2, 3].map((ordinal) => [zeros, ones].map((seed) => scatter(seed, ordinal, size, nodeEngine.sha256)))
    expect([0, 1].map((list) => inTurn.map((places) => places[list]))).toEqual(alone)
    // A seed that its owner changes is another seed.
    const held = Uint8Array.from(zeros)
    scatter(held, 0, size, nodeEngine.sha256)
    held.fill(1)
    expect(scatter(held, 0, size, nodeEngine.sha256)).toBe(alone[1]![0])
  })

  it('fills every sixteenth of the list evenly with the first tenth of the records', () => {
    const counts = new Uint32Array(16)
    for (const place of placesOf(zeros).subarray(0, size / 10)) counts[Math.floor((place * 16) / size)]! += 1
    for (const count of counts) expect(Math.abs(count - size / 160)).toBeLessThan(150)
  })

  it('has no place for a record more than fits, nor for a seed of another length', () => {
    expect([size, -1, 0.5, NaN].map((ordinal) => faultOf(() => scatter(zeros, ordinal, size, nodeEngine.sha256)))).toEqual(
      Array(4).fill('status-index-out-of-range'),
    )
    for (const length of [0, 15, 33]) expect(() => scatter(new Uint8Array(length), 0, size, nodeEngine.sha256)).toThrow(RangeError)
  })
})

describe('scattering places', () => {
  it('keeps a list of one size apart from a list of the other, whichever is asked first, also under one seed', () => {
    const alone = [2 ** 16, 2 ** 17].map((size) => {
      scatter(new Uint8Array(16).fill(9), 0, size, nodeEngine.sha256)
      return Array.from({ length: 500 }, (_, ordinal) => scatter(zeros, ordinal, size, nodeEngine.sha256))
    })
    const inTurn = Array.from({ length: 500 }, (_, ordinal) => [2 ** 16, 2 ** 17].map((size) => scatter(zeros, ordinal, size, nodeEngine.sha256)))
    expect([0, 1].map((which) => inTurn.map((places) => places[which]))).toEqual(alone)
  })

  it('asks for each digest once, however many records a list takes', () => {
    let asked = 0
    const counting = (bytes: Uint8Array): Uint8Array => {
      asked++
      return nodeEngine.sha256(bytes)
    }
    const seed = new Uint8Array(16).fill(77)
    for (let ordinal = 0; ordinal < 2 ** 16; ordinal++) scatter(seed, ordinal, 2 ** 16, counting)
    expect(asked).toBe(8 * 256)
  })

  it.each([0, 1, 2, 65_535, 65_537, 2 ** 19, 2 ** 32, 0.5, NaN])('refuses a list of %d places, which no list has', (places) => {
    expect(() => scatter(zeros, 0, places, nodeEngine.sha256)).toThrow(RangeError)
  })
})
