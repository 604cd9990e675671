import type { Localised } from '../model/localised.ts'

/**
 * Who can say what a fact is: `record`, the signed record itself (with what it discloses) and the two places concerned;
 * `status`, whoever verified it today; `context`, the application, the officer or another register.
 */
export type Knower = 'record' | 'status' | 'context'

/** What values a fact has: `code` and `division` are texts compared as they are, `date` is a PartialDate. */
export type FactKind = 'code' | 'division' | 'boolean' | 'date'

interface FactEntry extends Localised {
  readonly knower: Knower
  readonly kind: FactKind
}

const fact = (knower: Knower, kind: FactKind, zh: string, en: string): FactEntry => ({ knower, kind, zh, en })

/** Everything a rule may ask. A new fact is one line here and one in `slotsOf`; a rule set that asks for another is refused. */
export const facts = {
  family: fact('record', 'code', '证书类别', 'Record family'),
  level: fact('record', 'code', '级别', 'Level'),
  series: fact('record', 'code', '职称系列', 'Title series'),
  seriesInNational27: fact('record', 'boolean', '属于国家27个职称系列', 'Series is one of the national 27'),
  method: fact('record', 'code', '取得方式', 'How obtained'),
  /** `nationwide` for a general title: the caller says so, because a scope that is absent here is unknown. */
  scope: fact('record', 'code', '有效范围', 'Validity scope'),
  issuer: fact('record', 'division', '发证地', 'Issuing place'),
  issuerRank: fact('record', 'code', '发证机关层级', 'Rank of the issuing place'),
  crossProvince: fact('record', 'boolean', '跨省', 'Issued in another province'),
  nationallyValid: fact('record', 'boolean', '全国有效', 'Valid nationwide'),
  /** Level and name in one, as the certificate says it: 二级建造师. */
  qualificationName: fact('record', 'code', '资格名称', 'Qualification'),
  skillFiledInOsta: fact('record', 'boolean', '已上传技能人才评价工作网', 'Filed in the national skills register'),
  obtainedOn: fact('record', 'date', '取得时间', 'Date obtained'),
  issuedOn: fact('record', 'date', '发证日期', 'Date of issue'),
  /** valid, suspended, revoked, penalty, cancelled, voided. */
  status: fact('status', 'code', '证书状态', 'Status of the record'),
  authentic: fact('status', 'boolean', '签名与发证权限核验通过', 'Authentic: signature and authority to issue'),
  /** recognised, deemed, notRecognised (工伤保险条例 art. 14–16). */
  outcome: fact('record', 'code', '工伤认定结论', 'Outcome of the work-injury determination'),
  appealWindowClosed: fact('record', 'boolean', '复议诉讼期已过', 'Appeal window closed'),
  /** first, second, review (工伤保险条例 art. 23–28). */
  stage: fact('record', 'code', '鉴定类别', 'Stage of the labour-capacity appraisal'),
  insuredPlace: fact('record', 'division', '参保地', 'Place of insurance'),
  registeredAtIssuer: fact('record', 'boolean', '已在发证地注册', 'Registered where it was issued'),
  superseded: fact('status', 'boolean', '已被新结论取代', 'Superseded by a later conclusion'),
  holderDishonestyRecordActive: fact('context', 'boolean', '持证人诚信档案有有效失信记录', 'Holder has an active dishonesty record'),
  meetsNationalBasicStandard: fact('context', 'boolean', '符合国家职称评价基本标准', 'Meets the national basic standard for the title'),
  verifierDivision: fact('context', 'division', '核验地', 'Verifying place'),
  /** What the holder needs it for: one of the effects. */
  purpose: fact('context', 'code', '用途', 'Purpose'),
  /** What it shall count for where a rule knows several: constructionElectrician, skillLevel, ... */
  target: fact('context', 'code', '拟对应的证书', 'What it shall count for'),
} as const satisfies Record<string, FactEntry>

export type FactName = keyof typeof facts
export type FactValue = string | boolean | number

// The keys of the table above are its names; `Object.keys` forgets that.
export const factNames = Object.keys(facts) as unknown as readonly [FactName, ...FactName[]]

/** What is known of a case. A fact that is absent is unknown: never false, never empty. */
export type Facts = Partial<Record<FactName, FactValue>>
