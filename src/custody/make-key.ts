import { randomBytes } from 'node:crypto'

import { publicJwkOf, readPublicKeyBytes, type PublicJwk } from '#core/crypto/read-public-key.ts'
import { publicBytesOfSeed } from './node-signer.ts'

export interface MadeKey {
  readonly jwk: PublicJwk
  /** RFC 7638 thumbprint. */
  readonly kid: string
  /** The secret: 32 bytes (RFC 8032 §5.1.5). It goes into the vault and nowhere else. */
  readonly seed: Uint8Array
}

/** A new Ed25519 key. An Ed25519 private key *is* 32 random bytes, so the system's source of chance is all it takes. */
export function makeKey(): MadeKey {
  const seed = new Uint8Array(randomBytes(32))
  const key = readPublicKeyBytes(publicBytesOfSeed(seed))
  return { jwk: publicJwkOf(key), kid: key.kid, seed }
}
