import type { Language } from '#core/model/localised.ts'

export type Theme = 'auto' | 'light' | 'dark'

/** What a person has chosen on this device. Never anything about a record. */
export interface Settings {
  readonly language: Language
  readonly theme: Theme
  /** Division code of the city that was asked about last; '' for none, undefined where nothing was chosen yet. */
  readonly place: string | undefined
}

const name = 'comity.settings'
const usual: Settings = { language: 'zh', theme: 'auto', place: undefined }

/** A device that keeps nothing, or keeps nonsense, has the usual settings. */
export function readSettings(): Settings {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(name) ?? 'null')
    if (typeof kept !== 'object' || kept === null) return usual
    const { language, theme, place } = kept as Readonly<Record<string, unknown>>
    return {
      language: language === 'en' ? 'en' : 'zh',
      theme: theme === 'light' || theme === 'dark' ? theme : 'auto',
      place: typeof place === 'string' && /^(\d{6})?$/.test(place) ? place : undefined,
    }
  } catch {
    return usual
  }
}

export function keepSettings(settings: Settings): void {
  try {
    localStorage.setItem(name, JSON.stringify(settings))
  } catch {
    // A private window keeps nothing; the choice then holds until it is closed.
  }
}

export function showTheme(theme: Theme): void {
  if (theme === 'auto') delete document.documentElement.dataset['theme']
  else document.documentElement.dataset['theme'] = theme
}
