import type { Localised } from '#core/model/localised.ts'
import { fullNameOf } from '#core/model/divisions.ts'
import type { Truth } from '#core/model/truth.ts'
import type { Decision, Expectation, Path, RuleReference, WayToYes } from '#core/rules/decision.ts'
import { facts, type FactName } from '#core/rules/facts.ts'
import { conditionTexts, effectTexts, modeTexts, originTexts } from '#core/rules/outcome-texts.ts'
import { reasonTexts } from '#core/rules/reason-texts.ts'
import type { Trust } from '#core/trust/assemble-trust.ts'
import { seriesTexts, skillLevelTexts, titleLevelTexts } from '#core/credential/code-texts.ts'
import type { ToldDecision, ToldPath, ToldReason } from './told.ts'

const text = (zh: string, en: string): Localised => ({ zh, en })
const join = (texts: readonly Localised[], zh: string, en: string): Localised =>
  text(texts.map((each) => each.zh).join(zh), texts.map((each) => each.en).join(en))

/** A decision in words, all its paths kept. */
export function tellDecision(decision: Decision, trust: Trust, notes: readonly ToldReason[]): ToldDecision {
  const { answer, mode, effects, conditions, materials, openQuestions, timeLimit, clause, mapping, carriedBy, reasons, paths, whatWouldMakeItYes } = decision
  const names = new Map(trust.alliances.map(({ payload }) => [payload.alliance, payload.name]))
  return {
    answer,
    mode: modeTexts[mode],
    reasons: reasons.map((code) => reasonTexts[code]),
    effects: effects.map((effect) => effectTexts[effect]),
    conditions: conditions.map((condition) => (typeof condition === 'string' ? conditionTexts[condition] : condition)),
    materials,
    openQuestions: openQuestions.map((fact) => facts[fact]).map(({ zh, en }) => text(zh, en)),
    mapping: [mapping?.certificate, mapping?.table, mapping?.exempts].filter((each) => each !== undefined),
    timeLimit:
      timeLimit === undefined
        ? undefined
        : text(
            `${timeLimit.value} ${timeLimit.unit === 'workday' ? '个工作日' : '天'}`,
            `${timeLimit.value} ${timeLimit.unit === 'workday' ? 'working days' : 'days'}`,
          ),
    clause,
    under:
      carriedBy === undefined ? undefined : { rule: ruleName(carriedBy, names), origin: originTexts[carriedBy.origin], sample: carriedBy.origin === 'sample' },
    paths: paths.map((path) => tellPath(path, names)),
    ways: whatWouldMakeItYes.map((way) => tellWay(way, names)),
    notes,
  }
}

type Names = ReadonlyMap<string, Localised>

function ruleName(
  rule: Pick<RuleReference, 'alliance'> & { readonly ruleSet: string | null; readonly version: number | null; readonly rule: string | null },
  names: Names,
): Localised {
  if (rule.ruleSet === null) return text('本地签发的记录', 'Records of its own territory')
  const owner = rule.alliance === null ? text('国家规定', 'National rule') : (names.get(rule.alliance) ?? text(rule.alliance, rule.alliance))
  const place = `${rule.ruleSet} v${rule.version ?? 1}${rule.rule === null ? '' : ` · ${rule.rule}`}`
  return text(`${owner.zh}（${place}）`, `${owner.en} (${place})`)
}

const pathAnswers: Readonly<Record<Path['answer'], { readonly truth: Truth; readonly text: Localised }>> = {
  applies: { truth: 'yes', text: text('适用', 'Applies') },
  'does-not-apply': { truth: 'no', text: text('不适用', 'Does not apply') },
  'cannot-tell': { truth: 'cannot-tell', text: text('无法判断', 'Cannot tell') },
  'not-in-force': { truth: 'no', text: text('未生效或已失效', 'Not in force') },
}

