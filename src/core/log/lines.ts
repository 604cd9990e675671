import { encodeBase64, decodeBase64 } from '../encoding/base64.ts'
import { decodeUtf8 } from '../encoding/utf8.ts'
import { Fault, type FaultCode } from '../fault.ts'
import { hashBytes, isCount } from './merkle.ts'

/** What every text format of the log says of one that is not it: its code and the place. */
export type Refuse = (at: string, detail?: string) => Fault

export const refuseAs =
  (code: FaultCode): Refuse =>
  (at, detail) =>
    new Fault(code, { at, detail })

/**
 * The text of a file or a request: UTF-8 without control characters but the newline (C2SP signed-note, Format). A carriage return would
 * let one signed text have two spellings. Faults: `bytes-too-many`, `text-not-utf8`, and the caller's.
 */
export function readText(given: string | Uint8Array, mostBytes: number, refuse: Refuse, tabs = false): string {
  if (given.length > mostBytes) throw new Fault('bytes-too-many', { at: 'text', detail: `${given.length}, at most ${mostBytes}` })
  const text = typeof given === 'string' ? given : decodeUtf8(given, 'text')
  if (!text.isWellFormed()) throw new Fault('text-not-utf8', { at: 'text' })
  if (hasControl(text, tabs)) throw refuse('text', 'a control character')
  return text
}

/** Whether a text holds a character below U+0020 other than the newline, and the tab where that is allowed. */
export function hasControl(text: string, tabs = false): boolean {
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index)
    if (code < 0x20 && code !== 0x0a && !(tabs && code === 0x09)) return true
  }
  return false
}

/** A count in ASCII decimal without leading zeros, up to 2^53 - 1; `undefined` for anything else. */
export function readCount(text: string): number | undefined {
  if (!/^(0|[1-9][0-9]{0,15})$/.test(text)) return undefined
  const count = Number(text)
  return isCount(count) ? count : undefined
}

/** A line of exactly one hash. */
export function readHash(line: string): Uint8Array | undefined {
  const bytes = decodeBase64(line)
  return bytes?.length === hashBytes ? bytes : undefined
}

export const hashLine = (hash: Uint8Array): string => `${encodeBase64(hash)}\n`
