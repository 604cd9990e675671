import { Fault } from '#core/fault.ts'
import type { Archive } from './read-archive.ts'
import type { LedgerLimits } from './ledger-limits.ts'
import { readXml } from './read-xml.ts'

/** The texts that cells refer to by number. Kept as one block of UTF-8: a million short strings as objects would cost ten times as much. */
export interface SharedStrings {
  readonly textAt: (index: number) => string | undefined
}

/** Every `_xHHHH_` stands for one UTF-16 unit (ST_Xstring, ECMA-376 part 1 §22.9.2.19). */
export const decodeXstring = (text: string): string =>
  text.includes('_x') ? text.replace(/_x([0-9A-Fa-f]{4})_/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16))) : text

/** Reads the table of shared strings; a workbook without one has none to refer to. */
export async function readSharedStrings(archive: Archive, part: string | undefined, limits: LedgerLimits): Promise<SharedStrings> {
  let bytes = Buffer.allocUnsafe(64 * 1024)
  let used = 0
  let ends = new Uint32Array(1024)
  let count = 0
  let text = ''
  let inside = false
  let phonetic = 0

  const keep = (): void => {
    const needed = used + text.length * 3
    if (needed > limits.sharedStringBytes) throw new Fault('ledger-too-complex', { at: 'shared strings' })
    if (needed > bytes.length) bytes = Buffer.concat([bytes], Math.max(needed, bytes.length * 2))
    used += bytes.write(text, used)
    if (count === ends.length) {
      if (count > limits.sharedStringBytes / 8) throw new Fault('ledger-too-complex', { at: 'shared strings' })
      const grown = new Uint32Array(count * 2)
      grown.set(ends)
      ends = grown
    }
    ends[count++] = used
  }

  if (part !== undefined && archive.has(part)) {
    const pauses = readXml(archive.chunksOf(part), part, {
      open: (name) => {
        if (name === 'si') text = ''
        else if (name === 'rPh') phonetic++
        else if (name === 't') inside = phonetic === 0
      },
      text: (piece) => {
        if (inside) text += piece
      },
      close: (name) => {
        if (name === 'si') keep()
        else if (name === 'rPh') phonetic--
        else if (name === 't') inside = false
      },
    })
    for await (const pause of pauses) void pause
  }
  return {
    textAt: (index) => (index >= 0 && index < count ? decodeXstring(bytes.toString('utf8', index === 0 ? 0 : ends[index - 1]!, ends[index])) : undefined),
  }
}
