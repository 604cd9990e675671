import { describe, expect, it } from 'vitest'

import { maskName, maskPersonId, personIdKindOf, personIdKinds, readPersonId, type PersonIdKind } from '#core/model/person-id.ts'
import vectors from '../../vectors/person-id.json' with { type: 'json' }

const today = '2026-03-01'
const kindOf = (key: string): PersonIdKind => personIdKinds.find((kind) => kind === key)!

describe('reading an identity number', () => {
  it.each(vectors.valid)('accepts $number ($source) and knows its kind by itself', ({ number, type, birth, sex, area }) => {
    const reading = readPersonId(number, { today })
    expect(reading).toMatchObject({ ok: true, value: { kind: type, number }, changes: [] })
    expect(readPersonId(number, { kind: kindOf(type), today })).toEqual(reading)
    if (reading.ok && birth !== undefined)
      expect(reading.value).toEqual({ kind: type, number, birth: `${birth.slice(0, 4)}-${birth.slice(4, 6)}-${birth.slice(6)}`, gender: sex, area })
  })

  it('warns of withdrawn districts and of no others among the valid numbers', () => {
    const warned = vectors.valid.flatMap(({ number }) => {
      const reading = readPersonId(number, { today })
      return reading.ok && reading.warnings.length > 0 ? [[number.slice(0, 6), ...reading.warnings]] : []
    })
    expect(warned).toEqual([
      ['320482', 'person-id-area-withdrawn'],
      ['371202', 'person-id-area-withdrawn'],
      ['500112', 'person-id-area-withdrawn'],
    ])
  })

  it('refuses every invalid number, with the reason', () => {
    expect(vectors.invalid.map(({ number, why }) => [why, readPersonId(number, { today })])).toEqual([
      ['check digit', { ok: false, reason: 'person-id-check-digit' }],
      ['30 February', { ok: false, reason: 'person-id-birth-impossible' }],
      ['17 digits', { ok: false, reason: 'person-id-form-unknown' }],
      ['Taiwan permits use 83, not 71', { ok: false, reason: 'person-id-province-unknown' }],
      ['birth in the future', { ok: false, reason: 'person-id-birth-in-future' }],
      ['province prefix 16 does not exist: hard error', { ok: false, reason: 'person-id-province-unknown' }],
      ['province prefix 16 does not exist: hard error', { ok: false, reason: 'person-id-province-unknown' }],
    ])
  })

  it('normalises what was typed otherwise, and says what it changed', () => {
    expect(vectors.normalise.map(({ in: text }) => readPersonId(text, { kind: 'resident_id', today }))).toMatchObject([
      { ok: true, value: { number: '11010519491231002X' }, changes: ['letters-upper-cased'] },
      { ok: true, value: { number: '370102199003070016' }, changes: ['full-width'] },
      { ok: true, value: { number: '370102199003070016' }, changes: ['blanks-removed'] },
      { ok: true, value: { number: '610104196209276908', birth: '1962-09-27', gender: 'female', area: '610104' }, changes: ['person-id-15-digits'] },
    ])
    expect(vectors.normalise.map(({ out }) => out)).toEqual(['11010519491231002X', '370102199003070016', '370102199003070016', '610104196209276908'])
  })

  it('accepts an unknown district and a birth before 1900 with a warning', () => {
    expect(vectors.warnings.map(({ number }) => readPersonId(number, { today }))).toEqual([
      {
        ok: true,
        value: { kind: 'resident_id', number: '111111199001010019', birth: '1990-01-01', gender: 'male', area: '111111' },
        changes: [],
        warnings: ['person-id-area-unknown'],
      },
      {
        ok: true,
        value: { kind: 'resident_id', number: '370101185001010016', gender: 'male', area: '370101' },
        changes: [],
        warnings: ['person-id-birth-before-1900'],
      },
    ])
  })

  it('lets birth happen today and not tomorrow', () => {
    expect(readPersonId('500157202401010187', { today: '2024-01-01' }).ok).toBe(true)
    expect(readPersonId('500157202401010187', { today: '2023-12-31' })).toEqual({ ok: false, reason: 'person-id-birth-in-future' })
  })

  it.each(['3.70303E+17', '3.70102199003070E+17', '3.70303e17', '370102199003070000'])('says that a spreadsheet has lost digits of %s', (text) => {
    expect(readPersonId(text, { kind: 'resident_id', today })).toEqual({ ok: false, reason: 'digits-lost' })
  })

  it('refuses a number of another kind than the one named', () => {
    const mismatch = { ok: false, reason: 'person-id-kind-mismatch' }
    expect(readPersonId('370102199003070016', { kind: 'passport', today })).toEqual(mismatch)
    expect(readPersonId('370102199003070016', { kind: 'hk_mo_residence_permit', today })).toEqual(mismatch)
    expect(readPersonId('830000199201300022', { kind: 'hk_mo_residence_permit', today })).toEqual(mismatch)
    expect(readPersonId('810000199408230021', { kind: 'resident_id', today })).toEqual(mismatch)
    expect(readPersonId('H12345678', { kind: 'resident_id', today })).toEqual(mismatch)
  })

  it('reads the other kinds by their form', () => {
    const numbers: readonly (readonly [PersonIdKind, string])[] = [
      ['foreign_permanent_resident_2017', 'CAN110080101001'],
      ['hk_mo_travel_permit', 'H1234567801'],
      ['tw_travel_permit', '12345678'],
      ['passport', 'E12345678'],
      ['officer_id', '军字第1234567号'],
    ]
    expect(numbers.map(([kind, number]) => readPersonId(number, { kind, today }))).toEqual(
      numbers.map(([kind, number]) => ({ ok: true, value: { kind, number }, changes: [], warnings: [] })),
    )
  })

  it('takes either edition of the foreign permanent resident card where the edition is not named', () => {
    const kind = personIdKindOf('外国人永久居留身份证')
    expect(readPersonId('CAN110080101001', { kind, today })).toMatchObject({ ok: true, value: { kind: 'foreign_permanent_resident_2017' } })
    expect(readPersonId('911124198108030024', { kind, today })).toMatchObject({ ok: true, value: { kind: 'foreign_permanent_resident_2023' } })
  })

  it('does not guess a kind from digits that could be anything', () => {
    expect(readPersonId('12345678', { today })).toEqual({ ok: false, reason: 'person-id-form-unknown' })
    expect(readPersonId('37010219900307001', { kind: 'passport', today })).toEqual({ ok: false, reason: 'person-id-form-unknown' })
    expect(readPersonId(' ', { today })).toEqual({ ok: false, reason: 'person-id-blank' })
  })
})

