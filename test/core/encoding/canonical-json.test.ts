import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { canonicalJson } from '#core/encoding/canonical-json.ts'
import { faultOf } from '../../support/fault-of.ts'
import vectors from '../../vectors/json/rfc8785.json' with { type: 'json' }

describe('canonical JSON', () => {
  it('writes the example of RFC 8785 §3.2.2', () => {
    expect(canonicalJson(JSON.parse(vectors.serialization.input))).toBe(vectors.serialization.output)
  })

  it('sorts as RFC 8785 §3.2.3 does, by UTF-16 code units', () => {
    const texts = [...canonicalJson(vectors.sorting.input).matchAll(/:"((?:[^"\\]|\\.)*)"/g)].map((match) => match[1])
    expect(texts).toEqual(vectors.sorting.order)
  })

  it.each(vectors.numbers as [string, string][])('writes the double %s as %s', (bits, text) => {
    const view = new DataView(new ArrayBuffer(8))
    view.setBigUint64(0, BigInt(`0x${bits}`))
    expect(canonicalJson(view.getFloat64(0))).toBe(text)
  })

  it('is the same for every order of members', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue()), (object) => {
        const reversed = Object.fromEntries(Object.entries(object).reverse())
        expect(canonicalJson(reversed)).toBe(canonicalJson(object))
        expect(JSON.parse(canonicalJson(object))).toEqual(JSON.parse(JSON.stringify(object)))
      }),
    )
  })

  it('leaves out members that are undefined', () => {
    expect(canonicalJson({ b: undefined, a: [{ c: undefined }] })).toBe('{"a":[{}]}')
  })

  it.each([[NaN], [Infinity], [undefined], [[undefined]], [1n]])('refuses %s, which JSON has no form for', (value) => {
    expect(faultOf(() => canonicalJson(value))).toBe('json-malformed')
  })

  it('refuses lone surrogates in texts and names', () => {
    expect([faultOf(() => canonicalJson('\ud800')), faultOf(() => canonicalJson({ '\udc00': 1 }))]).toEqual(['json-surrogate-lone', 'json-surrogate-lone'])
  })
})
