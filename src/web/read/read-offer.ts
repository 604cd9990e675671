import '#core/parse-without-eval.ts'

import { decodeText } from './decode-text.ts'
import { noted, nothing, unread, type Found, type Offer } from './found.ts'
import { inflateAtMost } from './inflate.ts'
import { mostTextBytes, readText, type ReadCode } from './read-text.ts'
import { isSvg, sniff, sniffedBytes, type FileKind } from './sniff.ts'

/** What reading needs beside the offer itself. */
export interface OfferReaders {
  /** The text of a QR code, or a paper code's address or digits: a record, `code-of-something-else`, `code-damaged` or `code-too-new`. */
  readonly readCode: ReadCode
}

const mebibyte = 1024 * 1024

/** A larger file is answered without being read. A scan of many pages stays below; so does a photograph. */
const mostBytes: Readonly<Partial<Record<FileKind, number>>> = { pdf: 20 * mebibyte, text: mostTextBytes }
const mostPictureBytes = 50 * mebibyte

/**
 * What is found in an offer: at least one answer, and every record that it holds. Nothing leaves this machine, nothing is executed or
 * shown, and nothing that was found has been checked. Files are judged by their content alone (`sniff`). Never throws.
 */
export async function readOffer(offer: Offer, { readCode }: OfferReaders): Promise<readonly Found[]> {
  switch (offer.kind) {
    case 'code':
      return [await readCode(offer.text)]
    case 'text':
      return readText(offer.text, readCode)
    case 'file':
      return withProof(await readFile(offer.blob, readCode), offer.proof)
  }
}

/** A proof is a few kilobytes. */
const mostProofBytes = 64 * 1024

/** What the file carries itself comes first. A file beside it that is no proof, or too large for one, is handed on as far as it goes: `verify` refuses it. */
async function withProof(found: readonly Found[], proof: Blob | undefined): Promise<readonly Found[]> {
  if (proof === undefined || found.every((each) => each.kind !== 'record')) return found
  const bytes = await bytesOf(proof.slice(0, mostProofBytes))
  if (bytes === undefined) return found
  const carried = found.flatMap((each) => (each.kind === 'record' && each.proof !== undefined ? [each.proof] : []))
  try {
    const { giveProofs } = await import('./give-proofs.ts')
    return giveProofs(found, [...new Set([...carried, new TextDecoder().decode(bytes)])])
  } catch {
    return found
  }
}

async function readFile(blob: Blob, readCode: ReadCode): Promise<readonly Found[]> {
  if (blob.size === 0) return nothing('file-empty')
  const head = await bytesOf(blob.slice(0, sniffedBytes))
  if (head === undefined) return unread('file-unreadable')
  const kind = sniff(head)
  if (kind === 'svg') return unread('svg-refused')
  if (kind === 'gzip') return (await holdsSvg(head)) ? unread('svg-refused') : nothing('format-unknown')
  if (kind === 'other') return nothing('format-unknown')
  if (blob.size > (mostBytes[kind] ?? mostPictureBytes)) return unread('file-too-large')
  const bytes = await bytesOf(blob)
  if (bytes === undefined) return unread('file-unreadable')
  try {
    return await readBytes(kind, bytes, readCode)
  } catch {
    // A part could not be loaded: no network on the first visit, or another release on the server by now.
    return unread('reader-unavailable')
  }
}

async function readBytes(kind: Exclude<FileKind, 'svg' | 'gzip' | 'other'>, bytes: Uint8Array, readCode: ReadCode): Promise<readonly Found[]> {
  if (kind === 'text') return readTextFile(bytes, readCode)
  const { readPdf, hasPdfInside } = await import('./read-pdf.ts')
  if (kind === 'pdf') return readPdf(bytes, readCode)
  const { readPicture } = await import('./read-picture.ts')
  const found = await readPicture(kind, bytes, readCode)
  return hasPdfInside(bytes) ? found.map((each) => noted(each, 'two-kinds-of-file')) : found
}

async function readTextFile(bytes: Uint8Array, readCode: ReadCode): Promise<readonly Found[]> {
  const text = decodeText(bytes)
  return text === undefined ? nothing('format-unknown') : readText(text, readCode, 'record-file')
}

/** A drawing comes compressed as well (`.svgz`): the beginning tells. */
async function holdsSvg(head: Uint8Array): Promise<boolean> {
  const { bytes } = await inflateAtMost(head, sniffedBytes, 'gzip')
  return isSvg(decodeText(bytes) ?? '')
}

/** `undefined` where the file is gone, changed on the way, or may not be read. */
async function bytesOf(blob: Blob): Promise<Uint8Array | undefined> {
  try {
    return new Uint8Array(await blob.arrayBuffer())
  } catch {
    return undefined
  }
}