describe('kinds of identity documents', () => {
  it.each(vectors.types)('knows $zh', ({ zh, key }) => expect(personIdKindOf(zh)).toBe(key))

  it('knows variants and does not guess the rest', () => {
    expect(['身份证', '外国人永久居留身份证（2017年版）', '台胞证', '港澳台居民居住证', '学生证', 'constructor'].map(personIdKindOf)).toEqual([
      'resident_id',
      'foreign_permanent_resident_2017',
      'tw_travel_permit',
      undefined,
      undefined,
      undefined,
    ])
  })
})

describe('masking', () => {
  it.each(vectors.masking)('hides $in in the $style', ({ in: number, out, style }) => {
    expect(maskPersonId(number, style.includes('officer') ? 'officer' : 'public')).toBe(out)
  })

  it.each(vectors.nameMasking)('hides the name $in', ({ in: name, out }) => expect(maskName(name)).toBe(out))

  it('shows a sheet of paper what can be compared with the card, and nothing of the birthday', () => {
    const numbers = ['370113199604192288', '370113960419228', 'E12345678', 'H12345678', '12345', '1234']
    expect(numbers.map((number) => maskPersonId(number, 'sheet'))).toEqual(['370***********2288', '370********9228', 'E*****678', 'H*****678', '1***5', '****'])
  })

  it('hides short numbers and single characters altogether', () => {
    expect([maskPersonId('E12345678', 'officer'), maskPersonId('1234', 'officer'), maskName('王'), maskName('李𠮷')]).toEqual(['E*******8', '****', '*', '*𠮷'])
  })
})
