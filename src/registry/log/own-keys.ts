import type { PublicKey } from '#core/crypto/engine.ts'
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

/** The key that signs the heads of this node's log, with the log's name. */
export const ownLogKey = async (from: Reader, { authority, keyring, engine }: Parts): Promise<NoteKey> =>
  noteKey(logOriginOf(authority.iss), 'ed25519', await publicKeyOf(from, keyring.log.kid), engine.sha256)

/** Every key that has ever signed them: of heads that were signed before a rotation, too. */
export async function ownLogKeys(from: Reader, { authority, engine }: Pick<Office, 'authority' | 'engine'>): Promise<readonly NoteKey[]> {
  const keys = (await listSigningKeys(from, {})).filter(({ use }) => use === 'log')
  return keys.map(({ jwk, kid }) => noteKey(logOriginOf(authority.iss), 'ed25519', readPublicKey(jwk, kid), engine.sha256))
}

/** The key under which this node cosigns the logs of others. */
export const ownWitnessKey = async (from: Reader, { authority, keyring, engine }: Parts): Promise<NoteKey> =>
  noteKey(witnessNameOf(authority.iss), 'cosignature-v1', await publicKeyOf(from, keyring.witness.kid), engine.sha256)
