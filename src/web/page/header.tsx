import { useTexts } from '../texts/use-texts.ts'
import { Seal } from './icons.tsx'
import type { Settings, Theme } from './settings.ts'

const themes: readonly Theme[] = ['auto', 'light', 'dark']

export function Header({ settings, choose }: { readonly settings: Settings; readonly choose: (change: Partial<Settings>) => void }) {
  const { texts } = useTexts()
  const other = settings.language === 'zh' ? 'en' : 'zh'
  return (
    <header class="head">
      <a class="brand" href="/">
        <Seal />
        <span>{texts.product}</span>
      </a>
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
