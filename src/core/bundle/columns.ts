import type { PieceReader, PieceWriter } from '../encoding/pieces.ts'
import { Fault } from '../fault.ts'
import type { Deflate, Inflate } from '../status/status-list.ts'

export const malformed = (at: string, detail?: string): Fault => new Fault('bundle-malformed', { at, detail })

const [same, deflated, stored] = [0, 1, 2]

/** Bytes whose number the reader knows by other means: all the same, compressed, or as they are, whichever is shortest. */
export function writeColumn(writer: PieceWriter, bytes: Uint8Array, deflate: Deflate): void {
  const first = bytes[0] ?? 0
  if (bytes.every((byte) => byte === first)) {
    writer.byte(same)
    writer.byte(first)
    return
  }
  const small = deflate(bytes)
  const gains = small.length < bytes.length
  writer.byte(gains ? deflated : stored)
  if (gains) writer.piece(small)
  else writer.raw(bytes)
}

/** @param length what must come out, to the byte. Faults: `bundle-malformed`, and those of `inflate`. */
export function readColumn(reader: PieceReader, length: number, inflate: Inflate): Uint8Array {
  const form = reader.byte()
  if (form === same) return new Uint8Array(length).fill(reader.byte())
  if (form === stored) return reader.raw(length)
  if (form !== deflated) throw malformed('column', `form ${form}`)
  const bytes = inflate(reader.piece(length), length)
  if (bytes.length !== length) throw malformed('column', `${bytes.length} bytes, not ${length}`)
  return bytes
}
