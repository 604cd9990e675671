import { decodeBase64url, encodeBase64url } from '../encoding/base64url.ts'
import { parseJson } from '../encoding/parse-json.ts'
import { joined, openReader, openWriter, type PieceReader, type PieceWriter } from '../encoding/pieces.ts'
import { decodeUtf8, encodeUtf8 } from '../encoding/utf8.ts'
import { Fault } from '../fault.ts'
import { sameBytes } from '../log/same-bytes.ts'
import type { Deflate, Inflate } from '../status/status-list.ts'
import { generalLimits } from '../trust/parse-general-jws.ts'
import { malformed, readColumn, writeColumn } from './columns.ts'

export interface Zlib {
  readonly deflate: Deflate
  readonly inflate: Inflate
}

/** One signed file, as large as trust data may be. */
export const mostFileBytes = generalLimits.bytes

const text = (bytes: Uint8Array): string => decodeUtf8(bytes, 'file')

interface Form {
  /** False where the file is not of this form; what was written then counts for nothing. */
  readonly pack: (writer: PieceWriter, file: Uint8Array, zlib: Zlib) => boolean
  readonly unpack: (reader: PieceReader, inflate: Inflate) => Uint8Array
}

/** As it is, compressed. */
const plain: Form = {
  pack: (writer, file, { deflate }) => {
    writer.count(file.length)
    writeColumn(writer, file, deflate)
    return true
  },
  unpack: (reader, inflate) => readColumn(reader, reader.count(mostFileBytes), inflate),
}

/** A compact JWS: base64url adds a third to what cannot be compressed and hides what can. */
const compact: Form = {
  pack: (writer, file, { deflate }) => {
    const parts = partsOf(text(file))
    if (parts === undefined) return false
    const [header, payload, signature] = parts
    writer.piece(signature)
    writer.piece(header)
    writer.count(payload.length)
    writeColumn(writer, payload, deflate)
    return true
  },
  unpack: (reader, inflate) => {
    const [signature, header] = [reader.piece(mostFileBytes), reader.piece(mostFileBytes)]
    return compactOf(header, readColumn(reader, reader.count(mostFileBytes), inflate), signature)
  },
}

/** A JWS in general JSON, as this product writes it. */
const general: Form = {
  pack: (writer, file, { deflate }) => {
    if (file[0] !== 0x7b) return false
    // The shape is only assumed: what does not come out again as it was is packed otherwise.
    const { payload, signatures } = parseJson(file, generalLimits) as unknown as GeneralText
    const content = decodeBase64url(payload)
    const headers = signatures.map((entry) => decodeBase64url(entry.protected))
    writer.count(signatures.length)
    for (const { length } of [content, ...headers]) writer.count(length)
    writeColumn(writer, joined([content, ...headers]), deflate)
    for (const { signature } of signatures) writer.piece(decodeBase64url(signature))
    return true
  },
  unpack: (reader, inflate) => {
    const signers = reader.count(1000)
    const lengths = Array.from({ length: signers + 1 }, () => reader.count(mostFileBytes))
    const all = readColumn(reader, bounded(lengths.reduce((sum, length) => sum + length, 0)), inflate)
    let at = 0
    const next = (): string => encodeBase64url(all.subarray(at, (at += lengths.shift()!)))
    const payload = next()
    const signatures = Array.from({ length: signers }, () => ({ protected: next(), signature: encodeBase64url(reader.piece(1000)) }))
    return encodeUtf8(JSON.stringify({ payload, signatures } satisfies GeneralText))
  },
}

interface GeneralText {
  readonly payload: string
  readonly signatures: readonly { readonly protected: string; readonly signature: string }[]
}

/** A status list token of ours: what it tells is small already, inside two layers of base64url. */
const statusList: Form = {
  pack: (writer, file, { deflate }) => {
    const parts = partsOf(text(file))
    if (parts === undefined) return false
    const [header, payload, signature] = parts
    const [, before, bits, list, history] = statusPattern.exec(text(payload)) ?? []
    if (before === undefined || bits === undefined || list === undefined || history === undefined) return false
    const head = [header, encodeUtf8(before)]
    writer.piece(signature)
    for (const { length } of head) writer.count(length)
    writeColumn(writer, joined(head), deflate)
    writer.byte(Number(bits))
    for (const inner of [list, history]) writer.piece(decodeBase64url(inner))
    return true
  },
  unpack: (reader, inflate) => {
    const [signature, header, before] = [reader.piece(1000), reader.count(1000), reader.count(1000)]
    const head = readColumn(reader, header + before, inflate)
    const bits = reader.byte()
    const inner = (): string => encodeBase64url(reader.piece(mostFileBytes))
    const payload = `${text(head.subarray(header))}"status_list":{"bits":${bits},"lst":"${inner()}"},"history":"${inner()}"}`
    return compactOf(head.subarray(0, header), encodeUtf8(payload), signature)
  },
}

const statusPattern = /^(\{"[^{}]*,)"status_list":\{"bits":(\d),"lst":"([A-Za-z0-9_-]*)"\},"history":"([A-Za-z0-9_-]*)"\}$/

function partsOf(token: string): readonly [Uint8Array, Uint8Array, Uint8Array] | undefined {
  const [header, payload, signature, more] = token.split('.')
  if (header === undefined || payload === undefined || signature === undefined || more !== undefined) return undefined
  return [decodeBase64url(header), decodeBase64url(payload), decodeBase64url(signature)]
}

const compactOf = (header: Uint8Array, payload: Uint8Array, signature: Uint8Array): Uint8Array =>
  encodeUtf8([header, payload, signature].map(encodeBase64url).join('.'))

/** By the number that says which; never renumbered. */
const forms: readonly Form[] = [plain, compact, general, statusList]

/** The smallest first. */
const tried = [3, 2, 1, 0] as const

/**
 * A signed file in fewer bytes, from which it comes back bit by bit: what its signature is over is the text and not what it says. A file
 * that would come back otherwise is packed as it stands.
 */
export function packSignedFile(file: Uint8Array, zlib: Zlib): Uint8Array<ArrayBuffer> {
  for (const form of tried) {
    const writer = openWriter()
    writer.byte(form)
    if (!attempt(() => forms[form]!.pack(writer, file, zlib))) continue
    const packed = writer.bytes()
    if (attempt(() => sameBytes(unpackSignedFile(packed, zlib.inflate), file))) return packed
  }
  throw new Fault('bytes-too-many', { at: 'file', detail: `${file.length}, at most ${mostFileBytes}` }) // the plain form holds any file but one that is too large
}

function attempt(work: () => boolean): boolean {
  try {
    return work()
  } catch (error) {
    // Not of this form: not base64url, not UTF-8, not JSON, or JSON of another shape.
    if (error instanceof Fault || error instanceof TypeError) return false
    throw error
  }
}

/** Faults: `bundle-malformed`, `bytes-too-many`, those of `inflate`. Whether what comes out is genuine is for its own signature to say. */
export function unpackSignedFile(packed: Uint8Array, inflate: Inflate): Uint8Array {
  const reader = openReader(packed, 'file', malformed)
  const form = forms[reader.byte()]
  if (form === undefined) throw malformed('file', 'form')
  const file = form.unpack(reader, inflate)
  reader.end()
  bounded(file.length)
  return file
}

function bounded(length: number): number {
  if (length > mostFileBytes) throw new Fault('bytes-too-many', { at: 'file', detail: `${length}, at most ${mostFileBytes}` })
  return length
}
