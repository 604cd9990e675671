import type { Localised } from '../model/localised.ts'
import type { FactName } from './facts.ts'

/**
 * How a fact is spoken of in sentences. `question`: what has to be found out while it is unknown; never a statement, since an open fact that
 * is put as one reads as a finding. What is true or false is said whole both ways (`holds`, `fails`); of the others the sentence is
 * put together from the subject and a value.
 */
export type FactText = { readonly question: Localised } & (
  | { readonly subject: Localised }
  | {
      readonly holds: Localised
      readonly fails: Localised
    }
)

type Pair = readonly [zh: string, en: string]
const text = ([zh, en]: Pair): Localised => ({ zh, en })

const valued = (subject: Pair, question: Pair): FactText => ({ subject: text(subject), question: text(question) })
const yesOrNo = (holds: Pair, fails: Pair, question: Pair): FactText => ({ holds: text(holds), fails: text(fails), question: text(question) })

export const factTexts: Readonly<Record<FactName, FactText>> = {
  family: valued(['证书类别', 'the kind of record'], ['属于哪一类证书', 'Which kind of record it is']),
  level: valued(['级别', 'the level'], ['是哪一级', 'Which level it is of']),
  series: valued(['职称系列', 'the title series'], ['属于哪个职称系列', 'Which title series it is of']),
  seriesInNational27: yesOrNo(
    ['属于国家27个职称系列', 'its series is one of the national 27'],
    ['不属于国家27个职称系列', 'its series is outside the national 27'],
    ['是否属于国家27个职称系列', 'Whether its series is one of the national 27'],
  ),
  method: valued(['取得方式', 'the way in which it was obtained'], ['以何种方式取得', 'How it was obtained']),
  scope: valued(['有效范围', 'the scope of validity'], ['在多大范围内有效', 'Within which scope it is valid']),
  issuer: valued(['发证地', 'the issuing place'], ['由何地签发', 'Which place issued it']),
  issuerRank: valued(['发证机关层级', 'the rank of the issuing place'], ['发证机关属于哪一层级', 'Of which rank the issuing place is']),
  crossProvince: yesOrNo(
    ['由外省签发', 'it was issued in another province'],
    ['由本省签发', 'it was issued in the same province'],
    ['是否由外省签发', 'Whether it was issued in another province'],
  ),
  nationallyValid: yesOrNo(
    ['全国有效', 'it is valid nationwide'],
    ['并非全国有效', 'it is not valid nationwide'],
    ['是否全国有效', 'Whether it is valid nationwide'],
  ),
  qualificationName: valued(['资格名称', 'the qualification'], ['是哪一项资格', 'Which qualification it is']),
  skillFiledInOsta: yesOrNo(
    ['已上传技能人才评价工作网', 'it is filed in the national skills register'],
    ['未上传技能人才评价工作网', 'it is not filed in the national skills register'],
    ['是否已上传技能人才评价工作网', 'Whether it is filed in the national skills register'],
  ),
  obtainedOn: valued(['取得时间', 'the date on which it was obtained'], ['何时取得', 'When it was obtained']),
  issuedOn: valued(['发证日期', 'the date of issue'], ['何时发证', 'When it was issued']),
  status: valued(['证书状态', 'the status of the record'], ['证书现为何种状态', 'What the status of the record is']),
  authentic: yesOrNo(
    ['签名与发证权限核验通过', 'signature and authority to issue are in order'],
    ['签名或发证权限核验未通过', 'signature or authority to issue is not in order'],
    ['签名与发证权限是否核验通过', 'Whether signature and authority to issue are in order'],
  ),
  outcome: valued(['工伤认定结论', 'the outcome of the determination'], ['工伤认定结论是什么', 'What the outcome of the determination is']),
  appealWindowClosed: yesOrNo(
    ['复议诉讼期已过', 'the time for appeal has passed'],
    ['复议诉讼期未过', 'the time for appeal has not passed'],
    ['复议诉讼期是否已过', 'Whether the time for appeal has passed'],
  ),
  stage: valued(['鉴定类别', 'the stage of the appraisal'], ['属于初次、再次还是复查鉴定', 'Whether it is a first, second or review appraisal']),
  insuredPlace: valued(['参保地', 'the place of insurance'], ['在何地参保', 'Where the holder is insured']),
  registeredAtIssuer: yesOrNo(
    ['已在发证地注册', 'it is registered where it was issued'],
    ['未在发证地注册', 'it is not registered where it was issued'],
    ['是否已在发证地注册', 'Whether it is registered where it was issued'],
  ),
  superseded: yesOrNo(
    ['已被新结论取代', 'a later conclusion has superseded it'],
    ['未被新结论取代', 'no later conclusion has superseded it'],
    ['是否已被新结论取代', 'Whether a later conclusion has superseded it'],
  ),
  holderDishonestyRecordActive: yesOrNo(
    ['持证人诚信档案有有效失信记录', 'the holder has an active dishonesty record'],
    ['持证人诚信档案没有有效失信记录', 'the holder has no active dishonesty record'],
    ['持证人诚信档案是否有有效失信记录', 'Whether the holder has an active dishonesty record'],
  ),
  meetsNationalBasicStandard: yesOrNo(
    ['符合国家职称评价基本标准', 'it meets the national basic standard for the title'],
    ['不符合国家职称评价基本标准', 'it does not meet the national basic standard for the title'],
    ['是否符合国家职称评价基本标准', 'Whether it meets the national basic standard for the title'],
  ),
  verifierDivision: valued(['核验地', 'the verifying place'], ['在何地核验', 'Where it is verified']),
  purpose: valued(['用途', 'the purpose'], ['用于什么', 'What it is needed for']),
  target: valued(['拟对应的证书', 'what it shall count for'], ['拟对应哪种证书', 'What it shall count for']),
}
