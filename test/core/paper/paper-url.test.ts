import { describe, expect, it } from 'vitest'

import { paperDigits } from '#core/paper/paper-digits.ts'
import { paperUrl, readPaperUrl } from '#core/paper/paper-url.ts'
import { faultOf } from '../../support/fault-of.ts'
import { pack } from '../../support/paper-code.ts'
import { usualRecords } from '../../support/paper-records.ts'

const code = pack(usualRecords.title)
const digits = paperDigits(code)
const broken = digits.replaceAll(/(.{60})/g, '$1\r\n ')

describe('the URL of a code', () => {
  it('has the digits in its fragment, which no server sees', () => {
    expect(paperUrl('https://hrzj.jinan.gov.example', code)).toBe(`https://hrzj.jinan.gov.example/q#${digits}`)
    expect(paperUrl('https://hrzj.jinan.gov.example/', code)).toBe(`https://hrzj.jinan.gov.example/q#${digits}`)
  })

  it.each([
    ['as printed', `https://hrzj.jinan.gov.example/q#${digits}`],
    ['of a host nobody knows', `http://look-alike.example:8080/q#${digits}`],
    ['of a page below a path', `https://www.jinan.gov.example/hrss/q#${digits}`],
    ['in capitals, as some scanners write the host', `HTTPS://HRZJ.JINAN.GOV.EXAMPLE/q#${digits}`],
    ['with a slash before the fragment', `https://hrzj.jinan.gov.example/q/#${digits}`],
    ['with line breaks', ` https://hrzj.jinan.gov.example/q#${broken}\n`],
    ['as a fragment', `#${digits}`],
    ['as digits', digits],
    ['as digits with line breaks', broken],
  ])('is read %s', (_name, text) => {
    expect([...readPaperUrl(text)!]).toEqual([...code])
  })

  it.each([
    ['nothing', ''],
    ['a phone number', '13800138000'],
    ['an identity number', '370113199604192288'],
    ['a long number', '1'.repeat(99)],
    ['a short fragment', '#12'],
    ['a link of a messenger', 'https://u.wechat.example/EAbcdef123'],
    ['a payment code', 'wxp://f2f0abc'],
    ['another page of ours', 'https://hrzj.jinan.gov.example/#about'],
    ['our page without a code', 'https://hrzj.jinan.gov.example/q'],
    ['our page with an empty fragment', 'https://hrzj.jinan.gov.example/q#'],
    ['a fragment of words', 'https://hrzj.jinan.gov.example/q#section-2'],
    ['digits in the query', `https://hrzj.jinan.gov.example/q?${digits}`],
    ['another scheme', `javascript:https://hrzj.jinan.gov.example/q#${digits}`],
    ['a record', usualRecords.title],
    ['a page of digits', '1'.repeat(20_000)],
    ['megabytes of blanks', ' '.repeat(5_000_000)],
  ])('is not seen in something else: %s', (_name, text) => {
    expect(readPaperUrl(text)).toBeUndefined()
  })

  it('is damaged where our path stands before digits that are not whole', () => {
    expect(faultOf(() => readPaperUrl('https://hrzj.jinan.gov.example/q#12'))).toBe('paper-code-damaged')
    expect(faultOf(() => readPaperUrl(`https://hrzj.jinan.gov.example/q#${digits.slice(0, -1)}`))).toBe('paper-code-damaged')
    expect(faultOf(() => readPaperUrl(digits.slice(0, -1)))).toBe('paper-code-damaged')
    expect(faultOf(() => readPaperUrl(`https://hrzj.jinan.gov.example/q#${'1'.repeat(6000)}`))).toBe('paper-code-too-long')
  })
})
