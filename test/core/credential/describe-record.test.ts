import { describe, expect, it } from 'vitest'

import { describeDate, describeInstant } from '#core/credential/describe-date.ts'
import { describeRecord, type DescribedGroup } from '#core/credential/describe-record.ts'
import { families } from '#core/credential/families.ts'
import type { RecordClaims } from '#core/credential/family.ts'
import { parseSdJwt } from '#core/credential/parse-sd-jwt.ts'
import { familyIds, type FamilyId } from '#core/model/family-id.ts'
import { PartialDate } from '#core/model/partial-date.ts'
import { nodeEngine } from '#custody/engine-node.ts'
import { exampleDrafts } from '../../support/examples.ts'
import { makeAlliance } from '../../support/make-alliance.ts'

/** A line as one text: path, label, value in both languages where it has two, code. */
const said = (groups: readonly DescribedGroup[]): readonly string[] =>
  groups.flatMap(({ id, label, lines }) => [
    `# ${id}: ${label.zh} / ${label.en}`,
    ...lines.map(({ member, label, value, code }) => {
      const words = typeof value === 'string' ? value : `${value.zh} / ${value.en}`
      return `${member}: ${label.zh} / ${label.en} = ${words}${code === undefined ? '' : ` [${code}]`}`
    }),
  ])

