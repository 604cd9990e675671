import type { Found, Offer } from '#web/read/found.ts'
import type { CameraAnswer } from '#web/read/read-camera.ts'
import { readOffer } from '#web/read/read-offer.ts'

import { drawCodes, type CodesPlan } from './draw-codes.ts'
import { readTestCode } from './test-code.ts'

// The page that the tests of the readers open: it hands over what the test gives it.

export interface TestPage {
  /** What is found in the file that was chosen, and after how many milliseconds. */
  readonly readChosen: () => Promise<{ readonly found: readonly Found[]; readonly milliseconds: number }>
  readonly readText: (text: string) => Promise<readonly Found[]>
  /** Draws QR codes as a photograph would show them and reads the picture. */
  readonly readDrawn: (plan: CodesPlan) => Promise<{ readonly found: readonly Found[]; readonly milliseconds: number }>
  /** The picture's bytes. */
  readonly draw: (plan: CodesPlan) => Promise<readonly number[]>
  readonly startCamera: () => Promise<CameraAnswer & { readonly others: number }>
  readonly stopCamera: () => void
  /** How often the camera saw nothing but codes of something else. */
  readonly others: () => number
  /** How many tracks of the camera are still running. */
  readonly runningTracks: () => number
}

const timed = async (offer: Offer): Promise<{ readonly found: readonly Found[]; readonly milliseconds: number }> => {
  const started = performance.now()
  const found = await readOffer(offer, { readCode: readTestCode })
  return { found, milliseconds: performance.now() - started }
}

let stop = new AbortController()
let others = 0
const tracks: MediaStreamTrack[] = []

const page: TestPage = {
  readChosen: () => {
    const file = document.querySelector('input')!.files![0]!
    return timed({ kind: 'file', name: file.name, blob: file })
  },
  readText: async (text) => (await timed({ kind: 'text', text })).found,
  readDrawn: async (plan) => timed({ kind: 'file', name: 'photo', blob: await drawCodes(plan) }),
  draw: async (plan) => [...new Uint8Array(await (await drawCodes(plan)).arrayBuffer())],
  startCamera: async () => {
    const { readCamera } = await import('#web/read/read-camera.ts')
    stop = new AbortController()
    const video = document.querySelector('video')!
    video.addEventListener('playing', () => tracks.push(...(video.srcObject as MediaStream).getTracks()), { once: true })
    others = 0
    const answer = await readCamera(video, stop.signal, { readCode: readTestCode, sawOther: () => others++ })
    return { ...answer, others }
  },
  stopCamera: () => stop.abort(),
  others: () => others,
  runningTracks: () => tracks.filter(({ readyState }) => readyState === 'live').length,
}

Object.assign(globalThis, { testPage: page })
