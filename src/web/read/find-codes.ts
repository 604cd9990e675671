import { prepareZXingModule, readBarcodes, type ReaderOptions } from 'zxing-wasm/reader'

import { sharpen } from './sharpen.ts'

// The library's own default would fetch the program from another host.
let prepared: Promise<unknown> | undefined

/** Loads the reader once. `wasmUrl` is on the page's own host. Throws where it cannot be had. */
export async function prepareReader(wasmUrl: string): Promise<void> {
  prepared ??= prepareZXingModule({ overrides: { locateFile: () => wasmUrl }, fireImmediately: true })
  try {
    await prepared
  } catch (cause) {
    prepared = undefined
    throw cause
  }
}

/** What is drawn from: a decoded picture, a frame, or a page. */
export interface Drawable {
  readonly width: number
  readonly height: number
  /** Draws the whole, scaled to the canvas. */
  readonly drawOn: (context: OffscreenCanvasRenderingContext2D, width: number, height: number) => void | Promise<void>
}

const options: ReaderOptions = { formats: ['QRCode'], tryHarder: true, tryRotate: true, tryInvert: true, tryDownscale: true, maxNumberOfSymbols: 32 }

interface Attempt {
  /** Longest side of what is looked at. A picture is enlarged only where it says so, and at most three times. */
  readonly longest: number
  readonly enlarge?: true
  readonly sharpen?: readonly [amount: number, radius: number]
}

/** From what usually succeeds to what costs more. Each reads pictures that those before it do not. */
const attempts: readonly Attempt[] = [{ longest: 2000 }, { longest: 2800 }, { longest: 2600, enlarge: true, sharpen: [4, 3] }, { longest: 12_000 }]

/** Once something is found, what it may still cost to look for more: a person waits. */
const mostPixelsForMore = 4_000_000

/**
 * The texts of all QR codes in a picture, tried at several sizes, at most `most` times. Once an attempt has found something, one more is made
 * for what it missed; an attempt that would look at the same pixels again is left out.
 */
export async function findCodes(picture: Drawable, most = attempts.length): Promise<readonly string[]> {
  const texts = new Set<string>()
  const tried = new Set<string>()
  const own = Math.max(picture.width, picture.height)
  for (const { longest, enlarge, ...how } of attempts.slice(0, most)) {
    const scale = Math.min(enlarge === true ? 3 : 1, longest / own)
    const attempt = `${scale} ${JSON.stringify(how)}`
    const hadSome = texts.size > 0
    if (tried.has(attempt) || (hadSome && picture.width * picture.height * scale ** 2 > mostPixelsForMore)) continue
    tried.add(attempt)
    for (const text of await lookAt(picture, scale, how)) texts.add(text)
    if (hadSome) break
  }
  return [...texts]
}

async function lookAt(picture: Drawable, scale: number, { sharpen: how }: Pick<Attempt, 'sharpen'>): Promise<readonly string[]> {
  const [width, height] = [Math.max(1, Math.round(picture.width * scale)), Math.max(1, Math.round(picture.height * scale))]
  const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true })
  if (context === null) throw new Error('no canvas')
  // What is transparent is paper.
  context.fillStyle = '#ffffff'
  context.fillRect(0, 0, width, height)
  context.imageSmoothingQuality = 'high'
  await picture.drawOn(context, width, height)
  const image = context.getImageData(0, 0, width, height)
  if (how !== undefined) sharpen(image, ...how)
  const codes = await readBarcodes(image, options)
  return codes.filter(({ isValid }) => isValid).map(({ text }) => text)
}
