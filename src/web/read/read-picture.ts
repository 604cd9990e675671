import wasmUrl from 'zxing-wasm/reader/zxing_reader.wasm?url'

import { callWorker } from './call-worker.ts'
import { nothing, unread, type Found } from './found.ts'
import type { PictureAnswer, PictureQuestion } from './picture-worker.ts'
import { isTooLarge, pictureSize } from './picture-size.ts'
import type { ReadCode } from './read-text.ts'
import type { PictureKind } from './sniff.ts'

/** A still picture is given up after this. */
const patience = 40_000

let worker: Worker | undefined

/** What is in a picture or frame. The worker stays for the next one, unless it failed. Transfers a bitmap. */
export async function lookForCodes(picture: Blob | ImageBitmap, isFrame: boolean): Promise<PictureAnswer | { readonly kind: 'took-too-long' }> {
  worker ??= new Worker(new URL('./picture-worker.ts', import.meta.url), { type: 'module', name: 'picture' })
  const asked = worker
  const question: PictureQuestion = { wasmUrl, picture, isFrame }
  const answer = await callWorker<PictureAnswer>(asked, question, { transfer: picture instanceof Blob ? [] : [picture], milliseconds: patience })
  if (answer.kind === 'answer') return answer.answer
  asked.terminate()
  if (worker === asked) worker = undefined
  return answer.why === 'took-too-long' ? { kind: 'took-too-long' } : { kind: 'unavailable' }
}

/**
 * The records of the paper codes in a picture. Its size is read from its header before anything decodes it: a few bytes may claim gigabytes.
 * `bytes` are the whole file. Kinds that only some browsers decode are `picture-kind-unread` where this one does not.
 */
export async function readPicture(kind: PictureKind, bytes: Uint8Array, readCode: ReadCode): Promise<readonly Found[]> {
  const isCommon = kind !== 'heif' && kind !== 'tiff'
  const undecodable = unread(isCommon ? 'picture-damaged' : 'picture-kind-unread')
  const size = pictureSize(kind, bytes)
  if (size === undefined) return undecodable
  if (isTooLarge(size)) return unread('picture-too-large')
  // Bytes that nobody shares, and no media type: the decoder goes by content, as we did.
  const answer = await lookForCodes(new Blob([bytes.slice()]), false)
  switch (answer.kind) {
    case 'codes':
      return readCodes(answer.texts, readCode)
    case 'undecodable':
      return undecodable
    case 'too-large':
      return unread('picture-too-large')
    case 'took-too-long':
      return unread('took-too-long')
    case 'unavailable':
      return unread('reader-unavailable')
  }
}

/** What the codes that were seen stand for. Codes of something else are told of only beside those of records. */
async function readCodes(texts: readonly string[], readCode: ReadCode): Promise<readonly Found[]> {
  if (texts.length === 0) return nothing('picture-without-code')
  const read = await Promise.all(texts.map(readCode))
  const found = read.filter(({ kind }) => kind !== 'nothing')
  if (found.length === 0) return nothing('code-of-something-else')
  const hasOthers = found.length < read.length
  return found.map((each) => (each.kind === 'record' ? { ...each, carrier: 'picture', notes: hasOthers ? [...each.notes, 'other-codes'] : each.notes } : each))
}
