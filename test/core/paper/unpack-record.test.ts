import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { Fault } from '#core/fault.ts'
import { paperDigits, readPaperDigits } from '#core/paper/paper-digits.ts'
import { unpackRecord } from '#core/paper/unpack-record.ts'
import { nodeEngine } from '#custody/engine-node.ts'
import { paperInflate } from '#custody/paper-deflate.ts'
import { faultOf } from '../../support/fault-of.ts'
import { codeOf, dictionaries, isSigned, pack, unpack } from '../../support/paper-code.ts'
import { longRecords, usualRecords } from '../../support/paper-records.ts'

const good = pack(usualRecords.title)
const digits = paperDigits(good)
const textAt = good[65]! < 0x80 ? 66 : 67
const behindAt = textAt + (good[65]! & 0x7f)

/** Never a yes for anything but the record itself. */
function expectNoAcceptance(read: () => string, record: string): 'fault' | 'unsigned' | 'same' {
  let text: string
  try {
    text = read()
  } catch (fault) {
    expect(fault).toBeInstanceOf(Fault)
    return 'fault'
  }
  if (text === record) return 'same'
  expect(isSigned(text)).toBe(false)
  return 'unsigned'
}

describe('unpacking a code that is not whole', () => {
  it('never accepts a code with one digit changed: it is damaged', () => {
    for (let at = 0; at < digits.length; at++)
      for (let digit = 0; digit < 10; digit++) {
        if (Number(digits[at]) === digit) continue
        expect(faultOf(() => readPaperDigits(`${digits.slice(0, at)}${digit}${digits.slice(at + 1)}`))).toBe('paper-code-damaged')
      }
  })

  it('never accepts digits cut at either end', () => {
    for (let length = 0; length < digits.length; length++) {
      expect(expectNoAcceptance(() => unpack(readPaperDigits(digits.slice(0, length))), usualRecords.title)).toBe('fault')
      expect(expectNoAcceptance(() => unpack(readPaperDigits(digits.slice(length + 1))), usualRecords.title)).toBe('fault')
    }
  })

  it('names every cut of the bytes as a code that ends too early', () => {
    const faults = Array.from({ length: good.length }, (_, length) => faultOf(() => unpack(good.subarray(0, length))))
    expect(new Set(faults)).toEqual(new Set(['paper-code-truncated']))
  })

  it.each(['title', 'recognition'] as const)('never accepts a code with one bit changed, though its check digits were made to fit: %s', (family) => {
    const record = longRecords[family]
    const code = pack(record)
    const answers = { fault: 0, unsigned: 0, same: 0 }
    for (let bit = 0; bit < code.length * 8; bit++) {
      const changed = code.with(bit >> 3, code[bit >> 3]! ^ (1 << (bit & 7)))
      answers[expectNoAcceptance(() => unpack(changed), record)]++
    }
    // Only the bits between the end of the deflate stream and its byte, and equal ways to say one text, change nothing.
    expect(answers.same).toBeLessThan(16)
    expect(answers.unsigned).toBeGreaterThan(1000)
  })

  it('never accepts the parts of two records put together', () => {
    const other = pack(usualRecords.skill)
    const otherTextAt = other[65]! < 0x80 ? 66 : 67
    const otherBehindAt = otherTextAt + (other[65]! & 0x7f)
    const joined = (...parts: readonly Uint8Array[]): Uint8Array => Uint8Array.from(parts.flatMap((part) => [...part]))
    const mixed = [
      joined(good.subarray(0, 65), other.subarray(65)),
      joined(other.subarray(0, 65), good.subarray(65)),
      joined(good.subarray(0, behindAt), other.subarray(otherBehindAt)),
      joined(good.subarray(0, 65), other.subarray(65, otherBehindAt), good.subarray(behindAt)),
    ]
    for (const code of mixed)
      for (const record of [usualRecords.title, usualRecords.skill]) expect(expectNoAcceptance(() => unpack(code), record)).not.toBe('same')
    expect(isSigned(unpack(mixed[0]!))).toBe(false)
    for (const code of [joined(good, other), joined(good, good)]) expect(faultOf(() => unpack(code))).toBe('paper-code-trailing')
  })
})

