import { useEffect, useState } from 'preact/hooks'

import type { Texts } from '../texts/texts.ts'
import { textsOf } from '../texts/use-texts.ts'
import { keepSettings, readSettings, showTheme, type Settings } from './settings.ts'

/** What the person has chosen on this device, how to change it, and the texts of the language chosen. The document says which that is. */
export function useSettings(): { readonly settings: Settings; readonly choose: (change: Partial<Settings>) => void; readonly texts: Texts } {
  const [settings, setSettings] = useState(readSettings)
  const texts = textsOf[settings.language]
  const choose = (change: Partial<Settings>): void => {
    const chosen = { ...settings, ...change }
    setSettings(chosen)
    keepSettings(chosen)
    showTheme(chosen.theme)
  }
  useEffect(() => {
    document.documentElement.lang = texts.language
  }, [texts])
  return { settings, choose, texts }
}
