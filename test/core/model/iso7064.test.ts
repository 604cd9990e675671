import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { mod11Check, mod37Check } from '#core/model/iso7064.ts'
import vectors from '../../vectors/iso7064.json' with { type: 'json' }

describe('check characters of ISO 7064', () => {
  it.each(vectors.mod11_2)('MOD 11-2 agrees with the published $text', ({ text, valid }) => {
    expect(mod11Check(text.slice(0, -1)) === text.at(-1)).toBe(valid)
  })

  it.each(vectors.mod37_36)('MOD 37,36 agrees with the published $text', ({ text, valid }) => {
    expect(mod37Check(text.slice(0, -1)) === text.at(-1)).toBe(valid)
  })

  it('finds every single wrong character', () => {
    const alphabet = Array.from('0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ')
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...alphabet), { minLength: 2, maxLength: 60 }), fc.nat(), fc.constantFrom(...alphabet), (text, at, other) => {
        const place = at % text.length
        const wrong = text.with(place, other).join('')
        const check = mod37Check(text.join(''))
        expect(mod37Check(wrong) === check).toBe(wrong === text.join(''))
      }),
    )
  })

  it('has no check character for what is not of its alphabet', () => {
    expect([mod11Check('12A'), mod11Check(''), mod37Check('ab'), mod37Check('')]).toEqual([undefined, undefined, undefined, undefined])
  })
})
