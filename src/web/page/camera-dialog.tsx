import { useEffect, useRef, useState } from 'preact/hooks'

import type { CameraAnswer, CameraFailure } from '../read/read-camera.ts'
import { useTexts } from '../texts/use-texts.ts'
import { namedFiles, type Named } from './named-offer.ts'

/** The camera's own picture, until a code with a record is seen in it; or a picture that is taken or chosen. Nothing is recorded. */
export function CameraDialog({ offer, close }: { readonly offer: (offers: readonly Named[]) => void; readonly close: () => void }) {
  const { texts } = useTexts()
  const dialog = useRef<HTMLDialogElement>(null)
  const video = useRef<HTMLVideoElement>(null)
  const picture = useRef<HTMLInputElement>(null)
  const [trouble, setTrouble] = useState<CameraFailure>()
  const [other, setOther] = useState(false)

  useEffect(() => {
    dialog.current?.showModal()
    const ending = new AbortController()
    void look(video.current!, ending.signal, () => setOther(true)).then((answer) => {
      if (ending.signal.aborted || answer.kind === 'stopped') return
      if (answer.kind === 'failed') return setTrouble(answer.why)
      offer([{ name: texts.offer.photographed, found: answer.found }])
      close()
    })
    return () => ending.abort()
  }, [])

  return (
    <dialog ref={dialog} class="camera" aria-labelledby="camera-title" onClose={close}>
      <h2 id="camera-title">{texts.camera.title}</h2>
      {trouble === undefined ? <p role="status">{other ? texts.camera.other : texts.camera.hint}</p> : <p role="alert">{texts.camera[trouble]}</p>}
      <div class="frame" hidden={trouble !== undefined}>
        <video ref={video} muted playsInline aria-hidden="true" />
      </div>
      <input
        ref={picture}
        class="unseen"
        type="file"
        accept="image/*"
        capture="environment"
        tabIndex={-1}
        aria-hidden="true"
        data-input="picture"
        onChange={({ currentTarget }) => {
          offer(namedFiles(currentTarget.files ?? []))
          close()
        }}
      />
      <div class="row">
        <button type="button" class="primary" onClick={() => picture.current?.click()}>
          {texts.camera.picture}
        </button>
        <button type="button" class="quiet" onClick={() => dialog.current?.close()}>
          {texts.offer.close}
        </button>
      </div>
    </dialog>
  )
}

/** The reader of codes is loaded when somebody first points a camera. */
async function look(video: HTMLVideoElement, signal: AbortSignal, sawOther: () => void): Promise<CameraAnswer> {
  try {
    const [{ readCamera }, { readCode }] = await Promise.all([import('../read/read-camera.ts'), import('../read/read-code.ts')])
    return await readCamera(video, signal, { readCode, sawOther })
  } catch {
    return { kind: 'failed', why: 'reader-unavailable' }
  }
}
