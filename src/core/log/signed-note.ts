import { decodeBase64, encodeBase64 } from '../encoding/base64.ts'
import { readText, refuseAs } from './lines.ts'
import { isKeyName, type NoteKey } from './note-key.ts'

export { noteKey, readVerifierKey, verifierKeyText, type NoteKey } from './note-key.ts'

/** One signature of a note, not verified. */
export interface NoteSignature {
  readonly name: string
  readonly id: Uint8Array
  /** What follows the id. */
  readonly bytes: Uint8Array
  /** The line as it stands in the note, its newline included. */
  readonly line: string
}

/** A text and who says that they signed it. Nothing in it is to be believed before a signature was verified. */
export interface SignedNote {
  /** With its final newline, without the blank line: what is signed. */
  readonly text: string
  readonly signatures: readonly NoteSignature[]
}

/** Verifiers must take 16 signatures, and one with ML-DSA takes 3.3 kB (C2SP signed-note, Format). */
export const mostNoteBytes = 128 * 1024
const mostSignatures = 64

const refuse = refuseAs('log-note-malformed')

/** Reads a signed note (C2SP signed-note, Format). Faults: `log-note-malformed`, `bytes-too-many`, `text-not-utf8`. */
export function parseSignedNote(given: string | Uint8Array): SignedNote {
  const whole = readText(given, mostNoteBytes, refuse)
  // The text may hold empty lines; the last one is the separator.
  const split = whole.lastIndexOf('\n\n')
  if (split < 0) throw refuse('text', 'no blank line')
  return { text: whole.slice(0, split + 1), signatures: readSignatureLines(whole.slice(split + 2)) }
}

/** Reads signature lines alone, as a witness answers them. At least one; the same line twice is refused. */
export function readSignatureLines(given: string | Uint8Array): readonly NoteSignature[] {
  const text = readText(given, mostNoteBytes, refuse)
  if (!text.endsWith('\n')) throw refuse('signatures', 'no newline at the end')
  const lines = text.slice(0, -1).split('\n')
  if (lines.length > mostSignatures) throw refuse('signatures', `${lines.length}, at most ${mostSignatures}`)
  if (new Set(lines).size < lines.length) throw refuse('signatures', 'a line stands twice')
  return lines.map(readSignatureLine)
}

/** A signature line, its newline included: a note is added to by appending it. */
export const signatureLine = ({ name, id }: Pick<NoteKey, 'name' | 'id'>, bytes: Uint8Array): string =>
  `— ${name} ${encodeBase64(Uint8Array.of(...id, ...bytes))}\n`

/** The note as it is stored and sent. */
export const signedNoteText = ({ text, signatures }: { readonly text: string; readonly signatures: readonly Pick<NoteSignature, 'line'>[] }): string =>
  `${text}\n${signatures.map(({ line }) => line).join('')}`

function readSignatureLine(line: string, index: number): NoteSignature {
  const at = `signatures/${index}`
  const [dash, name, encoded, ...more] = line.split(' ')
  if (dash !== '—' || name === undefined || encoded === undefined || more.length > 0 || !isKeyName(name)) throw refuse(at, 'not a signature line')
  const bytes = decodeBase64(encoded)
  if (bytes === undefined || bytes.length < 5) throw refuse(at, 'not the base64 of an id and a signature')
  return { name, id: bytes.subarray(0, 4), bytes: bytes.subarray(4), line: `${line}\n` }
}
