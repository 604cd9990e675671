import type { BundleState } from '../judge/protocol.ts'
import type { ToldReason } from '../judge/told.ts'
import { useTexts } from '../texts/use-texts.ts'
import { SignedText } from './signed-text.tsx'

interface Shown {
  readonly bundle: BundleState | undefined
  readonly refused: ToldReason | undefined
  readonly confirm: (digest: string) => void
  readonly drop: () => void
}

/** The offline bundle that the page verifies by, or why it does not, or the question whether it shall. */
export function BundlePanel({ bundle, refused, confirm, drop }: Shown) {
  const { texts, say } = useTexts()
  const { bundle: words } = texts
  return (
    <div role="status" class="bundle-panel">
      {refused !== undefined && (
        <p class="caution">
          <strong>{say(refused.text)}</strong> {say(refused.remedy)}
        </p>
      )}
      {bundle !== undefined && (
        <section class="card" aria-labelledby="bundle-title">
          <h2 id="bundle-title">{bundle.toConfirm !== undefined ? words.confirmHeading : bundle.counts ? words.heading : words.unusedHeading}</h2>
          <p class={bundle.proven ? undefined : 'caution'}>
            <SignedText text={bundle.made} />
          </p>
          {bundle.stale !== undefined && <p class="caution">{say(bundle.stale)}</p>}
          {bundle.toConfirm !== undefined && (
            <>
              <p>{words.confirm}</p>
              <ul>
                {bundle.toConfirm.names.map((name, index) => (
                  <li key={index}>
                    <SignedText text={name} />
                  </li>
                ))}
              </ul>
              <p>
                {words.digest} <Digest text={bundle.toConfirm.digest} />
              </p>
            </>
          )}
          <p class="choices">
            {bundle.toConfirm !== undefined && (
              <button type="button" class="secondary" onClick={() => confirm(bundle.toConfirm!.digest)}>
                {words.same}
              </button>
            )}
            <button type="button" class="quiet" onClick={drop}>
              {words.drop}
            </button>
          </p>
        </section>
      )}
    </div>
  )
}

/** In groups, as two people read it to each other; copied, it is whole. */
const Digest = ({ text }: { readonly text: string }) => (
  <code class="digest">
    {text.match(/.{1,4}/g)?.map((group, index) => (
      <span key={index}>{group}</span>
    ))}
  </code>
)
