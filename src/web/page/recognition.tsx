import type { Localised } from '#core/model/localised.ts'
import type { Question, TrustState } from '../judge/protocol.ts'
import type { ToldDecision } from '../judge/told.ts'
import { useTexts } from '../texts/use-texts.ts'
import { Mark } from './icons.tsx'
import { SignedText } from './signed-text.tsx'

interface Shown {
  readonly decision: ToldDecision | null
  readonly trust: TrustState | undefined
  readonly question: Question
  readonly ask: (question: Question) => void
}

/** What the record counts for in a city that is chosen, for a purpose, by which rule and on which conditions. */
export function Recognition({ decision, trust, question, ask }: Shown) {
  const { texts, say } = useTexts()
  const { recognition } = texts
  const chosen = (value: string): string | undefined => (value === '' ? undefined : value)
  return (
    <section class="card recognition" aria-labelledby="recognition-title">
      <h3 id="recognition-title">{recognition.heading}</h3>
      <div class="question">
        <label>
          <span>{recognition.place}</span>
          <select value={question.place ?? ''} onChange={({ currentTarget }) => ask({ ...question, place: chosen(currentTarget.value) })}>
            <option value="">{recognition.noPlace}</option>
            {(trust?.places ?? []).map(({ code, name }) => (
              <option key={code} value={code}>
                {say(name)}
              </option>
            ))}
          </select>
        </label>
        <label>
          <span>{recognition.purpose}</span>
          <select value={question.purpose ?? ''} onChange={({ currentTarget }) => ask({ ...question, purpose: chosen(currentTarget.value) })}>
            <option value="">{recognition.anyPurpose}</option>
            {(trust?.purposes ?? []).map(({ code, name }) => (
              <option key={code} value={code}>
                {say(name)}
              </option>
            ))}
          </select>
        </label>
      </div>
      <div aria-live="polite">
        {question.place === undefined ? (
          <p class="muted">{recognition.choose}</p>
        ) : decision === null ? (
          <p class="muted">{recognition.none}</p>
        ) : (
          <Decided decision={decision} />
        )}
      </div>
    </section>
  )
}

function Decided({ decision }: { readonly decision: ToldDecision }) {
  const { texts, say } = useTexts()
  const { recognition } = texts
  return (
    <>
      <p class={`decision answer-${decision.mark}`}>
        <Mark name={decision.mark} />
        <strong>{say(decision.word)}</strong>
        {decision.mode !== undefined && <span>{say(decision.mode)}</span>}
      </p>
      {decision.under?.sample === true && <p class="sample">{recognition.sample}</p>}
      <dl class="lines">
        <Several title={recognition.reasons} texts={decision.reasons} />
        <Several title={recognition.openQuestions} texts={decision.openQuestions} />
        <Several title={recognition.effects} texts={decision.effects} />
        <Several title={recognition.conditions} texts={decision.conditions} />
        <Several title={recognition.mapping} texts={decision.mapping} />
        <Several title={recognition.materials} texts={decision.materials} />
        <Several title={recognition.timeLimit} texts={decision.timeLimit === undefined ? [] : [decision.timeLimit]} />
        <Several title={recognition.clause} texts={decision.clause === undefined ? [] : [decision.clause]} />
        <Several title={recognition.under} texts={decision.under === undefined ? [] : [decision.under.rule, decision.under.origin]} />
        <Several title={texts.verdict.notes} texts={decision.notes.map(({ text }) => text)} />
        <Several title={recognition.ways} texts={decision.ways} />
      </dl>
      {decision.paths.length > 0 && (
        <details>
          <summary>{recognition.paths(decision.paths.length)}</summary>
          <ul class="paths">
            {decision.paths.map((path, index) => (
              <li key={index} class={`answer-${path.mark}`}>
                <p>
                  <Mark name={path.mark} />
                  <strong>{say(path.text)}</strong> <SignedText text={path.rule} />
                </p>
                {path.why.length > 0 && (
                  <ul>
                    {path.why.map((why, place) => (
                      <li key={place}>
                        <SignedText text={why} />
                      </li>
                    ))}
                  </ul>
                )}
              </li>
            ))}
          </ul>
        </details>
      )}
    </>
  )
}

function Several({ title, texts }: { readonly title: string; readonly texts: readonly (Localised | string)[] }) {
  if (texts.length === 0) return null
  return (
    <div>
      <dt>{title}</dt>
      <dd>
        {texts.map((text, index) => (
          <p key={index}>
            <SignedText text={text} />
          </p>
        ))}
      </dd>
    </div>
  )
}
