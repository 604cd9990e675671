import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { openBitWriter } from '#core/encoding/bits.ts'
import { openWriter } from '#core/encoding/pieces.ts'
import { encodeUtf8 } from '#core/encoding/utf8.ts'
import { Fault } from '#core/fault.ts'
import { packHistory, unpackHistory } from '#core/status/pack-history.ts'
import { statusKinds, weighPeriods, type StatusPeriod } from '#core/status/status-kinds.ts'
import { ourSize, statusListOf, type StatusHistory, type StatusList } from '#core/status/status-list.ts'
import { faultOf } from '../../support/fault-of.ts'

const iat = 1_780_000_000
const listOf = (history: StatusHistory, size = ourSize): StatusList =>
  statusListOf(
    2,
    size,
    Array.from(history, ([place, periods]): [number, number] => [place, weighPeriods(periods, iat).value]),
  )
const packed = (history: StatusHistory, size = ourSize): Uint8Array => packHistory(history, listOf(history, size))
const revoked = (from: number, reason = 'fraud'): StatusPeriod => ({ kind: 'revoked', reason, from })
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')

/** Fault and place of what the work throws. */
function refusal(work: () => unknown): string {
  try {
    work()
    return 'no fault'
  } catch (fault) {
    if (fault instanceof Fault) return `${fault.code} ${fault.at ?? ''} ${fault.detail ?? ''}`
    throw fault
  }
}

describe('the past of a status list, packed', () => {
  it('is these bytes', () => {
    const history = new Map([
      [9, [revoked(86_400 * 20_000 + 57_600)]],
      [17, [revoked(86_400 * 20_005 + 57_600)]],
      [300, [{ kind: 'suspended', reason: 'x', from: 86_400, until: 3 * 86_400 + 7 } as const]],
    ])
    // One period that the list does not tell of, at 300. Two grounds: revoked (1, lasting: 02), "fraud", days from 20,000 in 3 bits, second 57,600
    // in none; suspended (0, ended: 01), "x", day 1, second 0, 2 days and 7 seconds long. Bits: 0 000, 0 101, 1.
    expect(hex(packed(history))).toBe(
      ['01', 'ac02', '02', '02', '05', '6672617564', 'a09c01', '03', '80c203', '00', '01', '01', '78', '0100', '0000', '0200', '0700', '0580'].join(''),
    )
    expect(unpackHistory(packed(history), listOf(history))).toEqual(history)
  })

  it('is next to nothing where nothing happened', () => {
    expect([hex(packed(new Map())), hex(packed(new Map([[5, []]])))]).toEqual(['0000', '0000'])
    expect(unpackHistory(Uint8Array.of(0, 0), listOf(new Map()))).toEqual(new Map())
  })

  it('takes two bytes a revocation at most where one record in a hundred is revoked on some day of five years', () => {
    const reasons = ['fraud', 'unlawful-issue', 'issued-in-error']
    const history = new Map(Array.from({ length: 655 }, (_, n) => [n * 100, [revoked(86_400 * (20_000 - ((n * 7919) % 1825)) + 57_600, reasons[n % 3])]]))
    expect(packed(history).length).toBe(1103)
  })

  const period = fc
    .record({
      kind: fc.constantFrom(...statusKinds),
      reason: fc.oneof(fc.stringMatching(/^[a-z-]{1,20}$/), fc.constantFrom('', '死亡', 'a b')),
      from: fc.oneof(fc.nat(iat), fc.constantFrom(0, iat + 1, 253_402_300_799)),
      lasted: fc.option(fc.oneof(fc.nat(100), fc.nat(400 * 86_400)), { nil: undefined }),
    })
    .map(({ lasted, ...rest }): StatusPeriod => (lasted === undefined ? rest : { ...rest, until: Math.min(rest.from + lasted, 253_402_300_799) }))
  const histories = fc
    .array(fc.tuple(fc.oneof(fc.nat(ourSize - 1), fc.nat(20)), fc.array(period, { minLength: 1, maxLength: 4 })), { maxLength: 40 })
    .map((entries): StatusHistory => new Map(entries))

  it('comes back whatever happened, by rising places, and is the same bytes in whatever order it was told', () => {
    fc.assert(
      fc.property(histories, (history) => {
        const bytes = packed(history)
        const back = unpackHistory(bytes, listOf(history))
        expect(back).toEqual(history)
        expect([...back.keys()]).toEqual([...history.keys()].sort((a, b) => a - b))
        expect(hex(packed(new Map([...history].reverse())))).toBe(hex(bytes))
      }),
      { numRuns: 400 },
    )
  })

  it('has one spelling: what is read at all is what would be written', () => {
    const { history, bytes } = some
    let read = 0
    for (let at = 0; at < bytes.length; at++)
      for (let bit = 0; bit < 8; bit++) {
        const spoilt = bytes.with(at, bytes[at]! ^ (1 << bit))
        const found = attempt(() => unpackHistory(spoilt, listOf(history)))
        if (found === undefined) continue
        read++
        // Values of places differ from those in the list then, and that is for the token's reader to see.
        expect(hex(packHistory(found, listOf(history))), `byte ${at} bit ${bit}`).toBe(hex(spoilt))
      }
    expect(read > 50).toBe(true)
  })

  it('is refused wherever it is cut off, and where something stands behind its end', () => {
    const { history, bytes } = some
    for (let length = 0; length < bytes.length; length++)
      expect(
        refusal(() => unpackHistory(bytes.subarray(0, length), listOf(history))),
        `${length}`,
      ).toMatch(/^status-list-malformed history/)
    expect(refusal(() => unpackHistory(Uint8Array.of(...bytes, 0), listOf(history)))).toBe('status-list-malformed history bits behind the end')
  })
})

