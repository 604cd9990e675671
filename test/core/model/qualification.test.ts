import { describe, expect, it } from 'vitest'

import table from '#codes/qualification-catalogue.json' with { type: 'json' }
import { findNamedQualification, findQualification, findSkilledQualification } from '#core/model/qualification.ts'

describe('the qualification catalogue', () => {
  it('has 59 professional qualifications, 33 of them licences, and 13 skilled ones', () => {
    const professional = table.entries.filter(({ kind }) => kind === 'professional')
    expect([professional.length, professional.filter((entry) => entry.class === 'admission').length, table.entries.length]).toEqual([59, 33, 72])
  })

  it('finds every entry by its name and by its number', () => {
    for (const { no, kind, zh } of table.entries) {
      expect(findQualification(zh)).toMatchObject({ no, kind, zh })
      expect(kind === 'skilled' ? findSkilledQualification(no) : findQualification(no)).toMatchObject({ no, kind, zh })
    }
  })

  it('tells what it knows of an entry', () => {
    expect(findQualification('建造师')).toEqual({
      no: 12,
      kind: 'professional',
      zh: '建造师',
      class: 'admission',
      authority: '住建部',
      levels: ['一级', '二级'],
      provincial: ['二级'],
    })
  })

  it.each([
    ['一级建造师', '建造师', '一级', true],
    ['二级建造师', '建造师', '二级', false],
    ['一级注册建造师', '建造师', '一级', true],
    ['造价工程师（二级）', '造价工程师', '二级', false],
    ['中级注册安全工程师', '注册安全工程师', '中级', true],
    ['初级注册安全工程师', '注册安全工程师', '初级', false],
    ['一级消防工程师', '注册消防工程师', '一级', true],
    ['注册会计师', '注册会计师', undefined, true],
    ['建造师', '建造师', undefined, undefined],
  ])('%s is %s %s, valid nationwide: %s', (text, zh, level, nationallyValid) => {
    const found = findNamedQualification(text)
    expect([found?.entry.zh, found?.level, found?.nationallyValid]).toEqual([zh, level, nationallyValid])
  })

  it('does not guess', () => {
    expect([findNamedQualification('三级建造师'), findNamedQualification('一级会计师'), findQualification('大师'), findQualification(60)]).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ])
  })
})
