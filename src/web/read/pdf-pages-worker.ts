// Before the library, which must not see the memory without its bounds.
import './bound-memory.ts'

import { getDocument, PasswordException, type PDFDocumentProxy } from 'pdfjs-dist/legacy/build/pdf.mjs'
// It puts itself where the library looks for it before it would start a worker of its own: we are in one already.
import 'pdfjs-dist/legacy/build/pdf.worker.mjs'

import { answerCalls } from './call-worker.ts'
import { findCodes, prepareReader } from './find-codes.ts'
import { mostPixels } from './picture-size.ts'

export interface PagesQuestion {
  readonly bytes: Uint8Array
  readonly withAttachments: boolean
  /** The QR reader's program. */
  readonly wasmUrl: string
  /** Programs for pictures inside PDFs, by the names under which pdf.js asks for them. */
  readonly decoderUrls: Readonly<Record<string, string>>
}

export interface Attachments {
  readonly contents: readonly Uint8Array[]
  /** One of them is spoilt, or there are more than are looked at. */
  readonly hasUnread: boolean
}

export type PagesAnswer =
  | { readonly kind: 'pages'; readonly attachments: Attachments; readonly texts: readonly string[] }
  | { readonly kind: 'encrypted' }
  | { readonly kind: 'damaged' }
  | { readonly kind: 'unavailable' }

/** Pages that are looked at, and attachments that are asked for. */
const mostPages = 10
const mostAttachments = 20
/** Pages that are not begun after this many milliseconds. */
const patience = 12_000

async function answer({ bytes, withAttachments, wasmUrl, decoderUrls }: PagesQuestion): Promise<PagesAnswer> {
  const started = performance.now()
  try {
    await prepareReader(wasmUrl)
  } catch {
    return { kind: 'unavailable' }
  }
  try {
    const pdf = await open(bytes, decoderUrls)
    const attachments = withAttachments ? await attachmentsOf(pdf) : { contents: [], hasUnread: false }
    const texts = new Set<string>()
    for (const dotsPerInch of [200, 300]) {
      for (let number = 1; number <= Math.min(pdf.numPages, mostPages) && performance.now() - started < patience; number++) {
        for (const text of await codesOnPage(pdf, number, dotsPerInch)) texts.add(text)
      }
      if (texts.size > 0) break
    }
    return { kind: 'pages', attachments, texts: [...texts] }
  } catch (cause) {
    return { kind: cause instanceof PasswordException ? 'encrypted' : 'damaged' }
  }
}

// The library makes the following three itself, by `new`. Nothing of a page but its picture is wanted, and there is no document here.

class Canvases {
  create(width: number, height: number): { readonly canvas: OffscreenCanvas; readonly context: OffscreenCanvasRenderingContext2D | null } {
    if (!(width * height <= mostPixels)) throw new RangeError('larger than any page that is looked at')
    const canvas = new OffscreenCanvas(Math.max(1, width), Math.max(1, height))
    return { canvas, context: canvas.getContext('2d', { willReadFrequently: true }) }
  }
  reset({ canvas }: { readonly canvas: OffscreenCanvas }, width: number, height: number): void {
    if (!(width * height <= mostPixels)) throw new RangeError('larger than any page that is looked at')
    canvas.width = width
    canvas.height = height
  }
  destroy({ canvas }: { readonly canvas: OffscreenCanvas }): void {
    canvas.width = 0
    canvas.height = 0
  }
  getNoAlphaContext(canvas: OffscreenCanvas): OffscreenCanvasRenderingContext2D | null {
    return canvas.getContext('2d', { alpha: false, willReadFrequently: true })
  }
}

/** SVG filters need a document. Without them a picture is drawn as it is. */
class NoFilters {
  readonly addFilter = noFilter
  readonly addHCMFilter = noFilter
  readonly addAlphaFilter = noFilter
  readonly addLuminosityFilter = noFilter
  readonly addKnockoutFilter = noFilter
  readonly addHighlightHCMFilter = noFilter
  readonly addSelectionHCMFilter = noFilter
  readonly addSelectionFilter = noFilter
  createSelectionStyle(): null {
    return null
  }
  destroy(): void {}
}

function noFilter(): string {
  return 'none'
}

/** Decoders from our own host. Nothing else is handed out: fonts and character maps only matter to who wants to read the text. */
const filesFrom = (urls: Readonly<Record<string, string>>): object =>
  class Files {
    async fetch({ filename }: { readonly filename: string }): Promise<Uint8Array> {
      const url = urls[filename]
      if (url === undefined) throw new Error(`${filename} is not handed out`)
      return new Uint8Array(await (await fetch(url)).arrayBuffer())
    }
  }

function open(bytes: Uint8Array, decoderUrls: Readonly<Record<string, string>>): Promise<PDFDocumentProxy> {
  return getDocument({
    data: bytes,
    verbosity: 0,
    disableFontFace: true,
    useSystemFonts: false,
    useWorkerFetch: false,
    disableWorkerRendering: true,
    enableXfa: false,
    maxImageSize: mostPixels,
    CanvasFactory: Canvases,
    FilterFactory: NoFilters,
    BinaryDataFactory: filesFrom(decoderUrls),
  }).promise
}

/** For files whose attachments only show themselves to who decrypts them. */
async function attachmentsOf(pdf: PDFDocumentProxy): Promise<Attachments> {
  const ids = [...((await pdf.getAttachments())?.keys() ?? [])]
  const contents: Uint8Array[] = []
  for (const id of ids.slice(0, mostAttachments)) {
    const content = await pdf.getAttachmentContent(id).catch(() => null)
    if (content !== null) contents.push(content)
  }
  return { contents, hasUnread: contents.length < ids.length }
}

/** A page that cannot be drawn has no codes; the others may. */
async function codesOnPage(pdf: PDFDocumentProxy, number: number, dotsPerInch: number): Promise<readonly string[]> {
  try {
    const page = await pdf.getPage(number)
    const natural = page.getViewport({ scale: 1 })
    const scale = Math.min(dotsPerInch / 72, longestSide / Math.max(natural.width, natural.height))
    const viewport = page.getViewport({ scale })
    const [width, height] = [Math.ceil(viewport.width), Math.ceil(viewport.height)]
    const canvas = new OffscreenCanvas(width, height)
    // The types speak of a page's canvas; one without a page draws alike.
    const target = canvas as unknown as HTMLCanvasElement
    await page.render({ canvas: target, viewport, background: '#ffffff' }).promise
    page.cleanup()
    return await findCodes({ width, height, drawOn: (context, wide, high) => context.drawImage(canvas, 0, 0, wide, high) }, 3)
  } catch {
    return []
  }
}

/** Of a page's picture. An A4 page has this at 300 dots per inch. */
const longestSide = 3508

answerCalls(answer)
