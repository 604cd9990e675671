import type { FamilyId } from '../model/family-id.ts'
import type { Language, Localised } from '../model/localised.ts'
import { standingOf, type Decision, type Path } from '../rules/decision.ts'
import { effectTexts, modeTexts, originTexts, standingTexts } from '../rules/outcome-texts.ts'
import { reasonTexts } from '../rules/reason-texts.ts'
import { conditionText, failureText, mappingTexts, materialText, modeText, questionText, questionsText, timeLimitText, wayText } from './decision-texts.ts'
import { ruleText, type TrustNames } from './trust-names.ts'
import { marks, markOfStanding } from './verdict-texts.ts'

type Say = (text: Localised) => string

/** What a record counts for elsewhere, in words: the outcome, the rule that carried it, every path, and what would make it a yes. */
export const describeDecision = (decision: Decision, family: FamilyId | undefined, names: TrustNames, language: Language): readonly string[] => [
  `${marks[markOfStanding(standingOf(decision))]} ${language === 'zh' ? '互认：' : 'Recognition: '}${decisionHead(decision)[language]} [${decision.mode}]`,
  ...decisionLines(decision, family, names, language, codeBeside).map((line) => `  ${line}`),
]

/** The outcome, and the mode where that says more. */
export function decisionHead(decision: Decision): Localised {
  const [standing, mode] = [standingTexts[standingOf(decision)], modeText(decision.mode)]
  return mode === undefined ? standing : { zh: `${standing.zh}，${mode.zh}`, en: `${standing.en}, ${mode.en}` }
}

const codeBeside = (code: string): string => ` [${code}]`

/**
 * What stands below the head, line by line: the same lines in each language.
 * @param family of the record that was decided on
 * @param beside what stands beside words that a program knows by a code; nothing where only people read
 */
export function decisionLines(
  decision: Decision,
  family: FamilyId | undefined,
  names: TrustNames,
  language: Language,
  beside: (code: string) => string = () => '',
): readonly string[] {
  const say: Say = (text) => text[language]
  const { effects, conditions, materials, openQuestions, timeLimit, clause, mapping, carriedBy, reasons, paths, whatWouldMakeItYes } = decision
  const listed = (title: Localised, items: readonly string[]): readonly string[] =>
    items.length === 0 ? [] : [`${say(title)}${say({ zh: '：', en: ': ' })}${items.join(say({ zh: '；', en: '; ' }))}`]
  return [
    ...listed(
      { zh: '理由', en: 'Why' },
      reasons.map((code) => `${say(reasonTexts[code])}${beside(code)}`),
    ),
    ...listed(
      { zh: '待核事项', en: 'Open questions' },
      openQuestions.map((fact) => `${say(questionText(fact))}${beside(fact)}`),
    ),
    ...listed({ zh: '依据', en: 'Under' }, carriedBy === undefined ? [] : [say(ruleText(carriedBy, names)), say(originTexts[carriedBy.origin])]),
    ...listed({ zh: '条款', en: 'Clause' }, clause === undefined ? [] : [say(clause)]),
    ...listed(
      { zh: '可用于', en: 'Good for' },
      effects.map((effect) => say(effectTexts[effect])),
    ),
    ...listed({ zh: '条件', en: 'Conditions' }, conditions.map(conditionText).map(say)),
    ...listed({ zh: '对应', en: 'Counts as' }, mappingTexts(mapping).map(say)),
    ...listed({ zh: '材料', en: 'Materials' }, materials.map(materialText).map(say)),
    ...listed({ zh: '办理时限', en: 'Time limit' }, timeLimit === undefined ? [] : [say(timeLimitText(timeLimit))]),
    ...paths.map((path) => `· ${pathText(path, family, names, say)}`),
    ...whatWouldMakeItYes.map((way) => `→ ${say(wayText(way, (rule) => ruleText(rule, names), family))}`),
  ]
}

const pathAnswers: Readonly<Record<Path['answer'], Localised>> = {
  applies: { zh: '适用', en: 'applies' },
  'does-not-apply': { zh: '不适用', en: 'does not apply' },
  'cannot-tell': { zh: '无法判断', en: 'cannot tell' },
  'not-in-force': { zh: '未生效或已失效', en: 'not in force' },
}

function pathText(path: Path, family: FamilyId | undefined, names: TrustNames, say: Say): string {
  const { answer, mode, failed = [], missing = [] } = path
  const asked = questionsText(missing)
  const why = [
    ...(mode === undefined ? [] : [modeTexts[mode]]),
    ...failed.map((condition) => failureText(condition, family)),
    ...(missing.length === 0 ? [] : [{ zh: `尚不知道：${asked.zh}`, en: `not known: ${asked.en}` }]),
  ].map(say)
  return `${say(ruleText(path, names))}${say({ zh: '：', en: ': ' })}${say(pathAnswers[answer])}${why.length === 0 ? '' : ` (${why.join(say({ zh: '；', en: '; ' }))})`}`
}