const some = (() => {
  const history = new Map<number, readonly StatusPeriod[]>([
    [3, [revoked(86_400 * 20_000)]],
    [4, [revoked(86_400 * 20_100 + 9, 'x')]],
    [70, [{ kind: 'suspended', reason: 'investigation', from: 86_400 * 19_000 + 77, until: 86_400 * 19_010 }, revoked(86_400 * 20_003)]],
    [400, [{ kind: 'suspended', reason: 'investigation', from: 86_400 * 19_500 + 5000, until: 86_400 * 19_900 + 5 }]],
    [65_535, [{ kind: 'cancelled', reason: 'deceased', from: 86_400 * 20_000 + 3 }]],
  ])
  return { history, bytes: packed(history) }
})()

function attempt<Result>(work: () => Result): Result | undefined {
  try {
    return work()
  } catch (fault) {
    if (fault instanceof Fault) return undefined
    throw fault
  }
}

describe('a history that nobody of ours has packed', () => {
  interface Told {
    readonly extra?: readonly number[]
    readonly grounds?: readonly (readonly [code: number, reason: string | Uint8Array, ...ranges: (readonly [least: number, width: number])[]])[]
    readonly bits?: readonly (readonly [value: number, width: number])[]
  }
  const made = ({ extra = [], grounds = [], bits = [] }: Told): Uint8Array => {
    const writer = openWriter()
    writer.count(extra.length)
    for (const distance of extra) writer.count(distance)
    writer.count(grounds.length)
    for (const [code, reason, ...ranges] of grounds) {
      writer.byte(code)
      writer.piece(typeof reason === 'string' ? encodeUtf8(reason) : reason)
      for (const [least, width] of ranges) {
        writer.count(least)
        writer.byte(width)
      }
    }
    const packing = openBitWriter()
    for (const [value, width] of bits) packing.put(value, width)
    writer.raw(packing.bytes())
    return writer.bytes()
  }
  const one = statusListOf(2, 16, [[3, 1]])
  const two = statusListOf(2, 16, [
    [3, 1],
    [5, 1],
  ])
  const fraud = [2, 'fraud', [9, 0], [0, 0]] as const
  const spanning = (days: readonly [number, number], seconds: readonly [number, number]): Told => ({ grounds: [[3, 'fraud', [9, 0], [0, 0], days, seconds]] })

  it('is read where it is what ours would be', () => {
    expect(unpackHistory(made({ grounds: [fraud] }), one)).toEqual(new Map([[3, [revoked(9 * 86_400)]]]))
    const both = made({
      grounds: [
        [2, 'fraud', [9, 0], [0, 0]],
        [2, 'x', [9, 0], [0, 0]],
      ],
      bits: [
        [1, 1],
        [0, 1],
      ],
    })
    expect(unpackHistory(both, two)).toEqual(
      new Map([
        [3, [revoked(9 * 86_400, 'x')]],
        [5, [revoked(9 * 86_400)]],
      ]),
    )
  })

  it.each<[string, Told, StatusList, string]>([
    ['no ground for a place that is set', {}, one, 'history/3 missing'],
    ['a place beyond the list', { extra: [16], grounds: [fraud] }, one, 'history/16 no such place'],
    ['places that add up to one beyond it', { extra: [15, 1], grounds: [fraud] }, one, 'history/16 no such place'],
    ['a distance beyond it', { extra: [17], grounds: [fraud] }, one, 'history@2 more than 16'],
    ['more periods than there may be', { extra: Array(2 ** 18 + 1).fill(0), grounds: [fraud] }, one, 'history@3 more than 262144'],
    ['one more than there may be, with those of the list', { extra: Array(2 ** 18).fill(0), grounds: [fraud] }, one, 'history too many periods'],
    ['more grounds than there may be', { grounds: Array(128).fill(fraud) }, one, 'history@3 more than 127'],
    ['an unknown kind', { grounds: [[10, 'fraud', [9, 0], [0, 0]]] }, one, 'history kind 5'],
    ['a reason without end', { grounds: [[2, 'a'.repeat(201), [9, 0], [0, 0]]] }, one, 'history@5 more than 200'],
    ['a day without end', { grounds: [[2, 'fraud', [2 ** 22, 0], [0, 0]]] }, one, 'history@13 more than 4194303'],
    ['more bits than a day has', { grounds: [[2, 'fraud', [0, 23], [0, 0]]], bits: [[0, 23]] }, one, 'history more bits than a time has'],
    ['bits that overflow a number', { grounds: [[2, 'fraud', [0, 255], [0, 0]]] }, one, 'history more bits than a time has'],
    ['a day after the last one', { grounds: [[2, 'fraud', [2_932_897, 0], [0, 0]]] }, one, 'history/3 no such time'],
    ['a second after the last of the day', { grounds: [[2, 'fraud', [9, 0], [86_400, 0]]] }, one, 'history/3 no such time'],
    ['an end after the last day', spanning([2_932_897, 0], [0, 0]), one, 'history/3 no such time'],
    ['a span spelt in seconds that are a day', spanning([0, 0], [86_400, 0]), one, 'history/3 no such time'],
    ['too few bits', { grounds: [[2, 'fraud', [9, 9], [0, 0]]], bits: [[1, 8]] }, one, 'history/3 cut off'],
    ['a ground that nothing has', { grounds: [fraud, [2, 'x', [9, 0], [0, 0]]], bits: [[0, 1]] }, one, 'history longer than it needs to be'],
    ['no period and a ground', { grounds: [fraud] }, statusListOf(2, 16, []), 'history longer than it needs to be'],
    ['a least value that is not reached', { grounds: [[2, 'fraud', [8, 1], [0, 0]]], bits: [[1, 1]] }, one, 'history longer than it needs to be'],
    ['a bit more than needed', { grounds: [[2, 'fraud', [9, 1], [0, 0]]], bits: [[0, 1]] }, one, 'history longer than it needs to be'],
    ['a set bit behind the end', { grounds: [fraud], bits: [[1, 3]] }, one, 'history bits behind the end'],
    ['a byte behind the end', { grounds: [fraud], bits: [[0, 8]] }, one, 'history bits behind the end'],
    [
      'one ground twice',
      {
        grounds: [fraud, fraud],
        bits: [
          [0, 1],
          [1, 1],
        ],
      },
      two,
      'history grounds out of order',
    ],
    [
      'grounds in another order',
      {
        grounds: [
          [2, 'x', [9, 0], [0, 0]],
          [2, 'fraud', [9, 0], [0, 0]],
        ],
        bits: [
          [0, 1],
          [1, 1],
        ],
      },
      two,
      'history grounds out of order',
    ],
    [
      'the rarer ground first',
      {
        extra: [5],
        grounds: [fraud, [2, 'x', [9, 0], [0, 0]]],
        bits: [
          [0, 1],
          [1, 1],
          [1, 1],
        ],
      },
      two,
      'history grounds out of order',
    ],
  ])('is refused with %s', (_, told, list, refused) => {
    expect(refusal(() => unpackHistory(made(told), list))).toBe(`status-list-malformed ${refused}`)
  })

  it('is refused where one ground stands twice with another between', () => {
    const told: Told = {
      extra: [0, 0, 1],
      grounds: [fraud, [2, 'x', [9, 0], [0, 0]], fraud],
      bits: [
        [0, 1],
        [0, 1],
        [2, 2],
        [2, 2],
        [3, 2],
      ],
    }
    expect(refusal(() => unpackHistory(made(told), two))).toBe('status-list-malformed history grounds out of order')
  })

  it('is refused with a reason that is no text', () => {
    expect(faultOf(() => unpackHistory(made({ grounds: [[2, Uint8Array.of(255), [9, 0], [0, 0]]] }), one))).toBe('text-not-utf8')
  })

  it('stands for no more periods than there may be, whatever the list unpacks to', () => {
    const full = (bytes: number): StatusList => ({ bits: 1, bytes: new Uint8Array(bytes).fill(255) })
    expect(refusal(() => unpackHistory(made({ grounds: [fraud] }), full(2 ** 20)))).toBe('status-list-malformed status_list/lst too many places')
    expect(unpackHistory(made({ grounds: [fraud] }), full(2 ** 15)).size).toBe(2 ** 18)
  })
})

