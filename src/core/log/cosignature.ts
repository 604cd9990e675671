import { signatureBytes } from '../crypto/algorithms.ts'
import type { Engine, Signer } from '../crypto/engine.ts'
import { encodeUtf8 } from '../encoding/utf8.ts'
import { Fault } from '../fault.ts'
import { readCheckpoint, requireOwner } from './checkpoint.ts'
import { isCount } from './merkle.ts'
import { isBy, type NoteKey } from './note-key.ts'
import { signatureLine, type SignedNote } from './signed-note.ts'

const timestampBytes = 8

/** That a witness saw a checkpoint, and when: seconds since 1970. */
export interface Cosignature {
  readonly key: NoteKey
  readonly at: number
}

/**
 * The signature line of a witness (C2SP tlog-cosignature, Ed25519 signed message), its newline included. Who calls it must have checked that the
 * checkpoint follows from the last one cosigned, and have stored it.
 * @param text the checkpoint without its signatures
 * @param at seconds since 1970
 */
export function cosign(text: string, at: number, signer: Signer, key: NoteKey): string {
  if (key.type !== 'cosignature-v1') throw new Fault('key-use-differs', { at: 'cosignature', detail: key.type })
  if (!isCount(at) || at === 0) throw new RangeError('a cosignature is given at a second after 1970')
  requireOwner(signer, key)
  readCheckpoint(text)
  const signature = signer.sign(signedMessage(text, at))
  const bytes = new Uint8Array(timestampBytes + signature.length)
  for (let index = timestampBytes - 1, left = at; index >= 0; index--, left = Math.floor(left / 256)) bytes[index] = left % 256
  bytes.set(signature, timestampBytes)
  return signatureLine(key, bytes)
}

/**
 * The valid cosignatures of the witnesses given: of each public key its earliest, in the order of the note. What does not verify counts as not
 * being there, since anybody can append lines to a note; so does a time of 0, which states none.
 */
export function readCosignatures(note: SignedNote, witnesses: readonly NoteKey[], engine: Pick<Engine, 'verify'>): readonly Cosignature[] {
  // By the key, not by the name: the message does not name the witness, so one key under two names would count twice.
  const earliest = new Map<string, Cosignature>()
  for (const signature of note.signatures) {
    const key = witnesses.find((one) => one.type === 'cosignature-v1' && isBy(one, signature))
    if (key === undefined || signature.bytes.length !== timestampBytes + signatureBytes) continue
    const at = timestampOf(signature.bytes)
    if (at === undefined || at >= (earliest.get(key.key.kid)?.at ?? Infinity)) continue
    if (engine.verify(key.key, signedMessage(note.text, at), signature.bytes.subarray(timestampBytes))) earliest.set(key.key.kid, { key, at })
  }
  return [...earliest.values()]
}

const signedMessage = (text: string, at: number): Uint8Array => encodeUtf8(`cosignature/v1\ntime ${at}\n${text}`)

function timestampOf(bytes: Uint8Array): number | undefined {
  let at = 0
  for (let index = 0; index < timestampBytes; index++) at = at * 256 + bytes[index]!
  return isCount(at) && at > 0 ? at : undefined
}
