import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { mostPaperDigits, paperDigits, readPaperDigits } from '#core/paper/paper-digits.ts'
import { faultOf } from '../../support/fault-of.ts'

describe('digits of a code', () => {
  it.each([
    [[], '0001'],
    [[0], '0000001'],
    [[1], '0019947'],
    [[255], '2553089'],
    [[0, 0], '000000001'],
    [[1, 2, 3], '000660511791'],
  ])('are what they were published to be: %j', (bytes, digits) => {
    expect(paperDigits(Uint8Array.from(bytes))).toBe(digits)
    expect([...readPaperDigits(digits)]).toEqual(bytes)
  })

  it('give the same bytes back, leading zeros too', () => {
    fc.assert(
      fc.property(fc.nat(4), fc.uint8Array({ maxLength: 600 }), (zeros, tail) => {
        const bytes = Uint8Array.from([...new Uint8Array(zeros), ...tail])
        expect([...readPaperDigits(paperDigits(bytes))]).toEqual([...bytes])
      }),
    )
  })

  it('take 2.41 digits a byte and four for the check', () => {
    expect([100, 300, 400, 2320].map((bytes) => paperDigits(new Uint8Array(bytes)).length)).toEqual([245, 727, 968, mostPaperDigits])
    expect(mostPaperDigits).toBe(5592)
  })

  it('show two neighbours that were swapped', () => {
    const digits = paperDigits(Uint8Array.from({ length: 120 }, (_, index) => (index * 89) % 256))
    for (let at = 1; at < digits.length; at++) {
      const [left, right] = [digits[at - 1]!, digits[at]!]
      if (left !== right) expect(faultOf(() => readPaperDigits(`${digits.slice(0, at - 1)}${right}${left}${digits.slice(at + 1)}`))).toBe('paper-code-damaged')
    }
  })

  it.each([
    ['no digits', ''],
    ['too few', '001'],
    ['a length that no code has', '00001'],
    ['a number too large for its length', '2563062'],
    ['check digits over 9972', '0009974'],
    ['a letter', '00l9947'],
    ['digits of another script', '００１９９４７'],
    ['a sign', '-019947'],
  ])('are damaged: %s', (_name, digits) => {
    expect(faultOf(() => readPaperDigits(digits))).toBe('paper-code-damaged')
  })

  it('are not looked at past what any code holds', () => {
    expect(faultOf(() => readPaperDigits('1'.repeat(mostPaperDigits + 1)))).toBe('paper-code-too-long')
    expect(faultOf(() => paperDigits(new Uint8Array(2321)))).toBe('paper-code-too-long')
  })
})
