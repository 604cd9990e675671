import { nobleEngine } from '#core/crypto/engine-noble.ts'
import { Fault } from '#core/fault.ts'
import { readPaperDictionary } from '#core/paper/paper-dictionary.ts'
import { readPaperUrl } from '#core/paper/paper-url.ts'
import { unpackRecord } from '#core/paper/unpack-record.ts'
import type { Found } from './found.ts'
import type { ReadCode } from './read-text.ts'

/** Made by newer software: this page may read it after an update, and nothing is wrong with the sheet. */
const newer: readonly string[] = ['paper-format-unknown', 'paper-dictionary-unknown']

/**
 * The record of a paper code, from what a QR code says or somebody typed. Every dictionary that was ever published is at hand, loaded with the
 * first code. The host in it is never looked at: a forger's address leads nowhere.
 */
export const readCode: ReadCode = async (text): Promise<Found> => {
  try {
    const code = readPaperUrl(text)
    if (code === undefined) return { kind: 'nothing', why: 'code-of-something-else' }
    const [{ paperInflate }, first] = await Promise.all([import('./paper-inflate.ts'), import('#schema/paper/dictionary-1.txt?raw')])
    const record = unpackRecord(code, new Map([[1, readPaperDictionary(first.default)]]), nobleEngine, paperInflate)
    return { kind: 'record', text: record, carrier: 'paper-code', notes: [] }
  } catch (error) {
    if (!(error instanceof Fault)) return { kind: 'unread', why: 'reader-unavailable' }
    return { kind: 'unread', why: newer.includes(error.code) ? 'code-too-new' : 'code-damaged' }
  }
}
