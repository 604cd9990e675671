import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { asObject, parseJson, parseJsonText } from '#core/encoding/parse-json.ts'
import { encodeUtf8 } from '#core/encoding/utf8.ts'
import { faultOf } from '../../support/fault-of.ts'

const wide = { bytes: 16 * 1024 * 1024, depth: 1000 }

describe('strict JSON', () => {
  it('reads what JSON.stringify writes', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = JSON.stringify(value)
        fc.pre(!text.includes('__proto__') && !text.includes('\\ud'))
        expect(parseJson(encodeUtf8(text), wide)).toEqual(JSON.parse(text))
      }),
    )
  })

  it.each([
    ['at the top', '{"a":1,"b":2,"a":1}', '/x@13'],
    ['deep inside', '[{"c":{"a":[1],"b":2,"a":[1]}}]', '/x@21'],
    ['spelt with an escape', '{"a":1,"\\u0061":1}', '/x@7'],
    ['though a text in between holds quotes and colons', '{"a":"\\":{[","b":":","a":0}', '/x@21'],
    ['three times', '{"a":1,"a":1,"a":1}', '/x@7'],
  ])('refuses a member repeated %s, and says at which character', (_, text, at) => {
    expect(() => parseJsonText(text, wide, '/x')).toThrow(expect.objectContaining({ code: 'json-member-repeated', at }))
  })

  it('takes the same name in different objects, and names that objects inherit', () => {
    expect(parseJsonText('[{"a":1},{"a":{"a":2}}]')).toEqual([{ a: 1 }, { a: { a: 2 } }])
    expect(Object.keys(parseJsonText('{"constructor":1,"toString":2,"hasOwnProperty":3}') as object)).toEqual(['constructor', 'toString', 'hasOwnProperty'])
  })

  it.each([
    ['200,000 arrays', '['.repeat(200_000) + ']'.repeat(200_000)],
    ['200,000 objects', '{"a":'.repeat(200_000) + '1' + '}'.repeat(200_000)],
    ['200,000 brackets that never close', '['.repeat(200_000)],
    ['one level too many', '['.repeat(1001) + ']'.repeat(1001)],
  ])('refuses %s without going down into them', (_, text) => {
    expect(faultOf(() => parseJson(encodeUtf8(text), wide))).toBe('json-too-deep')
  })

  it('takes as many levels as are allowed', () => {
    expect(faultOf(() => parseJsonText('['.repeat(1000) + ']'.repeat(1000), wide))).toBe('no fault')
    expect(parseJsonText('"[[[[[[[[[[[[[[[[[[[["')).toBe('[[[[[[[[[[[[[[[[[[[[')
  })

  it('refuses 8 MB before it looks at one of them', () => {
    const bytes = new Uint8Array(8 * 1024 * 1024).fill(0x5b)
    expect(() => parseJson(bytes)).toThrow(expect.objectContaining({ code: 'bytes-too-many', detail: '8388608 bytes, at most 65536' }))
  })

  it.each([
    ['a lone high surrogate', '{"a":"\\ud800"}'],
    ['a lone low surrogate', '["\\udc00x"]'],
    ['surrogates the wrong way round', '"\\udc00\\ud800"'],
    ['a lone surrogate in a name', '{"\\ud800":1}'],
  ])('refuses %s', (_, text) => {
    expect(faultOf(() => parseJson(encodeUtf8(text)))).toBe('json-surrogate-lone')
  })

  it('takes a pair of surrogates however it is spelt', () => {
    expect(parseJson(encodeUtf8('["\\ud867\\udd98","𩶘"]'))).toEqual(['𩶘', '𩶘'])
  })

  it.each([
    ['at the top', '{"__proto__":{"admin":true}}'],
    ['inside', '{"a":[{"__proto__":1}]}'],
    ['spelt with an escape', '{"\\u005f_proto__":1}'],
  ])('refuses __proto__ %s', (_, text) => {
    expect(faultOf(() => parseJson(encodeUtf8(text)))).toBe('json-member-forbidden')
  })

  it.each([
    ['a byte order mark', [0xef, 0xbb, 0xbf, 0x7b, 0x7d], 'json-malformed'],
    ['an overlong encoding', [0x22, 0xc0, 0xaf, 0x22], 'text-not-utf8'],
    ['an encoded surrogate', [0x22, 0xed, 0xa0, 0x80, 0x22], 'text-not-utf8'],
    ['a cut-off character', [0x22, 0xe4, 0xba, 0x22], 'text-not-utf8'],
    ['UTF-16', [0x7b, 0x00, 0x7d, 0x00], 'json-malformed'],
    ['nothing', [], 'json-malformed'],
  ])('refuses %s', (_, bytes, code) => {
    expect(faultOf(() => parseJson(Uint8Array.from(bytes)))).toBe(code)
  })

  it.each(['1e400', '-1e400', '01', '+1', 'NaN', '{"a":1,}', '[1,]', '{"a" 1}', "{'a':1}", '"a', '"\u0001"', '1 2', '// x\n1', '{a:1}'])(
    'refuses %j',
    (text) => {
      expect(faultOf(() => parseJsonText(text))).toBe('json-malformed')
    },
  )

  it('never quotes the input in a fault', () => {
    expect(() => parseJsonText('{"name":"张三" "x"}')).toThrow(expect.objectContaining({ message: expect.not.stringContaining('张三') as string }))
  })

  it('says when an object is expected and something else is there', () => {
    for (const value of [null, [], 'a', 1, true]) expect(faultOf(() => asObject(value, 'jws-malformed', 'payload'))).toBe('jws-malformed')
    expect(asObject({ a: 1 }, 'jws-malformed', 'payload')).toEqual({ a: 1 })
  })
})
