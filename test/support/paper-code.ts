import { readFileSync } from 'node:fs'

import { parseSdJwt } from '#core/credential/parse-sd-jwt.ts'
import { Fault } from '#core/fault.ts'
import { packRecord } from '#core/paper/pack-record.ts'
import { readPaperDictionary } from '#core/paper/paper-dictionary.ts'
import type { PaperDictionary } from '#core/paper/paper-format.ts'
import { unpackRecord } from '#core/paper/unpack-record.ts'
import { nodeEngine } from '#custody/engine-node.ts'
import { paperDeflate, paperInflate } from '#custody/paper-deflate.ts'
import { paperKey } from './paper-records.ts'

export const dictionaryText = readFileSync(new URL('../../schema/paper/dictionary-1.txt', import.meta.url), 'utf8')

export const dictionary: PaperDictionary = { version: 1, bytes: readPaperDictionary(dictionaryText) }
export const dictionaries: ReadonlyMap<number, Uint8Array> = new Map([[dictionary.version, dictionary.bytes]])

export const pack = (record: string): Uint8Array => packRecord(record, dictionary, nodeEngine, paperDeflate, paperInflate)
export const unpack = (code: Uint8Array): string => unpackRecord(code, dictionaries, nodeEngine, paperInflate)

/** A code put together from what it would hold, its parts as given. */
export function codeOf(
  text: Uint8Array | readonly number[],
  behind: readonly number[],
  { first = 0x11, deflated = paperDeflate(Uint8Array.from(text), dictionary.bytes) } = {},
): Uint8Array {
  const { length } = deflated
  return Uint8Array.from([first, ...new Uint8Array(64).fill(7), ...(length < 0x80 ? [length] : [0x80 | (length & 0x7f), length >> 7]), ...deflated, ...behind])
}

/** Whether a text is a record whose signature is right under the key that signed every record of these tests. */
export function isSigned(text: string): boolean {
  try {
    const { signingInput, signature } = parseSdJwt(text, nodeEngine)
    return nodeEngine.verify(paperKey, signingInput, signature)
  } catch (fault) {
    if (fault instanceof Fault) return false
    throw fault
  }
}
