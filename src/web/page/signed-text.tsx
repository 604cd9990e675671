import type { Localised } from '#core/model/localised.ts'
import { useTexts } from '../texts/use-texts.ts'

/**
 * Controls, bidirectional overrides, zero-width and other characters that take no room, and lone surrogates: what makes two texts look
 * alike. Variation selectors are none of them: they choose the form of the character before, as names written with rare forms need it.
 */
const hidden = /(?!\p{Variation_Selector})[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu

/**
 * A text that came from outside: it is text and never markup, it cannot turn what stands beside it round, and what it hides is shown.
 * What is said in both languages is said in that of the page.
 */
export function SignedText({ text }: { readonly text: Localised | string }) {
  const { texts, say } = useTexts()
  // What is said in both languages may have been put together from signed texts.
  const shown = typeof text === 'string' ? text : say(text)
  const parts: (string | { readonly at: number; readonly code: string })[] = []
  let from = 0
  for (const match of shown.matchAll(hidden)) {
    const code = `U+${match[0].codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}`
    parts.push(shown.slice(from, match.index), { at: match.index, code })
    from = match.index + match[0].length
  }
  parts.push(shown.slice(from))
  return (
    <bdi>
      {parts.map((part) =>
        typeof part === 'string' ? (
          part
        ) : (
          <span key={part.at} class="control" title={texts.signed.control(part.code)}>
            {part.code}
          </span>
        ),
      )}
    </bdi>
  )
}
