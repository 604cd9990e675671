import { createPublicKey, hash, verify, type KeyObject } from 'node:crypto'
import { constants, deflateSync, inflateSync } from 'node:zlib'

import { signatureBytes } from '#core/crypto/algorithms.ts'
import type { Engine, PublicKey } from '#core/crypto/engine.ts'
import { isSmallOrder } from '#core/crypto/small-order.ts'
import { Fault } from '#core/fault.ts'

/** DER of an Ed25519 SubjectPublicKeyInfo up to the key itself (RFC 8410 §4). */
const spkiPrefix = Uint8Array.from([0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00])

// One KeyObject a key: making one costs as much as half a verification.
const keyObjects = new WeakMap<PublicKey, KeyObject>()

function keyObjectOf(key: PublicKey): KeyObject {
  let keyObject = keyObjects.get(key)
  if (keyObject === undefined) {
    keyObject = createPublicKey({ key: Buffer.concat([spkiPrefix, key.x]), format: 'der', type: 'spki' })
    keyObjects.set(key, keyObject)
  }
  return keyObject
}

/** OpenSSL through node:crypto, synchronously: a thread hop a signature would cost more than the signature. */
export const nodeEngine: Engine = {
  sha256: (bytes) => hash('sha256', bytes, 'buffer'),
  verify: (key, message, signature) =>
    signature.length === signatureBytes && !isSmallOrder(signature) && !isSmallOrder(key.x) && verify(null, message, keyObjectOf(key), signature),
}

/** ZLIB at the highest level: what is packed once and carried by everybody. */
export const deflate = (bytes: Uint8Array): Uint8Array => deflateSync(bytes, { level: 9 })

/**
 * ZLIB of a status list. All that there is to find in it are runs of zeros: to look for more takes eighty times as long (8 ms instead of 0.1 with one
 * record in a hundred revoked) and saves a twelfth at most. A list is made anew at each change of a status.
 */
export const deflateList = (bytes: Uint8Array): Uint8Array => deflateSync(bytes, { level: 9, strategy: constants.Z_RLE })

/** @throws `bytes-too-many` past `maxBytes`, `deflate-malformed` for anything that is not whole ZLIB data */
export function inflate(bytes: Uint8Array, maxBytes: number): Uint8Array {
  try {
    return inflateSync(bytes, { maxOutputLength: maxBytes })
  } catch (cause) {
    const tooMany = cause instanceof Error && 'code' in cause && cause.code === 'ERR_BUFFER_TOO_LARGE'
    throw new Fault(tooMany ? 'bytes-too-many' : 'deflate-malformed', { at: 'deflate', cause })
  }
}
