import type { Language } from '#core/model/localised.ts'

/** The language of the locale (POSIX: LC_ALL, then LC_MESSAGES, then LANG); a Chinese one of any region is Chinese, any other English. */
export function languageOf({ LC_ALL, LC_MESSAGES, LANG }: Readonly<Record<string, string | undefined>>): Language {
  const locale = [LC_ALL, LC_MESSAGES, LANG].find((value) => value !== undefined && value !== '') ?? ''
  return locale.toLowerCase().startsWith('zh') ? 'zh' : 'en'
}
