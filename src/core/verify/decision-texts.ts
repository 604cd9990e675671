import { seriesTexts, skillLevelTexts, titleLevelTexts, type CodeTexts } from '../credential/code-texts.ts'
import { describeDate } from '../credential/describe-date.ts'
import { families } from '../credential/families.ts'
import type { FamilyId } from '../model/family-id.ts'
import type { Localised } from '../model/localised.ts'
import { PartialDate } from '../model/partial-date.ts'
import { placeName } from '../model/place-name.ts'
import type { Decision, Expectation, FailedCondition, WayToYes } from '../rules/decision.ts'
import { factTexts } from '../rules/fact-texts.ts'
import { facts, type FactName, type FactValue } from '../rules/facts.ts'
import { conditionTexts, effectTexts, materialTexts, modeTexts } from '../rules/outcome-texts.ts'
import type { NamedRule } from './trust-names.ts'

// What the page, the sheets and the command line say of a decision's parts, so that all of them say the same and none of them a bare code.

const text = (zh: string, en: string): Localised => ({ zh, en })
const upper = (en: string): string => `${en[0]!.toUpperCase()}${en.slice(1)}` // no text is empty
const lower = (en: string): string => `${en[0]!.toLowerCase()}${en.slice(1)}` // the same

const rankTexts: CodeTexts = { province: text('省级', 'province'), prefecture: text('市级', 'prefecture'), county: text('县级', 'county') }

/** `valid`, the kinds of `status-kinds.ts`, and what else verification finds to keep a record from being in force. */
const statusTexts: CodeTexts = {
  valid: text('有效', 'valid'),
  suspended: text('暂停', 'suspended'),
  revoked: text('撤销', 'revoked'),
  penalty: text('吊销', 'revoked as a penalty'),
  cancelled: text('注销', 'cancelled'),
  voided: text('作废', 'voided'),
  expired: text('过期', 'expired'),
  'uri-foreign': text('状态列表不属于发证机关', 'told by a list that is not its issuer’s'),
  unexplained: text('异常', 'not in force for reasons that its list does not tell'),
  'source-revoked': text('所依据的原证书已被撤销或吊销', 'void with the record that it recognises'),
}

const targetTexts: CodeTexts = {
  constructionElectrician: text('建筑电工', 'construction electrician'),
  lowVoltageElectrician: text('低压电工', 'low-voltage electrician'),
  constructionWelder: text('建筑焊工', 'construction welder'),
  specialEquipmentWelder: text('特种设备焊接作业人员', 'special-equipment welder'),
  skillLevel: text('职业技能等级', 'a vocational skill level'),
}

const familyTexts: CodeTexts = Object.fromEntries(Object.values(families).map(({ id, display }) => [id, display]))
const levelTexts = (family: FamilyId | undefined): CodeTexts =>
  family === 'skill' ? { ...titleLevelTexts, ...skillLevelTexts } : { ...skillLevelTexts, ...titleLevelTexts }

/** The words for the codes of a fact; none where its values are names. One code may mean two levels: which, the record's family says. */
const codesOf = (fact: FactName, family: FamilyId | undefined): CodeTexts | undefined => {
  const tables: Partial<Record<FactName, CodeTexts | undefined>> = {
    family: familyTexts,
    level: levelTexts(family),
    series: seriesTexts,
    method: families.title.codes['method'],
    scope: families.title.codes['scope'],
    issuerRank: rankTexts,
    status: statusTexts,
    outcome: families['work-injury'].codes['injury'],
    stage: families['labour-capacity'].codes['stage'],
    purpose: effectTexts,
    target: targetTexts,
  }
  return tables[fact]
}

/** A fact's value as a person would say it inside a sentence. @param family of the record that it is a fact about */
export function valueText(fact: FactName, value: FactValue, family?: FamilyId): Localised {
  const said = String(value)
  if (facts[fact].kind === 'division') return placeText(said)
  const date = facts[fact].kind === 'date' ? PartialDate.safeParse(value) : undefined
  if (date?.success === true) return describeDate(date.data)
  const named = codesOf(fact, family)
  const words = named !== undefined && Object.hasOwn(named, said) ? named[said] : undefined
  return words === undefined ? text(said, said) : text(words.zh, lower(words.en))
}

/** A place by its name, or by its code where none is known. */
export const placeText = (code: string): Localised => placeName(code) ?? text(code, code)

/** What has to be found out while a fact is unknown. */
export const questionText = (fact: FactName): Localised => factTexts[fact].question

/** Several questions in one line. */
export const questionsText = (asked: readonly FactName[]): Localised =>
  text(asked.map((fact) => questionText(fact).zh).join('；'), asked.map((fact) => lower(questionText(fact).en)).join('; '))

const shownOf = 6

/** What a condition takes or leaves out, joined; of many the first few. */
function listText(fact: FactName, values: readonly FactValue[], family: FamilyId | undefined): Localised {
  const texts = values.slice(0, shownOf).map((value) => valueText(fact, value, family))
  const join = (parts: readonly string[], comma: string, or: string): string =>
    parts.length < 2 || values.length > shownOf ? parts.join(comma) : `${parts.slice(0, -1).join(comma)}${or}${parts.at(-1)!}`
  const more = values.length > shownOf ? text('等', ', …') : text('', '')
  const [zh, en] = [texts.map((each) => each.zh), texts.map((each) => each.en)]
  return text(`${join(zh, '、', '或')}${more.zh}`, `${join(en, ', ', ' or ')}${more.en}`)
}