describe('a history that no reader would take', () => {
  it.each<[string, StatusPeriod, string]>([
    ['that ends before it begins', { ...revoked(5), until: 4 }, 'status-list-malformed history/7 '],
    ['before 1970', revoked(-1), 'status-list-malformed history/7 '],
    ['of half a second', revoked(0.5), 'status-list-malformed history/7 '],
    ['after the last day', revoked(253_402_300_800), 'status-list-malformed history/7 '],
    ['that ends after the last day', { ...revoked(5), until: 253_402_300_800 }, 'status-list-malformed history/7 '],
    ['of no known kind', { ...revoked(5), kind: 'burnt' as 'revoked' }, 'status-list-malformed history/7 '],
    ['with a reason of too many bytes', revoked(5, '死'.repeat(67)), 'status-list-malformed history a reason of too many bytes'],
  ])('is not packed: a period %s', (_, period, refused) => {
    expect(refusal(() => packHistory(new Map([[7, [period]]]), statusListOf(2, 16, [[7, 1]])))).toBe(refused)
  })

  it('is not packed: more periods or grounds than a reader takes', () => {
    const many = Array.from({ length: 2 ** 18 + 1 }, () => revoked(5))
    expect(faultOf(() => packHistory(new Map([[7, many]]), statusListOf(2, 16, [[7, 1]])))).toBe('bytes-too-many')
    const grounds = Array.from({ length: 128 }, (_, n) => revoked(5, `${n}`))
    expect(faultOf(() => packHistory(new Map([[7, grounds]]), statusListOf(2, 16, [[7, 1]])))).toBe('bytes-too-many')
    expect(faultOf(() => packHistory(new Map([[7, grounds.slice(1)]]), statusListOf(2, 16, [[7, 1]])))).toBe('no fault')
  })
})
