import { mod11Check } from '#core/model/iso7064.ts'
import type { WorkbookCell } from '#registry/ledger/write-workbook.ts'
import type { Chance } from './chance.ts'
import { separatedNames, withdrawnArea } from './people.ts'
import type { TitleHeader, TitleRow, TitleWish } from './title-rows.ts'

/** What an importer must make of a row with a defect: refuse it, take it with a declared change, or take it with a warning. */
export type Expectation = 'error' | 'fix' | 'warn'

interface Defect {
  readonly expect: Expectation
  /** What the good row must be before it can be spoilt in this way. */
  readonly wish?: (chance: Chance) => TitleWish
  readonly spoil: (row: TitleRow, chance: Chance) => Partial<Record<TitleHeader, WorkbookCell>>
}

const excelDay = (date: string): string => String(Date.parse(date) / 86_400_000 + 25_569)
const withCheck = (body: string): string => body + mod11Check(body)

/** Two neighbouring digits that differ, past the birth date, change places: the commonest slip of the pen. */
function transposed(number: string): string {
  const at = [14, 15, 13, 12].find((index) => number[index] !== number[index + 1])!
  return number.slice(0, at) + number[at + 1]! + number[at]! + number.slice(at + 2)
}

const wrongCheck = (number: string): string => number.slice(0, 17) + (number[17] === '0' ? '1' : '0')

/** Every way in which ledgers were seen to be wrong, one row each. */
export const defects: Readonly<Record<string, Defect>> = {
  id_check_digit: { expect: 'error', spoil: (row) => ({ 证件号码: wrongCheck(row.证件号码) }) },
  id_transposed: { expect: 'error', spoil: (row) => ({ 证件号码: transposed(row.证件号码) }) },
  id_impossible_date: { expect: 'error', spoil: (row) => ({ 证件号码: withCheck(`${row.证件号码.slice(0, 6)}19900230${row.证件号码.slice(14, 17)}`) }) },
  id_scientific: {
    expect: 'error',
    spoil: (row, chance) => ({ 证件号码: chance.percent(50) ? scientific(row.证件号码, 6) : { number: scientific(row.证件号码, 15) } }),
  },
  id_lower_x: { expect: 'fix', wish: () => ({ checkX: true }), spoil: (row) => ({ 证件号码: row.证件号码.toLowerCase() }) },
  area_withdrawn: { expect: 'warn', wish: (chance) => ({ area: withdrawnArea(chance) }), spoil: () => ({}) },
  sex_mismatch: { expect: 'warn', spoil: (row) => ({ 性别: row.性别 === '男' ? '女' : '男' }) },
  birth_mismatch: { expect: 'warn', spoil: (row) => ({ 出生年月: `${Number(row.出生年月.slice(0, 4)) - 2}${row.出生年月.slice(4)}` }) },
  name_blank: { expect: 'error', spoil: () => ({ 姓名: ' ' }) },
  name_dot_variant: { expect: 'fix', spoil: (_row, chance) => ({ 姓名: chance.pick(separatedNames).replaceAll('·', chance.pick(['•', '.', '．', '・'])) }) },
  date_impossible: { expect: 'error', spoil: () => ({ 取得时间: '2019-02-30' }) },
  date_future: { expect: 'error', spoil: () => ({ 取得时间: '2093-05-01', 发证日期: '2093-06-01' }) },
  issued_before_birth: { expect: 'error', spoil: () => ({ 取得时间: '1931-03-01', 发证日期: '1931-04-01' }) },
  date_dotted: { expect: 'fix', spoil: (row) => ({ 取得时间: notOctober(row.取得时间).slice(0, 7).replace('-', '.') }) },
  date_chinese: { expect: 'fix', spoil: (row) => ({ 发证日期: row.发证日期.replace(/^(\d{4})-0?(\d+)-0?(\d+)$/, '$1年$2月$3日') }) },
  date_excel_serial: { expect: 'fix', spoil: (row) => ({ 发证日期: { number: excelDay(row.发证日期) } }) },
  document_brackets: {
    expect: 'fix',
    spoil: (row, chance) => ({ 批准文号: row.批准文号.replace('〔', chance.pick(['(', '【', '（', '['])).replace('〕', chance.pick([']', ')'])) }),
  },
  full_width_digits: { expect: 'fix', spoil: (row) => ({ 证书编号: row.证书编号.replace(/\d/g, (digit) => String.fromCharCode(0xff10 + Number(digit))) }) },
  formula_cell: { expect: 'error', spoil: () => ({ 工作单位: { formula: 'HYPERLINK("http://ledger.example","x")', value: 'x' } }) },
  series_unknown: { expect: 'error', spoil: () => ({ 职称系列: '玄学系列' }) },
  level_title_mismatch: { expect: 'error', wish: () => ({ title: '高级工程师' }), spoil: () => ({ 级别: '中级' }) },
  legacy_title_name: { expect: 'fix', wish: () => ({ title: '正高级工程师' }), spoil: () => ({ 职称名称: '教授级高级工程师' }) },
}

/** Defects of two rows together; they stand at the end of a ledger and repeat an earlier row without a defect. */
export const repeats: Readonly<Record<string, Defect>> = {
  duplicate_number_other_person: { expect: 'error', spoil: (row) => ({ 姓名: `重${row.姓名.slice(-1)}` }) },
  exact_repeat: { expect: 'error', spoil: () => ({}) },
}

const notOctober = (date: string): string => date.replace(/-10-/, '-11-')

const scientific = (number: string, digits: number): string => `${number[0]}.${number.slice(1, digits)}E+17`
