import { describe, expect, it } from 'vitest'
import { families } from '#core/credential/families.ts'
import { columnsOf, mapColumns, type LedgerFamily } from '#core/ledger/columns.ts'
import { judgeRow } from '#core/ledger/judge-row.ts'
import type { JudgeContext } from '#core/ledger/judgement.ts'
import { textCell, type LedgerCell } from '#core/ledger/ledger-cell.ts'
import { NumberScheme } from '#core/model/number-scheme.ts'
import { PartialDate } from '#core/model/partial-date.ts'

const today = PartialDate.parse('2026-03-01')
type Row = Readonly<Record<string, string | LedgerCell>>

function judge(family: LedgerFamily, row: Row, context: Partial<JudgeContext> = {}) {
  const cells = Object.values(row).map((cell) => (typeof cell === 'string' ? textCell(cell) : cell))
  const judgement = judgeRow(mapColumns(Object.keys(row), family), cells, { today, issuerNames: [], ...context })
  return { ...judgement, findings: judgement.findings.map(({ column, code, severity }) => `${severity} ${column} ${code}`) }
}

const person = { 姓名: '张三', 证件类型: '居民身份证', 证件号码: '370102199003070016', 性别: '男', 出生年月: '1990-03', 工作单位: '济南第三机床厂' }
const personal = {
  name: { name: '张三' },
  identity: { kind: 'resident_id', number: '370102199003070016' },
  birth: { date: '1990-03', gender: 'male' },
  employer: '济南第三机床厂',
}

const title: Row = {
  ...person,
  职称系列: '工程系列',
  专业: '机械设计',
  职称名称: '工程师',
  级别: '中级',
  取得方式: '评审',
  取得时间: '2018-05-01',
  评审委员会: '济南市工程专业技术职务中级评审委员会',
  批准文号: '济人社职〔2018〕5号',
  批准日期: '2018-05-20',
  证书编号: 'JN201805000001',
  发证机关: '济南市人力资源和社会保障局',
  发证日期: '2018-06-01',
  备注: '-',
}

