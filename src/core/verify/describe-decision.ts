import type { FamilyId } from '../model/family-id.ts'
import type { Language, Localised } from '../model/localised.ts'
import { standingOf, type Decision, type Path, type RuleReference } from '../rules/decision.ts'
import { effectTexts, modeTexts, originTexts, standingTexts } from '../rules/outcome-texts.ts'
import { reasonTexts } from '../rules/reason-texts.ts'
import { conditionText, failureText, mappingTexts, materialText, modeText, questionText, questionsText, timeLimitText, wayText } from './decision-texts.ts'
import { marks, markOfStanding } from './verdict-texts.ts'

type Say = (text: Localised) => string

/** What a record counts for elsewhere, in words: the outcome, the rule that carried it, every path, and what would make it a yes. */
export const describeDecision = (decision: Decision, family: FamilyId | undefined, language: Language): readonly string[] => [
  `${marks[markOfStanding(standingOf(decision))]} ${language === 'zh' ? '互认：' : 'Recognition: '}${decisionHead(decision)[language]} [${decision.mode}]`,
  ...decisionLines(decision, family, language).map((line) => `  ${line}`),
]

/** The outcome, and the mode where that says more. */
export function decisionHead(decision: Decision): Localised {
  const [standing, mode] = [standingTexts[standingOf(decision)], modeText(decision.mode)]
  return mode === undefined ? standing : { zh: `${standing.zh}，${mode.zh}`, en: `${standing.en}, ${mode.en}` }
}

/** What stands below the head, line by line: the same lines in each language. @param family of the record that was decided on */
export function decisionLines(decision: Decision, family: FamilyId | undefined, language: Language): readonly string[] {
  const say: Say = (text) => text[language]
  const { effects, conditions, materials, openQuestions, timeLimit, clause, mapping, carriedBy, reasons, paths, whatWouldMakeItYes } = decision
  const listed = (title: Localised, items: readonly string[]): readonly string[] =>
    items.length === 0 ? [] : [`${say(title)}${say({ zh: '：', en: ': ' })}${items.join(say({ zh: '；', en: '; ' }))}`]
  return [
    ...listed(
      { zh: '理由', en: 'Why' },
      reasons.map((code) => `${say(reasonTexts[code])} [${code}]`),
    ),
    ...listed(
      { zh: '待核事项', en: 'Open questions' },
      openQuestions.map((fact) => `${say(questionText(fact))} [${fact}]`),
    ),
    ...listed({ zh: '依据', en: 'Under' }, carriedBy === undefined ? [] : [`${referenceText(carriedBy)} (${say(originTexts[carriedBy.origin])})`]),
    ...listed({ zh: '条款', en: 'Clause' }, clause === undefined ? [] : [say(clause)]),
    ...listed(
      { zh: '可用于', en: 'Good for' },
      effects.map((effect) => say(effectTexts[effect])),
    ),
    ...listed({ zh: '条件', en: 'Conditions' }, conditions.map(conditionText).map(say)),
    ...listed({ zh: '对应', en: 'Counts as' }, mappingTexts(mapping).map(say)),
    ...listed({ zh: '材料', en: 'Materials' }, materials.map(materialText).map(say)),
    ...listed({ zh: '办理时限', en: 'Time limit' }, timeLimit === undefined ? [] : [say(timeLimitText(timeLimit))]),
    ...paths.map((path) => `· ${pathText(path, family, say)}`),
    ...whatWouldMakeItYes.map((way) => `→ ${say(wayText(way, namedAlike, family))}`),
  ]
}

type Named = Pick<RuleReference, 'alliance'> & { readonly ruleSet: string | null; readonly version: number | null; readonly rule: string | null }

const referenceText = ({ alliance, ruleSet, version, rule }: Named): string =>
  [alliance, ruleSet === null ? null : `${ruleSet}@${version}`, rule].filter((part) => part !== null).join(' / ')

const namedAlike = (rule: Named): Localised => ({ zh: referenceText(rule), en: referenceText(rule) })

const pathAnswers: Readonly<Record<Path['answer'], Localised>> = {
  applies: { zh: '适用', en: 'applies' },
  'does-not-apply': { zh: '不适用', en: 'does not apply' },
  'cannot-tell': { zh: '无法判断', en: 'cannot tell' },
  'not-in-force': { zh: '未生效或已失效', en: 'not in force' },
}

function pathText(path: Path, family: FamilyId | undefined, say: Say): string {
  const { answer, mode, failed = [], missing = [] } = path
  const place = referenceText(path)
  const asked = questionsText(missing)
  const why = [
    ...(mode === undefined ? [] : [modeTexts[mode]]),
    ...failed.map((condition) => failureText(condition, family)),
    ...(missing.length === 0 ? [] : [{ zh: `尚不知道：${asked.zh}`, en: `not known: ${asked.en}` }]),
  ].map(say)
  return `${place === '' ? say({ zh: '本地签发', en: 'own territory' }) : place}${say({ zh: '：', en: ': ' })}${say(pathAnswers[answer])}${why.length === 0 ? '' : ` (${why.join(say({ zh: '；', en: '; ' }))})`}`
}
