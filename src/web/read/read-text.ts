import { isLogProof } from '#core/log/proof-fits.ts'
import { nothing, unread, type Carrier, type Found } from './found.ts'
import { recordsIn } from './records-in.ts'

/** Bytes of a text or record file, and characters of pasted text. A record is at most 64 kB. */
export const mostTextBytes = 1024 * 1024

/** What the text of a QR code or of a paper code's address says. */
export type ReadCode = (text: string) => Promise<Found>

/** The records that a text carries, or that the paper codes in it stand for; else `text-without-record`, or `proof-without-record` where it is a log proof. */
export async function readText(text: string, readCode: ReadCode, carrier: Carrier = 'text'): Promise<readonly Found[]> {
  if (text.length > mostTextBytes) return unread('file-too-large')
  if (text.trim() === '') return nothing('file-empty')
  const records = recordsIn(text).map((record): Found => ({ kind: 'record', text: record, carrier, notes: [] }))
  const codes = await Promise.all(codesIn(text).map(readCode))
  const found = [...records, ...codes.filter(({ kind }) => kind !== 'nothing')]
  return found.length > 0 ? found : nothing(isLogProof(text) ? 'proof-without-record' : 'text-without-record')
}

/** The addresses with digits in their fragment, or the digits alone. Either may be broken into lines. */
export function codesIn(text: string): readonly string[] {
  const words = text.split(/[\s\ufeff\u200b"'<>]+/).filter((word) => word !== '')
  if (words.every(isDigits)) return words.join('').length < leastDigits ? [] : [words.join('')]
  const codes = new Set<string>()
  for (let index = 0; index < words.length && codes.size < mostCodes; index++) {
    let code = /https?:\/\/[\w.:[\]/-]{1,300}#\d+$/i.exec(words[index]!)?.[0]
    if (code === undefined) continue
    while (index + 1 < words.length && isDigits(words[index + 1]!)) code += words[++index]!
    codes.add(code)
  }
  return [...codes]
}

const isDigits = (word: string): boolean => /^\d+$/.test(word)

/** Fewer digits alone are a number of another kind: a signature takes 155 of them. */
const leastDigits = 100

/** More of them in one text are not a person's doing. */
const mostCodes = 100
