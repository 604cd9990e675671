import { useEffect, useState } from 'preact/hooks'

import type { OutcomeId } from '#core/verify/outcome.ts'
import type { Question } from '../judge/protocol.ts'
import type { Told } from '../judge/told.ts'
import { useTexts } from '../texts/use-texts.ts'
import { Mark } from './icons.tsx'
import { ResultActions } from './result-actions.tsx'
import { ResultTable } from './result-table.tsx'
import type { Item, Verification } from './use-verification.ts'
import { VerdictView } from './verdict-view.tsx'

type Judged = Item & { readonly told: Told }
export const isJudged = (item: Item): item is Judged => item.told !== undefined

interface Shown {
  readonly verification: Verification
  readonly question: Question
  readonly ask: (question: Question) => void
}

/** One result whole, or several in a table with each of them on demand. What has come out is said to screen readers as soon as it is known. */
export function Results({ verification, question, ask }: Shown) {
  const { texts, say } = useTexts()
  const { items, trust, clear } = verification
  const [chosen, setChosen] = useState<number>()
  const judged = items.filter(isJudged)
  const one = judged.find(({ id }) => id === chosen) ?? (items.length === 1 ? judged[0] : undefined)
  const announced =
    items.length === 0 || judged.length < items.length
      ? ''
      : one === undefined
        ? texts.results.summary(countsOf(judged, say))
        : texts.verdict.announced(one.name, say(one.told.word))

  useEffect(() => {
    document.title = `${announced === '' ? '' : `${announced} · `}${texts.title} · ${texts.product}`
  }, [announced, texts])

  return (
    <section id="results" class="results" tabIndex={-1} aria-label={texts.results.heading} aria-busy={judged.length < items.length}>
      <p class="unseen" role="status">
        {announced}
      </p>
      {judged.length < items.length && (
        <div class="working">
          <p>{items.length === 1 ? texts.working : texts.progress(judged.length, items.length)}</p>
          <progress max={items.length} value={items.length === 1 ? undefined : judged.length} aria-label={texts.working} />
        </div>
      )}
      {items.length > 1 && one === undefined && judged.length > 0 && (
        <ResultTable items={judged} show={setChosen} summary={texts.results.summary(countsOf(judged, say))} />
      )}
      {one !== undefined && (
        <>
          {items.length > 1 && (
            <button type="button" class="quiet back" onClick={() => setChosen(undefined)}>
              <Mark name="back" />
              {texts.results.back}
            </button>
          )}
          <VerdictView key={one.id} name={one.name} told={one.told} trust={trust} question={question} ask={ask} />
        </>
      )}
      {judged.length > 0 && (
        <ResultActions
          items={judged}
          clear={() => {
            setChosen(undefined)
            clear()
          }}
        />
      )}
    </section>
  )
}

/** In the order of the five, however the files came. */
function countsOf(items: readonly Judged[], say: (text: Told['word']) => string): readonly (readonly [string, number])[] {
  const byOutcome = new Map(outcomeOrder.map((outcome) => [outcome, items.filter(({ told }) => told.outcome === outcome)]))
  return [...byOutcome.values()].flatMap((of) => (of[0] === undefined ? [] : [[say(of[0].told.word), of.length] as const]))
}

const outcomeOrder: readonly OutcomeId[] = ['genuine', 'genuine-with-note', 'not-valid', 'cannot-check-now', 'nothing-to-check']
