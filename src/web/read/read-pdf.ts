import { isLogProof } from '#core/log/proof-fits.ts'
import { indexOfText, lastIndexOfText, latin1 } from './byte-search.ts'
import { decodeText } from './decode-text.ts'
import { noted, nothing, unread, type CarrierNote, type Found } from './found.ts'
import type { ReadCode } from './read-text.ts'
import { giveProofs } from './give-proofs.ts'
import { recordsIn } from './records-in.ts'
import { scanPdf, type ScannedPdf } from './scan-pdf.ts'

/**
 * The records of a PDF with their log proofs: those attached to it, and only where there is none, those of the paper codes that its pages show. The first takes a few
 * milliseconds and no further part; the second is for scans, for files that were printed to another file, and for encrypted ones that
 * everybody may open, and loads what lays out pages.
 */
export async function readPdf(bytes: Uint8Array, readCode: ReadCode): Promise<readonly Found[]> {
  const scanned = await scanPdf(bytes)
  const notes = notesOn(bytes, scanned)
  const hasOthers = scanned.others > 0 || scanned.hasUnread
  return scanned.records.length > 0 ? asRecords(scanned.records, scanned.proofs, hasOthers, notes) : readLaidOut(bytes, scanned, notes, readCode)
}

function asRecords(records: readonly string[], proofs: readonly string[], hasOthers: boolean, notes: readonly CarrierNote[]): readonly Found[] {
  const more: CarrierNote[] = []
  if (records.length > 1) more.push('several-records')
  if (hasOthers) more.push('other-attachments')
  return giveProofs(
    records.map((text) => ({ kind: 'record', text, carrier: 'pdf', notes: [...more, ...notes] })),
    proofs,
  )
}

function notesOn(bytes: Uint8Array, { isChanged, hasMore }: ScannedPdf): readonly CarrierNote[] {
  const notes: CarrierNote[] = []
  if (isChanged) notes.push('pdf-changed-after-issue')
  if (hasMore) notes.push('not-all-read')
  if (isAlsoAnother(bytes)) notes.push('two-kinds-of-file')
  return notes
}

/** Whether the same bytes are a ZIP archive (its directory is at the end) or a web page (browsers look at the beginning, and run on to the end). */
function isAlsoAnother(bytes: Uint8Array): boolean {
  const tail = bytes.subarray(-65_557)
  const directory = lastIndexOfText(tail, 'PK\x05\x06')
  if (directory >= 0 && directory + 22 <= tail.length && directory + 22 + tail[directory + 20]! + tail[directory + 21]! * 256 === tail.length) return true
  const end = lastIndexOfText(bytes, '%%EOF')
  return [bytes.subarray(0, 1024), end < 0 ? new Uint8Array() : bytes.subarray(end)].some((part) =>
    /<(?:!doctype|html|head|body|script|svg)\b/i.test(latin1(part)),
  )
}

async function readLaidOut(bytes: Uint8Array, scanned: ScannedPdf, notes: readonly CarrierNote[], readCode: ReadCode): Promise<readonly Found[]> {
  const isDamaged = !scanned.hasEnd || (scanned.hasUnread && !scanned.isEncrypted)
  const { readPages } = await import('./read-pages.ts')
  // The scan has seen the attachments of all but encrypted files.
  const answer = await readPages(bytes, scanned.isEncrypted)
  switch (answer.kind) {
    case 'encrypted':
      return unread('pdf-encrypted')
    case 'damaged':
      return unread('pdf-damaged')
    case 'took-too-long':
      return unread('took-too-long')
    case 'unavailable':
    case 'reader-unavailable':
      return unread('reader-unavailable')
    case 'pages': {
      const { contents, hasUnread } = answer.attachments
      const texts = contents.map((content) => decodeText(content) ?? '')
      const proofs = [...new Set(texts.filter(isLogProof))]
      const attached = texts.filter((text) => !isLogProof(text)).map((text) => recordsIn(text))
      const records = new Set(attached.flat())
      if (records.size > 0) return asRecords([...records], proofs, hasUnread || attached.some(({ length }) => length === 0), notes)
      const codes = (await Promise.all(answer.texts.map(readCode))).filter(({ kind }) => kind !== 'nothing')
      // Somebody has been at the file, and whoever sees "genuine" must not think that it is about all of it.
      const isSpoilt = hasUnread || (scanned.hasUnread && !scanned.isEncrypted)
      if (codes.length > 0)
        return giveProofs(isSpoilt ? codes.map((code) => noted(code, 'attachment-unread')) : codes, [...new Set([...scanned.proofs, ...proofs])])
      if (isDamaged || hasUnread) return unread('pdf-damaged')
      return scanned.hasMore ? unread('file-too-large') : nothing('pdf-without-record')
    }
  }
}

/** Whether a picture's file goes on as a PDF, so that another program shows something else. */
export const hasPdfInside = (bytes: Uint8Array): boolean => indexOfText(bytes, '%PDF-1.') >= 0 || indexOfText(bytes, '%PDF-2.') >= 0
