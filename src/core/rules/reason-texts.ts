import type { Localised } from '../model/localised.ts'

const text = (zh: string, en: string): Localised => ({ zh, en })

/** Why a decision is what it is. Rules name the ones in the first part; weighing adds the ones in the second. */
export const reasonTexts = {
  STATUS_NOT_VALID: text('证书当前不是有效状态', 'The record is not valid at present'),
  NOT_AUTHENTIC: text('签名无效，或发证时发证机关不在授权范围内', 'The signature is wrong, or the issuer had no authority when it issued'),
  LOCAL_SCOPE_TITLE: text('该职称为定向评价、限定范围有效，不适用跨地区互认', 'The title was awarded for a limited scope and is not mutually recognised'),
  SERIES_OUTSIDE_NATIONAL: text('该职称不属于国家27个职称系列', 'The title is outside the 27 national series'),
  DISHONESTY_RECORD: text('持证人诚信档案有有效失信记录，须人工审核', 'The holder has an active dishonesty record: an officer decides'),
  SELF_EVALUATION_NEEDS_FILING_CHECK: text('自主评审单位取得的职称，须核查备案情况', 'A title from a self-evaluating unit: its filing has to be checked'),
  INSURED_OUTSIDE_MEMBERS: text('工伤职工参保地不在联盟成员范围内', 'The injured person is insured outside the members'),
  CITY_DECIDES: text('协议将此事项交由各市（州、区、县）办理', 'The agreement leaves this to the city or district'),

  OWN_RECORD: text('本地（或其覆盖范围内）颁发，无需互认', 'Issued here: valid without recognition'),
  NATIONAL_LAW: text('依据国家规定', 'By national rule'),
  RULE_MATCHED: text('符合联盟互认规则', 'A rule of the alliance covers it'),
  MOST_FAVOURABLE_OF_SEVERAL: text('多个联盟规则可适用，采用对持证人最有利的一项', 'Several alliances cover it; the most favourable for the holder is taken'),
  STANDS_ON_CONDITION: text('结论以经办人员确认待核事项为前提', 'Stands on condition that an officer confirms the open questions'),
  FACTS_MISSING: text('缺少作出判断所需的事实', 'Facts needed to decide are missing'),
  NOTHING_MATCHED: text('没有规则覆盖此情形，转人工审核', 'No rule covers the case: an officer decides'),
  NO_COMMON_ALLIANCE: text('两地没有共同加入的联盟，转人工审核', 'The two places share no alliance: an officer decides'),
  MEMBERSHIP_NOT_IN_FORCE: text('申请之日一方的成员资格未生效、已中止或已退出', 'On the day of application one of the places was not an active member'),
  RULES_NOT_IN_FORCE: text('申请之日联盟规则尚未生效或已失效', 'On the day of application no rule set of the alliance was in force'),
} as const satisfies Record<string, Localised>

export type ReasonCode = keyof typeof reasonTexts

// The keys of the table above are its codes; `Object.keys` forgets that.
export const reasonCodes = Object.keys(reasonTexts) as unknown as readonly [ReasonCode, ...ReasonCode[]]
