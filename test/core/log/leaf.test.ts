import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { leafBytes, leafKinds, readLeaf } from '#core/log/leaf.ts'
import { faultOf } from '../../support/fault-of.ts'

const digest = Uint8Array.from({ length: 32 }, (_, index) => index * 8)
const text = 'comity/leaf/1\nrecord\nAAgQGCAoMDhASFBYYGhweICIkJigqLC4wMjQ2ODo8Pg\n'

describe('an entry of the log', () => {
  it('is three lines: the version, the kind, the digest', () => {
    expect(Buffer.from(leafBytes('record', digest)).toString()).toBe(text)
    expect(readLeaf(Buffer.from(text))).toEqual({ kind: 'record', digest })
  })

  it('comes back whatever its kind and digest', () => {
    fc.assert(
      fc.property(fc.constantFrom(...leafKinds), fc.uint8Array({ minLength: 32, maxLength: 32 }), (kind, given) => {
        expect(readLeaf(leafBytes(kind, given))).toEqual({ kind, digest: given })
      }),
    )
  })

  it('is read in no other spelling', () => {
    const refused = [
      '',
      text.slice(0, -1),
      `${text}\n`,
      text.replaceAll('\n', '\r\n'),
      text.replace('leaf/1', 'leaf/2'),
      text.replace('record', 'Record'),
      text.replace('record', 'records'),
      text.replace('record\n', ''),
      text.replace('Pg\n', 'P\n'),
      text.replace('Pg\n', 'Ph\n'),
      text.replace('Pg\n', 'Pg=\n'),
      text.replace('Pg\n', 'PgAA\n'),
      `comity/leaf/1\nrecord\n${Buffer.from(digest.subarray(1)).toString('base64url')}\n`,
      'comity/leaf/1\nrecord\n\n',
      text.replace('AAg', '+/g'),
      ` ${text}`,
      `\ufeff${text}`,
      `${text}${'x'.repeat(200)}`,
    ]
    expect(refused.map((given) => faultOf(() => readLeaf(Buffer.from(given))))).toEqual(refused.map(() => 'log-leaf-malformed'))
    expect(faultOf(() => readLeaf(Uint8Array.of(0xff)))).toBe('log-leaf-malformed')
    expect([31, 33].map((length) => faultOf(() => leafBytes('record', new Uint8Array(length))))).toEqual(Array(2).fill('log-leaf-malformed'))
  })
})
