import type { Found, NothingReason, Offer, UnreadReason } from './read/found.ts'

const nothing = (why: NothingReason): readonly Found[] => [{ kind: 'nothing', why }]
const unread = (why: UnreadReason): readonly Found[] => [{ kind: 'unread', why }]

/** A record is at most 64 kB; a file of records is not much more. Bytes. */
const mostBytes = 1024 * 1024

const record = /[A-Za-z0-9_-]{20,}\.[A-Za-z0-9_-]{20,}\.[A-Za-z0-9_-]{20,}~[A-Za-z0-9_~-]*/g

/** What a person offered, read for records. Never throws: what cannot be read is told. */
export async function findIn(offer: Offer): Promise<readonly Found[]> {
  try {
    if (offer.kind !== 'file') return recordsIn(offer.text, 'text')
    if (offer.blob.size === 0) return nothing('file-empty')
    if (offer.blob.size > mostBytes) return unread('file-too-large')
    return recordsIn(await offer.blob.text(), 'record-file')
  } catch {
    return unread('file-unreadable')
  }
}

function recordsIn(text: string, carrier: 'record-file' | 'text'): readonly Found[] {
  const records = [...text.matchAll(record)].map(([whole]): Found => ({ kind: 'record', text: whole, carrier, notes: [] }))
  return records.length > 0 ? records : nothing(carrier === 'text' ? 'text-without-record' : 'format-unknown')
}
