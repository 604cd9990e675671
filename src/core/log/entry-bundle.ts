import { Fault } from '../fault.ts'
import { tileWidth } from './tile-path.ts'

/** What the length before an entry can say. */
const mostEntryBytes = 65_535

/** Each entry after its length, a big-endian uint16 (C2SP tlog-tiles, Log entries). Fault `log-entries-malformed`: more than 256, none, or one too long. */
export function encodeEntries(entries: readonly Uint8Array[]): Uint8Array {
  if (entries.length < 1 || entries.length > tileWidth) throw new Fault('log-entries-malformed', { at: 'entries', detail: `${entries.length} entries` })
  const bytes = new Uint8Array(entries.reduce((sum, { length }) => sum + 2 + length, 0))
  let at = 0
  for (const [index, entry] of entries.entries()) {
    if (entry.length > mostEntryBytes) throw new Fault('log-entries-malformed', { at: `entries/${index}`, detail: `${entry.length} bytes` })
    bytes[at++] = entry.length >> 8
    bytes[at++] = entry.length & 0xff
    bytes.set(entry, at)
    at += entry.length
  }
  return bytes
}

/** Exactly `width` entries and not a byte more, or the fault `log-entries-malformed`. They are views of the bytes given. */
export function parseEntries(bytes: Uint8Array, width: number): readonly Uint8Array[] {
  if (!Number.isInteger(width) || width < 1 || width > tileWidth) throw new Fault('log-position-invalid', { at: 'entries/width', detail: `${width}` })
  const entries: Uint8Array[] = []
  let at = 0
  while (entries.length < width) {
    const from = at + 2
    const to = from + (bytes[at] ?? 0) * 256 + (bytes[at + 1] ?? 0)
    if (to > bytes.length) throw new Fault('log-entries-malformed', { at: `entries/${entries.length}`, detail: `ends at byte ${bytes.length}` })
    entries.push(bytes.subarray(from, to))
    at = to
  }
  if (at !== bytes.length) throw new Fault('log-entries-malformed', { at: `byte ${at}`, detail: `more than ${width} entries` })
  return entries
}

/** The first `width` entries of a bundle that may hold more; undefined where it holds fewer. */
export function firstEntries(bytes: Uint8Array, width: number): readonly Uint8Array[] | undefined {
  let end = 0
  for (let count = 0; count < width; count++) {
    if (end + 2 > bytes.length) return undefined
    end += 2 + bytes[end]! * 256 + bytes[end + 1]!
  }
  return end > bytes.length ? undefined : parseEntries(bytes.subarray(0, end), width)
}
