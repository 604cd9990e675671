import type { ToldCheck, ToldSource } from '../judge/told.ts'
import { useTexts } from '../texts/use-texts.ts'
import { Mark } from './icons.tsx'
import { SignedText } from './signed-text.tsx'
import { timeText } from './times.ts'

/** Every check with its answer, what it looked at, and which version of which file it believed. */
export function Checks({ checks, open }: { readonly checks: readonly ToldCheck[]; readonly open: boolean }) {
  const { texts, say } = useTexts()
  return (
    <details class="card checks" open={open}>
      <summary>
        <h3>{texts.checks.heading}</h3>
        <span class="muted">{texts.checks.count(checks.length)}</span>
      </summary>
      <ol>
        {checks.map((check, index) => (
          <li key={index} class={`answer-${check.mark}`}>
            <p class="check-name">
              <Mark name={check.mark} />
              <strong>{say(check.name)}</strong>
              <span>{say(check.answerText)}</span>
            </p>
            {check.reason !== undefined && (
              <p>
                {say(check.reason.text)}
                {check.mark !== 'attention' && <small>{texts.checks.remedy(say(check.reason.remedy))}</small>}
              </p>
            )}
            {check.datum !== undefined && (
              <p class="datum">
                <span class="label">{texts.checks.looked}</span>
                <span class={typeof check.datum === 'string' ? 'raw' : undefined}>
                  <SignedText text={check.datum} />
                </span>
              </p>
            )}
            {check.source !== undefined && <Source source={check.source} />}
          </li>
        ))}
      </ol>
    </details>
  )
}

function Source({ source }: { readonly source: ToldSource }) {
  const { texts, say, language } = useTexts()
  const { version, issuedAt, age } = source
  const dated = [
    ...(version === undefined ? [] : [`${texts.checks.version} ${version}`]),
    ...(issuedAt === undefined ? [] : [timeText(issuedAt, language)]),
    ...(age === undefined ? [] : [say(age)]),
  ]
  return (
    <p class="datum">
      <span class="label">{texts.checks.source}</span>
      {say(source.kind)} <SignedText text={source.name} />
      {dated.length > 0 && (
        <small>
          {source.freshness !== undefined && <span class={`freshness ${source.freshness.id}`}>{say(source.freshness.text)}</span>}
          {dated.join(' · ')}
        </small>
      )}
    </p>
  )
}
