import type { Language, Localised } from '#core/model/localised.ts'
import type { Decision, Expectation, Path, RuleReference, WayToYes } from '#core/rules/decision.ts'
import { facts, type FactName } from '#core/rules/facts.ts'
import { conditionTexts, effectTexts, modeTexts, originTexts } from '#core/rules/outcome-texts.ts'
import { reasonTexts } from '#core/rules/reason-texts.ts'
import { truthMarks, truthTexts } from '#core/verify/verdict-texts.ts'

type Say = (text: Localised) => string

/** What a record counts for elsewhere, in words: the outcome, the rule that carried it, every path, and what would make it a yes. */
export function describeDecision(decision: Decision, language: Language): readonly string[] {
  const say: Say = (text) => text[language]
  const { answer, mode, effects, conditions, materials, openQuestions, clause, carriedBy, reasons, paths, whatWouldMakeItYes } = decision
  const listed = (title: Localised, items: readonly string[]): readonly string[] =>
    items.length === 0 ? [] : [`  ${say(title)}: ${items.join(language === 'zh' ? '；' : '; ')}`]
  return [
    `${truthMarks[answer]} ${say({ zh: '互认', en: 'Recognition' })}: ${say(truthTexts[answer])}, ${say(modeTexts[mode])} [${mode}]`,
    ...listed(
      { zh: '理由', en: 'Why' },
      reasons.map((code) => `${say(reasonTexts[code])} [${code}]`),
    ),
    ...listed({ zh: '依据', en: 'Under' }, carriedBy === undefined ? [] : [referenceText(carriedBy, say)]),
    ...listed({ zh: '条款', en: 'Clause' }, clause === undefined ? [] : [say(clause)]),
    ...listed(
      { zh: '效力', en: 'Effects' },
      effects.map((effect) => say(effectTexts[effect])),
    ),
    ...listed(
      { zh: '条件', en: 'Conditions' },
      conditions.map((condition) => say(typeof condition === 'string' ? conditionTexts[condition] : condition)),
    ),
    ...listed({ zh: '材料', en: 'Materials' }, materials),
    ...listed(
      { zh: '待核事项', en: 'To be confirmed' },
      openQuestions.map((fact) => factText(fact, say)),
    ),
    ...paths.map((path) => `  · ${pathText(path, say)}`),
    ...whatWouldMakeItYes.map((way) => `  → ${wayText(way, say)}`),
  ]
}

// Where a rule comes from is part of its name: a sample must never be taken for what was agreed.
const referenceText = ({ alliance, ruleSet, version, rule, origin }: RuleReference, say: Say): string =>
  `${[alliance, `${ruleSet}@${version}`, rule].filter((part) => part !== null).join(' / ')} (${say(originTexts[origin])})`

const factText = (fact: FactName, say: Say): string => `${say(facts[fact])} [${fact}]`

const pathAnswers: Readonly<Record<Path['answer'], Localised>> = {
  applies: { zh: '适用', en: 'applies' },
  'does-not-apply': { zh: '不适用', en: 'does not apply' },
  'cannot-tell': { zh: '无法判断', en: 'cannot tell' },
  'not-in-force': { zh: '未生效或已失效', en: 'not in force' },
}

function pathText({ alliance, ruleSet, version, rule, answer, mode, failed = [], missing = [] }: Path, say: Say): string {
  const place = [alliance, ruleSet === null ? null : `${ruleSet}@${version}`, rule].filter((part) => part !== null).join(' / ')
  const why = [
    ...(mode === undefined ? [] : [say(modeTexts[mode])]),
    ...failed.map(({ fact, expected, found }) => `${factText(fact, say)}: ${found === undefined ? '' : `${String(found)}, `}${expectedText(expected, say)}`),
    ...missing.map((fact) => `${say({ zh: '缺少', en: 'missing' })} ${factText(fact, say)}`),
  ]
  return `${place === '' ? say({ zh: '本地', en: 'own territory' }) : place}: ${say(pathAnswers[answer])}${why.length === 0 ? '' : ` (${why.join('; ')})`}`
}

function expectedText({ in: listed, notIn, is, onOrAfter, before, members }: Expectation, say: Say): string {
  if (listed !== undefined) return `${say({ zh: '应为', en: 'expected' })} ${few(listed)}`
  if (notIn !== undefined) return `${say({ zh: '不得为', en: 'must not be' })} ${few(notIn)}`
  if (is !== undefined) return `${say({ zh: '应为', en: 'expected' })} ${String(is)}`
  if (onOrAfter !== undefined) return `${say({ zh: '不早于', en: 'on or after' })} ${onOrAfter}`
  if (before !== undefined) return `${say({ zh: '早于', en: 'before' })} ${before}`
  return members === undefined ? '' : say({ zh: '应为联盟成员', en: 'a member of the alliance' })
}

const few = (codes: readonly string[]): string => (codes.length > 6 ? `${codes.slice(0, 6).join(', ')}, …` : codes.join(', '))

function wayText(way: WayToYes, say: Say): string {
  switch (way.way) {
    case 'establish':
      return `${say({ zh: '请核实', en: 'Establish' })}: ${way.facts.map((fact) => factText(fact, say)).join(', ')}`
    case 'differ':
      return `${factText(way.fact, say)}: ${expectedText(way.expected, say)} (${referenceText(way.by, say)})`
    case 'await':
      return `${way.ruleSet}@${way.version}: ${say({ zh: '自', en: 'in force from' })} ${way.from}${say({ zh: ' 起生效', en: '' })}`
    case 'common-alliance':
      return say({ zh: '两地须有共同加入的联盟', en: 'The two places would have to share an alliance' })
    case 'officer':
      return say({ zh: '由经办人员人工审核', en: 'An officer decides' })
  }
}
