import type { Localised } from '#core/model/localised.ts'
import { useTexts } from '../texts/use-texts.ts'

/** Controls, bidirectional overrides, zero-width and other characters that take no room, and lone surrogates: what makes two texts look alike. */
// oxlint-disable-next-line no-control-regex -- they are what is looked for
const hidden =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\ud800-\udfff]|[\u{e0000}-\u{e0fff}]/gu

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
