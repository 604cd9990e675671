import type { PublicKey, Signer } from '#core/crypto/engine.ts'
import { readPublicKey } from '#core/crypto/read-public-key.ts'
import { Fault } from '#core/fault.ts'
import { noteKey, type NoteKey } from '#core/log/signed-note.ts'
import { logOriginOf, witnessNameOf } from '#core/log/names.ts'
import { findSigningKey, listSigningKeys } from '#storage/signing-keys.ts'
import type { Reader } from '#storage/open-store.ts'
import type { Office } from '../office.ts'

/** The public half of one of the node's own keys. */
export async function publicKeyOf(from: Reader, kid: string): Promise<PublicKey> {
  const row = await findSigningKey(from, { kid })
  if (row === undefined) throw new Fault('key-revoked', { at: kid })
  return readPublicKey(row.jwk, kid)
}

type Parts = Pick<Office, 'authority' | 'keyring' | 'engine'>

// Of keys that sign again and again: reading a public key checks that it is a sound one, which costs as much as ten signatures. A signer is one key
// for as long as it lives; whether that key is still open is asked each time (`requireOpenKey`).
const known = new WeakMap<Signer, NoteKey>()

/** The key that signs the heads of this node's log, with the log's name. */
export async function ownLogKey(from: Reader, { authority, keyring, engine }: Parts): Promise<NoteKey> {
  const [signer, name] = [keyring.log, logOriginOf(authority.iss)]
  const held = known.get(signer)
  if (held?.name === name) return held
  const key = noteKey(name, 'ed25519', await publicKeyOf(from, signer.kid), engine.sha256)
  known.set(signer, key)
  return key
}

/** Every key that has ever signed them: of heads that were signed before a rotation, too. */
export async function ownLogKeys(from: Reader, { authority, engine }: Pick<Office, 'authority' | 'engine'>): Promise<readonly NoteKey[]> {
  const keys = (await listSigningKeys(from, {})).filter(({ use }) => use === 'log')
  return keys.map(({ jwk, kid }) => noteKey(logOriginOf(authority.iss), 'ed25519', readPublicKey(jwk, kid), engine.sha256))
}

/** The key under which this node cosigns the logs of others. */
export const ownWitnessKey = async (from: Reader, { authority, keyring, engine }: Parts): Promise<NoteKey> =>
  noteKey(witnessNameOf(authority.iss), 'cosignature-v1', await publicKeyOf(from, keyring.witness.kid), engine.sha256)
