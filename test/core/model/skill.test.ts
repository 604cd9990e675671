import { describe, expect, it } from 'vitest'

import { readOccupationCode } from '#core/model/occupation-code.ts'
import { findSkillLevel, skillLevels } from '#core/model/skill-level.ts'
import { readSkillNumber } from '#core/model/skill-number.ts'
import vectors from '../../vectors/text.json' with { type: 'json' }

describe('skill-certificate numbers', () => {
  it('takes the published numbers apart', () => {
    expect(vectors.skillNumbers.valid.map((number) => readSkillNumber(number))).toEqual([
      read(
        'skill-v1',
        'Y000123000001195000001',
        { org: 'Y', orgCode: '0001', prov: '23', orgSeq: '000001', yy: '19', level: '5', serial: '000001' },
        2019,
        'junior',
      ),
      read(
        'skill-v1',
        'S000037010011223000001',
        { org: 'S', orgCode: '0000', prov: '37', orgSeq: '010011', yy: '22', level: '3', serial: '000001' },
        2022,
        'senior',
      ),
      read(
        'skill-v1',
        'S000050000123261000042',
        { org: 'S', orgCode: '0000', prov: '50', orgSeq: '000123', yy: '26', level: '1', serial: '000042' },
        2026,
        'senior_technician',
      ),
      read(
        'skill-v1',
        'Y000051000001242000007',
        { org: 'Y', orgCode: '0000', prov: '51', orgSeq: '000001', yy: '24', level: '2', serial: '000007' },
        2024,
        'technician',
      ),
      read(
        'skill-v1-special',
        'Y00003700000125T000001',
        { org: 'Y', orgCode: '0000', prov: '37', orgSeq: '000001', yy: '25', level: 'T', serial: '000001' },
        2025,
      ),
    ])
    expect(vectors.skillNumbers.legacy16valid.map((number) => readSkillNumber(number))).toEqual([
      read(
        'skill-legacy-16',
        '1837010001500001',
        { yy: '18', provOrIndustry: '37', city: '01', orgKind: '0', orgSeq: '001', level: '5', serial: '00001' },
        2018,
        'junior',
      ),
      read(
        'skill-legacy-16',
        '0900003022300456',
        { yy: '09', provOrIndustry: '00', city: '00', orgKind: '3', orgSeq: '022', level: '3', serial: '00456' },
        2009,
        'senior',
      ),
    ])
  })

  it.each([...vectors.skillNumbers.invalid, 'Y000116000001195000001', ''])('refuses "%s"', (number) => {
    expect(readSkillNumber(number)).toEqual({ ok: false, reason: 'skill-number-form-unknown' })
  })

  it('normalises and says so', () => {
    expect(readSkillNumber('ｙ０００１２３０００００１１９５ ０００００１')).toMatchObject({
      ok: true,
      value: { number: 'Y000123000001195000001' },
      changes: ['full-width', 'blanks-removed', 'letters-upper-cased'],
    })
    expect(readSkillNumber('1.83701E+15')).toEqual({ ok: false, reason: 'digits-lost' })
  })
})

const read = (scheme: string, number: string, parts: object, year: number, level?: string): object => ({
  ok: true,
  value: { scheme, number, parts, year, ...(level === undefined ? {} : { level }) },
  changes: [],
  warnings: [],
})

describe('skill levels', () => {
  it('are eight, in order', () => {
    expect(skillLevels.map((level) => [findSkillLevel(level)?.rank, findSkillLevel(level)?.name.zh, findSkillLevel(level)?.highSkill])).toEqual([
      [1, '学徒工', false],
      [2, '初级工', false],
      [3, '中级工', false],
      [4, '高级工', true],
      [5, '技师', true],
      [6, '高级技师', true],
      [7, '特级技师', true],
      [8, '首席技师', true],
    ])
  })

  it.each(['高级工', '三级', '3', '高级工（三级）', '三级/高级工', '三级、高级工', 'senior'])('finds the senior worker as %s', (text) =>
    expect(findSkillLevel(text)?.key).toBe('senior'),
  )

  it('does not know other words', () => expect(['六级', '高级', '', '0'].map(findSkillLevel)).toEqual([undefined, undefined, undefined, undefined]))
})

describe('occupation codes', () => {
  it.each(vectors.occupation.accept)('accepts %s', (code) => expect(readOccupationCode(code)).toEqual({ ok: true, value: code, changes: [], warnings: [] }))
  it.each(vectors.occupation.reject)('refuses %s', (code) => expect(readOccupationCode(code)).toEqual({ ok: false, reason: 'occupation-code-form-unknown' }))
})
