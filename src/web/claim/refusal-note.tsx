import { useTexts } from '../texts/use-texts.ts'
import type { Refusal } from './ask-node.ts'

/** Why nothing was given, and what to do. The node's own words where it said any: it says the same for wrong, absent, used and expired. */
export function RefusalNote({ refusal }: { readonly refusal: Refusal | undefined }) {
  const { texts, say } = useTexts()
  const { refusals } = texts.claim
  const note =
    refusal === undefined
      ? undefined
      : refusal.kind === 'told'
        ? { text: say(refusal.text), remedy: say(refusal.remedy) }
        : refusal.kind === 'too-many'
          ? refusals.tooMany(refusal.seconds)
          : refusals[refusal.kind]
  return (
    <div role="alert" class="refusal">
      {note !== undefined && (
        <p class="failure">
          <strong>{note.text}</strong> <span>{note.remedy}</span>
        </p>
      )}
    </div>
  )
}
