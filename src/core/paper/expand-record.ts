import type { Engine } from '../crypto/engine.ts'
import { encodeBase64url } from '../encoding/base64url.ts'
import { encodeUtf8 } from '../encoding/utf8.ts'
import { Fault } from '../fault.ts'
import { openBitReader, type BitReader } from './bit-stream.ts'
import { dateOf } from './calendar-days.ts'
import type { CondensedRecord } from './condense-record.ts'
import { readCharacter } from './condensed-characters.ts'
import { bitsOfRun, mostRecordCharacters, placeholder } from './paper-format.ts'

/** A record without its signature: what was signed, and the disclosures, all base64url. */
export interface ExpandedRecord {
  readonly signingInput: string
  readonly disclosures: readonly string[]
}

interface Expander {
  readonly text: Uint8Array
  readonly behind: BitReader
  readonly disclosures: string[]
  readonly digests: string[]
  /** Where the text is read. */
  at: number
  /** How many characters there may still be. */
  left: number
  /** How many parts have been ended by their sign. */
  parts: number
}

/**
 * The inverse of `condenseRecord`. One pass, and what it makes is counted as it is made: a placeholder of one byte stands for up to 2,900 characters.
 * Faults: `paper-text-too-long`, `paper-code-truncated`, `paper-code-trailing`, `paper-code-malformed`.
 */
export function expandRecord({ text, behind }: CondensedRecord, { sha256 }: Pick<Engine, 'sha256'>): ExpandedRecord {
  const expander: Expander = { text, behind: openBitReader(behind), disclosures: [], digests: [], at: 0, left: mostRecordCharacters, parts: 0 }
  for (let left = expander.behind.takeNumber(5); left > 0; left--) {
    const disclosure = expandPart(expander)
    expander.disclosures.push(disclosure)
    expander.digests.push(encodeBase64url(sha256(encodeUtf8(disclosure))))
  }
  const signingInput = `${expandPart(expander)}.${expandPart(expander)}`
  if (expander.parts !== expander.disclosures.length + 1) throw new Fault('paper-code-malformed', { at: 'text', detail: `${expander.parts} ends of parts` })
  expander.behind.end()
  return { signingInput, disclosures: expander.disclosures }
}

/** Up to the end of the part or of the text, as base64url. */
function expandPart(expander: Expander): string {
  const { text } = expander
  let part = ''
  const add = (piece: string): void => {
    expander.left -= piece.length
    if (expander.left < 0) throw new Fault('paper-text-too-long', { at: `text ${expander.at}`, detail: `at most ${mostRecordCharacters} characters` })
    part += piece
  }
  while (expander.at < text.length) {
    const byte = text[expander.at]!
    if (byte >= 0x20) {
      const { code, length } = readCharacter(text, expander.at)
      expander.at += length
      add(String.fromCodePoint(code))
    } else {
      expander.at++
      if (byte === placeholder.nextPart) {
        expander.parts++
        break
      }
      add(behindPlaceholder(byte, expander))
    }
  }
  return encodeBase64url(encodeUtf8(part))
}

function behindPlaceholder(byte: number, { behind, digests, at }: Expander): string {
  const refuse = (detail: string): Fault => new Fault('paper-code-malformed', { at: `text ${at - 1}`, detail })
  switch (byte) {
    case placeholder.bytes32:
      return encodeBase64url(behind.takeBytes(32))
    case placeholder.bytes16:
      return encodeBase64url(behind.takeBytes(16))
    case placeholder.digits: {
      const length = behind.takeNumber(5) + 1
      const run = behind.take(bitsOfRun(length)).toString()
      if (run.length > length) throw refuse('a number longer than its digits')
      return run.padStart(length, '0')
    }
    case placeholder.date:
      return dateOf(behind.takeNumber(16))
    case placeholder.digest: {
      const digest = digests[behind.takeNumber(5)]
      if (digest === undefined) throw refuse('the digest of no disclosure')
      return digest
    }
    case placeholder.digests: {
      const others = Array.from({ length: behind.takeNumber(5) }, () => encodeBase64url(behind.takeBytes(32)))
      const listed = [...digests, ...others].toSorted()
      return listed.map((digest) => `"${digest}"`).join(',')
    }
    default:
      throw refuse('no such placeholder')
  }
}
