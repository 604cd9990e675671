import { latin1 } from './byte-search.ts'
import type { PictureKind } from './sniff.ts'

export interface PictureSize {
  readonly width: number
  readonly height: number
}

/** A decoder takes four bytes a pixel, whatever the file weighs. */
export const mostPixels = 40_000_000
export const longestSide = 12_000

export const isTooLarge = ({ width, height }: PictureSize): boolean => width > longestSide || height > longestSide || width * height > mostPixels

/**
 * The size that a picture's decoder will ask memory for, read from its header; `undefined` where the header does not say. Where a format
 * says it more than once, the largest: which one a decoder believes is not known, and whoever made the file knows that.
 */
export function pictureSize(kind: PictureKind, bytes: Uint8Array): PictureSize | undefined {
  const sizes = readers[kind](new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), bytes).filter(({ width, height }) => width > 0 && height > 0)
  if (sizes.length === 0) return undefined
  return { width: Math.max(...sizes.map(({ width }) => width)), height: Math.max(...sizes.map(({ height }) => height)) }
}

type Reader = (view: DataView, bytes: Uint8Array) => readonly PictureSize[]

const size = (width: number, height: number): readonly PictureSize[] => [{ width, height }]

const readers: Readonly<Record<PictureKind, Reader>> = {
  // ISO/IEC 15948, 11.2.2
  png: (view, bytes) => (view.byteLength >= 24 && latin1(bytes.subarray(12, 16)) === 'IHDR' ? size(view.getUint32(16), view.getUint32(20)) : []),
  jpeg: jpegSizes,
  gif: gifSizes,
  webp: webpSizes,
  bmp: (view) => {
    if (view.byteLength < 26) return []
    return view.getUint32(14, true) === 12
      ? size(view.getUint16(18, true), view.getUint16(20, true))
      : size(Math.abs(view.getInt32(18, true)), Math.abs(view.getInt32(22, true)))
  },
  heif: heifSizes,
  tiff: () => [],
}

/** ITU-T T.81, B.1.1: the frame headers that stand before the first scan. */
function jpegSizes(view: DataView): readonly PictureSize[] {
  const sizes: PictureSize[] = []
  for (let at = 2; at + 9 <= view.byteLength && sizes.length < 16;) {
    if (view.getUint8(at) !== 0xff) return sizes
    const marker = view.getUint8(at + 1)
    if (marker === 0xff) at += 1
    else if (marker === 0xda || marker === 0xd9) return sizes
    else {
      const isFrame = marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc
      if (isFrame) sizes.push({ width: view.getUint16(at + 7), height: view.getUint16(at + 5) })
      at += 2 + view.getUint16(at + 2)
    }
  }
  return sizes
}

/** GIF89a, 18 to 20: the screen, and the first picture on it, which browsers let grow the screen. */
function gifSizes(view: DataView): readonly PictureSize[] {
  if (view.byteLength < 13) return []
  const screen = { width: view.getUint16(6, true), height: view.getUint16(8, true) }
  const tableOf = (flags: number): number => ((flags & 0x80) === 0 ? 0 : 3 * 2 ** ((flags & 7) + 1))
  let at = 13 + tableOf(view.getUint8(10))
  while (at + 10 <= view.byteLength && view.getUint8(at) === 0x21) {
    at += 2
    while (at < view.byteLength && view.getUint8(at) !== 0) at += 1 + view.getUint8(at)
    at += 1
  }
  if (at + 10 > view.byteLength || view.getUint8(at) !== 0x2c) return [screen]
  const right = view.getUint16(at + 1, true) + view.getUint16(at + 5, true)
  const bottom = view.getUint16(at + 3, true) + view.getUint16(at + 7, true)
  return [screen, { width: right, height: bottom }]
}

/** RFC 9649, 2.5 to 2.7: the canvas, and the picture of the first chunk that is one. */
function webpSizes(view: DataView, bytes: Uint8Array): readonly PictureSize[] {
  const sizes: PictureSize[] = []
  const uint24 = (at: number): number => view.getUint16(at, true) | (view.getUint8(at + 2) << 16)
  for (let at = 12; at + 18 <= view.byteLength && sizes.length < 16;) {
    const chunk = latin1(bytes.subarray(at, at + 4))
    if (chunk === 'VP8X') sizes.push({ width: uint24(at + 12) + 1, height: uint24(at + 15) + 1 })
    else if (chunk === 'VP8 ') return [...sizes, { width: view.getUint16(at + 14, true) & 0x3fff, height: view.getUint16(at + 16, true) & 0x3fff }]
    else if (chunk === 'VP8L') {
      const packed = view.getUint32(at + 9, true)
      return [...sizes, { width: (packed & 0x3fff) + 1, height: ((packed >>> 14) & 0x3fff) + 1 }]
    }
    const length = view.getUint32(at + 4, true)
    at += 8 + length + (length & 1)
  }
  return sizes
}

/** ISO/IEC 23008-12, 6.5.3: every `ispe` property; a picture put together from tiles has one for the whole. */
function heifSizes(view: DataView, bytes: Uint8Array): readonly PictureSize[] {
  const sizes: PictureSize[] = []
  const text = latin1(bytes)
  for (let at = text.indexOf('ispe'); at >= 0 && at + 16 <= bytes.length && sizes.length < 256; at = text.indexOf('ispe', at + 4)) {
    sizes.push({ width: view.getUint32(at + 8), height: view.getUint32(at + 12) })
  }
  return sizes
}
