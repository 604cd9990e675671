import { useTexts } from '../texts/use-texts.ts'
import { Seal } from './icons.tsx'
import type { Settings, Theme } from './settings.ts'

const themes: readonly Theme[] = ['auto', 'light', 'dark']

interface Shown {
  /** The page that is open. */
  readonly page: 'verify' | 'claim'
  readonly settings: Settings
  readonly choose: (change: Partial<Settings>) => void
}

export function Header({ page, settings, choose }: Shown) {
  const { texts } = useTexts()
  const other = settings.language === 'zh' ? 'en' : 'zh'
  return (
    <header class="head">
      <a class="brand" href="/">
        <Seal />
        <span>{texts.product}</span>
      </a>
      <nav class="pages" aria-label={texts.pages}>
        <a href="/" aria-current={page === 'verify' ? 'page' : undefined}>
          {texts.title}
        </a>
        <a href="/claim" aria-current={page === 'claim' ? 'page' : undefined}>
          {texts.claim.title}
        </a>
      </nav>
      <div class="settings">
        <label class="theme">
          <span class="unseen">{texts.appearance.label}</span>
          <select value={settings.theme} onChange={({ currentTarget }) => choose({ theme: themes.find((theme) => theme === currentTarget.value) ?? 'auto' })}>
            {themes.map((theme) => (
              <option key={theme} value={theme}>
                {texts.appearance[theme]}
              </option>
            ))}
          </select>
        </label>
        <button type="button" class="quiet" lang={other === 'zh' ? 'zh-CN' : 'en'} onClick={() => choose({ language: other })}>
          {texts.otherLanguage}
        </button>
      </div>
    </header>
  )
}
