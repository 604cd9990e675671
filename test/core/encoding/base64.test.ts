import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { decodeBase64, encodeBase64 } from '#core/encoding/base64.ts'

describe('base64 with padding', () => {
  it('is what RFC 4648 §10 shows', () => {
    const known = [
      ['', ''],
      ['f', 'Zg=='],
      ['fo', 'Zm8='],
      ['foo', 'Zm9v'],
      ['foob', 'Zm9vYg=='],
      ['fooba', 'Zm9vYmE='],
      ['foobar', 'Zm9vYmFy'],
    ] as const
    for (const [text, encoded] of known) {
      expect(encodeBase64(Buffer.from(text))).toBe(encoded)
      expect(decodeBase64(encoded)).toEqual(Uint8Array.from(Buffer.from(text)))
    }
    expect(encodeBase64(Uint8Array.of(0xfb, 0xff, 0xfe))).toBe('+//+')
  })

  it('comes back, and is what others write', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(encodeBase64(bytes)).toBe(Buffer.from(bytes).toString('base64'))
        expect(decodeBase64(encodeBase64(bytes))).toEqual(bytes)
      }),
    )
  })

  it('is read in no other spelling', () => {
    const refused = ['Zg', 'Zg=', 'Zg===', 'Zh==', 'Zm9=', 'Z===', '====', '=Zg=', 'Zg==Zg==', 'Zm9v\n', ' Zm9', 'Zm 9', '-__-', 'Zm９v', 'Zm9v====']
    expect(refused.filter((text) => decodeBase64(text) !== undefined)).toEqual([])
  })

  it('has no spelling beside the one, for any four characters', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Za-z0-9+/=_-]{4}$/), (text) => {
        const bytes = decodeBase64(text)
        expect(bytes === undefined || encodeBase64(bytes) === text).toBe(true)
      }),
      { numRuns: 2000 },
    )
  })
})
