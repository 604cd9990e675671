import { answerCalls } from './call-worker.ts'
import { findCodes, prepareReader } from './find-codes.ts'
import { isTooLarge } from './picture-size.ts'

/** `frame`: a camera's, looked at once; another follows soon. */
export interface PictureQuestion {
  readonly wasmUrl: string
  readonly picture: Blob | ImageBitmap
  readonly isFrame: boolean
}

export type PictureAnswer =
  | { readonly kind: 'codes'; readonly texts: readonly string[] }
  | { readonly kind: 'undecodable' }
  | { readonly kind: 'too-large' }
  | { readonly kind: 'unavailable' }

async function answer({ wasmUrl, picture, isFrame }: PictureQuestion): Promise<PictureAnswer> {
  const [bitmap, isReady] = await Promise.all([decoded(picture), isPrepared(wasmUrl)])
  if (bitmap === undefined) return { kind: 'undecodable' }
  try {
    if (isTooLarge(bitmap)) return { kind: 'too-large' }
    if (!isReady) return { kind: 'unavailable' }
    const { width, height } = bitmap
    const drawOn = (context: OffscreenCanvasRenderingContext2D, wide: number, high: number): void => context.drawImage(bitmap, 0, 0, wide, high)
    return { kind: 'codes', texts: await findCodes({ width, height, drawOn }, isFrame ? 1 : undefined) }
  } catch {
    // No canvas, or no memory for one.
    return { kind: 'unavailable' }
  } finally {
    bitmap.close()
  }
}

const decoded = async (picture: Blob | ImageBitmap): Promise<ImageBitmap | undefined> =>
  picture instanceof ImageBitmap ? picture : createImageBitmap(picture).catch(() => undefined)

const isPrepared = (wasmUrl: string): Promise<boolean> =>
  prepareReader(wasmUrl).then(
    () => true,
    () => false,
  )

answerCalls(answer)