const expected: Readonly<Record<FamilyId, readonly string[]>> = {
  title: [
    '# holder: 持证人 / Holder',
    'name.name: 姓名 / Name = 孙远敏',
    'identity.kind: 证件类型 / Identity document = 居民身份证 / Resident identity card [resident_id]',
    'identity.number: 证件号码 / Identity number = 370113199604192288',
    'birth.date: 出生日期 / Date of birth = 1996年4月19日 / 19 April 1996',
    'birth.gender: 性别 / Gender = 女 / Female [female]',
    'employer: 工作单位 / Employer = 济南第三机床厂',
    '# content: 专业技术职称 / Professional title',
    'series: 职称系列 / Title series = 工程技术人员 / Engineers [05]',
    'track: 类别 / Track = 工程',
    'title: 职称名称 / Title = 工程师',
    'level: 级别 / Level = 中级 / Intermediate [intermediate]',
    'major: 专业 / Title major = 建筑施工',
    'method: 取得方式 / How obtained = 评审 / Review [review]',
    'scope: 有效范围 / Validity scope = 全国 / Nationwide [nationwide]',
    'reviewCommittee: 评审委员会 / Review committee = 济南市工程技术职务中级评审委员会',
    'approvalDocumentNumber: 批准文号 / Approval document number = 济人社职〔2021〕17号',
    'obtainedOn: 取得时间 / Date obtained = 2021年3月5日 / 5 March 2021',
    'documentOn: 批准日期 / Date of the approval document = 2021年4月12日 / 12 April 2021',
    'issuedOn: 发证日期 / Date of issue = 2021年5月29日 / 29 May 2021',
    '# issue: 签发 / Issue',
    'number: 证书编号 / Certificate number = 370100-title-000001',
    'division: 发证地 / Issuing place = 山东省济南市 / Jinan, Shandong [370100]',
    'issuedBy: 记录所载发证机关 / Issuer as recorded = 济南市人力资源和社会保障局',
    'iat: 签名时间 / Signed at = 2026年6月1日 11:00（北京时间） / 1 June 2026, 11:00 (UTC+8)',
    '# technical: 技术信息 / Technical',
    'vct: 记录类型 / Record type = https://comity.example/vct/title/1',
    'iss: 发证机关标识 / Issuer identifier = https://370100.comity.example',
    'status.status_list.idx: 状态位置 / Place in the status list = 0',
    'status.status_list.uri: 状态列表 / Status list = https://370100.comity.example/status/1',
    'photo: 照片摘要 / Photo digest = LCa0a2j_xo_5m0U8HTBBNBNCLXBkg7-g-YpeiGJm564',
  ],
  qualification: [
    '# holder: 持证人 / Holder',
    'name.name: 姓名 / Name = 孙远敏',
    'identity.kind: 证件类型 / Identity document = 居民身份证 / Resident identity card [resident_id]',
    'identity.number: 证件号码 / Identity number = 370113199604192288',
    'birth.date: 出生日期 / Date of birth = 1996年4月19日 / 19 April 1996',
    'birth.gender: 性别 / Gender = 女 / Female [female]',
    'employer: 工作单位 / Employer = 济南第三机床厂',
    '# content: 专业技术人员职业资格 / Professional qualification',
    'qualification: 资格名称 / Qualification = 建造师',
    'qualificationLevel: 级别 / Level = 一级',
    'major: 专业 / Major = 建筑工程',
    'managementNumber: 管理号 / Management number = 20190903437000000123',
    'approvalDocumentNumber: 批准文号 / Approval document number = 鲁人社字〔2020〕8号',
    'obtainedOn: 批准日期 / Date obtained = 2019年9月 / September 2019',
    'issuedOn: 发证日期 / Date of issue = 2020年1月15日 / 15 January 2020',
    'registration.number: 注册编号 / Registration number = 鲁1372020202001234',
    'registration.unit: 注册单位 / Registered with = 济南第三建筑工程有限公司',
    'registration.from: 注册起始日期 / Registered from = 2020年6月1日 / 1 June 2020',
    'registration.until: 注册有效期至 / Registered until = 2029年5月31日 / 31 May 2029',
    '# issue: 签发 / Issue',
    'number: 证书编号 / Certificate number = 370100-qualification-000002',
    'division: 发证地 / Issuing place = 山东省济南市 / Jinan, Shandong [370100]',
    'issuedBy: 记录所载发证机关 / Issuer as recorded = 济南市人力资源和社会保障局',
    'iat: 签名时间 / Signed at = 2026年6月1日 11:00（北京时间） / 1 June 2026, 11:00 (UTC+8)',
    '# technical: 技术信息 / Technical',
    'vct: 记录类型 / Record type = https://comity.example/vct/qualification/1',
    'iss: 发证机关标识 / Issuer identifier = https://370100.comity.example',
    'status.status_list.idx: 状态位置 / Place in the status list = 1',
    'status.status_list.uri: 状态列表 / Status list = https://370100.comity.example/status/1',
  ],
  skill: [
    '# holder: 持证人 / Holder',
    'name.name: 姓名 / Name = 孙远敏',
    'identity.kind: 证件类型 / Identity document = 居民身份证 / Resident identity card [resident_id]',
    'identity.number: 证件号码 / Identity number = 370113199604192288',
    'birth.date: 出生日期 / Date of birth = 1996年4月19日 / 19 April 1996',
    'birth.gender: 性别 / Gender = 女 / Female [female]',
    'employer: 工作单位 / Employer = 济南第三机床厂',
    '# content: 职业技能等级 / Vocational skill level',
    'occupation: 职业名称 / Occupation = 电工',
    'occupationCode: 职业编码 / Occupation code = 6-31-01-03',
    'workType: 工种/职业方向 / Work type = 低压电工',
    'level: 职业技能等级 / Skill level = 高级工 / Senior worker (Level 3) [senior]',
    'regime: 评价方式 / Regime = 职业技能等级认定 / Skill-level recognition [skillLevelRecognition]',
    'evaluationBody.name: 评价机构 / Evaluation body = 济南市电工行业协会',
    'evaluationBody.kind: 评价机构类型 / Kind of evaluation body = 社会培训评价组织 / Social training-evaluation organisation [socialOrganisation]',
    'filedInOsta: 已上传技能人才评价网 / Filed in the national skills register = 是 / Yes',
    'obtainedOn: 取得时间 / Date obtained = 2022年7月18日 / 18 July 2022',
    'issuedOn: 发证日期 / Date of issue = 2022年8月1日 / 1 August 2022',
    '# issue: 签发 / Issue',
    'number: 证书编号 / Certificate number = 370100-skill-000003',
    'division: 发证地 / Issuing place = 山东省济南市 / Jinan, Shandong [370100]',
    'issuedBy: 记录所载发证机关 / Issuer as recorded = 济南市人力资源和社会保障局',
    'iat: 签名时间 / Signed at = 2026年6月1日 11:00（北京时间） / 1 June 2026, 11:00 (UTC+8)',
    '# technical: 技术信息 / Technical',
    'vct: 记录类型 / Record type = https://comity.example/vct/skill/1',
    'iss: 发证机关标识 / Issuer identifier = https://370100.comity.example',
    'status.status_list.idx: 状态位置 / Place in the status list = 2',
    'status.status_list.uri: 状态列表 / Status list = https://370100.comity.example/status/1',
  ],
  'work-injury': [
    '# holder: 持证人 / Holder',
    'name.name: 姓名 / Name = 孙远敏',
    'identity.kind: 证件类型 / Identity document = 居民身份证 / Resident identity card [resident_id]',
    'identity.number: 证件号码 / Identity number = 370113199604192288',
    'birth.date: 出生日期 / Date of birth = 1996年4月19日 / 19 April 1996',
    'birth.gender: 性别 / Gender = 女 / Female [female]',
    'employer: 用人单位 / Employer = 济南第三机床厂',
    '# content: 工伤认定 / Work-injury determination',
    'injury.outcome: 认定结论 / Determination = 认定工伤 / Recognised as a work injury [recognised]',
    'injury.clause: 认定依据 / Legal basis = 《工伤保险条例》第十四条第（一）项',
    'injury.accidentOn: 事故发生日期 / Date of the accident = 2025年2月26日 / 26 February 2025',
    'injury.injury: 受伤害部位及情况 / Injury = 右手食指末节骨折',
    'insuredPlace: 参保地 / Place of insurance = 山东省济南市 / Jinan, Shandong [370100]',
    'acceptedOn: 受理日期 / Accepted on = 2025年3月10日 / 10 March 2025',
    'decidedOn: 决定日期 / Decided on = 2025年4月21日 / 21 April 2025',
    'deliveredOn: 送达日期 / Delivered on = 2025年4月25日 / 25 April 2025',
    'appealWindowClosed: 复议诉讼期已过 / Appeal window closed = 是 / Yes',
    '# issue: 签发 / Issue',
    'number: 证书编号 / Certificate number = 370100-work-injury-000004',
    'division: 发证地 / Issuing place = 山东省济南市 / Jinan, Shandong [370100]',
    'issuedBy: 记录所载发证机关 / Issuer as recorded = 济南市人力资源和社会保障局',
    'iat: 签名时间 / Signed at = 2026年6月1日 11:00（北京时间） / 1 June 2026, 11:00 (UTC+8)',
    '# technical: 技术信息 / Technical',
    'vct: 记录类型 / Record type = https://comity.example/vct/work-injury/1',
    'iss: 发证机关标识 / Issuer identifier = https://370100.comity.example',
    'status.status_list.idx: 状态位置 / Place in the status list = 3',
    'status.status_list.uri: 状态列表 / Status list = https://370100.comity.example/status/1',
  ],
  'labour-capacity': [
    '# holder: 持证人 / Holder',
    'name.name: 姓名 / Name = 孙远敏',
    'identity.kind: 证件类型 / Identity document = 居民身份证 / Resident identity card [resident_id]',
    'identity.number: 证件号码 / Identity number = 370113199604192288',
    'birth.date: 出生日期 / Date of birth = 1996年4月19日 / 19 April 1996',
    'birth.gender: 性别 / Gender = 女 / Female [female]',
    'employer: 用人单位 / Employer = 济南第三机床厂',
    '# content: 劳动能力鉴定 / Labour-capacity appraisal',
    'appraisal.disabilityGrade: 劳动功能障碍等级 / Grade of disability = 十级 / Grade 10 [10]',
    'appraisal.careGrade: 生活自理障碍等级 / Grade of dependence on care = 无生活自理障碍 / None [0]',
    'appraisal.clause: 鉴定依据 / Standard applied = GB/T 16180—2014 5.10.2',
    'stage: 鉴定类别 / Stage = 初次鉴定 / First appraisal [first]',
    'insuredPlace: 参保地 / Place of insurance = 山东省济南市 / Jinan, Shandong [370100]',
    'appraisalCommittee: 劳动能力鉴定委员会 / Appraisal committee = 济南市劳动能力鉴定委员会',
    'injuryDecisionNumber: 工伤认定决定书编号 / Work-injury decision number = 济工伤认字〔2025〕112号',
    'concludedOn: 结论日期 / Concluded on = 2025年9月17日 / 17 September 2025',
    'deliveredOn: 送达日期 / Delivered on = 2025年9月22日 / 22 September 2025',
    '# issue: 签发 / Issue',
    'number: 证书编号 / Certificate number = 370100-labour-capacity-000005',
    'division: 发证地 / Issuing place = 山东省济南市 / Jinan, Shandong [370100]',
    'issuedBy: 记录所载发证机关 / Issuer as recorded = 济南市人力资源和社会保障局',
    'iat: 签名时间 / Signed at = 2026年6月1日 11:00（北京时间） / 1 June 2026, 11:00 (UTC+8)',
    '# technical: 技术信息 / Technical',
    'vct: 记录类型 / Record type = https://comity.example/vct/labour-capacity/1',
    'iss: 发证机关标识 / Issuer identifier = https://370100.comity.example',
    'status.status_list.idx: 状态位置 / Place in the status list = 4',
    'status.status_list.uri: 状态列表 / Status list = https://370100.comity.example/status/1',
  ],
  recognition: [
    '# holder: 持证人 / Holder',
    'name.name: 姓名 / Name = 孙远敏',
    'identity.kind: 证件类型 / Identity document = 居民身份证 / Resident identity card [resident_id]',
    'identity.number: 证件号码 / Identity number = 370113199604192288',
    '# content: 互认确认 / Recognition record',
    'source.family: 原证书类别 / Kind of the recognised record = 专业技术职称 / Professional title [title]',
    'source.number: 原证书编号 / Number of the recognised record = JN2021050001234',
    'basis.alliance: 互认联盟 / Alliance = sd-capital-circle',
    'basis.ruleSet: 互认规则集 / Rule set = sd-capital-circle/2021-1',
    'basis.version: 规则集版本 / Version of the rule set = 1',
    'basis.rule: 所依规则 / Rule = title-mutual',
    'basis.clause: 协议条款 / Clause of the agreement = 专业技术职称互认 / Mutual recognition of titles',
    'mode: 互认方式 / Mode = 直接认可 / Direct recognition [direct]',
    'effects: 效力 / Effects = 聘任（用）；申报高一级 / Appointment; Application for the next level [appointment, next_level_application]',
    'conditions: 条件 / Conditions = 按规定办理聘任手续',
    'recognisedFor: 适用地区 / Recognised for = 山东省淄博市 / Zibo, Shandong [370300]',
    'purpose: 用途 / Purpose = 聘任（用） / Appointment [appointment]',
    'appliedOn: 申请日期 / Applied on = 2026年5月28日 / 28 May 2026',
    'decidedOn: 决定日期 / Decided on = 2026年5月29日 / 29 May 2026',
    '# issue: 签发 / Issue',
    'number: 证书编号 / Certificate number = 370100-recognition-000006',
    'division: 发证地 / Issuing place = 山东省济南市 / Jinan, Shandong [370100]',
    'issuedBy: 记录所载发证机关 / Issuer as recorded = 济南市人力资源和社会保障局',
    'iat: 签名时间 / Signed at = 2026年6月1日 11:00（北京时间） / 1 June 2026, 11:00 (UTC+8)',
    '# technical: 技术信息 / Technical',
    'vct: 记录类型 / Record type = https://comity.example/vct/recognition/1',
    'iss: 发证机关标识 / Issuer identifier = https://370100.comity.example',
    'status.status_list.idx: 状态位置 / Place in the status list = 5',
    'status.status_list.uri: 状态列表 / Status list = https://370100.comity.example/status/1',
    'evidence: 核验结果摘要 / Digest of the verdict = LCa0a2j_xo_5m0U8HTBBNBNCLXBkg7-g-YpeiGJm564',
    'source.iss: 原发证机关标识 / Issuer of the recognised record = https://370100.comity.example',
    'source.digest: 原证书摘要 / Digest of the recognised record = LCa0a2j_xo_5m0U8HTBBNBNCLXBkg7-g-YpeiGJm564',
    'source.status.status_list.idx: 原证书状态位置 / Place of the recognised record in it = 4711',
    'source.status.status_list.uri: 原证书状态列表 / Status list of the recognised record = https://370100.comity.example/status/1',
    'basis.digest: 规则集摘要 / Digest of the rule set = LCa0a2j_xo_5m0U8HTBBNBNCLXBkg7-g-YpeiGJm564',
  ],
}