describe('a row of a title ledger', () => {
  it('comes to a draft that its family takes', () => {
    const { outcome, findings, draft } = judge('title', title)
    expect([outcome, findings]).toEqual(['accepted', []])
    expect(draft).toEqual({
      family: 'title',
      number: 'JN201805000001',
      issuedBy: '济南市人力资源和社会保障局',
      body: {
        series: '05',
        track: '工程',
        title: '工程师',
        level: 'intermediate',
        major: '机械设计',
        method: 'review',
        reviewCommittee: '济南市工程专业技术职务中级评审委员会',
        approvalDocumentNumber: '济人社职〔2018〕5号',
        obtainedOn: '2018-05-01',
        documentOn: '2018-05-20',
        issuedOn: '2018-06-01',
      },
      personal,
    })
    const { number, body, personal: groups } = draft!
    expect(families.title.draft.safeParse({ number, body, personal: groups }).success).toBe(true)
  })

  const changed: readonly (readonly [string, Row, string, readonly string[]])[] = [
    [
      'columns that were mixed up: the identity number as certificate number',
      { 证书编号: person.证件号码 },
      'refused',
      ['refusal number identity-number-visible'],
    ],
    ['an identity number in the name of the committee', { 评审委员会: '评委会110101199003078670' }, 'refused', ['refusal committee identity-number-visible']],
    ['a committee with a soft hyphen', { 评审委员会: '评\u00ad委会' }, 'refused', ['refusal committee text-character']],
    ['an identity number as issuer', { 发证机关: '110101199003078670' }, 'refused', ['refusal issuedBy identity-number-visible']],
    ['an old title name', { 职称名称: '教授级高级工程师', 级别: '正高级' }, 'normalised', ['change title title-legacy-name']],
    ['a level that the title decides', { 职称名称: '高级工程师', 级别: '高级' }, 'normalised', ['change level title-level-by-title']],
    ['a level that cannot be the title’s', { 级别: '高级' }, 'refused', ['refusal level level-title-mismatch']],
    ['a title of another series', { 职称名称: '主治医师' }, 'refused', ['refusal title title-not-in-series']],
    ['an unknown series', { 职称系列: '玄学系列' }, 'refused', ['refusal series series-unknown']],
    [
      'a blank series, level and method',
      { 职称系列: '', 级别: '—', 取得方式: '' },
      'refused',
      ['refusal series cell-blank', 'refusal level cell-blank', 'refusal method cell-blank'],
    ],
    ['an unknown method', { 取得方式: '购买' }, 'refused', ['refusal method obtain-method-unknown']],
    ['a gender that is none', { 性别: '女士' }, 'refused', ['refusal gender gender-unknown']],
    ['a gender that is not the number’s', { 性别: '2' }, 'warned', ['warning gender gender-contradicts-identity']],
    ['a birth month that is not the number’s', { 出生年月: '1991.03' }, 'warned', ['change birth date-dotted', 'warning birth birth-contradicts-identity']],
    ['a kind of document that we do not know', { 证件类型: '会员卡' }, 'refused', ['refusal idKind person-id-kind-unknown']],
    ['a number of another kind', { 证件类型: '港澳居民居住证' }, 'refused', ['refusal idNumber person-id-kind-mismatch']],
    ['a holder of fifteen', { 取得时间: '2005-05-01', 批准日期: '', 发证日期: '2009-01-01' }, 'refused', ['refusal obtainedOn holder-too-young']],
    ['dates out of order', { 发证日期: '2017-06-01' }, 'warned', ['warning issuedOn date-out-of-order']],
    ['an invisible character', { 工作单位: '济南\u202e厂' }, 'refused', ['refusal employer text-character']],
    ['a wrapped cell', { 工作单位: '济南第三\n机床厂' }, 'normalised', ['change employer blanks-removed']],
    ['a formula in a column that is not needed', { 备注: '=1+1' }, 'refused', ['refusal note cell-formula']],
    ['an error value', { 专业: { text: '#REF!', kind: 'error' } }, 'refused', ['refusal major cell-unreadable']],
    [
      'a refusal, a warning and a change',
      { 性别: '女', 取得时间: '2018.05', 证书编号: '' },
      'refused',
      ['change obtainedOn date-dotted', 'refusal number number-blank'],
    ],
  ]
  it.each(changed)('is judged for %s', (_name, change, outcome, findings) => {
    const judged = judge('title', { ...title, ...change })
    expect([judged.outcome, judged.findings]).toEqual([outcome, findings])
    expect(judged.draft === undefined).toBe(outcome === 'refused')
  })

  it('keeps the name of the title as issued beside the one of today', () => {
    expect(judge('title', { ...title, 职称名称: '教授级高级工程师', 级别: '正高级' }).draft?.body).toMatchObject({
      title: '正高级工程师',
      titleAsIssued: '教授级高级工程师',
    })
  })

  it('never widens a title that holds in one place only', () => {
    expect(judge('title', { ...title, 有效范围: '本单位' }).draft?.body).toMatchObject({ scope: 'unit_only' })
    expect(judge('title', { ...title, 有效范围: '部分' }).findings).toEqual(['refusal scope scope-unknown'])
    expect(judge('title', { ...title, 有效范围: '' }).draft?.body).not.toHaveProperty('scope')
  })

  it('takes birth date and gender from the number where the ledger is silent', () => {
    const { 性别: _gender, 出生年月: _birth, 证件类型: _kind, ...silent } = title
    expect(judge('title', silent).draft?.personal).toMatchObject({ birth: { date: '1990-03-07', gender: 'male' } })
  })

  it('takes certificates of this bureau, under its names, and of no other', () => {
    const issuerNames = ['济南市人力资源和社会保障局', '济南市人事局']
    expect(judge('title', { ...title, 发证机关: '济南市人事局' }, { issuerNames }).draft?.issuedBy).toBe('济南市人事局')
    expect(judge('title', { ...title, 发证机关: '青岛市人力资源和社会保障局' }, { issuerNames }).findings).toEqual(['refusal issuedBy issuer-not-this-bureau'])
    expect(judge('title', { ...title, 发证机关: '' }, { issuerNames }).draft).not.toHaveProperty('issuedBy')
  })

  it('holds numbers to the bureau’s scheme where there is one', () => {
    const scheme = NumberScheme.parse({ id: 'jn', family: 'title', template: 'JN{year:4}{series:2}{serial:6}' })
    expect(judge('title', title, { scheme }).outcome).toBe('accepted')
    expect(judge('title', { ...title, 证书编号: 'JN2018050001' }, { scheme })).toMatchObject({
      outcome: 'warned',
      findings: ['warning number number-scheme-mismatch'],
    })
    const checked = NumberScheme.parse({ id: 'jn', family: 'title', template: '37{year:4}{serial:6}{check}', check: 'mod-11-2' })
    const outcomes = Array.from('0123456789X', (check) => judge('title', { ...title, 证书编号: `372018050001${check}` }, { scheme: checked }))
    expect(outcomes.filter(({ outcome }) => outcome === 'accepted').length).toBe(1)
    expect(outcomes.filter(({ findings }) => findings.join() === 'refusal number number-check').length).toBe(10)
  })

  it('keeps notes for the officer and out of the record', () => {
    const { draft } = judge('title', { ...title, 备注: '2019年补发' })
    expect(draft?.note).toBe('2019年补发')
    expect(JSON.stringify([draft?.body, draft?.personal])).not.toContain('补发')
  })
})

const skill: Row = {
  ...person,
  职业名称: '电工',
  职业编码: '6-31-01-03',
  '工种/职业方向': '维修电工',
  职业技能等级: '三级/高级工',
  证书编号: 'S000037010011223000001',
  评价机构: '济南职业技能评价中心',
  发证日期: '2022-06-01',
}

