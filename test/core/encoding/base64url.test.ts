import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { decodeBase64url, encodeBase64url, encodeBase64urlBytes } from '#core/encoding/base64url.ts'
import type { Fault } from '#core/fault.ts'

describe('base64url', () => {
  it.each([
    ['', ''],
    ['f', 'Zg'],
    ['fo', 'Zm8'],
    ['foo', 'Zm9v'],
    ['foob', 'Zm9vYg'],
    ['fooba', 'Zm9vYmE'],
    ['foobar', 'Zm9vYmFy'],
  ])('writes and reads %j as RFC 4648 §10 does, without padding', (plain, encoded) => {
    expect(encodeBase64url(Buffer.from(plain))).toBe(encoded)
    expect(Buffer.from(decodeBase64url(encoded)).toString()).toBe(plain)
  })

  it('gives back every byte string, and agrees with the platform', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const text = encodeBase64url(bytes)
        expect(text).toBe(Buffer.from(bytes).toString('base64url'))
        expect(encodeBase64urlBytes(bytes)).toEqual(new Uint8Array(Buffer.from(text)))
        expect(decodeBase64url(text)).toEqual(bytes)
      }),
    )
  })

  it('has one spelling for given bytes: whatever it reads, it writes the same', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...Array.from('AQgwZz09-_+/= \n~éA')) }), (text) => {
        let bytes: Uint8Array
        try {
          bytes = decodeBase64url(text)
        } catch (error) {
          expect((error as Fault).code).toBe('base64url-malformed')
          return
        }
        expect(encodeBase64url(bytes)).toBe(text)
      }),
      { numRuns: 2000 },
    )
  })

  it.each([
    ['padding', 'Zg==', 'character 2'],
    ['the other alphabet', 'ab+/', 'character 2'],
    ['white space', 'Zm9v Zm9', 'character 4'],
    ['a newline at the end', 'Zm9vYmF\n', 'character 7'],
    ['characters beyond ASCII', 'Zm9é', 'impossible length'],
    ['a lone surrogate', 'Zm9v\ud800', 'character 4'],
    ['unused bits after one byte', 'Zh', 'unused bits are set'],
    ['unused bits after two bytes', 'Zm9', 'unused bits are set'],
    ['a length that no bytes have', 'Zm9vY', 'impossible length'],
  ])('refuses %s and says where', (_, text, detail) => {
    expect(() => decodeBase64url(text, 'payload')).toThrow(expect.objectContaining({ code: 'base64url-malformed', at: 'payload', detail }))
  })
})
