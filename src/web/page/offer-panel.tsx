import { useEffect, useRef, useState } from 'preact/hooks'

import { useTexts } from '../texts/use-texts.ts'
import { CameraDialog } from './camera-dialog.tsx'
import { Mark } from './icons.tsx'
import { PastePanel } from './paste-panel.tsx'
import { namedFiles, type Named } from './named-offer.ts'
import { useOffline } from './use-offline.ts'

const accepted = '.pdf,.jwt,.sdjwt,.sd-jwt,.tlog-proof,.txt,.json,.jsonl,.bundle,application/pdf,text/plain,image/png,image/jpeg,image/webp,image/gif,image/bmp'

/** Where a certificate is offered: chosen, dropped anywhere on the page, photographed, scanned or pasted. Small once there is a result. */
export function OfferPanel({ offer, compact }: { readonly offer: (offers: readonly Named[]) => void; readonly compact: boolean }) {
  const { texts } = useTexts()
  const files = useRef<HTMLInputElement>(null)
  const [open, setOpen] = useState<'camera' | 'paste'>()
  const over = useDropAndPaste(offer, texts.offer.pasted)
  const { here, noLogin, offline } = texts.promises
  // What could not be kept here is not promised: the foot of the page says so instead.
  const promises = useOffline() === false ? [here, noLogin] : [here, noLogin, offline]
  const take = ({ currentTarget }: { readonly currentTarget: HTMLInputElement }): void => {
    const chosen = namedFiles(currentTarget.files ?? [])
    currentTarget.value = '' // so that the same file can be chosen again
    if (chosen.length > 0) offer(chosen)
  }
  return (
    <section class={`offer${compact ? ' compact' : ''}${over ? ' over' : ''}`} aria-labelledby="offer-title">
      <h1 id="offer-title">{texts.title}</h1>
      <p class="lead">{texts.lead}</p>
      <div class="drop">
        <p class="again" aria-hidden="true">
          {texts.offer.again}
        </p>
        <input ref={files} class="unseen" type="file" multiple accept={accepted} tabIndex={-1} aria-hidden="true" onChange={take} data-input="files" />
        <button type="button" class="primary" onClick={() => files.current?.click()}>
          <Mark name="file" />
          {texts.offer.choose}
        </button>
        <button type="button" class="secondary" onClick={() => setOpen('camera')}>
          <Mark name="camera" />
          {texts.offer.camera}
        </button>
        <button type="button" class="secondary" aria-expanded={open === 'paste'} onClick={() => setOpen(open === 'paste' ? undefined : 'paste')}>
          <Mark name="paste" />
          {texts.offer.paste}
        </button>
        <p class="hint">
          <span class="dragged">
            {over ? texts.offer.dropNow : texts.offer.drop}
            <br />
          </span>
          {texts.offer.kinds}
        </p>
      </div>
      {open === 'paste' && <PastePanel offer={offer} close={() => setOpen(undefined)} />}
      {open === 'camera' && <CameraDialog offer={offer} close={() => setOpen(undefined)} />}
      <ul class="promises">
        {promises.map((promise) => (
          <li key={promise}>
            <Mark name="yes" />
            {promise}
          </li>
        ))}
      </ul>
    </section>
  )
}

/** Files may be let go anywhere on the page, and pasted anywhere but where somebody writes. Whether something is held over the page now. */
function useDropAndPaste(offer: (offers: readonly Named[]) => void, pasted: string): boolean {
  const [over, setOver] = useState(false)
  useEffect(() => {
    const drag = (event: DragEvent): void => {
      event.preventDefault() // else the browser would open the file in place of the page
      setOver(true)
    }
    const leave = (event: DragEvent): void => {
      if (event.relatedTarget === null) setOver(false)
    }
    const drop = (event: DragEvent): void => {
      event.preventDefault()
      setOver(false)
      take(event.dataTransfer)
    }
    const paste = (event: ClipboardEvent): void => {
      if (!(event.target instanceof HTMLTextAreaElement)) take(event.clipboardData)
    }
    const take = (data: DataTransfer | null): void => {
      const files = namedFiles(data?.files ?? [])
      const text = data?.getData('text/plain') ?? ''
      if (files.length > 0) offer(files)
      else if (text.trim() !== '') offer([{ name: pasted, offer: { kind: 'text', text } }])
    }
    addEventListener('dragover', drag)
    addEventListener('dragleave', leave)
    addEventListener('drop', drop)
    addEventListener('paste', paste)
    return () => {
      removeEventListener('dragover', drag)
      removeEventListener('dragleave', leave)
      removeEventListener('drop', drop)
      removeEventListener('paste', paste)
    }
  }, [offer, pasted])
  return over
}
