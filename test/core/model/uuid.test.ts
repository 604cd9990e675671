import { describe, expect, it } from 'vitest'

import { makeUuid, millisecondsOf, readUuid, uuidText } from '#core/model/uuid.ts'

const filled = (byte: number) => (length: number) => new Uint8Array(length).fill(byte)

describe('a UUID of version 7', () => {
  it('carries its time, version and variant where RFC 9562 puts them', () => {
    // RFC 9562 appendix A.6: 2022-02-22 19:22:22.000 UTC
    const id = makeUuid(1_645_557_742_000, filled(0xff))
    expect(uuidText(id)).toBe('017f22e2-79b0-7fff-bfff-ffffffffffff')
    expect(millisecondsOf(id)).toBe(1_645_557_742_000)
  })

  it('is read from its text and nothing else', () => {
    const text = '017f22e2-79b0-7cc3-98c4-dc0c0c07398f'
    expect(uuidText(readUuid(text)!)).toBe(text)
    for (const other of [text.toUpperCase(), text.replace('-7c', '-4c'), text.slice(1), `${text} `, '']) expect(readUuid(other), other).toBeUndefined()
  })
})
