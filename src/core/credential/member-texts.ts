import type { Localised } from '../model/localised.ts'
import { effectTexts } from '../rules/outcome-texts.ts'
import type { CodeTexts } from './code-texts.ts'
import { families } from './families.ts'
import type { ledgerChecks } from './envelope.ts'
import { envelopeLabels } from './type-metadata.ts'

const text = (zh: string, en: string): Localised => ({ zh, en })

const sourceStatus = {
  list: text('原证书状态列表', 'Status list of the recognised record'),
  place: text('原证书状态位置', 'Place of the recognised record in it'),
}

/**
 * What members are called that no family names: those of the envelope, and those inside another member, by their path. Whole names: a
 * line of a certificate stands alone.
 */
export const memberLabels: Readonly<Record<string, Localised>> = {
  ...envelopeLabels,
  issuedBy: text('记录所载发证机关', 'Issuer as recorded'),
  iss: text('发证机关标识', 'Issuer identifier'),
  vct: text('记录类型', 'Record type'),
  iat: text('签名时间', 'Signed at'),
  exp: text('有效期至', 'Expires at'),
  'status.status_list.uri': text('状态列表', 'Status list'),
  'status.status_list.idx': text('状态位置', 'Place in the status list'),
  'imported.on': text('历史台账导入日期', 'Taken over from a ledger on'),
  'imported.checked': text('导入时已核对', 'Checked when taken over'),

  'name.name': text('姓名', 'Name'),
  'name.nameAsIssued': text('原证书所载姓名', 'Name as issued'),
  'identity.kind': text('证件类型', 'Identity document'),
  'identity.number': text('证件号码', 'Identity number'),
  'birth.date': text('出生日期', 'Date of birth'),
  'birth.gender': text('性别', 'Gender'),

  'registration.number': text('注册编号', 'Registration number'),
  'registration.unit': text('注册单位', 'Registered with'),
  'registration.from': text('注册起始日期', 'Registered from'),
  'registration.until': text('注册有效期至', 'Registered until'),

  'evaluationBody.name': text('评价机构', 'Evaluation body'),
  'evaluationBody.uscc': text('评价机构统一社会信用代码', 'Unified social credit code of the body'),
  'evaluationBody.kind': text('评价机构类型', 'Kind of evaluation body'),

  'injury.outcome': text('认定结论', 'Determination'),
  'injury.clause': text('认定依据', 'Legal basis'),
  'injury.accidentOn': text('事故发生日期', 'Date of the accident'),
  'injury.injury': text('受伤害部位及情况', 'Injury'),

  'appraisal.disabilityGrade': text('劳动功能障碍等级', 'Grade of disability'),
  'appraisal.careGrade': text('生活自理障碍等级', 'Grade of dependence on care'),
  'appraisal.clause': text('鉴定依据', 'Standard applied'),

  'source.iss': text('原发证机关标识', 'Issuer of the recognised record'),
  'source.family': text('原证书类别', 'Kind of the recognised record'),
  'source.number': text('原证书编号', 'Number of the recognised record'),
  'source.digest': text('原证书摘要', 'Digest of the recognised record'),
  'source.status.status_list.uri': sourceStatus.list,
  'source.status.status_list.idx': sourceStatus.place,
  'basis.alliance': text('互认联盟', 'Alliance'),
  'basis.ruleSet': text('互认规则集', 'Rule set'),
  'basis.version': text('规则集版本', 'Version of the rule set'),
  'basis.digest': text('规则集摘要', 'Digest of the rule set'),
  'basis.rule': text('所依规则', 'Rule'),
  'basis.clause': text('协议条款', 'Clause of the agreement'),
}

/** What was checked when a record came from an old ledger, in words. */
export const ledgerCheckTexts: Readonly<Record<(typeof ledgerChecks)[number], Localised>> = {
  'identity-number': text('证件号码', 'identity number'),
  'certificate-number': text('证书编号', 'certificate number'),
  dates: text('日期', 'dates'),
  codes: text('代码', 'codes'),
  duplicates: text('重复', 'duplicates'),
}

/** 劳动功能障碍: ten grades, 0 none reached (GB/T 16180). */
const disabilityGradeTexts: CodeTexts = Object.fromEntries(
  ['未达级', '一级', '二级', '三级', '四级', '五级', '六级', '七级', '八级', '九级', '十级'].map((zh, grade) => [
    String(grade),
    text(zh, grade === 0 ? 'No grade reached' : `Grade ${grade}`),
  ]),
)

/** 生活自理障碍 (工伤保险条例 art. 22). */
const careGradeTexts: CodeTexts = {
  0: text('无生活自理障碍', 'None'),
  1: text('生活完全不能自理', 'Wholly dependent'),
  2: text('生活大部分不能自理', 'Largely dependent'),
  3: text('生活部分不能自理', 'Partly dependent'),
}

/** Members inside another whose values are codes of the outer member's table in the family: beside them stands free text, which is never a code. */
export const codedInside: ReadonlySet<string> = new Set(['identity.kind', 'birth.gender', 'evaluationBody.kind', 'injury.outcome'])

/** Codes that are nobody's table in the family. */
export const memberCodes: Readonly<Record<string, CodeTexts>> = {
  'imported.checked': ledgerCheckTexts,
  'appraisal.disabilityGrade': disabilityGradeTexts,
  'appraisal.careGrade': careGradeTexts,
  'source.family': Object.fromEntries(Object.values(families).map(({ id, display }) => [id, display])),
  purpose: effectTexts,
}
