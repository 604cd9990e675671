import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { readELicenceId, writeELicenceId } from '#core/model/e-licence-id.ts'
import vectors from '../../vectors/e-licence-id.json' with { type: 'json' }

describe('electronic-licence identifiers', () => {
  it.each(vectors.valid)('reads %s and writes it again', (text) => {
    const reading = readELicenceId(text)
    expect(reading).toMatchObject({ ok: true, changes: [], warnings: [] })
    expect(reading.ok && writeELicenceId(reading.value)).toBe(text)
  })

  it.each(vectors.invalid)('refuses "$id": $reason', ({ id, reason }) => expect(readELicenceId(id)).toEqual({ ok: false, reason }))

  it('takes them apart', () => {
    expect(readELicenceId(vectors.valid[0]!)).toMatchObject({
      value: { type: '11100000000013338W011', issuer: '11430000006122244L', serial: '20230000403', version: '001' },
    })
  })

  it('reads everything that it writes, and refuses it with one character changed', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[0-9A-Z]{1,64}$/), fc.stringMatching(/^\d{3}$/), fc.stringMatching(/^[0-9A-Z]$/), (serial, version, other) => {
        const id = { type: '11100000000013338W011', issuer: '11370100MB2Q000165', serial, version }
        const text = writeELicenceId(id)!
        expect(readELicenceId(text)).toEqual({ ok: true, value: id, changes: [], warnings: [] })
        const changed = text.slice(0, -1) + other
        expect(readELicenceId(changed).ok).toBe(changed === text)
      }),
    )
  })

  it('writes nothing that it could not read', () => {
    const id = { type: '11100000000013338W011', issuer: '11370100MB2Q000165', serial: 'JN-1', version: '001' }
    expect([writeELicenceId(id), writeELicenceId({ ...id, serial: '1', version: '1' }), writeELicenceId({ ...id, serial: '1'.repeat(65) })]).toEqual([
      undefined,
      undefined,
      undefined,
    ])
  })
})