describe('a row of a skill ledger', () => {
  it('comes to a draft that its family takes', () => {
    const { outcome, findings, draft } = judge('skill', skill)
    expect([outcome, findings]).toEqual(['accepted', []])
    expect(draft?.body).toEqual({
      occupation: '电工',
      occupationCode: '6-31-01-03',
      workType: '维修电工',
      level: 'senior',
      regime: 'skillLevelRecognition',
      evaluationBody: { name: '济南职业技能评价中心', kind: 'socialOrganisation' },
      issuedOn: '2022-06-01',
    })
    const { number, body, personal: groups } = draft!
    expect(families.skill.draft.safeParse({ number, body, personal: groups }).success).toBe(true)
  })

  it('reads old sixteen-digit numbers as the older regime', () => {
    expect(judge('skill', { ...skill, 证书编号: '1837010001300001', 发证日期: '2018-06-01' }).draft?.body).toMatchObject({
      regime: 'skillAppraisal',
      level: 'senior',
    })
  })

  it.each([
    ['a level that the number contradicts', { 职业技能等级: '四级' }, 'refused', ['refusal number number-level-mismatch']],
    ['a year that the number contradicts', { 发证日期: '2023-06-01' }, 'warned', ['warning number number-year-mismatch']],
    ['a number of no layout', { 证书编号: '12345' }, 'refused', ['refusal number skill-number-form-unknown']],
    [
      'a code of the evaluation body that fails its check, as some were issued',
      { 机构信用代码: '91350203M0001QAY9B' },
      'warned',
      ['warning bodyCode uscc-check'],
    ],
    ['a code of the evaluation body of no form', { 机构信用代码: '9135010OM000100Y43' }, 'refused', ['refusal bodyCode uscc-form-unknown']],
    ['an unknown level', { 职业技能等级: '九级' }, 'refused', ['refusal skillLevel skill-level-unknown']],
    ['no evaluation body', { 评价机构: '' }, 'refused', ['refusal body cell-blank']],
    ['an occupation code of no form', { 职业编码: '6310103' }, 'refused', ['refusal occupationCode occupation-code-form-unknown']],
  ])('is judged for %s', (_name, change, outcome, findings) => {
    const judged = judge('skill', { ...skill, ...change })
    expect([judged.outcome, judged.findings]).toEqual([outcome, findings])
  })
})

const qualification: Row = {
  ...person,
  资格名称: '一级建造师',
  专业: '建筑工程',
  管理号: '2018034370342018370101000123',
  证书编号: 'JZ00123456',
  批准日期: '2018-09-16',
  发证机关: '济南市人力资源和社会保障局',
  发证日期: '2018-12-28',
  注册号: '鲁1372018201900001',
  注册日期: '2019-03-01',
  注册有效期至: '2022-02-28',
}

describe('a row of a qualification ledger', () => {
  it('comes to a draft that its family takes', () => {
    const { outcome, findings, draft } = judge('qualification', qualification)
    expect([outcome, findings]).toEqual(['accepted', []])
    const { number, body, personal: groups } = draft!
    expect(body).toMatchObject({
      qualificationAsIssued: '一级建造师',
      qualificationLevel: '一级',
      managementNumber: '2018034370342018370101000123',
      registration: { number: '鲁1372018201900001', from: '2019-03-01', until: '2022-02-28' },
    })
    expect(families.qualification.draft.safeParse({ number, body, personal: groups }).success).toBe(true)
  })

  it.each([
    ['a name that left the catalogue', { 资格名称: '价格鉴证师' }, 'warned', ['warning qualification qualification-not-in-catalogue']],
    ['a level that the name contradicts', { 级别: '二级' }, 'refused', ['refusal qualificationLevel qualification-level-mismatch']],
    ['half a registration', { 注册日期: '' }, 'refused', ['refusal registeredFrom registration-incomplete']],
    [
      'a management number that a spreadsheet mangled',
      { 管理号: { text: '2.0180343703420183E+27', kind: 'number' } as const },
      'refused',
      ['refusal managementNumber digits-lost'],
    ],
  ])('is judged for %s', (_name, change, outcome, findings) => {
    const judged = judge('qualification', { ...qualification, ...change })
    expect([judged.outcome, judged.findings]).toEqual([outcome, findings])
  })
})

it.each(['title', 'skill', 'qualification'] as const)('every column of a %s ledger is one that its judge can name', (family) => {
  const row = Object.fromEntries(columnsOf(family).map(({ label }) => [label, '=1']))
  const { findings } = judge(family, row)
  const asked = columnsOf(family).filter(({ insteadOf }) => insteadOf === undefined)
  expect(findings.filter((finding) => finding.endsWith('cell-formula'))).toHaveLength(asked.length)
})
