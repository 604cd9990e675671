import { describe, expect, it } from 'vitest'

import { makeUuid, millisecondsOf, orderedUuids, readUuid, uuidText } from '#core/model/uuid.ts'
import { seededRandom } from '../../support/make-alliance.ts'

const filled = (byte: number) => (length: number) => new Uint8Array(length).fill(byte)

describe('a UUID of version 7', () => {
  it('carries its time, version and variant where RFC 9562 puts them', () => {
    // RFC 9562 appendix A.6: 2022-02-22 19:22:22.000 UTC
    const id = makeUuid(1_645_557_742_000, filled(0xff))
    expect(uuidText(id)).toBe('017f22e2-79b0-7fff-bfff-ffffffffffff')
    expect(millisecondsOf(id)).toBe(1_645_557_742_000)
  })

  it('rises in the order of asking while the clock stands, or goes back, and beyond what its counter holds', () => {
    let now = 1_645_557_742_000
    const next = orderedUuids(() => now, seededRandom('ordered'))
    const ids = Array.from({ length: 10_000 }, (_, index) => {
      if (index === 5000) now -= 86_400_000
      return uuidText(next())
    })
    now += 2 * 86_400_000
    ids.push(uuidText(next()))
    expect(ids).toEqual(ids.toSorted())
    expect(new Set(ids).size).toBe(10_001)
    for (const id of ids) expect(readUuid(id), id).toBeDefined()
    expect([ids[0], ids.at(-1)].map((id) => millisecondsOf(readUuid(id!)!))).toEqual([1_645_557_742_000, now])
  })

  it('is read from its text and nothing else', () => {
    const text = '017f22e2-79b0-7cc3-98c4-dc0c0c07398f'
    expect(uuidText(readUuid(text)!)).toBe(text)
    for (const other of [text.toUpperCase(), text.replace('-7c', '-4c'), text.slice(1), `${text} `, '']) expect(readUuid(other), other).toBeUndefined()
  })
})