describe('unpacking what no packer made', () => {
  const nextPart = 0x01
  const two = [...Buffer.from('{}'), nextPart, ...Buffer.from('{}')]

  it('reads a code made by hand', () => {
    expect(unpack(codeOf(two, [0]))).toBe(`e30.e30.${Buffer.alloc(64, 7).toString('base64url')}~`)
  })

  it.each([
    ['no bytes', Uint8Array.of(), 'paper-code-truncated'],
    ['format 0', codeOf(two, [0], { first: 0x01 }), 'paper-format-unknown'],
    ['format 2', codeOf(two, [0], { first: 0x21 }), 'paper-format-unknown'],
    ['dictionary 0', codeOf(two, [0], { first: 0x10 }), 'paper-dictionary-unknown'],
    ['dictionary 15', codeOf(two, [0], { first: 0x1f }), 'paper-dictionary-unknown'],
    ['a length in two bytes that needs one', Uint8Array.from([0x11, ...new Uint8Array(64), 0x81, 0x00]), 'paper-code-malformed'],
    ['a length in three bytes', Uint8Array.from([0x11, ...new Uint8Array(64), 0x81, 0x81, 0x01]), 'paper-code-malformed'],
    ['more bytes than any code', Uint8Array.from([0x11, ...new Uint8Array(2400)]), 'paper-code-too-long'],
    ['one part', codeOf([...Buffer.from('{}')], [0]), 'paper-code-malformed'],
    ['a part too many', codeOf([...two, nextPart], [0]), 'paper-code-malformed'],
    ['fewer parts than it counts', codeOf(two, [1 << 3]), 'paper-code-malformed'],
    ['a placeholder that does not exist', codeOf([0x08, ...two], [0]), 'paper-code-malformed'],
    ['a placeholder without its bits', codeOf([0x02, ...two], [0]), 'paper-code-truncated'],
    ['bits set after the end', codeOf(two, [0x01]), 'paper-code-malformed'],
    ['a byte after the end', codeOf(two, [0, 0]), 'paper-code-trailing'],
    ['the digest of no disclosure', codeOf([0x06, ...two], [0, 0]), 'paper-code-malformed'],
    // 5 bits count of disclosures, 5 bits length less one, 4 bits of a value over 9.
    ['a digit over nine', codeOf([0x04, ...two], [0, 0b00_1111_00]), 'paper-code-malformed'],
    ['half a character', codeOf([...two, 0x80], [0]), 'paper-code-malformed'],
    ['a lead byte without characters', codeOf([...two, 0xe0, 0x00], [0]), 'paper-code-malformed'],
    ['ASCII in two bytes', codeOf([...two, 0xd2, 0x41], [0]), 'paper-code-malformed'],
    ['an ideograph in four bytes', codeOf([...two, 0xff, 0x00, 0x4e, 0x00], [0]), 'paper-code-malformed'],
    ['a surrogate', codeOf([...two, 0xff, 0x00, 0xd8, 0x00], [0]), 'paper-code-malformed'],
    ['a code point past the last', codeOf([...two, 0xff, 0x11, 0x00, 0x00], [0]), 'paper-code-malformed'],
    ['a text that inflates past its limit', codeOf(new Uint8Array(8193).fill(0x61), [0]), 'paper-text-too-long'],
  ])('names it: %s', (_name, code, fault) => {
    expect(faultOf(() => unpack(code))).toBe(fault)
  })

  it('stops a text of few bytes whose placeholders would make megabytes', () => {
    // 8,000 times the digest of the one disclosure: 344,000 characters.
    const text = [...Buffer.from('[]'), nextPart, ...Buffer.from('{}'), nextPart, ...new Uint8Array(8000).fill(0x06)]
    expect(faultOf(() => unpack(codeOf(text, [1 << 3, ...new Uint8Array(2100)])))).toBe('paper-text-too-long')
  })

  it('ends every garbage in a fault', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.uint8Array({ maxLength: 100 }), (text, behind) => {
        expect(expectNoAcceptance(() => unpack(codeOf(text, [...behind])), '')).not.toBe('same')
        expect(expectNoAcceptance(() => unpack(Uint8Array.from([0x11, ...text, ...behind])), '')).not.toBe('same')
      }),
      { numRuns: 500 },
    )
  })

  it('needs the dictionary that the code names', () => {
    expect(faultOf(() => unpackRecord(good, new Map(), nodeEngine, paperInflate))).toBe('paper-dictionary-unknown')
    expect(faultOf(() => unpackRecord(good, new Map([[2, dictionaries.get(1)!]]), nodeEngine, paperInflate))).toBe('paper-dictionary-unknown')
  })
})
