import { describe, expect, it } from 'vitest'
import { Fault } from '#core/fault.ts'
import { asLedgerFamily, columnsOf, ledgerFamilies, mapColumns, plainHeader, requireColumns, resultHeaders } from '#core/ledger/columns.ts'

const indexes = (headers: readonly string[], family: 'title' | 'skill' | 'qualification' = 'title') => Object.fromEntries(mapColumns(headers, family).columns)
const required = ['姓名', '证件号码', '职称系列', '职称名称', '级别', '取得方式', '取得时间', '证书编号', '发证日期']

describe('the columns of a ledger', () => {
  it.each([
    ['*证件号码（必填）', '证件号码'],
    ['出生年月(YYYY-MM)', '出生年月'],
    ['姓 名', '姓名'],
    ['姓名：', '姓名'],
    ['ＡＡＣ００３', 'AAC003'],
    ['职业（工种）', '职业(工种)'],
    ['（必填）', '(必填)'],
  ])('are compared plainly: %s is %s', (header, plain) => {
    expect(plainHeader(header)).toBe(plain)
  })

  it('are found by any of their names, by data-item codes, and by both together', () => {
    expect(indexes(['持证人', '身份证号', '职称', '任职资格时间', '颁证机关', 'AAC004', '单位名称(AAB004)', 'AAC006 出生日期'])).toEqual({
      name: 0,
      idNumber: 1,
      title: 2,
      obtainedOn: 3,
      issuedBy: 4,
      gender: 5,
      employer: 6,
      birth: 7,
    })
    expect(indexes(['aac003', 'AAC147', 'ACA112', 'AAC015', '评价机构'], 'skill')).toEqual({ name: 0, idNumber: 1, occupation: 2, skillLevel: 3, body: 4 })
    expect(indexes(['姓名', '资格名称', '管理号', '批准日期', '注册号'], 'qualification')).toEqual({
      name: 0,
      qualification: 1,
      managementNumber: 2,
      obtainedOn: 3,
      registrationNumber: 4,
    })
  })

  it('take the social-security number for the identity number only where there is no other', () => {
    expect(indexes(['AAC002', '姓名'])).toEqual({ idNumber: 0, name: 1 })
    const both = mapColumns(['AAC002', 'AAC147'], 'title')
    expect([Object.fromEntries(both.columns), both.unknown, both.ambiguous]).toEqual([{ idNumber: 1 }, ['AAC002'], []])
  })

  it('carry unknown ones, name missing ones, and see when two mean the same', () => {
    const mapping = mapColumns(['姓名', '学历', '学历', '', '身份证号', '证件号码'], 'title')
    expect(mapping.unknown).toEqual(['学历', '学历'])
    expect(mapping.ambiguous).toEqual(['证件号码'])
    expect(mapping.missing).toEqual(required.slice(2))
  })

  it('pass over the three result columns at the end, and only there', () => {
    const fed = mapColumns([...required, ...resultHeaders], 'title')
    expect([fed.headers, fed.unknown, fed.width]).toEqual([required, [], required.length + 3])
    expect(mapColumns([...resultHeaders, ...required], 'title').unknown).toEqual([...resultHeaders])
  })

  it('refuse a file in which a row could only be guessed', () => {
    expect(requireColumns(mapColumns(required, 'title')).columns.size).toBe(9)
    expect(() => requireColumns(mapColumns(required.slice(1), 'title'))).toThrow(new Fault('ledger-columns-missing', { at: 'row 1', detail: '姓名' }))
    expect(() => requireColumns(mapColumns([...required, '持证人'], 'title'))).toThrow(new Fault('ledger-columns-ambiguous', { at: 'row 1', detail: '姓名' }))
    expect(() => asLedgerFamily('work-injury')).toThrow(new Fault('ledger-family-unsupported', { detail: 'work-injury' }))
  })

  it.each(ledgerFamilies)('of %s have no name for two things', (family) => {
    const names = columnsOf(family).flatMap(({ label, headers, codes }) => [label, ...headers, ...codes.map(({ code }) => code)].map(plainHeader))
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([])
    expect(new Set(columnsOf(family).map(({ id }) => id)).size).toBe(columnsOf(family).length)
  })
})
