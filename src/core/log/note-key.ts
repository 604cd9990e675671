import { sha256 as nobleSha256 } from '@noble/hashes/sha2.js'

import type { Engine, PublicKey } from '../crypto/engine.ts'
import { readPublicKeyBytes } from '../crypto/read-public-key.ts'
import { decodeBase64, encodeBase64 } from '../encoding/base64.ts'
import { encodeUtf8 } from '../encoding/utf8.ts'
import { Fault } from '../fault.ts'
import { hasControl } from './lines.ts'
import { sameBytes } from './same-bytes.ts'

/** The signature types that are used here, by their byte (C2SP signed-note, Signature types). Others are unknown keys to us, and ignored. */
const noteKeyTypes = [
  { type: 'ed25519', byte: 0x01 },
  { type: 'cosignature-v1', byte: 0x04 },
] as const

export type NoteKeyType = (typeof noteKeyTypes)[number]['type']

/** Who signs notes: name and id together say which key and which algorithm it was. */
export interface NoteKey {
  readonly name: string
  /** Four bytes: SHA-256(name ‖ 0x0A ‖ type ‖ key)[:4]. An identifier, no proof of anything. */
  readonly id: Uint8Array
  readonly type: NoteKeyType
  readonly key: PublicKey
}

const mostNameLength = 256

/** Not empty, neither white space nor plus (C2SP signed-note, Format). */
export const isKeyName = (name: string): boolean => name.length <= mostNameLength && /^[^\p{White_Space}+]+$/u.test(name) && !hasControl(name)

/** Fault `log-key-malformed` for a name that no signature line can carry. */
export function noteKey(name: string, type: NoteKeyType, key: PublicKey, sha256: Engine['sha256']): NoteKey {
  if (!isKeyName(name) || !name.isWellFormed()) throw new Fault('log-key-malformed', { at: 'name' })
  return { name, id: idOf(name, keyBytes(type, key), sha256), type, key }
}

/** The line that a verifier is configured with: `<name>+<id in hex>+<base64 of type and key>`. */
export function verifierKeyText({ name, type, key }: Pick<NoteKey, 'name' | 'type' | 'key'>, sha256: Engine['sha256']): string {
  return verifierKeyLine(noteKey(name, type, key, sha256))
}

/** The same where the id is at hand. */
export const verifierKeyLine = ({ name, id, type, key }: NoteKey): string => `${name}+${hexOf(id)}+${encodeBase64(keyBytes(type, key))}`

/**
 * Reads a verifier key line. Faults: `log-key-malformed` for another form, an id that is not the key's, or a type that is not used
 * here; `key-weak` from `readPublicKeyBytes`.
 */
export function readVerifierKey(text: string): NoteKey {
  const [, name, hex, encoded] = /^([^+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/u.exec(text) ?? []
  const bytes = encoded === undefined ? undefined : decodeBase64(encoded)
  if (name === undefined || bytes === undefined || !isKeyName(name)) throw new Fault('log-key-malformed', { at: 'vkey' })
  const row = noteKeyTypes.find(({ byte }) => byte === bytes[0])
  if (row === undefined) throw new Fault('log-key-malformed', { at: 'vkey/type', detail: `${bytes[0]}` })
  const key = noteKey(name, row.type, readPublicKeyBytes(bytes.subarray(1), 'vkey/key'), nobleSha256)
  if (hexOf(key.id) !== hex) throw new Fault('log-key-malformed', { at: 'vkey/id', detail: 'another key’s' })
  return key
}

/** Whether a signature line names this key. */
export const isBy = (key: NoteKey, { name, id }: Pick<NoteKey, 'name' | 'id'>): boolean => key.name === name && sameBytes(key.id, id)

function keyBytes(type: NoteKeyType, { x }: PublicKey): Uint8Array {
  const row = noteKeyTypes.find((one) => one.type === type)! // every type of the union has its row
  return Uint8Array.of(row.byte, ...x)
}

const idOf = (name: string, key: Uint8Array, sha256: Engine['sha256']): Uint8Array =>
  Uint8Array.from(sha256(Uint8Array.of(...encodeUtf8(`${name}\n`), ...key)).subarray(0, 4))

const hexOf = (bytes: Uint8Array): string => [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')
