import { useEffect } from 'preact/hooks'

import { Header } from '../page/header.tsx'
import { UpdateBar } from '../page/update-bar.tsx'
import { useSettings } from '../page/use-settings.ts'
import { SpokenLanguage } from '../texts/use-texts.ts'
import { ClaimForm } from './claim-form.tsx'
import { HeldRecord } from './held-record.tsx'
import { useClaim } from './use-claim.ts'
import { useOnline } from './use-online.ts'

/** `/claim`: what a person gets the own record with. */
export function ClaimPage() {
  const { settings, choose, texts } = useSettings()
  const claiming = useClaim()
  const online = useOnline()
  const { claim: words } = texts
  const state = claiming.held === undefined ? '' : `${words.held.heading} · `

  useEffect(() => {
    document.title = `${state}${words.title} · ${texts.product}`
  }, [state, words, texts])

  return (
    <SpokenLanguage.Provider value={settings.language}>
      <a class="skip" href="#claim">
        {words.skip}
      </a>
      <Header page="claim" settings={settings} choose={choose} />
      <main>
        <UpdateBar />
        {claiming.held === undefined ? (
          <ClaimForm claiming={claiming} online={online} />
        ) : (
          <>
            {!online && <p class="caution">{words.certificateNeedsNetwork}</p>}
            <HeldRecord claiming={claiming} held={claiming.held} />
          </>
        )}
        <footer class="claim-foot">
          <h2>{words.foot.heading}</h2>
          <ul>
            {words.foot.points.map((point) => (
              <li key={point}>{point}</li>
            ))}
          </ul>
        </footer>
      </main>
    </SpokenLanguage.Provider>
  )
}
