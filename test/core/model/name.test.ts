import { describe, expect, it } from 'vitest'

import { readName } from '#core/model/name.ts'
import vectors from '../../vectors/text.json' with { type: 'json' }

describe('reading a name', () => {
  it.each(vectors.names.accept)('leaves %s as it is', (name) => expect(readName(name)).toEqual({ ok: true, value: { name }, changes: [], warnings: [] }))

  it('refuses what is no name, with the reason', () => {
    expect(vectors.names.reject.map((name) => readName(name))).toEqual([
      { ok: false, reason: 'name-blank' },
      { ok: false, reason: 'name-blank' },
      { ok: false, reason: 'name-digit' },
      { ok: false, reason: 'name-markup' },
      { ok: false, reason: 'name-control' },
      { ok: false, reason: 'name-control' },
    ])
    expect(['张三\u2066', '张\u0000三', '张，三', '=cmd', '·张三', '张··三', '---', '张三１'].map((name) => readName(name))).toEqual(
      ['name-control', 'name-control', 'name-character', 'name-character', 'name-form-unknown', 'name-form-unknown', 'name-form-unknown', 'name-digit'].map(
        (reason) => ({ ok: false, reason }),
      ),
    )
  })

  it.each(Object.keys(vectors.names.separatorsToNormalise))('makes the separator %s U+00B7 and keeps the name as issued', (key) => {
    const issued = `阿依古丽${key.slice(7)}买买提`
    expect(readName(issued)).toEqual({ ok: true, value: { name: '阿依古丽·买买提', nameAsIssued: issued }, changes: ['name-separator'], warnings: [] })
  })

  it('keeps a dot between Latin letters', () => {
    expect(readName('JOHN M. SMITH')).toEqual({ ok: true, value: { name: 'JOHN M. SMITH' }, changes: [], warnings: [] })
  })

  it('takes out the blanks that ledgers pad with, and no others', () => {
    expect(readName('张　三')).toEqual({ ok: true, value: { name: '张三', nameAsIssued: '张　三' }, changes: ['blanks-removed'], warnings: [] })
    expect(readName('买买提 · 艾力')).toEqual({
      ok: true,
      value: { name: '买买提·艾力', nameAsIssued: '买买提 · 艾力' },
      changes: ['blanks-removed'],
      warnings: [],
    })
    expect(readName('张三 ')).toEqual({ ok: true, value: { name: '张三' }, changes: ['blanks-removed'], warnings: [] })
  })

  it('never changes a compatibility ideograph, though NFC would', () => {
    for (const name of ['\ufa25', '张\uf900', '李\u{2f800}', '\ufa0e']) expect(readName(name)).toEqual({ ok: true, value: { name }, changes: [], warnings: [] })
    expect('\uf900'.normalize('NFC')).not.toBe('\uf900')
  })

  it('composes letters with their marks', () => {
    expect(readName('Mu\u0308ller')).toEqual({ ok: true, value: { name: 'Müller', nameAsIssued: 'Mu\u0308ller' }, changes: ['name-composed'], warnings: [] })
  })

  it('keeps private-use characters, with a warning', () => {
    expect(readName('王\ue863')).toEqual({ ok: true, value: { name: '王\ue863' }, changes: [], warnings: ['name-private-use'] })
  })

  it('counts code points: a hundred are a name, one more is not', () => {
    expect(readName('𠮷'.repeat(100))).toMatchObject({ ok: true })
    expect(readName('𠮷'.repeat(101))).toEqual({ ok: false, reason: 'name-too-long' })
  })
})
