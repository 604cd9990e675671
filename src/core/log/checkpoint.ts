import type { Engine, Signer } from '../crypto/engine.ts'
import { encodeUtf8 } from '../encoding/utf8.ts'
import { Fault } from '../fault.ts'
import { hashLine, readCount, readHash, readText, refuseAs } from './lines.ts'
import { emptyRoot } from './merkle.ts'
import { isBy, type NoteKey } from './note-key.ts'
import { sameBytes } from './same-bytes.ts'
import { mostNoteBytes, parseSignedNote, signatureLine, type SignedNote } from './signed-note.ts'

/** What a log commits itself to (C2SP tlog-checkpoint, Note text). */
export interface Checkpoint {
  /** Which log it is, and the name of its keys. */
  readonly origin: string
  /** How many leaves; at most 2^53 - 1 here. */
  readonly size: number
  readonly root: Uint8Array
  /** Opaque lines after the root; ours has none. */
  readonly extensions: readonly string[]
}

const refuse = refuseAs('log-checkpoint-malformed')

/** The note's text, its final newline included. Fault `log-checkpoint-malformed` for what no checkpoint can say. */
export function checkpointText({ origin, size, root, extensions }: Checkpoint): string {
  const text = `${origin}\n${size}\n${hashLine(root)}${extensions.map((line) => `${line}\n`).join('')}`
  // A newline in the origin or in an extension line makes more of these than were given.
  if (readCheckpoint(text).extensions.length !== extensions.length) throw refuse('checkpoint', 'a line within a line')
  return text
}

/** Reads the text of a note as a checkpoint; no signature is looked at. Fault `log-checkpoint-malformed`. */
export function readCheckpoint(note: Pick<SignedNote, 'text'> | string): Checkpoint {
  const text = readText(typeof note === 'string' ? note : note.text, mostNoteBytes, refuse)
  if (!text.endsWith('\n')) throw refuse('checkpoint', 'no newline at the end')
  const [origin, sizeText, rootText, ...extensions] = text.slice(0, -1).split('\n')
  if (origin === undefined || origin === '') throw refuse('checkpoint/origin')
  const size = readCount(sizeText ?? '')
  if (size === undefined) throw refuse('checkpoint/size', 'not a decimal number up to 2^53 - 1')
  const root = readHash(rootText ?? '')
  if (root === undefined) throw refuse('checkpoint/root', 'not the base64 of 32 bytes')
  if (extensions.includes('')) throw refuse('checkpoint/extensions', 'an empty line')
  return { origin, size, root, extensions }
}

/**
 * The whole signed note. Who calls it must have made sure that the checkpoint follows from all that this log ever signed.
 * Faults: `key-use-differs`, `key-id-differs`, `log-origin-differs`.
 */
export function signCheckpoint(checkpoint: Checkpoint, signer: Signer, key: NoteKey): string {
  if (key.type !== 'ed25519') throw new Fault('key-use-differs', { at: 'checkpoint', detail: key.type })
  if (key.name !== checkpoint.origin) throw new Fault('log-origin-differs', { at: 'checkpoint/origin' })
  requireOwner(signer, key)
  const text = checkpointText(checkpoint)
  return `${text}\n${signatureLine(key, signer.sign(encodeUtf8(text)))}`
}

export interface VerifiedCheckpoint {
  readonly checkpoint: Checkpoint
  readonly note: SignedNote
  /** The log's key: the first one of the note that was known. */
  readonly by: NoteKey
}

/**
 * A checkpoint that a known log signed. Signatures of unknown keys are ignored, also those that share a name or an id with a known one;
 * a wrong signature of a known key refuses the whole note (C2SP signed-note, Signatures). Keys of witnesses among `keys` are none of a log's.
 * Faults: `log-note-malformed`, `log-checkpoint-malformed`, `log-signature-missing`, `log-signature-wrong`, `log-origin-differs`.
 */
export function verifyCheckpoint(given: string | Uint8Array, keys: readonly NoteKey[], engine: Engine): VerifiedCheckpoint {
  const note = parseSignedNote(given)
  const checkpoint = readCheckpoint(note)
  if (checkpoint.size === 0 && !sameBytes(checkpoint.root, emptyRoot(engine.sha256))) throw refuse('checkpoint/root', 'not the root of no leaves')
  const message = encodeUtf8(note.text)
  let by: NoteKey | undefined
  for (const [index, signature] of note.signatures.entries()) {
    const key = keys.find((one) => one.type === 'ed25519' && isBy(one, signature))
    if (key === undefined) continue
    const at = `signatures/${index}`
    // The key of one log must not vouch for another's tree.
    if (key.name !== checkpoint.origin) throw new Fault('log-origin-differs', { at })
    if (!engine.verify(key.key, message, signature.bytes)) throw new Fault('log-signature-wrong', { at })
    by ??= key
  }
  if (by === undefined) throw new Fault('log-signature-missing', { at: 'signatures' })
  return { checkpoint, note, by }
}

/** Fault `key-id-differs` where somebody would sign in another's name. */
export function requireOwner(signer: Signer, { key, name }: NoteKey): void {
  if (signer.kid !== key.kid) throw new Fault('key-id-differs', { at: name })
}
