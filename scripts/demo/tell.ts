import type { Standing } from '#core/rules/decision.ts'
import { standingTexts } from '#core/rules/outcome-texts.ts'
import { marks as marksOfAnswers, markOfStanding, type Mark } from '#core/verify/verdict-texts.ts'

const colours = process.stdout.isTTY && process.env['NO_COLOR'] === undefined

const paint = (code: string, text: string): string => (colours ? `\u001b[${code}m${text}\u001b[0m` : text)

const started = performance.now()

const seconds = (): string => `${((performance.now() - started) / 1000).toFixed(1).padStart(6)} s`

/** A step of the story: Chinese first, English below. */
export function step(zh: string, en: string): void {
  console.log(`\n${paint('2', seconds())}  ${paint('1', zh)}\n          ${paint('2', en)}`)
}

/** A fact that came of it. */
export const fact = (text: string): void => console.log(`          ${paint('36', '·')} ${text}`)

const marks = { yes: paint('32', '✓ 是 yes'), no: paint('31', '✗ 否 no'), 'cannot-tell': paint('33', '? 无法判断 cannot tell') } as const

export const mark = (answer: keyof typeof marks): string => marks[answer]

const colourOf: Readonly<Record<Mark, string>> = { yes: '32', attention: '33', no: '31', 'cannot-tell': '33' }

/** What a record counts for, with its mark. */
export function markRecognition(standing: Standing): string {
  const [shown, { zh, en }] = [markOfStanding(standing), standingTexts[standing]]
  return paint(colourOf[shown], `${marksOfAnswers[shown]} ${zh} ${en}`)
}
