import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { splitRecords } from '#cli/verify/split-records.ts'
import { decodeUtf8, encodeUtf8 } from '#core/encoding/utf8.ts'

/** What comes of a text that arrives in pieces of so many bytes. */
function split(text: string, piece: number): readonly string[] {
  const items: string[] = []
  const splitter = splitRecords((item) => items.push(decodeUtf8(item)))
  const bytes = encodeUtf8(text)
  for (let at = 0; at < bytes.length; at += piece) splitter.push(bytes.slice(at, at + piece))
  splitter.end()
  return items
}

const record = fc.stringMatching(/^[A-Za-z0-9_.~-]{1,40}$/)
const pieces = fc.integer({ min: 1, max: 50 })

describe('a file cut into records', () => {
  it('gives every line, wherever the bytes were torn', () => {
    fc.assert(
      fc.property(fc.array(record, { minLength: 1 }), fc.constantFrom('\n', '\r\n', '\n\n', ' \n\t'), pieces, (records, end, piece) => {
        expect(split(records.join(end), piece)).toEqual(records)
      }),
    )
  })

  it('gives every element of an array, as it stands', () => {
    const element = fc.oneof(fc.string(), fc.record({ record: fc.string(), more: fc.array(fc.string()) }))
    fc.assert(
      fc.property(fc.array(element, { minLength: 1 }), fc.constantFrom(undefined, 2), pieces, (elements, indent, piece) => {
        expect(split(JSON.stringify(elements, undefined, indent), piece).map((item) => JSON.parse(item) as unknown)).toEqual(elements)
      }),
    )
  })

  it('gives nothing for nothing', () => {
    for (const text of ['', '\n', ' \r\n\t\n', '[]', ' [ ] ']) expect(split(text, 3)).toEqual([])
  })

  it('takes a bracket for the start of an array only where one goes on', () => {
    expect(split('[abc\n"x"', 4)).toEqual(['[abc', '"x"'])
  })

  it('never drops what is wrong with an array', () => {
    expect(split('["a","b"', 2)).toEqual(['"a"', '"b"', ''])
    expect(split('["a",', 2)).toEqual(['"a"', ''])
    expect(split('["a"] "b"', 2)).toEqual(['"a"', '"b"'])
    expect(split('["a", 1, [2, 3]]', 2)).toEqual(['"a"', '1', '[2, 3]'])
  })

  it('cuts off what no record is as long as, and goes on after it', () => {
    const long = 'x'.repeat(1_000_000)
    expect(split(`a\n${long}\nb`, 10_000).map((item) => item.length)).toEqual([1, 131_072, 1])
    const [first, ...rest] = split(`["a","${long}","b"]`, 10_000)
    expect(first).toBe('"a"')
    expect(rest.length).toBeGreaterThan(0)
    for (const item of rest) expect(item.length).toBeLessThanOrEqual(131_072)
  })
})
