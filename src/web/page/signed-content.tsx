import type { ToldGroup } from '../judge/told.ts'
import { useTexts } from '../texts/use-texts.ts'
import { SignedText } from './signed-text.tsx'

/** Groups that only a program or an engineer asks for. */
const folded: ReadonlySet<string> = new Set(['technical'])

/** What was signed, item by item, and the sentence that nothing else is evidence. */
export function SignedContent({ groups }: { readonly groups: readonly ToldGroup[] }) {
  const { texts } = useTexts()
  return (
    <section class="card signed" aria-labelledby="signed-title">
      <h3 id="signed-title">{texts.signed.heading}</h3>
      <p class="evidence">{texts.signed.evidence}</p>
      <Groups groups={groups} />
    </section>
  )
}

/** Groups under their headings, those that few ask for folded and last. */
export function Groups({ groups, heading: Heading = 'h4' }: { readonly groups: readonly ToldGroup[]; readonly heading?: 'h3' | 'h4' }) {
  const { say } = useTexts()
  return (
    <>
      {groups
        .filter(({ id }) => !folded.has(id))
        .map((group) => (
          <section key={group.id}>
            <Heading class="group-name">{say(group.label)}</Heading>
            <Lines group={group} />
          </section>
        ))}
      {groups
        .filter(({ id }) => folded.has(id))
        .map((group) => (
          <details key={group.id}>
            <summary>{say(group.label)}</summary>
            <Lines group={group} />
          </details>
        ))}
    </>
  )
}

/** The lines of one group, by their labels. */
export function Lines({ group }: { readonly group: ToldGroup }) {
  const { say } = useTexts()
  return (
    <dl class="lines">
      {group.lines.map((line) => (
        <div key={line.member}>
          <dt>{say(line.label)}</dt>
          <dd>
            <SignedText text={line.value} />{' '}
            {line.code !== undefined && (
              <span class="code">
                <SignedText text={line.code} />
              </span>
            )}
          </dd>
        </div>
      ))}
    </dl>
  )
}