/** What a condition asks of a fact, after its subject; undefined where it is not asked of a value. */
function wanted(fact: FactName, { in: listed, notIn, is, onOrAfter, before }: Expectation, family: FamilyId | undefined): Localised | undefined {
  const put = (zh: string, en: string, { zh: valueZh, en: valueEn }: Localised): Localised => text(`${zh}${valueZh}`, `${en}${valueEn}`)
  if (listed !== undefined) return put('为', '', listText(fact, listed, family))
  if (is !== undefined) return put('为', '', valueText(fact, is, family))
  if (notIn !== undefined) return put('不是', 'other than ', listText(fact, notIn, family))
  if (onOrAfter !== undefined) return put('不早于', 'on or after ', describeDate(onOrAfter))
  return before === undefined ? undefined : put('早于', 'before ', describeDate(before))
}

const membership = (members: Expectation['members']): Localised =>
  members === true
    ? text('该联盟的成员', 'a member of the alliance')
    : text('该联盟的成员或成员的上级市', 'a member of the alliance or the prefecture above one')

/** Why a rule does not cover the case, as a sentence. */
export function failureText({ fact, expected, found }: FailedCondition, family?: FamilyId): Localised {
  const spoken = factTexts[fact]
  if ('holds' in spoken) {
    const { zh, en } = expected.is === true ? spoken.fails : spoken.holds
    return text(zh, upper(en))
  }
  const { zh, en } = spoken.subject
  const now = found === undefined ? undefined : valueText(fact, found, family)
  if (expected.members !== undefined) {
    const { zh: role, en: roleEn } = membership(expected.members)
    return now === undefined
      ? text(`${zh}不是${role}`, `${upper(en)} is not ${roleEn}`)
      : text(`${zh}${now.zh}不是${role}`, `${upper(en)}, ${now.en}, is not ${roleEn}`)
  }
  const asks = wanted(fact, expected, family) ?? text('符合另一条件', 'otherwise')
  return now === undefined
    ? text(`规则要求${zh}${asks.zh}`, `By the rule ${en} would have to be ${asks.en}`)
    : text(`${zh}为${now.zh}，规则要求${asks.zh.replace(/^为/, '')}`, `${upper(en)} is ${now.en}; by the rule it would have to be ${asks.en}`)
}

/** What would have to be otherwise, as a sentence. */
function differenceText({ fact, expected, found }: FailedCondition, family: FamilyId | undefined): Localised {
  const spoken = factTexts[fact]
  if ('holds' in spoken) {
    const { zh, en } = expected.is === true ? spoken.holds : spoken.fails
    return text(`须${zh}`, `It would have to be so that ${en}`)
  }
  const { zh, en } = spoken.subject
  if (expected.members !== undefined) {
    const role = membership(expected.members)
    return text(`${zh}须为${role.zh}`, `${upper(en)} would have to be ${role.en}`)
  }
  const asks = wanted(fact, expected, family) ?? text('符合另一条件', 'otherwise')
  const now = found === undefined ? undefined : valueText(fact, found, family)
  return text(
    `${zh}须${asks.zh}${now === undefined ? '' : `，现为${now.zh}`}`,
    `${upper(en)} would have to be ${asks.en}${now === undefined ? '' : `; it is ${now.en}`}`,
  )
}

/** What would make the answer a yes, as a sentence. @param nameRule how a rule or a whole rule set (`rule` null) is referred to */
export function wayText(way: WayToYes, nameRule: (rule: NamedRule) => Localised, family?: FamilyId): Localised {
  switch (way.way) {
    case 'establish': {
      const asked = questionsText(way.facts)
      return text(`须查明：${asked.zh}`, `To be established: ${asked.en}`)
    }
    case 'differ': {
      const [said, by] = [differenceText(way, family), nameRule(way.by)]
      return text(`${said.zh}。依据：${by.zh}`, `${said.en}. Under: ${by.en}`)
    }
    case 'await': {
      const [rules, day] = [nameRule({ ...way, rule: null }), describeDate(way.from as PartialDate)] // a rule set begins on a real day
      return text(`${rules.zh}自${day.zh}起生效`, `${rules.en} comes into force on ${day.en}`)
    }
    case 'common-alliance':
      return text('两地须加入同一联盟', 'The two places would have to belong to one alliance')
    case 'officer':
      return text('由当地经办人员人工审核', 'An officer of that place decides')
  }
}

/** How it is taken; undefined of a refusal, which has said so by then. */
export const modeText = (mode: Decision['mode']): Localised | undefined => (mode === 'not_recognized' ? undefined : modeTexts[mode])

export const conditionText = (condition: Decision['conditions'][number]): Localised => (typeof condition === 'string' ? conditionTexts[condition] : condition)

export const materialText = (material: Decision['materials'][number]): Localised => (typeof material === 'string' ? materialTexts[material] : material)

export function timeLimitText({ value, unit }: NonNullable<Decision['timeLimit']>): Localised {
  const one = value === 1 ? '' : 's'
  return unit === 'workday' ? text(`${value} 个工作日`, `${value} working day${one}`) : text(`${value} 天`, `${value} day${one}`)
}

/** What the record counts as, in parts that each stand alone. */
export function mappingTexts(mapping: Decision['mapping']): readonly Localised[] {
  if (mapping === undefined) return []
  const { certificate, table, exempts, family, level } = mapping
  const kind = family === undefined ? undefined : families[family].display
  const grade = level === undefined ? undefined : valueText('level', level, family)
  const counted = [kind, grade].filter((part) => part !== undefined)
  const countsAs = counted.length === 0 ? undefined : text(counted.map(({ zh }) => zh).join('：'), upper(counted.map(({ en }) => en).join(': ')))
  const spared = exempts === undefined ? undefined : text(`免予：${exempts.zh}`, `Exempt from: ${exempts.en}`)
  return [certificate, countsAs, table, spared].filter((part) => part !== undefined)
}
