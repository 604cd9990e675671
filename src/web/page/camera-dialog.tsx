import { useEffect, useRef, useState } from 'preact/hooks'

import { findIn } from '../offer.ts'
import { useTexts } from '../texts/use-texts.ts'
import { namedFiles, type Named } from './named-offer.ts'

/** Between two looks at what the camera sees. Milliseconds. */
const pause = 250

/** The camera's own picture, until a code with a record is seen in it; or a picture that is taken or chosen. Nothing is recorded. */
export function CameraDialog({ offer, close }: { readonly offer: (offers: readonly Named[]) => void; readonly close: () => void }) {
  const { texts } = useTexts()
  const dialog = useRef<HTMLDialogElement>(null)
  const video = useRef<HTMLVideoElement>(null)
  const picture = useRef<HTMLInputElement>(null)
  const [trouble, setTrouble] = useState<'refused' | 'absent'>()

  useEffect(() => {
    dialog.current?.showModal()
    const ending = new AbortController()
    void watch(video.current!, ending.signal, (blob) => {
      offer([{ name: texts.offer.photographed, offer: { kind: 'file', name: 'camera.png', blob } }])
      close()
    }).then((found) => found !== undefined && setTrouble(found))
    return () => ending.abort()
  }, [])

  return (
    <dialog ref={dialog} class="camera" aria-labelledby="camera-title" onClose={close}>
      <h2 id="camera-title">{texts.camera.title}</h2>
      {trouble === undefined ? <p>{texts.camera.hint}</p> : <p role="alert">{texts.camera[trouble]}</p>}
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

/** Looks until a record is seen or the signal ends it. Says why where there is nothing to look with; the camera is let go of in any case. */
async function watch(video: HTMLVideoElement, signal: AbortSignal, seen: (picture: Blob) => void): Promise<'refused' | 'absent' | undefined> {
  // Absent outside a secure context, whatever the types say.
  const devices = navigator.mediaDevices as MediaDevices | undefined
  if (devices === undefined) return 'absent'
  let stream: MediaStream
  try {
    stream = await devices.getUserMedia({ video: { facingMode: 'environment', width: { ideal: 1920 } }, audio: false })
  } catch (error) {
    return error instanceof DOMException && error.name === 'NotFoundError' ? 'absent' : 'refused'
  }
  const end = (): void => stream.getTracks().forEach((track) => track.stop())
  signal.addEventListener('abort', end)
  if (signal.aborted) end()
  video.srcObject = stream
  await video.play().catch(() => undefined)
  const canvas = document.createElement('canvas')
  while (!signal.aborted) {
    const frame = await pictureOf(video, canvas)
    if (frame !== null && (await findIn({ kind: 'file', name: 'camera.png', blob: frame })).some(({ kind }) => kind === 'record')) {
      if (!signal.aborted) seen(frame)
      break
    }
    await new Promise((resolve) => setTimeout(resolve, pause))
  }
  end()
  return undefined
}

function pictureOf(video: HTMLVideoElement, canvas: HTMLCanvasElement): Promise<Blob | null> {
  canvas.width = video.videoWidth
  canvas.height = video.videoHeight
  const context = canvas.getContext('2d')
  if (context === null || canvas.width === 0) return Promise.resolve(null)
  context.drawImage(video, 0, 0)
  return new Promise((resolve) => canvas.toBlob(resolve, 'image/png'))
}
