import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { presentSdJwt } from '#core/credential/present-sd-jwt.ts'
import { packRecord } from '#core/paper/pack-record.ts'
import type { DeflateWithDictionary } from '#core/paper/paper-format.ts'
import { nodeEngine } from '#custody/engine-node.ts'
import { paperDeflate, paperInflate } from '#custody/paper-deflate.ts'
import { base64url, digestOfDisclosure } from '../../support/craft-record.ts'
import { faultOf } from '../../support/fault-of.ts'
import { dictionary, pack, unpack } from '../../support/paper-code.ts'
import { longRecords, wholeLongRecords } from '../../support/paper-records.ts'

const signature = Uint8Array.from({ length: 64 }, (_, index) => index * 3)
const recordOf = (header: string, payload: string, disclosures: readonly string[] = []): string =>
  [`${base64url(header)}.${base64url(payload)}.${base64url(signature)}`, ...disclosures, ''].join('~')

const oddTexts = [
  '𠮷野家', // beyond the BMP
  '阿卜杜拉·买买提', // U+00B7
  '<script>alert(1)</script>&amp;',
  'a\0b',
  '\u202egnorw\u202c',
  '\ufeff\u200b',
  '\u0001\u0002\u0007\u001f\u007f\u0080\u00ff',
  '龥鿿䶿㐀豈', // the ends of blocks
  '丁七万上下', // second byte 0x01, 0x03, 0x07, 0x0a: what placeholders look like
  '　、。（）〔〕—…“”',
  '␁␂␇',
  '2021-02-29 2021-13-01 1899-12-31 2079-06-07 0000-00-00',
  '0'.repeat(70),
  'A'.repeat(43),
  '9'.repeat(43),
]

const text = fc.oneof(fc.constantFrom(...oddTexts), fc.string({ unit: 'binary', maxLength: 30 }), fc.string({ unit: 'grapheme', maxLength: 30 }))
const json = fc.jsonValue({ maxDepth: 4, stringUnit: 'binary' })

describe('packing a record', () => {
  it.each(oddTexts)('is lossless for the text %j, as name, value and member', (odd) => {
    const disclosure = base64url(JSON.stringify(['AAAAAAAAAAAAAAAAAAAAAA', odd, { [odd]: odd }]))
    const record = recordOf(JSON.stringify({ typ: odd }), JSON.stringify({ [odd]: [odd], _sd: [digestOfDisclosure(disclosure)] }), [disclosure])
    expect(unpack(pack(record))).toBe(record)
  })

  it('is lossless for any JSON, however it is spaced', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(text, json), { maxLength: 4 }), json, fc.constantFrom(undefined, 1, '\t', ' \n'), (disclosures, payload, space) => {
        const carried = disclosures.map(([name, value]) => base64url(JSON.stringify(['salt', name, value], null, space)))
        const record = recordOf('{"alg":"Ed25519"}', JSON.stringify({ payload, _sd: carried.map(digestOfDisclosure) }, null, space), carried)
        expect(unpack(pack(record))).toBe(record)
      }),
      { numRuns: 300 },
    )
  })

  it('is lossless for parts that are no JSON', () => {
    fc.assert(
      fc.property(text, text, fc.array(text, { maxLength: 3 }), (header, payload, disclosures) => {
        const record = recordOf(
          `x${header}`,
          `x${payload}`,
          disclosures.map((each) => base64url(`x${each}`)),
        )
        expect(unpack(pack(record))).toBe(record)
      }),
      { numRuns: 300 },
    )
  })

  it('is lossless for any choice of disclosures, in any order', () => {
    const whole = wholeLongRecords.title
    const [jwt, ...disclosures] = whole.split('~')
    const choice = fc.shuffledSubarray(disclosures.slice(0, -1))
    fc.assert(
      fc.property(choice, (chosen) => {
        const record = [jwt, ...chosen, ''].join('~')
        expect(unpack(pack(record))).toBe(record)
      }),
    )
  })

  it('is lossless for digests that are listed in another order, repeated, or not base64url', () => {
    const disclosure = base64url('["AAAAAAAAAAAAAAAAAAAAAA","a",1]')
    const own = digestOfDisclosure(disclosure)
    const [low, high] = ['-'.repeat(42) + 'A', 'z'.repeat(42) + 'w']
    const lists = [
      [high, low, own],
      [own, own],
      [low, high],
      [own],
      [low, own, 'z'.repeat(43)],
      [],
      [own, ...Array.from({ length: 40 }, (_, index) => digestOfDisclosure(`${index}`))].toSorted(),
      Array.from({ length: 40 }, (_, index) => digestOfDisclosure(`${index}`)).toSorted(),
    ]
    for (const list of lists) {
      const record = recordOf('{}', JSON.stringify({ _sd: list, more: { _sd: [own] } }), [disclosure])
      expect(unpack(pack(record))).toBe(record)
    }
  })

  it('does not carry the digest of a disclosure that is carried', () => {
    const [none, one] = [[], ['name']].map((names) => pack(presentSdJwt(wholeLongRecords.skill, names)).length)
    const disclosure = longRecords.skill.split('~')[1]!
    // Salt and name cost less than the digest that is computed in their place.
    expect(one! - none!).toBeLessThan(Buffer.from(disclosure, 'base64url').length - 32 + 16)
  })

  it.each([
    ['no ~ at the end', 'e30.e30.AA'],
    ['a key binding', `${recordOf('{}', '{}')}e30.e30.AA`],
    ['two parts', 'e30.e30~'],
    ['four parts', 'e30.e30.e30.e30~'],
    ['a short signature', 'e30.e30.AAAA~'],
    ['a header that is no base64url', recordOf('{}', '{}').replace('e30', 'e3=')],
    ['a payload in a second spelling', recordOf('{}', '{}').replace('.e30.', '.e31.')],
    ['a payload that is no UTF-8', `e30.${base64url(Uint8Array.from([0xff]))}.${base64url(signature)}~`],
    ['an empty text', ''],
    [
      'more disclosures than can be counted',
      recordOf(
        '{}',
        '{}',
        Array.from({ length: 32 }, () => 'e30'),
      ),
    ],
  ])('refuses what it cannot carry: %s', (_name, record) => {
    expect(faultOf(() => pack(record))).toBe('paper-record-unfit')
  })

  it('refuses a record that no code is large enough for', () => {
    const long = (length: number): string =>
      recordOf('{}', Array.from({ length }, (_, index) => String.fromCodePoint(0x4e00 + ((index * 7919) % 20_000))).join(''))
    expect(faultOf(() => pack(long(1_500)))).toBe('paper-code-too-long')
    expect(faultOf(() => pack(long(5_000)))).toBe('paper-code-too-long')
  })

  it('hands out no code that unpacks to something else', () => {
    const forgetful: DeflateWithDictionary = (bytes, dictionary) => paperDeflate(bytes.with(bytes.length - 3, 0x61), dictionary)
    expect(() => packRecord(longRecords.title, dictionary, nodeEngine, forgetful, paperInflate)).toThrow('does not unpack to its record')
  })
})
