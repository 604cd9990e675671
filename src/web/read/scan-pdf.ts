import { isLogProof } from '#core/log/proof-fits.ts'
import { holdsTextAt, indexOfText, latin1 } from './byte-search.ts'
import { decodeText } from './decode-text.ts'
import { inflateAtMost } from './inflate.ts'
import { recordsIn } from './records-in.ts'

/** What a PDF shows of itself without being laid out. */
export interface ScannedPdf {
  /** The SD-JWTs among its attachments, of every revision of the file, each once. */
  readonly records: readonly string[]
  /** The log proofs (C2SP tlog-proof) among them, each once. */
  readonly proofs: readonly string[]
  /** Attachments that hold neither. */
  readonly others: number
  /** An attachment could not be read: it is spoilt, inflates to more than a record may have, or is written with an unusual filter. */
  readonly hasUnread: boolean
  /** There are more attachments than are looked at. */
  readonly hasMore: boolean
  readonly isEncrypted: boolean
  /** Something was written after the file was finished: further revisions, other bytes behind its end, or the end is missing. */
  readonly isChanged: boolean
  readonly hasEnd: boolean
}

/** An attached record inflates to no more than this. */
const mostInflated = 256 * 1024
const mostAttachments = 1000
/** Dictionaries of attachments are short; a longer way back to the dictionary's beginning is somebody's trap. */
const longestDictionary = 4096

/**
 * Looks for attachments (ISO 32000-1, 7.11.4) where they always stand, whatever wrote the file: an embedded file is a stream, and a stream is
 * never inside another one. Neither the cross-reference table nor any tree of the document is followed, so that nothing in them (cycles,
 * lies, depths) can lead the reader astray, and the record of a damaged file is found as long as it is whole itself. A record that a later
 * revision replaced is found as well: it is as genuine as its signature, and whoever edited the file is not to choose what is seen.
 *
 * An encrypted file's attachments are not found here.
 */
export async function scanPdf(bytes: Uint8Array): Promise<ScannedPdf> {
  const records = new Set<string>()
  const proofs = new Set<string>()
  let [seen, others, hasUnread] = [0, 0, false]
  for (const embedded of embeddedFiles(bytes)) {
    if (++seen > mostAttachments) break
    const content = await contentOf(embedded)
    const text = content === undefined ? undefined : (decodeText(content) ?? '')
    const found = text === undefined ? [] : recordsIn(text)
    if (text === undefined) hasUnread = true
    else if (isLogProof(text)) proofs.add(text)
    else if (found.length === 0) others++
    for (const record of found) records.add(record)
  }
  return { records: [...records], proofs: [...proofs], others, hasUnread, hasMore: seen > mostAttachments, ...endOf(bytes) }
}

interface EmbeddedFile {
  readonly dictionary: string
  readonly data: Uint8Array
}

function* embeddedFiles(bytes: Uint8Array): Generator<EmbeddedFile> {
  // No byte is looked at twice on the way back to a dictionary: a file of nothing but `>>stream` takes no longer than another.
  let done = 0
  for (let at = indexOfText(bytes, 'stream'); at >= 0; at = indexOfText(bytes, 'stream', done)) {
    const from = dataStart(bytes, at)
    const dictionary = from === undefined ? '' : dictionaryBefore(bytes, at, done)
    done = at + 6
    if (from === undefined || dictionary === '') continue
    const to = dataEnd(bytes, from, dictionary)
    done = to
    if (/\/EmbeddedFile(?![\w-])/.test(dictionary)) yield { dictionary, data: bytes.subarray(from, to) }
  }
}

/** Behind `stream` and its line's end; `undefined` where the word means something else. */
function dataStart(bytes: Uint8Array, at: number): number | undefined {
  if (at >= 3 && holdsTextAt(bytes, 'end', at - 3)) return undefined
  if (bytes[at + 6] === 0x0a) return at + 7
  if (bytes[at + 6] === 0x0d) return bytes[at + 7] === 0x0a ? at + 8 : at + 7
  return undefined
}

/** From the `obj` that opens the object to `stream`, or nothing where no dictionary ends there. */
function dictionaryBefore(bytes: Uint8Array, at: number, done: number): string {
  const before = latin1(bytes.subarray(Math.max(done, at - longestDictionary), at)).trimEnd()
  const opens = before.lastIndexOf('obj')
  return before.endsWith('>>') && opens >= 0 ? before.slice(opens + 3) : ''
}

/** Where the dictionary says, if `endstream` is there; else before the next `endstream`. Data may hold that word themselves. */
function dataEnd(bytes: Uint8Array, from: number, dictionary: string): number {
  const length = /\/Length\s+(\d{1,9})(?!\s+\d+\s+R)(?!\d)/.exec(dictionary)?.[1]
  const told = from + Number(length)
  if (length !== undefined && /^\s{0,2}endstream/.test(latin1(bytes.subarray(told, told + 11)))) return told
  const found = indexOfText(bytes, 'endstream', from)
  return found < 0 ? bytes.length : found
}

async function contentOf({ dictionary, data }: EmbeddedFile): Promise<Uint8Array | undefined> {
  const filter = /\/Filter\s*(\/\w+|\[[^\]]*\])/.exec(dictionary)?.[1]?.replaceAll(/[[\]\s]/g, '') ?? ''
  if (filter === '') return data.length > mostInflated ? undefined : data
  if (filter !== '/FlateDecode' || /\/Predictor\s+(?!1\b)/.test(dictionary)) return undefined
  const inflated = await inflateAtMost(data, mostInflated, 'deflate')
  if (inflated.isWhole) return inflated.bytes
  // Without a usable length there may be a line's end behind the data, which an inflater refuses.
  const lineEnd = /\r?\n$|\r$/.exec(latin1(data.subarray(-2)))?.[0].length ?? 0
  if (lineEnd === 0) return undefined
  const again = await inflateAtMost(data.subarray(0, data.length - lineEnd), mostInflated, 'deflate')
  return again.isWhole ? again.bytes : undefined
}

function endOf(bytes: Uint8Array): Pick<ScannedPdf, 'isEncrypted' | 'isChanged' | 'hasEnd'> {
  // A file says where its cross-reference table starts, and that it ends there, once for each time that it was written. One made for reading
  // over a network says it twice from the beginning (ISO 32000-1, annex F).
  const ends = placesOf(bytes, 'startxref', /^startxref\s+\d+\s+%%EOF/)
  const expected = indexOfText(bytes, '/Linearized', 0, Math.min(bytes.length, 1024)) >= 0 ? 2 : 1
  const last = ends.at(-1)
  const isChanged = last === undefined || ends.length > expected || latin1(bytes.subarray(last)).trim() !== ''
  const isEncrypted = placesOf(bytes, '/Encrypt', /^\/Encrypt\s*(?:\d+\s+\d+\s+R|<<)/).length > 0
  return { isEncrypted, hasEnd: last !== undefined, isChanged }
}

/** Where each text that begins with `word` and fits the pattern ends. */
function placesOf(bytes: Uint8Array, word: string, pattern: RegExp): readonly number[] {
  const places: number[] = []
  for (let at = indexOfText(bytes, word); at >= 0; at = indexOfText(bytes, word, at + word.length)) {
    const found = pattern.exec(latin1(bytes.subarray(at, at + 64)))
    if (found !== null) places.push(at + found[0].length)
  }
  return places
}
