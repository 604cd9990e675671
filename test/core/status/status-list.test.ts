import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { decodeStatusList, encodeStatusList, sizeOf, statusAsOf, statusAt, statusBits, statusListOf, type StatusBits } from '#core/status/status-list.ts'
import { weighPeriods, type StatusPeriod } from '#core/status/status-kinds.ts'
import { encodeBase64url } from '#core/encoding/base64url.ts'
import { deflate, inflate } from '#custody/engine-node.ts'
import { faultOf } from '../../support/fault-of.ts'
import vectors from '../../vectors/status-list/encoding.json' with { type: 'json' }

describe('a status list', () => {
  it.each(vectors.cases)('reads the example of the specification: $name', ({ bits, size, statuses, lst }) => {
    const list = decodeStatusList({ bits: bits as StatusBits, lst }, inflate)
    expect(sizeOf(list)).toBe(size)
    const found: [number, number][] = []
    for (let index = 0; index < size; index++) if (statusAt(list, index) !== 0) found.push([index, statusAt(list, index)])
    expect(found).toEqual(statuses.toSorted(([a], [b]) => a! - b!))
    expect(statusListOf(bits as StatusBits, size, statuses as [number, number][])).toEqual({ bits, bytes: new Uint8Array(list.bytes) })
  })

  it('gives back every value at its place, for every width', () => {
    const lists = fc.constantFrom(...statusBits).chain((bits) => fc.tuple(fc.constant(bits), fc.array(fc.nat(2 ** bits - 1), { minLength: 1, maxLength: 300 })))
    fc.assert(
      fc.property(lists, ([bits, values]) => {
        const list = decodeStatusList(encodeStatusList(statusListOf(bits, values.length, values.entries()), deflate), inflate)
        expect(values.map((_, index) => statusAt(list, index))).toEqual(values)
      }),
    )
  })

  it('has no status for a place that it hasn’t', () => {
    const list = statusListOf(2, 16, [])
    expect([16, 2 ** 17, -1, 0.5, NaN, Infinity].map((index) => faultOf(() => statusAt(list, index)))).toEqual(Array(6).fill('status-index-out-of-range'))
    expect([faultOf(() => statusAsOf({ ...list, history: new Map() }, 16, 0)), faultOf(() => statusListOf(2, 16, [[16, 1]]))]).toEqual(
      Array(2).fill('status-index-out-of-range'),
    )
    expect(statusAt(list, 15)).toBe(0)
  })

  it('refuses a value that needs more bits than there are', () => {
    expect([4, -1, 0.5].map((value) => faultOf(() => statusListOf(2, 16, [[0, value]])))).toEqual(Array(3).fill('status-list-malformed'))
  })

  it('is not unpacked past its limit: a bomb is refused, and a good one read after it', () => {
    const bomb = { bits: 2, lst: encodeBase64url(deflate(new Uint8Array(64 * 1024 * 1024))) } as const
    expect(bomb.lst.length).toBeLessThan(100_000)
    expect(faultOf(() => decodeStatusList(bomb, inflate))).toBe('bytes-too-many')
    expect(faultOf(() => decodeStatusList({ bits: 1, lst: 'eNrbuRgAAhcBXQ' }, inflate, 1))).toBe('bytes-too-many')
    expect(decodeStatusList({ bits: 1, lst: 'eNrbuRgAAhcBXQ' }, inflate, 2).bytes).toEqual(Buffer.from([0xb9, 0xa3]))
  })

  it.each(['', 'eNrbuRgAAhcBX', 'AAAA', 'eNrbuRgAAhcAXQ'])('refuses damaged data %j', (lst) => {
    expect(faultOf(() => decodeStatusList({ bits: 1, lst }, inflate))).toMatch(/^(deflate-malformed|base64url-malformed)$/)
  })
})

describe('what a history says', () => {
  const suspended: StatusPeriod = { kind: 'suspended', reason: 's', from: 100, until: 200 }
  const cancelled: StatusPeriod = { kind: 'cancelled', reason: 'c', from: 300 }
  const revoked: StatusPeriod = { kind: 'revoked', reason: 'r', from: 400 }
  const penalty: StatusPeriod = { kind: 'penalty', reason: 'p', from: 400 }
  const voided: StatusPeriod = { kind: 'voided', reason: 'v', from: 400 }

  it.each([
    ['nothing happened', [], 0, 0, undefined],
    ['before a suspension', [suspended], 99, 0, undefined],
    ['on its first second', [suspended], 100, 2, suspended],
    ['on its last second', [suspended], 199, 2, suspended],
    ['once reinstated', [suspended], 200, 0, undefined],
    ['before a cancellation, which works from then on', [suspended, cancelled], 299, 0, undefined],
    ['after a cancellation', [suspended, cancelled], 300, 3, cancelled],
    ['long before a revocation, which is void from the start', [revoked], 0, 1, revoked],
    ['before a penalty, which is not', [penalty], 399, 0, undefined],
    ['after a penalty', [penalty], 400, 1, penalty],
    ['before the document was voided', [voided], 399, 0, undefined],
    ['after the document was voided', [voided], 400, 1, voided],
    ['of several the gravest', [cancelled, penalty, suspended], 1000, 1, penalty],
    ['in a suspension under a later revocation', [suspended, revoked], 150, 1, revoked],
  ] as const)('%s', (_, periods, at, value, period) => {
    expect(weighPeriods(periods, at)).toEqual({ value, period })
  })

  it('is unknown where the issuer publishes none, which is not the same as nothing', () => {
    const list = statusListOf(2, 8, [])
    expect(statusAsOf(list, 3, 0)).toBeUndefined()
    expect(statusAsOf({ ...list, history: new Map() }, 3, 0)).toEqual({ value: 0, period: undefined })
    expect(statusAsOf({ ...list, history: new Map([[3, [cancelled]]]) }, 3, 300)).toEqual({ value: 3, period: cancelled })
  })
})
