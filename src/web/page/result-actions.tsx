import { csvOf, jsonOf } from '../results/result-file.ts'
import type { Told } from '../judge/told.ts'
import { useTexts } from '../texts/use-texts.ts'
import { Mark } from './icons.tsx'
import { saveFile } from './save-file.ts'
import type { Item } from './use-verification.ts'

/** What can be taken away: a sheet of paper, a table, everything for a program. */
export function ResultActions({ items, clear }: { readonly items: readonly (Item & { readonly told: Told })[]; readonly clear: () => void }) {
  const { texts, language } = useTexts()
  const { results } = texts
  return (
    <div class="actions">
      <button type="button" class="secondary" onClick={() => print()}>
        <Mark name="print" />
        {results.print}
      </button>
      <button type="button" class="secondary" onClick={() => save(csvOf(items, texts, language), 'text/csv', `${results.fileName}.csv`)}>
        <Mark name="down" />
        {results.downloadCsv}
      </button>
      <button type="button" class="secondary" onClick={() => save(jsonOf(items, location.origin), 'application/json', `${results.fileName}.json`)}>
        <Mark name="down" />
        {results.downloadJson}
      </button>
      <button type="button" class="quiet" onClick={clear}>
        {results.clear}
      </button>
    </div>
  )
}

const save = (content: string, type: string, name: string): void => saveFile(new Blob([content], { type }), name)
