import { holdsTextAt, latin1 } from './byte-search.ts'
import { decodeText } from './decode-text.ts'

export const pictureKinds = ['png', 'jpeg', 'gif', 'webp', 'bmp', 'heif', 'tiff'] as const
export type PictureKind = (typeof pictureKinds)[number]

/** What a file is by its content. `other`: a kind that carries no record for us (HTML, ZIP, programs, ...). */
export type FileKind = PictureKind | 'pdf' | 'svg' | 'gzip' | 'text' | 'other'

/** The first bytes that `sniff` wants to see. */
export const sniffedBytes = 64 * 1024

const magics: readonly (readonly [FileKind, (head: Uint8Array) => boolean])[] = [
  ['pdf', (head) => holdsTextAt(head, '%PDF-', 0)],
  ['png', (head) => holdsTextAt(head, '\x89PNG\r\n\x1a\n', 0)],
  ['jpeg', (head) => holdsTextAt(head, '\xff\xd8\xff', 0)],
  ['gif', (head) => holdsTextAt(head, 'GIF87a', 0) || holdsTextAt(head, 'GIF89a', 0)],
  ['webp', (head) => holdsTextAt(head, 'RIFF', 0) && holdsTextAt(head, 'WEBP', 8)],
  ['bmp', (head) => holdsTextAt(head, 'BM', 0) && holdsTextAt(head, '\0\0\0\0', 6)],
  ['heif', (head) => holdsTextAt(head, 'ftyp', 4) && /^(?:heic|heix|heim|heis|hevc|hevx|mif1|msf1|avif|avis)$/.test(latin1(head.subarray(8, 12)))],
  ['tiff', (head) => holdsTextAt(head, 'II*\0', 0) || holdsTextAt(head, 'MM\0*', 0)],
  ['gzip', (head) => holdsTextAt(head, '\x1f\x8b', 0)],
]

/**
 * The one kind as which a file is read, by its first bytes alone: neither its name nor its media type is believed, since whoever made the
 * file chose them. A file that is also something else further on is still read one way only.
 */
export function sniff(head: Uint8Array): FileKind {
  const kind = magics.find(([, fits]) => fits(head))?.[0]
  return kind ?? kindOfText(head)
}

function kindOfText(head: Uint8Array): FileKind {
  const text = decodeText(head)
  if (text === undefined) return 'other'
  if (text.trimStart().startsWith('<')) return isSvg(text) ? 'svg' : 'other'
  return 'text'
}

/** Whether markup is a drawing, whatever comments or declarations stand before its root. */
export const isSvg = (markup: string): boolean => /<(?:[\w-]+:)?svg[\s>/]/i.test(markup)