const alliance = makeAlliance({ cities: ['370100'] })
const records = Object.fromEntries(
  familyIds.map((family) => {
    const { claims, disclosed } = parseSdJwt(alliance.issue('370100', family, exampleDrafts[family]()), nodeEngine)
    return [family, { family, claims: claims as RecordClaims, disclosed }] // issued a line above
  }),
)
const recordOf = (family: FamilyId) => records[family]!
const open = { maskIdentity: false }

describe.each(familyIds)('a %s record in words', (family) => {
  it('says everything that was signed, in order and in both languages', () => {
    expect(said(describeRecord(recordOf(family), open))).toEqual(expected[family])
  })

  it('has a line for every value that was signed, however deep it stands', () => {
    const { claims, disclosed } = recordOf(family)
    const leaves = (path: string, value: unknown): readonly string[] =>
      value !== null && typeof value === 'object' && !Array.isArray(value) && !('zh' in value)
        ? Object.entries(value).flatMap(([name, part]) => leaves(`${path}.${name}`, part))
        : [path]
    const signed = Object.entries({ ...claims, ...disclosed }).flatMap(([name, value]) => leaves(name, value))
    const members = describeRecord(recordOf(family), open).flatMap(({ lines }) => lines.map(({ member }) => member))
    expect(members.toSorted()).toEqual(signed.toSorted())
  })

  it('shows no more of a masked identity number than its ends', () => {
    const masked = JSON.stringify(describeRecord(recordOf(family), { maskIdentity: true }))
    expect([masked.includes('370***********2288'), masked.includes('370113199604192288')]).toEqual([true, false])
  })

  it('says nothing of what is not disclosed', () => {
    const groups = describeRecord({ ...recordOf(family), disclosed: {} }, open)
    expect(said(groups)).toEqual(
      said(describeRecord(recordOf(family), open)).filter(
        (line) => !families[family].groups.some((group) => line.startsWith(`${group}.`) || line.startsWith(`${group}:`)) && !line.startsWith('# holder'),
      ),
    )
  })
})

