import { useEffect, useMemo, useState } from 'preact/hooks'

import { SpokenLanguage, textsOf } from '../texts/use-texts.ts'
import { BundlePanel } from './bundle-panel.tsx'
import { Header } from './header.tsx'
import { OfferPanel } from './offer-panel.tsx'
import { Results } from './results.tsx'
import { readSettings } from './settings.ts'
import { TrustPanel } from './trust-panel.tsx'
import { UpdateBar } from './update-bar.tsx'
import { useSettings } from './use-settings.ts'
import { useVerification } from './use-verification.ts'

/** `/` and `/q`: what anybody checks a certificate with. */
export function VerifyPage() {
  const { settings, choose, texts } = useSettings()
  const [purpose, setPurpose] = useState<string>()
  const [place, setPlace] = useState(settings.place)
  const question = useMemo(() => ({ place: place === '' ? undefined : place, purpose }), [place, purpose])
  const verification = useVerification(question)
  const { items, trust, failed, offer } = verification

  // Whoever has chosen no city yet is asked about the one whose page this is.
  const usual = trust?.places[0]?.code
  useEffect(() => {
    if (place === undefined && usual !== undefined) setPlace(usual)
  }, [place, usual])

  // The code of a printed certificate comes in the fragment, which browsers never send to a server.
  useEffect(() => {
    const read = (): void => {
      if (location.hash.length > 1) offer([{ name: textsOf[readSettings().language].offer.codeInAddress, offer: { kind: 'code', text: location.href } }])
    }
    read()
    addEventListener('hashchange', read)
    return () => removeEventListener('hashchange', read)
  }, [offer])

  return (
    <SpokenLanguage.Provider value={settings.language}>
      <a class="skip" href="#results" onClick={skipToResults}>
        {texts.skip}
      </a>
      <Header page="verify" settings={settings} choose={choose} />
      <main>
        <UpdateBar />
        <OfferPanel offer={offer} compact={items.length > 0} />
        <BundlePanel bundle={trust?.bundle} refused={verification.bundleRefused} confirm={verification.confirmBundle} drop={verification.dropBundle} />
        {failed && (
          <p class="failure" role="alert">
            {texts.failure}
          </p>
        )}
        <Results
          verification={verification}
          question={question}
          ask={(asked) => {
            setPlace(asked.place ?? '')
            setPurpose(asked.purpose)
            choose({ place: asked.place ?? '' })
          }}
        />
        <TrustPanel trust={trust} refresh={verification.refresh} />
      </main>
    </SpokenLanguage.Provider>
  )
}

/** By hand: a fragment in the address would be taken for a code. */
function skipToResults(event: Event): void {
  event.preventDefault()
  document.getElementById('results')?.focus()
}
