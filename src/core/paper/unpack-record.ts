import { signatureBytes } from '../crypto/algorithms.ts'
import type { Engine } from '../crypto/engine.ts'
import { encodeBase64url } from '../encoding/base64url.ts'
import { Fault } from '../fault.ts'
import { expandRecord } from './expand-record.ts'
import { formatVersion, mostCodeBytes, mostCondensedBytes, type BoundedInflateWithDictionary } from './paper-format.ts'

/**
 * The record that a paper code carries, as SD-JWT text. Nothing about it has been checked: `verify` does that, and a code put together from
 * two records is a record whose signature is wrong.
 * @param dictionaries the condensed bytes of each published dictionary (`readPaperDictionary`), by version
 * Faults: `paper-format-unknown` and `paper-dictionary-unknown` for a code of newer software; `paper-code-truncated`, `paper-code-trailing`,
 * `paper-code-malformed`, `paper-code-too-long`, `paper-text-too-long` for one that is damaged or hostile.
 */
export function unpackRecord(
  code: Uint8Array,
  dictionaries: ReadonlyMap<number, Uint8Array>,
  engine: Pick<Engine, 'sha256'>,
  inflate: BoundedInflateWithDictionary,
): string {
  const first = code[0]
  if (first === undefined) throw new Fault('paper-code-truncated', { at: 'code', detail: 'empty' })
  const format = first >> 4
  if (format !== formatVersion) throw new Fault('paper-format-unknown', { at: 'code', detail: `format ${format}` })
  const dictionary = dictionaries.get(first & 15)
  if (dictionary === undefined) throw new Fault('paper-dictionary-unknown', { at: 'code', detail: `dictionary ${first & 15}` })
  if (code.length > mostCodeBytes) throw new Fault('paper-code-too-long', { at: 'code', detail: `${code.length} bytes, at most ${mostCodeBytes}` })
  const lengthAt = 1 + signatureBytes
  const { length, bytes } = readLength(code, lengthAt)
  const from = lengthAt + bytes
  if (code.length < from + length) throw new Fault('paper-code-truncated', { at: 'text' })
  const text = inflate(code.subarray(from, from + length), dictionary, mostCondensedBytes)
  const { signingInput, disclosures } = expandRecord({ text, behind: code.subarray(from + length) }, engine)
  return [`${signingInput}.${encodeBase64url(code.subarray(1, lengthAt))}`, ...disclosures, ''].join('~')
}

function readLength(code: Uint8Array, at: number): { readonly length: number; readonly bytes: number } {
  const [low, high] = [code[at], code[at + 1]]
  if (low === undefined) throw new Fault('paper-code-truncated', { at: 'length' })
  if (low < 0x80) return { length: low, bytes: 1 }
  if (high === undefined) throw new Fault('paper-code-truncated', { at: 'length' })
  if (high === 0 || high >= 0x80) throw new Fault('paper-code-malformed', { at: 'length', detail: 'not its shortest form' })
  return { length: (high << 7) | (low & 0x7f), bytes: 2 }
}
