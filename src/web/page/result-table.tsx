import type { Localised } from '#core/model/localised.ts'
import { useTexts } from '../texts/use-texts.ts'
import type { Told } from '../judge/told.ts'
import { OutcomeIcon } from './icons.tsx'
import { SheetFoot, SheetHead } from './sheet-lines.tsx'
import { SignedText } from './signed-text.tsx'
import { timeText } from './times.ts'
import type { Item } from './use-verification.ts'

/** Several results at a glance; on a narrow screen each row is a card. */
export function ResultTable({
  items,
  show,
  summary,
}: {
  readonly items: readonly (Item & { readonly told: Told })[]
  readonly show: (id: number) => void
  readonly summary: string
}) {
  const { texts, say, language } = useTexts()
  const { results } = texts
  const at = items.flatMap(({ told }) => told.verdict?.at ?? [])[0] // all are judged as of one instant, or a few seconds apart
  return (
    <div class="card table-card">
      <SheetHead at={at === undefined ? undefined : timeText(at, language)} />
      <h2>{results.heading}</h2>
      <p class="table-summary">{summary}</p>
      <table class="result-table">
        <thead>
          <tr>
            <th scope="col">{results.outcome}</th>
            <th scope="col">{results.file}</th>
            <th scope="col">{results.holder}</th>
            <th scope="col">{results.number}</th>
            <th scope="col">{results.family}</th>
            <th scope="col">{results.issuer}</th>
            <th scope="col">
              <span class="unseen">{results.show}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {items.map(({ id, name, told }) => (
            <tr key={id} class={`outcome-${told.outcome}`}>
              <td class="outcome-cell">
                <OutcomeIcon outcome={told.outcome} size={22} />
                <strong>{say(told.word)}</strong>
              </td>
              <th scope="row" data-label={results.file}>
                <SignedText text={name} />
              </th>
              <Cell label={results.holder} kind="holder-cell" text={told.summary === undefined ? undefined : (told.summary.holder ?? results.undisclosed)} />
              <Cell label={results.number} kind="number-cell" text={told.summary?.number} />
              <Cell label={results.family} kind="family-cell" text={told.summary?.family} />
              <Cell label={results.issuer} kind="issuer-cell" text={told.issuer?.name} />
              <td class="show-cell">
                <button type="button" class="secondary small" aria-label={`${results.show} ${name}`} onClick={() => show(id)}>
                  {results.show}
                </button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <SheetFoot />
    </div>
  )
}

/** Nothing is known where nothing was signed, or nobody could say by whom. */
function Cell({ label, kind = '', text }: { readonly label: string; readonly kind?: string; readonly text: Localised | string | undefined }) {
  return (
    <td class={`${kind}${text === undefined ? ' none' : ''}`} data-label={label}>
      {text === undefined ? '–' : <SignedText text={text} />}
    </td>
  )
}
