import { closeSync, openSync, readSync } from 'node:fs'

/** One face of a font file: its family's name, and every code point that it has a glyph for. */
export interface FontFace {
  readonly family: string
  readonly covers: Coverage
}

/** One bit a code point. */
export type Coverage = Uint8Array

const codePoints = 0x110000
export const noCoverage = (): Coverage => new Uint8Array(codePoints / 8)
export const isCovered = (coverage: Coverage, codePoint: number): boolean => ((coverage[codePoint >> 3] ?? 0) & (1 << (codePoint & 7))) !== 0

/**
 * The faces of a TrueType or OpenType file or collection (ISO/IEC 14496-22: `cmap` formats 4 and 12, `name`). Only those tables are read: the
 * outlines are the renderer's. Undefined for a file that is no font, or a broken one.
 */
export function readFontFaces(path: string): readonly FontFace[] | undefined {
  const file = openSync(path, 'r')
  try {
    const read = (offset: number, length: number): DataView => {
      const bytes = new Uint8Array(length)
      readSync(file, bytes, 0, length, offset)
      return new DataView(bytes.buffer)
    }
    return offsetsOf(read)?.map((offset) => readFace(read, offset))
  } catch (error) {
    // A table that ends before it says: whatever else the file has, nobody can rely on it.
    if (error instanceof RangeError) return undefined
    throw error
  } finally {
    closeSync(file)
  }
}

type Read = (offset: number, length: number) => DataView

const tag = (view: DataView, at: number): string => String.fromCharCode(view.getUint8(at), view.getUint8(at + 1), view.getUint8(at + 2), view.getUint8(at + 3))

/** Where each font of the file begins. */
function offsetsOf(read: Read): readonly number[] | undefined {
  const head = read(0, 12)
  const kind = tag(head, 0)
  if (kind === 'ttcf') {
    const count = head.getUint32(8)
    const offsets = read(12, count * 4)
    return Array.from({ length: count }, (_, index) => offsets.getUint32(index * 4))
  }
  return kind === 'OTTO' || kind === 'true' || head.getUint32(0) === 0x00010000 ? [0] : undefined
}

function readFace(read: Read, offset: number): FontFace {
  const count = read(offset + 4, 2).getUint16(0)
  const directory = read(offset + 12, count * 16)
  const table = (name: string): DataView => {
    const index = Array.from({ length: count }, (_, at) => tag(directory, at * 16)).indexOf(name)
    return index < 0 ? new DataView(new ArrayBuffer(0)) : read(directory.getUint32(index * 16 + 8), directory.getUint32(index * 16 + 12))
  }
  return { family: readFamily(table('name')), covers: readCoverage(table('cmap')) }
}

/** Name 1 of the Windows platform (UTF-16BE): the one by which the renderer files a font. */
function readFamily(names: DataView): string {
  if (names.byteLength === 0) return ''
  const strings = names.getUint16(4)
  for (let at = 6; at < 6 + names.getUint16(2) * 12; at += 12) {
    const [platform, language, name] = [names.getUint16(at), names.getUint16(at + 4), names.getUint16(at + 6)]
    if (platform !== 3 || language !== 0x409 || name !== 1) continue
    const from = strings + names.getUint16(at + 10)
    return Array.from({ length: names.getUint16(at + 8) / 2 }, (_, index) => String.fromCharCode(names.getUint16(from + index * 2))).join('')
  }
  return ''
}

function readCoverage(cmap: DataView): Coverage {
  const coverage = noCoverage()
  if (cmap.byteLength === 0) return coverage
  for (let at = 4; at < 4 + cmap.getUint16(2) * 8; at += 8) {
    const from = cmap.getUint32(at + 4)
    const format = cmap.getUint16(from)
    if (format === 4) addSegments(coverage, cmap, from)
    if (format === 12) addGroups(coverage, cmap, from)
  }
  return coverage
}

const add = (coverage: Coverage, codePoint: number): void => {
  coverage[codePoint >> 3]! |= 1 << (codePoint & 7)
}

/** Format 12: ranges of code points, whole. */
function addGroups(coverage: Coverage, cmap: DataView, from: number): void {
  for (let group = 0; group < cmap.getUint32(from + 12); group++) {
    const at = from + 16 + group * 12
    const [first, last, glyph] = [cmap.getUint32(at), Math.min(cmap.getUint32(at + 4), codePoints - 1), cmap.getUint32(at + 8)]
    for (let codePoint = first; codePoint <= last; codePoint++) if (glyph + codePoint - first !== 0) add(coverage, codePoint)
  }
}

/** Format 4: segments of the BMP, with or without an array of glyphs; glyph 0 is the empty box. */
function addSegments(coverage: Coverage, cmap: DataView, from: number): void {
  const double = cmap.getUint16(from + 6)
  const [ends, starts, deltas, ranges] = [from + 14, from + 16 + double, from + 16 + double * 2, from + 16 + double * 3]
  for (let at = 0; at < double; at += 2) {
    const [first, last, delta, range] = [cmap.getUint16(starts + at), cmap.getUint16(ends + at), cmap.getUint16(deltas + at), cmap.getUint16(ranges + at)]
    for (let codePoint = first; codePoint <= last && codePoint < 0xffff; codePoint++) {
      const listed = range === 0 ? codePoint : cmap.getUint16(ranges + at + range + (codePoint - first) * 2)
      if (listed !== 0 && ((listed + delta) & 0xffff) !== 0) add(coverage, codePoint)
    }
  }
}
