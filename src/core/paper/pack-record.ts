import { signatureBytes } from '../crypto/algorithms.ts'
import type { Engine } from '../crypto/engine.ts'
import { decodeBase64url } from '../encoding/base64url.ts'
import { decodeUtf8 } from '../encoding/utf8.ts'
import { Fault } from '../fault.ts'
import { condenseRecord } from './condense-record.ts'
import {
  formatVersion,
  mostCodeBytes,
  mostCondensedBytes,
  mostDisclosures,
  type BoundedInflateWithDictionary,
  type DeflateWithDictionary,
  type PaperDictionary,
} from './paper-format.ts'
import { unpackRecord } from './unpack-record.ts'

/**
 * A record (SD-JWT, its disclosures chosen by `presentSdJwt`) as the bytes of a paper code. Lossless to the byte, whatever the members are
 * called and however the JSON is written; the code is unpacked again before it is handed out, so that no sheet is printed that cannot be read.
 * Faults: `paper-record-unfit` for a text that is no SD-JWT without key binding, or of more disclosures than a code carries;
 * `paper-code-too-long`.
 */
export function packRecord(
  text: string,
  dictionary: PaperDictionary,
  engine: Pick<Engine, 'sha256'>,
  deflate: DeflateWithDictionary,
  inflate: BoundedInflateWithDictionary,
): Uint8Array {
  const [jwt, ...carried] = text.split('~')
  if (carried.pop() !== '') throw unfit('key-binding', 'no ~ at the end')
  if (carried.length > mostDisclosures) throw unfit('disclosures', `${carried.length}, at most ${mostDisclosures}`)
  const [header, payload, signature, ...more] = jwt!.split('.')
  if (header === undefined || payload === undefined || signature === undefined || more.length > 0) throw unfit('jws', 'not three parts')
  const signed = read(signature, 'signature')
  if (signed.length !== signatureBytes) throw unfit('signature', `${signed.length} bytes`)
  const condensed = condenseRecord(
    {
      disclosures: carried.map((disclosure, index) => ({ carried: disclosure, content: readText(disclosure, `disclosures/${index}`) })),
      header: readText(header, 'header'),
      payload: readText(payload, 'payload'),
    },
    engine,
  )
  if (condensed.text.length > mostCondensedBytes)
    throw new Fault('paper-code-too-long', { at: 'text', detail: `${condensed.text.length} bytes, at most ${mostCondensedBytes}` })
  const deflated = deflate(condensed.text, dictionary.bytes)
  const code = Uint8Array.from([(formatVersion << 4) | dictionary.version, ...signed, ...lengthBytes(deflated.length), ...deflated, ...condensed.behind])
  if (code.length > mostCodeBytes) throw new Fault('paper-code-too-long', { at: 'code', detail: `${code.length} bytes, at most ${mostCodeBytes}` })
  if (unpackRecord(code, new Map([[dictionary.version, dictionary.bytes]]), engine, inflate) !== text)
    throw new RangeError('the paper code does not unpack to its record')
  return code
}

const lengthBytes = (length: number): readonly number[] => (length < 0x80 ? [length] : [0x80 | (length & 0x7f), length >> 7])

function read(part: string, at: string): Uint8Array {
  try {
    return decodeBase64url(part, at)
  } catch (cause) {
    throw new Fault('paper-record-unfit', { at, cause })
  }
}

function readText(part: string, at: string): string {
  try {
    return decodeUtf8(read(part, at), at)
  } catch (cause) {
    throw cause instanceof Fault && cause.code === 'paper-record-unfit' ? cause : new Fault('paper-record-unfit', { at, cause })
  }
}

const unfit = (at: string, detail: string): Fault => new Fault('paper-record-unfit', { at, detail })
