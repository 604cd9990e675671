import type { Question, TrustState } from '../judge/protocol.ts'
import type { Told, ToldParty, ToldReason } from '../judge/told.ts'
import { useTexts } from '../texts/use-texts.ts'
import { Checks } from './checks.tsx'
import { OutcomeIcon } from './icons.tsx'
import { Recognition } from './recognition.tsx'
import { SheetFoot, SheetHead } from './sheet-lines.tsx'
import { SignedContent } from './signed-content.tsx'
import { SignedText } from './signed-text.tsx'
import { timeText } from './times.ts'

interface Shown {
  readonly name: string
  readonly told: Told
  readonly trust: TrustState | undefined
  readonly question: Question
  readonly ask: (question: Question) => void
}

/** One result: the outcome first and unmistakable, then what it rests on, what it counts for, and what to do. */
export function VerdictView({ name, told, trust, question, ask }: Shown) {
  const { texts, say, language } = useTexts()
  const { verdict } = texts
  const status = told.statusAsOf
  return (
    <article class={`verdict outcome-${told.outcome}`} aria-labelledby="verdict-word">
      <SheetHead />
      <div class="verdict-head">
        <OutcomeIcon outcome={told.outcome} size={64} />
        <div class="verdict-words">
          <h2 id="verdict-word">{say(told.word)}</h2>
          <p class="sentence">{say(told.sentence)}</p>
        </div>
        <Reasons title={verdict.because} reasons={told.because} />
        <Reasons title={verdict.notes} reasons={told.notes} />
        {told.warning !== undefined && <p class="warning">{say(told.warning)}</p>}
        <dl class="facts">
          {told.summary !== undefined && (
            <div>
              <dt>{say(told.summary.family)}</dt>
              <dd class="holder">
                {told.summary.holder !== undefined && <SignedText text={told.summary.holder} />}
                {told.summary.what !== undefined && <SignedText text={told.summary.what} />}
              </dd>
            </div>
          )}
          {told.issuer !== null && (
            <div>
              <dt>{verdict.issuer}</dt>
              <dd>
                <Party party={told.issuer} />
                <small>{verdict.issuerFromList}</small>
              </dd>
            </div>
          )}
          <div>
            <dt>{texts.results.file}</dt>
            <dd>
              <SignedText text={name} />
            </dd>
          </div>
          {told.verdict !== null && (
            <div>
              <dt>{verdict.checkedAt}</dt>
              <dd>{timeText(told.verdict.at, language)}</dd>
            </div>
          )}
          {told.logged !== undefined && (
            <div>
              <dt>{say(told.logged.label)}</dt>
              <dd>
                {say(told.logged.at)}
                <small>
                  <SignedText text={told.logged.log} />
                </small>
                <small>{say(told.logged.by)}</small>
              </dd>
            </div>
          )}
          {status?.issuedAt !== undefined && (
            <div>
              <dt>{verdict.statusAsOf}</dt>
              <dd>
                {timeText(status.issuedAt, language)}
                {status.age !== undefined && <small>{say(status.age)}</small>}
                {(trust?.standing === 'held' || trust?.standing === 'bundle') && <small>{texts.trust.later}</small>}
              </dd>
            </div>
          )}
        </dl>
      </div>
      <NextStep told={told} />
      {told.groups.length > 0 && <SignedContent groups={told.groups} />}
      {told.groups.length > 0 && <Recognition decision={told.recognition} trust={trust} question={question} ask={ask} />}
      {told.checks.length > 0 && <Checks checks={told.checks} open={told.outcome === 'not-valid' || told.outcome === 'cannot-check-now'} />}
      <SheetFoot />
    </article>
  )
}

function Reasons({ title, reasons }: { readonly title: string; readonly reasons: readonly ToldReason[] }) {
  const { say } = useTexts()
  if (reasons.length === 0) return null
  return (
    <div class="reasons">
      <h3>{title}</h3>
      <ul>
        {reasons.map((reason) => (
          <li key={reason.code}>
            <strong>{say(reason.text)}</strong>
            <span>{say(reason.remedy)}</span>
          </li>
        ))}
      </ul>
    </div>
  )
}

function Party({ party }: { readonly party: ToldParty }) {
  const { say } = useTexts()
  return (
    <>
      <SignedText text={say(party.name)} />
      <small>
        <SignedText text={party.place} />
      </small>
    </>
  )
}

function NextStep({ told }: { readonly told: Told }) {
  const { texts, say } = useTexts()
  const { verdict } = texts
  const unnamed = told.because.some(({ code }) => code === 'issuer-unnamed')
  return (
    <section class="card next" aria-labelledby="next-title">
      <h3 id="next-title">{verdict.next}</h3>
      <p>{say(told.next)}</p>
      {told.ask !== undefined && (
        <p>
          <span class="label">{verdict.whom}</span>
          {told.ask.helper === 'bearer' ? verdict.bearer : told.ask.party === undefined ? verdict.thisBureau : <SignedText text={say(told.ask.party.name)} />}
          {unnamed && <small>{verdict.unnamedHelp}</small>}
        </p>
      )}
      {told.asides.length > 0 && (
        <>
          <h4>{verdict.asides}</h4>
          <ul class="asides">
            {told.asides.map((aside) => (
              <li key={aside.code}>{say(aside.text)}</li>
            ))}
          </ul>
        </>
      )}
    </section>
  )
}
