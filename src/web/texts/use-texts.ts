import { createContext } from 'preact'
import { useContext } from 'preact/hooks'

import type { Language, Localised } from '#core/model/localised.ts'
import { en } from './en.ts'
import type { Texts } from './texts.ts'
import { zh } from './zh.ts'

export const textsOf: Readonly<Record<Language, Texts>> = { zh, en }

/** The language that the page speaks. */
export const SpokenLanguage = createContext<Language>('zh')

/** The page's own texts, and how a text of core is said, in the language that the page speaks. */
export function useTexts(): { readonly texts: Texts; readonly say: (text: Localised) => string; readonly language: Language } {
  const language = useContext(SpokenLanguage)
  return { texts: textsOf[language], say: (text) => text[language], language }
}
