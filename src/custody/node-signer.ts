import { createPrivateKey, createPublicKey, sign, type KeyObject } from 'node:crypto'

import type { Signer } from '#core/crypto/engine.ts'
import { readPublicKeyBytes } from '#core/crypto/read-public-key.ts'

/** DER of an Ed25519 PKCS #8 private key up to the seed (RFC 8410 §7). */
const pkcs8Prefix = Uint8Array.from([0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20])

/** A signer over a 32-byte seed (RFC 8032 §5.1.5). The key lives in OpenSSL's memory; the seed given is the caller's to wipe. */
export function nodeSigner(seed: Uint8Array): Signer {
  const key = privateKeyOf(seed)
  const { kid } = readPublicKeyBytes(publicBytesOf(key))
  return {
    kid,
    sign: (message) => sign(null, message, key),
    signBeside: (message) =>
      new Promise((resolve, reject) => sign(null, message, key, (error, signature) => (error === null ? resolve(signature) : reject(error)))),
  }
}

/** The public half of a seed, 32 bytes. */
export const publicBytesOfSeed = (seed: Uint8Array): Uint8Array => publicBytesOf(privateKeyOf(seed))

function privateKeyOf(seed: Uint8Array): KeyObject {
  if (seed.length !== 32) throw new RangeError('an Ed25519 seed has 32 bytes')
  const der = Buffer.concat([pkcs8Prefix, seed])
  try {
    return createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })
  } finally {
    der.fill(0)
  }
}

const publicBytesOf = (key: KeyObject): Uint8Array => new Uint8Array(createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(-32))
