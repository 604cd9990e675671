import type { Localised } from '../model/localised.ts'
import type { Standing } from './decision.ts'
import type { ConditionCode, Effect, MaterialCode, Mode, Origin } from './rule-set.ts'

const text = (zh: string, en: string): Localised => ({ zh, en })

/** The outcome in a word or two. */
export const standingTexts: Readonly<Record<Standing, Localised>> = {
  yes: text('认可', 'Recognised'),
  'on-condition': text('有条件认可', 'Recognised on condition'),
  no: text('不认可', 'Not recognised'),
  'cannot-tell': text('须人工判断', 'An officer decides'),
}

export const modeTexts: Readonly<Record<Mode, Localised>> = {
  direct: text('直接认可', 'Direct recognition'),
  verify_and_record: text('核验备案', 'Verification and filing for the record'),
  map_to_title: text('职业资格对应职称', 'Counts as the corresponding title'),
  deemed_level: text('视同达到相应等级', 'Deemed to have reached a level'),
  exempt_part: text('免予部分培训或考试', 'Exempt from part of training or examination'),
  exchange: text('换发证书', 'Certificate exchange'),
  review: text('复核', 'Re-check of the substance'),
  delegate: text('委托办理', 'Delegated to the other place'),
  delegated_to_city: text('由下级地区规定', 'Left to the city or district'),
  manual_review: text('转人工审核', 'Manual review'),
  not_recognized: text('不予认可', 'Not recognised'),
}

export const effectTexts: Readonly<Record<Effect, Localised>> = {
  appointment: text('聘任（用）', 'Appointment'),
  appointment_by_employer: text('由用人单位按需择优自主聘任（用）', 'Appointment at the employer’s discretion'),
  next_level_application: text('申报高一级', 'Application for the next level'),
  registration: text('注册', 'Registration'),
  practice: text('执业', 'Practice'),
  practise_after_filing: text('经备案后随企业执业', 'Practice with the enterprise after filing'),
  employment: text('就业', 'Employment'),
  talent_services: text('人才引进、落户与服务', 'Talent services'),
  subsidy: text('补贴', 'Subsidy'),
  title_mapping: text('对应职称', 'Mapping to a title'),
  exemption: text('免训免考', 'Exemption'),
  next_skill_level_assessment: text('参加高一级职业技能等级认定', 'Assessment for the next skill level'),
  benefit_calculation_reference: text('待遇核定参考', 'Reference for calculating benefits'),
}

export const conditionTexts: Readonly<Record<ConditionCode, Localised>> = {
  SEPARATE_CONSENT: text('取得本人单独同意，或有法定依据', 'Separate consent of the person, or a statutory basis'),
  FILE_BEFORE_PRACTISING: text('执业前向当地主管部门备案', 'File with the local authority before practising'),
  QUERY_NATIONAL_REGISTER: text('在全国统一平台查询核对', 'Check in the national register'),
}

export const materialTexts: Readonly<Record<MaterialCode, Localised>> = {
  applicationForm: text('申请表', 'Application form'),
  identityDocument: text('身份证件', 'Identity document'),
  originalCertificate: text('证书原件', 'Original certificate'),
  reviewForm: text('职称评审表', 'Title review form'),
}

export const originTexts: Readonly<Record<Origin, Localised>> = {
  fact: text('有据可查', 'Documented'),
  sourced: text('有来源', 'Sourced'),
  law: text('法律条文', 'Statute'),
  'knowledge-high': text('通行做法（可信度高）', 'Known practice (high confidence)'),
  'knowledge-medium': text('通行做法（可信度中）', 'Known practice (medium confidence)'),
  'knowledge-low': text('通行做法（可信度低）', 'Known practice (low confidence)'),
  sample: text('示例规则，待联盟确定', 'Sample, to be set by the alliance'),
  design: text('系统设计', 'By design'),
}
