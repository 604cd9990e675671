import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { clipped, isBlankMark, looksLikeFormula, textCell } from '#core/ledger/ledger-cell.ts'
import { dateOfSerial, datePrecisionOf } from '#core/ledger/spreadsheet-date.ts'

describe('a text cell', () => {
  it.each(['=1', '+A1', '-A1', '@x', "'=1", '＝1', '+1+1', '-1-1', '=-'])('is a formula when a spreadsheet would run %s', (text) => {
    expect(textCell(text)).toEqual({ text, kind: 'formula' })
  })

  it.each(['-1', '+1', '-1.5', '-', '--', '——', '－', "'", 'a=1', '2020-01-01', '1-2'])('is no formula in %s', (text) => {
    expect(looksLikeFormula(text)).toBe(false)
  })

  it('is blank when it holds blanks of any kind, and an error when its bytes could not be read', () => {
    expect(textCell(' \t\u3000\u00a0')).toEqual({ text: '', kind: 'empty' })
    expect(textCell('a\ufffd')).toEqual({ text: 'a\ufffd', kind: 'error' })
    expect(textCell('\ud840')).toEqual({ text: '\ud840', kind: 'error' })
  })

  it.each(['-', '－', '——', '/', '无', 'N/A', 'n/a', '---'])('has a mark for nothing in %s', (text) => {
    expect(isBlankMark(text)).toBe(true)
  })

  it('is cut between characters, never within one', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 40 }), fc.integer({ min: 1, max: 20 }), (text, limit) => {
        const cut = clipped(text, limit)
        expect(cut.isWellFormed()).toBe(true)
        expect(text.startsWith(cut)).toBe(true)
        expect(cut === text || (cut.length > limit && cut.length <= limit + 2)).toBe(true)
      }),
    )
  })
})

describe('a spreadsheet’s date', () => {
  it.each([
    [1, '1900-01-01'],
    [59, '1900-02-28'],
    [60, undefined],
    [61, '1900-03-01'],
    [36_521, '1999-12-27'],
    [44_195.99, '2020-12-30'],
    [2_958_465, '9999-12-31'],
    [2_958_466, undefined],
    [0, undefined],
    [-1, undefined],
    [Number.NaN, undefined],
  ])('of day %d is %s', (serial, date) => {
    expect(dateOfSerial(serial, 'day')).toBe(date)
  })

  it('counts from 1904 where the workbook says so, and shows no more than its format', () => {
    expect(dateOfSerial(0, 'day', 1904)).toBe('1904-01-01')
    expect(dateOfSerial(36_521 - 1462, 'day', 1904)).toBe('1999-12-27')
    expect(dateOfSerial(36_521, 'month')).toBe('1999-12')
    expect(dateOfSerial(36_521, 'year')).toBe('1999')
  })

  it.each([
    [14, undefined, 'day'],
    [57, undefined, 'month'],
    [0, undefined, undefined],
    [2, undefined, undefined],
    [20, undefined, undefined],
    [164, 'yyyy"年"m"月"d"日"', 'day'],
    [164, 'yyyy\\-mm', 'month'],
    [164, 'yyyy', 'year'],
    [164, '[$-804]yyyy.mm.dd;@', 'day'],
    [164, 'h:mm:ss', undefined],
    [164, '0.00"day"', undefined],
    [164, '[Red]0.0_);\\y0', undefined],
    [164, 'General', undefined],
  ])('in format %d %s shows a %s', (id, code, precision) => {
    expect(datePrecisionOf(id, code)).toBe(precision)
  })
})
