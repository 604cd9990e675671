import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { composeNumber, NumberScheme, readNumber } from '#core/model/number-scheme.ts'

const jinan = NumberScheme.parse({ id: 'jn-title', family: 'title', template: 'JN{year:4}{series:2}{serial:6}' })
const checked = NumberScheme.parse({ id: 'zb-title', family: 'title', template: 'ZB-{office:A2}-{year:4}-{lot:X3}{serial:5}{check}', check: 'mod-37-36' })
const digits = NumberScheme.parse({ id: 'zb-skill', family: 'skill', template: '{year:4}{serial:6}{check}', check: 'mod-11-2' })

describe('a number scheme', () => {
  it('takes a number apart and puts it together again', () => {
    const parts = { year: '2017', series: '06', serial: '000001' }
    expect(readNumber(jinan, 'JN201706000001')).toEqual({ ok: true, value: { number: 'JN201706000001', parts }, changes: [], warnings: [] })
    expect(composeNumber(jinan, { year: 2017, series: '06', serial: 1 })).toBe('JN201706000001')
  })

  it('normalises full-width digits and letters, and says so', () => {
    expect(readNumber(jinan, 'JN２００８２２０００３２２')).toEqual({
      ok: true,
      value: { number: 'JN200822000322', parts: { year: '2008', series: '22', serial: '000322' } },
      changes: ['full-width'],
      warnings: [],
    })
  })

  it.each(['JN20170600001', 'JN2017060000012', 'QD201706000001', 'xJN201706000001', 'JN2017060000A1'])('refuses %s', (number) => {
    expect(readNumber(jinan, number)).toEqual({ ok: false, reason: 'number-scheme-mismatch' })
  })

  it('computes and verifies check characters', () => {
    const number = composeNumber(checked, { office: 'RS', year: 2025, lot: 'A01', serial: 42 })
    expect(number).toBe('ZB-RS-2025-A01000426')
    expect(readNumber(checked, number)).toMatchObject({ ok: true, value: { parts: { office: 'RS', year: '2025', lot: 'A01', serial: '00042' } } })
    expect(readNumber(checked, 'ZB-RS-2025-A01000436')).toEqual({ ok: false, reason: 'number-check' })
  })

  it('reads everything that it composes', () => {
    fc.assert(
      fc.property(fc.nat(9999), fc.nat(999_999), (year, serial) => {
        const number = composeNumber(digits, { year, serial })
        expect(readNumber(digits, number)).toMatchObject({
          ok: true,
          value: { number, parts: { year: String(year).padStart(4, '0'), serial: String(serial).padStart(6, '0') } },
        })
      }),
    )
  })

  it('composes nothing of parts that are missing or have run out', () => {
    expect(() => composeNumber(jinan, { year: 2017, series: '06' })).toThrow(expect.objectContaining({ code: 'number-part-missing', at: 'serial' }))
    expect(() => composeNumber(jinan, { year: 2017, series: '06', serial: 1_000_000 })).toThrow(
      expect.objectContaining({ code: 'number-part-unfit', at: 'serial' }),
    )
    expect(() => composeNumber(jinan, { year: 2017, series: '6x', serial: 1 })).toThrow(expect.objectContaining({ code: 'number-part-unfit', at: 'series' }))
  })

  it.each([
    ['{year:4', undefined],
    ['{year}', undefined],
    ['{Year:4}', undefined],
    ['{year:4}{year:4}', undefined],
    ['{year:0}', undefined],
    ['JN {year:4}', undefined],
    ['{year:4}{check}', undefined],
    ['{year:4}', 'mod-11-2'],
    ['{check}{year:4}', 'mod-11-2'],
    ['JN{year:4}{check}', 'mod-11-2'],
    ['jn{year:4}{check}', 'mod-37-36'],
    ['', undefined],
  ])('is refused as %s with %s', (template, check) => {
    expect(NumberScheme.safeParse({ id: 'a', family: 'title', template, ...(check === undefined ? {} : { check }) }).success).toBe(false)
  })

  it('takes signs of a template for themselves', () => {
    const scheme = NumberScheme.parse({ id: 'a', family: 'title', template: '鲁.*〔{year:4}〕' })
    expect(readNumber(scheme, '鲁.*〔2020〕')).toMatchObject({ ok: true, value: { parts: { year: '2020' } } })
    expect(readNumber(scheme, '鲁xx〔2020〕')).toEqual({ ok: false, reason: 'number-scheme-mismatch' })
  })
})

describe('a certificate number without a scheme', () => {
  it('is an opaque text of 1 to 64 characters that can be seen', () => {
    for (const number of ['1', '鲁（2020）第 00123 号', 'A'.repeat(64), '007'])
      expect(readNumber(undefined, number)).toEqual({ ok: true, value: { number, parts: {} }, changes: [], warnings: [] })
    expect(['', '　', 'A'.repeat(65), 'A\u0007B', 'A\u202eB', 'A\nB', '1.23457E+11'].map((text) => readNumber(undefined, text))).toEqual(
      ['number-blank', 'number-blank', 'number-too-long', 'number-character', 'number-character', 'number-character', 'digits-lost'].map((reason) => ({
        ok: false,
        reason,
      })),
    )
  })

  it('loses nothing but blanks at its ends and full width', () => {
    expect(readNumber(undefined, ' ａ１－２ ')).toEqual({
      ok: true,
      value: { number: 'a1－2', parts: {} },
      changes: ['full-width', 'blanks-removed'],
      warnings: [],
    })
  })
})
