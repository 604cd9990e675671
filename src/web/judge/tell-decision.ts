import type { FamilyId } from '#core/model/family-id.ts'
import type { Localised } from '#core/model/localised.ts'
import { standingOf, type Decision, type Path } from '#core/rules/decision.ts'
import { effectTexts, modeTexts, originTexts, standingTexts } from '#core/rules/outcome-texts.ts'
import { reasonTexts } from '#core/rules/reason-texts.ts'
import {
  conditionText,
  failureText,
  mappingTexts,
  materialText,
  modeText,
  placeText,
  questionText,
  questionsText,
  timeLimitText,
  wayText,
} from '#core/verify/decision-texts.ts'
import { ruleText, type TrustNames } from '#core/verify/trust-names.ts'
import { markOfStanding, type Mark } from '#core/verify/verdict-texts.ts'
import type { ToldDecision, ToldPath, ToldReason } from './told.ts'

const text = (zh: string, en: string): Localised => ({ zh, en })

/** What was asked, and of a record of which family. */
export interface Asked {
  readonly place: string
  readonly family: FamilyId
}

/** A decision in words, all its paths kept. */
export function tellDecision(decision: Decision, { place, family }: Asked, names: TrustNames, notes: readonly ToldReason[]): ToldDecision {
  const { mode, effects, conditions, materials, openQuestions, timeLimit, clause, mapping, carriedBy, reasons, paths, whatWouldMakeItYes } = decision
  const standing = standingOf(decision)
  return {
    place: { code: place, name: placeText(place) },
    standing,
    mark: markOfStanding(standing),
    word: standingTexts[standing],
    mode: modeText(mode),
    reasons: reasons.map((code) => reasonTexts[code]),
    effects: effects.map((effect) => effectTexts[effect]),
    conditions: conditions.map(conditionText),
    materials: materials.map(materialText),
    openQuestions: openQuestions.map(questionText),
    mapping: mappingTexts(mapping),
    timeLimit: timeLimit === undefined ? undefined : timeLimitText(timeLimit),
    clause,
    under:
      carriedBy === undefined ? undefined : { rule: ruleText(carriedBy, names), origin: originTexts[carriedBy.origin], sample: carriedBy.origin === 'sample' },
    paths: paths.map((path) => tellPath(path, family, names)),
    ways: whatWouldMakeItYes.map((way) => wayText(way, (rule) => ruleText(rule, names), family)),
    notes,
  }
}

const pathAnswers: Readonly<Record<Path['answer'], Pick<ToldPath, 'mark' | 'text'>>> = {
  applies: { mark: 'yes', text: text('适用', 'Applies') },
  'does-not-apply': { mark: 'neutral', text: text('不适用', 'Does not apply') },
  'cannot-tell': { mark: 'cannot-tell', text: text('无法判断', 'Cannot tell') },
  'not-in-force': { mark: 'neutral', text: text('未生效或已失效', 'Not in force') },
}

/** It applies only if what it takes for granted is so. */
const onCondition = { mark: 'attention', text: text('有条件适用', 'Applies on condition') } as const

/** A rule that applies may well refuse, or leave it to an officer. */
const refusing: Partial<Readonly<Record<NonNullable<Path['mode']>, Mark>>> = { not_recognized: 'no', manual_review: 'cannot-tell' }

function answerOf({ answer, mode, missing = [] }: Path): Pick<ToldPath, 'mark' | 'text'> {
  if (answer !== 'applies') return pathAnswers[answer]
  if (missing.length > 0) return onCondition
  const { mark, text: word } = pathAnswers.applies
  return { mark: (mode === undefined ? undefined : refusing[mode]) ?? mark, text: word }
}

function tellPath(path: Path, family: FamilyId, names: TrustNames): ToldPath {
  const missing = path.missing ?? []
  const asked = questionsText(missing)
  return {
    ...answerOf(path),
    rule: ruleText(path, names),
    why: [
      ...(path.mode === undefined ? [] : [modeTexts[path.mode]]),
      ...(path.failed ?? []).map((condition) => failureText(condition, family)),
      ...(missing.length === 0 ? [] : [text(`尚不知道：${asked.zh}`, `Not known: ${asked.en}`)]),
    ],
  }
}
