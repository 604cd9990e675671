import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { firstDayOf, isBefore, lastDayOf, PartialDate, precisionOf, readDate } from '#core/model/partial-date.ts'
import vectors from '../../vectors/text.json' with { type: 'json' }

const date = (text: string): PartialDate => PartialDate.parse(text)

describe('a date of reduced precision', () => {
  it('accepts the published dates and refuses the published non-dates', () => {
    expect(vectors.dates.accept.map((text) => PartialDate.safeParse(text).success)).toEqual([true, true])
    expect(vectors.dates.reject.map((text) => PartialDate.safeParse(text.split(' ')[0]).success)).toEqual([false, false, false, false, false])
  })

  it('knows its precision, its first and its last day', () => {
    expect(['2021', '2000-02', '1900-02', '2021-03-29'].map((text) => [precisionOf(date(text)), firstDayOf(date(text)), lastDayOf(date(text))])).toEqual([
      ['year', '2021-01-01', '2021-12-31'],
      ['month', '2000-02-01', '2000-02-29'],
      ['month', '1900-02-01', '1900-02-28'],
      ['day', '2021-03-29', '2021-03-29'],
    ])
  })

  it('says before, not before, or that nobody can tell', () => {
    const pairs = [
      ['2020', '2021-03'],
      ['2021', '2021-03'],
      ['2021-03-29', '2021-03-29'],
      ['2021-03', '2021-03-01'],
      ['2021-04', '2021-03'],
      ['2021-03-01', '2021-03'],
    ] as const
    expect(pairs.map(([a, b]) => isBefore(date(a), date(b)))).toEqual(['yes', 'cannot-tell', 'no', 'no', 'no', 'cannot-tell'])
  })
})

describe('reading a date', () => {
  const readings: readonly (readonly [string, string, readonly string[]])[] = [
    ['2021-03-29', '2021-03-29', []],
    ['1994-04', '1994-04', []],
    ['2021', '2021', []],
    ['20210329', '2021-03-29', ['date-compact']],
    ['199404', '1994-04', ['date-compact']],
    ['2021.03.29', '2021-03-29', ['date-dotted']],
    ['1999.08', '1999-08', ['date-dotted']],
    ['2021/3/9', '2021-03-09', ['date-slashed']],
    ['2021-3-9', '2021-03-09', ['date-unpadded']],
    ['2021年3月29日', '2021-03-29', ['date-chinese']],
    ['2021年3月', '2021-03', ['date-chinese']],
    ['2021年', '2021', ['date-chinese']],
    ['2021 年 3 月', '2021-03', ['date-chinese']],
    ['２０２１－０３－２９', '2021-03-29', ['full-width']],
    ['２０２１年３月', '2021-03', ['full-width', 'date-chinese']],
    [' 2021-03-29', '2021-03-29', ['blanks-removed']],
    ['2021-03-29 00:00:00', '2021-03-29', ['date-time-dropped']],
    ['36521', '1999-12-27', ['date-excel-serial']],
    ['40139', '2009-11-22', ['date-excel-serial']],
    ['44195', '2020-12-30', ['date-excel-serial']],
    ['44280', '2021-03-25', ['date-excel-serial']],
  ]
  it.each(readings)('reads %s as %s', (text, value, changes) => expect(readDate(text)).toEqual({ ok: true, value, changes, warnings: [] }))

  const refusals: readonly (readonly [string, string])[] = [
    ['2019-02-30', 'date-impossible'],
    ['2021-02-29', 'date-impossible'],
    ['20211301', 'date-impossible'],
    ['2021年4月31日', 'date-impossible'],
    ['1899-12-31', 'date-before-1900'],
    ['', 'date-blank'],
    ['　', 'date-blank'],
    ['2021.1', 'date-ambiguous'],
    ['200112', 'date-ambiguous'],
    ['901204', 'date-form-unknown'],
    ['三月', 'date-form-unknown'],
    ['2021-03-29 08:30:00', 'date-form-unknown'],
    ['29/03/2021', 'date-form-unknown'],
  ]
  it.each(refusals)('refuses %s: %s', (text, reason) => expect(readDate(text)).toEqual({ ok: false, reason }))

  it('agrees with the calendar on every day from 1900 to 2199', () => {
    fc.assert(
      fc.property(fc.date({ min: new Date('1900-01-01T00:00:00Z'), max: new Date('2199-12-31T00:00:00Z'), noInvalidDate: true }), (moment) => {
        const day = moment.toISOString().slice(0, 10)
        expect(readDate(day)).toEqual({ ok: true, value: day, changes: [], warnings: [] })
        expect(readDate(day.replaceAll('-', ''))).toEqual({ ok: true, value: day, changes: ['date-compact'], warnings: [] })
      }),
    )
  })
})
