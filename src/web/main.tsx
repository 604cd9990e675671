import './platform.ts'

import { render } from 'preact'

import { readSettings, showTheme } from './page/settings.ts'
import { VerifyPage } from './page/verify-page.tsx'

// The one entry of all public pages. Which page it is, the path says; `/q` is the verify page with a code in its fragment.

showTheme(readSettings().theme)
render(<VerifyPage />, document.getElementById('page')!) // stands in index.html
