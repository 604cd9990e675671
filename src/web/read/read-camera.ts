import type { Found } from './found.ts'
import { lookForCodes } from './read-picture.ts'
import type { ReadCode } from './read-text.ts'

/** Why there is no picture from a camera. */
export type CameraFailure = 'camera-absent' | 'camera-refused' | 'camera-busy' | 'camera-unavailable' | 'reader-unavailable'

export type CameraAnswer =
  | { readonly kind: 'found'; readonly found: Found }
  | { readonly kind: 'failed'; readonly why: CameraFailure }
  | { readonly kind: 'stopped' }

export interface CameraReaders {
  readonly readCode: ReadCode
  /** A code was seen that is not a record's: the camera goes on looking, and the person may want to know why nothing happens. */
  readonly sawOther?: () => void
}

/**
 * Shows the camera in `video` (which should be `muted` and `playsinline`) and looks at its frames until one holds a paper code, sound or
 * not, or until `signal` is aborted. The camera is released whatever happens. Never throws.
 */
export async function readCamera(video: HTMLVideoElement, signal: AbortSignal, { readCode, sawOther }: CameraReaders): Promise<CameraAnswer> {
  const stream = await openCamera()
  if (typeof stream === 'string') return { kind: 'failed', why: stream }
  const release = (): void => {
    for (const track of stream.getTracks()) track.stop()
  }
  // At once, and not with the next frame: the lamp beside the lens must not outlive the wish.
  signal.addEventListener('abort', release)
  try {
    if (signal.aborted) return { kind: 'stopped' }
    video.srcObject = stream
    await video.play()
    return await look(video, stream, signal, { readCode, ...(sawOther === undefined ? {} : { sawOther }) })
  } catch {
    return signal.aborted ? { kind: 'stopped' } : { kind: 'failed', why: 'camera-unavailable' }
  } finally {
    signal.removeEventListener('abort', release)
    release()
    video.srcObject = null
  }
}

async function openCamera(): Promise<MediaStream | CameraFailure> {
  // Absent where the page was not loaded over https, and in browsers inside some apps. The types do not know that.
  const devices = navigator.mediaDevices as MediaDevices | undefined
  if (devices === undefined) return 'camera-unavailable'
  try {
    // A code of a certificate has 85 modules a side: the usual 640 pixels are too few.
    return await devices.getUserMedia({ audio: false, video: { facingMode: 'environment', width: { ideal: 1920 }, height: { ideal: 1080 } } })
  } catch (cause) {
    return (cause instanceof DOMException && failures[cause.name]) || 'camera-unavailable'
  }
}

/** Media Capture and Streams, 10.2: by the exception's name. */
const failures: Readonly<Record<string, CameraFailure>> = {
  NotFoundError: 'camera-absent',
  NotAllowedError: 'camera-refused',
  SecurityError: 'camera-refused',
  NotReadableError: 'camera-busy',
  AbortError: 'camera-busy',
}

async function look(video: HTMLVideoElement, stream: MediaStream, signal: AbortSignal, { readCode, sawOther }: CameraReaders): Promise<CameraAnswer> {
  while (await nextFrame(video, signal)) {
    // Unplugged, or taken away by the system.
    if (stream.getVideoTracks().every(({ readyState }) => readyState === 'ended')) return { kind: 'failed', why: 'camera-unavailable' }
    if (video.videoWidth === 0) continue
    const answer = await lookForCodes(await createImageBitmap(video), true)
    if (answer.kind === 'unavailable') return { kind: 'failed', why: 'reader-unavailable' }
    if (answer.kind !== 'codes') continue
    const read = await Promise.all(answer.texts.map(readCode))
    const found = read.find(({ kind }) => kind === 'record') ?? read.find(({ kind }) => kind === 'unread')
    if (found !== undefined && !signal.aborted) return { kind: 'found', found }
    if (read.length > 0) sawOther?.()
  }
  return { kind: 'stopped' }
}

/** Resolves with the next frame, or after a moment if there is none (a page in the background gets none); false once it is stopped. */
async function nextFrame(video: HTMLVideoElement, signal: AbortSignal): Promise<boolean> {
  if (!signal.aborted) {
    await new Promise<unknown>((resolve) => {
      setTimeout(resolve, 250)
      // Firefox before 132 has no such call; there the timer alone sets the pace.
      if ('requestVideoFrameCallback' in video) video.requestVideoFrameCallback(resolve)
    })
  }
  return !signal.aborted
}
