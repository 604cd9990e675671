import { useEffect, useRef } from 'preact/hooks'

import { useTexts } from '../texts/use-texts.ts'
import type { Named } from './named-offer.ts'

export function PastePanel({ offer, close }: { readonly offer: (offers: readonly Named[]) => void; readonly close: () => void }) {
  const { texts } = useTexts()
  const area = useRef<HTMLTextAreaElement>(null)
  useEffect(() => area.current?.focus(), [])
  const check = (event: Event): void => {
    event.preventDefault()
    const text = area.current?.value ?? ''
    if (text.trim() === '') {
      area.current?.focus()
      return
    }
    offer([{ name: texts.offer.pasted, offer: { kind: 'text', text } }])
    close()
  }
  return (
    <form class="paste" onSubmit={check}>
      <label for="paste-text">{texts.offer.pasteLabel}</label>
      <p id="paste-hint" class="hint">
        {texts.offer.pasteHint}
      </p>
      <textarea id="paste-text" ref={area} rows={5} spellcheck={false} autocomplete="off" aria-describedby="paste-hint" />
      <div class="row">
        <button type="submit" class="primary">
          {texts.offer.pasteCheck}
        </button>
        <button type="button" class="quiet" onClick={close}>
          {texts.offer.close}
        </button>
      </div>
    </form>
  )
}