function tellPath(path: Path, names: Names): ToldPath {
  const { truth, text: answerText } = pathAnswers[path.answer]
  return {
    answer: truth,
    answerText,
    rule: ruleName(path, names),
    why: [
      ...(path.mode === undefined ? [] : [modeTexts[path.mode]]),
      ...(path.failed ?? []).map(({ fact, expected, found }) =>
        join([facts[fact], ...(found === undefined ? [] : [valueText(fact, found)]), expectationText(fact, expected)], '：', ': '),
      ),
      ...(path.missing ?? []).map((fact) => text(`缺少：${facts[fact].zh}`, `Missing: ${facts[fact].en}`)),
    ],
  }
}

/** A fact's value as a person would say it, where its code has words. */
function valueText(fact: FactName, value: string | boolean | number): Localised {
  if (typeof value === 'boolean') return value ? text('是', 'yes') : text('否', 'no')
  const code = String(value)
  const words: Localised | undefined =
    facts[fact].kind === 'division'
      ? placeText(code)
      : fact === 'series'
        ? seriesTexts[code]
        : fact === 'level'
          ? ((titleLevelTexts as Readonly<Record<string, Localised>>)[code] ?? skillLevelTexts[code]) // a level of either, looked up
          : fact === 'purpose'
            ? (effectTexts as Readonly<Record<string, Localised>>)[code] // looked up
            : fact === 'status'
              ? statusTexts[code]
              : undefined
  return words ?? text(code, code)
}

/** Of the fact `status`, whose values are those of `status-kinds.ts` and `valid`. */
const statusTexts: Readonly<Record<string, Localised>> = {
  valid: text('有效', 'valid'),
  suspended: text('暂停', 'suspended'),
  revoked: text('撤销', 'revoked'),
  penalty: text('吊销', 'revoked as a penalty'),
  cancelled: text('注销', 'cancelled'),
  voided: text('作废', 'voided'),
}

const placeText = (code: string): Localised | undefined => {
  const name = fullNameOf(code)
  return name === undefined ? undefined : text(name, `${name} (${code})`)
}

function expectationText(fact: FactName, { in: listed, notIn, is, onOrAfter, before, members }: Expectation): Localised {
  const few = (codes: readonly string[]): Localised => {
    const shown = join(
      codes.slice(0, 6).map((code) => valueText(fact, code)),
      '、',
      ', ',
    )
    return codes.length > 6 ? text(`${shown.zh}等`, `${shown.en}, …`) : shown
  }
  const with_ = (zh: string, en: string, value: Localised): Localised => text(`${zh}${value.zh}`, `${en} ${value.en}`)
  if (listed !== undefined) return with_('应为', 'expected', few(listed))
  if (notIn !== undefined) return with_('不得为', 'must not be', few(notIn))
  if (is !== undefined) return with_('应为', 'expected', valueText(fact, is))
  if (onOrAfter !== undefined) return text(`不早于 ${onOrAfter}`, `on or after ${onOrAfter}`)
  if (before !== undefined) return text(`早于 ${before}`, `before ${before}`)
  return members === undefined ? text('条件不符', 'condition not met') : text('应为联盟成员', 'a member of the alliance')
}

function tellWay(way: WayToYes, names: Names): Localised {
  switch (way.way) {
    case 'establish': {
      const listed = join(
        way.facts.map((fact) => facts[fact]),
        '、',
        ', ',
      )
      return text(`核实：${listed.zh}`, `Establish: ${listed.en}`)
    }
    case 'differ':
      return join([facts[way.fact], expectationText(way.fact, way.expected), ruleName(way.by, names)], ' · ', ' · ')
    case 'await':
      return text(`${way.ruleSet} v${way.version} 自 ${way.from} 起生效`, `${way.ruleSet} v${way.version} is in force from ${way.from}`)
    case 'common-alliance':
      return text('两地须有共同加入的联盟', 'The two places would have to share an alliance')
    case 'officer':
      return text('由当地经办人员人工审核', 'An officer of that place decides')
  }
}
