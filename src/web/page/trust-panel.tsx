import type { TrustState } from '../judge/protocol.ts'
import { useTexts } from '../texts/use-texts.ts'
import { SignedText } from './signed-text.tsx'
import { timeText } from './times.ts'
import { useOffline } from './use-offline.ts'

/** Where the trust data come from, how old they are, and what that leaves unknown. */
export function TrustPanel({ trust, refresh }: { readonly trust: TrustState | undefined; readonly refresh: () => void }) {
  const { texts, say, language } = useTexts()
  const kept = useOffline()
  const { trust: words } = texts
  return (
    <footer class="trust">
      <h2>{words.heading}</h2>
      <p class={`standing ${trust?.standing ?? 'loading'}`} role="status">
        {trust === undefined
          ? words.loading
          : trust.standing === 'fetched'
            ? words.fetched(trust.bureau === undefined ? '' : say(trust.bureau.name))
            : trust.standing === 'held'
              ? texts.sentences(words.held(timeText(trust.fetchedAt ?? 0, language)), words.later)
              : trust.standing === 'bundle'
                ? texts.sentences(words.bundle, words.later)
                : words.none}
      </p>
      {trust?.clockAhead !== undefined && <p class="caution">{words.clock(Math.round(Math.abs(trust.clockAhead) / 60), trust.clockAhead > 0)}</p>}
      {trust !== undefined && trust.missing > 0 && <p class="caution">{words.missing(trust.missing)}</p>}
      {trust !== undefined && trust.refused > 0 && <p class="caution">{words.refused(trust.refused)}</p>}
      {trust !== undefined && trust.sources.length > 0 && (
        <details>
          <summary>{words.files(trust.sources.length)}</summary>
          <ul class="sources">
            {trust.sources.map((source, index) => (
              <li key={index}>
                <strong>{say(source.kind)}</strong>
                <span class={`freshness ${source.freshness}`}>{say(source.freshnessText)}</span>
                <p>
                  <SignedText text={source.name} />
                </p>
                <small>
                  {timeText(source.issuedAt, language)} · {say(source.age)}
                </small>
              </li>
            ))}
          </ul>
        </details>
      )}
      <button type="button" class="quiet" onClick={refresh}>
        {words.refresh}
      </button>
      <p class="muted">{texts.sentences(texts.foot.what, ...(kept === undefined ? [] : [kept ? texts.foot.offline : texts.foot.noOffline]))}</p>
    </footer>
  )
}