describe('the alliance of a recognition', () => {
  it('is called as the trust lists call it, its id beside the name, and by its id where they do not know it', () => {
    const lineWith = (alliances?: ReadonlyMap<string, { readonly zh: string; readonly en: string }>) =>
      said(describeRecord(recordOf('recognition'), alliances === undefined ? open : { ...open, alliances })).find((line) => line.startsWith('basis.alliance'))
    expect(lineWith(new Map([['sd-capital-circle', { zh: '省会经济圈联盟', en: 'Capital Circle Alliance' }]]))).toBe(
      'basis.alliance: 互认联盟 / Alliance = 省会经济圈联盟 / Capital Circle Alliance [sd-capital-circle]',
    )
    expect(lineWith(new Map([['elsewhere', { zh: '别处', en: 'Elsewhere' }]]))).toBe(lineWith())
    const national = { ...recordOf('recognition'), claims: { ...recordOf('recognition').claims, basis: { alliance: null } } }
    expect(said(describeRecord(national, { ...open, alliances: new Map([['null', { zh: '空', en: 'Null' }]]) }))).toContain(
      'basis.alliance: 互认联盟 / Alliance = 无（国家规定） / None (national rule)',
    )
  })
})

describe('a record in words', () => {
  const title = recordOf('title')
  const linesOf = (claims: Readonly<Record<string, unknown>>, disclosed: Readonly<Record<string, unknown>> = {}) =>
    said(describeRecord({ family: 'title', claims: { ...title.claims, ...claims }, disclosed }, open))

  it('shows members that this version does not know under their own names', () => {
    const lines = linesOf({ honour: '特等', scores: [{ subject: 'a', points: 3 }], 未知: null, deep: { er: { still: true } }, none: {} }, { nickname: '小孙' })
    expect(lines.slice(lines.indexOf('# other: 其他签名内容 / Other signed content'))).toEqual([
      '# other: 其他签名内容 / Other signed content',
      'honour: honour / honour = 特等',
      'scores: scores / scores = {"subject":"a","points":3}',
      '未知: 未知 / 未知 = 无 / None',
      'deep.er.still: deep.er.still / deep.er.still = 是 / Yes',
      'none: none / none = {}',
      'nickname: nickname / nickname = 小孙',
    ])
  })

  it('shows an unknown member inside a known one', () => {
    expect(linesOf({ imported: { on: '2024-03', checked: ['dates'], by: '某人' } })).toContain(
      'imported.by: 历史台账导入·by / Taken over from a ledger: by = 某人',
    )
  })

  it('marks an imported record and says what was checked', () => {
    const lines = linesOf({ imported: { on: '2024-03', checked: ['identity-number', 'dates'] } })
    expect(lines.filter((line) => line.startsWith('imported'))).toEqual([
      'imported.on: 历史台账导入日期 / Taken over from a ledger on = 2024年3月 / March 2024',
      'imported.checked: 导入时已核对 / Checked when taken over = 证件号码；日期 / identity number; dates [identity-number, dates]',
    ])
  })

  it('keeps a code that its table does not hold, and never takes free text for a code', () => {
    expect(linesOf({ level: 'grand', method: 'toString', title: 'review', division: '999999' })).toEqual(
      expect.arrayContaining([
        'level: 级别 / Level = grand',
        'method: 取得方式 / How obtained = toString',
        'title: 职称名称 / Title = review',
        'division: 发证地 / Issuing place = 999999',
      ]),
    )
    const { claims, disclosed } = recordOf('skill')
    const body = describeRecord({ family: 'skill', claims: { ...claims, evaluationBody: { name: 'employer', kind: 'employer' } }, disclosed }, open)
    expect(said(body)).toEqual(
      expect.arrayContaining([
        'evaluationBody.name: 评价机构 / Evaluation body = employer',
        'evaluationBody.kind: 评价机构类型 / Kind of evaluation body = 用人单位 / Employer [employer]',
      ]),
    )
  })

  it('says when the document itself ends, and that a national rule has no alliance', () => {
    expect(linesOf({ exp: 1_800_000_000 })).toContain('exp: 有效期至 / Expires at = 2027年1月15日 16:00（北京时间） / 15 January 2027, 16:00 (UTC+8)')
    const { claims, disclosed } = recordOf('recognition')
    const national = { ...claims, basis: { alliance: null, ruleSet: 'national/1', version: 1, digest: 'x', rule: 'r' } }
    expect(said(describeRecord({ family: 'recognition', claims: national, disclosed }, open))).toContain(
      'basis.alliance: 互认联盟 / Alliance = 无（国家规定） / None (national rule)',
    )
  })
})

describe('a date in words', () => {
  it.each([
    ['2021', '2021年', '2021'],
    ['2021-03', '2021年3月', 'March 2021'],
    ['2021-12-09', '2021年12月9日', '9 December 2021'],
  ])('keeps the precision of %s', (date, zh, en) => {
    expect(describeDate(PartialDate.parse(date))).toEqual({ zh, en })
  })

  it('tells an instant as the bureaus’ clocks show it', () => {
    expect(describeInstant(1_780_243_199)).toEqual({ zh: '2026年5月31日 23:59（北京时间）', en: '31 May 2026, 23:59 (UTC+8)' })
    expect(describeInstant(1_780_243_200)).toEqual({ zh: '2026年6月1日 00:00（北京时间）', en: '1 June 2026, 00:00 (UTC+8)' })
  })
})
