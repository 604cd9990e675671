import { describe, expect, it } from 'vitest'

import { tellsIdentityNumber } from '#core/model/identity-in-text.ts'
import vectors from '../../vectors/person-id.json' with { type: 'json' }

const long = vectors.valid.map(({ number }) => number)

describe('an identity number in a text', () => {
  it.each(long)('%s is seen, however it is written', (number) => {
    const spaced = `${number.slice(0, 6)} ${number.slice(6, 14)} ${number.slice(14)}`
    const wide = number.replace(/[0-9X]/g, (character) => String.fromCharCode(character.charCodeAt(0) + 0xfee0))
    const texts = [number, number.toLowerCase(), `号码${number}有误`, spaced, spaced.replaceAll(' ', '-'), wide, `(${number})`]
    expect(texts.map(tellsIdentityNumber)).toEqual(texts.map(() => true))
  })

  it.each([
    ...vectors.invalid.map(({ number }) => number).filter((number) => number !== '370102203003070015'),
    // Counted within a city, a year and a series: with a right check character, and nobody's.
    ...Array.from({ length: 11 }, (_, count) => `3701002021050${12340 + count}`),
    '370102985011234',
    '370100120260000001',
    '20370102199003070016',
    '370102199003070016A',
    'Y000123000001195000001',
    '1837010001500001',
    '济人社职〔2021〕24号',
    '2026-06-01T04:00:00Z',
    '',
  ])('%s is none', (text) => expect(tellsIdentityNumber(text)).toBe(false))
})
