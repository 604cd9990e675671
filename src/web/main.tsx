import './platform.ts'

import { render } from 'preact'

import { readSettings, showTheme } from './page/settings.ts'
import { VerifyPage } from './page/verify-page.tsx'
import { textsOf } from './texts/use-texts.ts'

// The one entry of all public pages. Which page it is, the path says; `/q` is the verify page with a code in its fragment. The verify page
// comes with the entry, since most come for it and it is seen one round trip sooner.

const { theme, language } = readSettings()
const root = document.getElementById('page')! // stands in index.html

showTheme(theme)
if (location.pathname === '/claim') {
  import('./claim/claim-page.tsx').then(
    ({ ClaimPage }) => render(<ClaimPage />, root),
    // No network, or another release on the server by now.
    () => render(<p class="not-loaded">{textsOf[language].claim.refusals.notLoaded.text}</p>, root),
  )
} else render(<VerifyPage />, root)
