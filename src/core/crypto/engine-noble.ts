import { Point } from '@noble/ed25519'
import { sha256, sha512 } from '@noble/hashes/sha2.js'

import { signatureBytes } from './algorithms.ts'
import type { Engine, PublicKey } from './engine.ts'
import { isSmallOrder } from './small-order.ts'

const order = 2n ** 252n + 27742317777372353535851937790883648493n

/**
 * Ed25519 by point arithmetic, where the platform has none. The library's own `verify` multiplies by the cofactor and so accepts
 * crafted signatures that OpenSSL and BoringSSL refuse; here is what those two compute (RFC 8032 §5.1.7 without cofactor):
 * S < L, and S·B − k·A encoded equals R byte for byte. R is never decoded, so a non-canonical R can't match. Neither A nor R may be
 * of small order.
 *
 * The key is decoded as leniently as OpenSSL does it, since the verdict must be the same on every input; that weak keys are
 * refused is the business of `readPublicKey`, before a key gets here.
 */
export const nobleEngine: Engine = { sha256, verify: verifyByPoints }

function verifyByPoints(key: PublicKey, message: Uint8Array, signature: Uint8Array): boolean {
  if (signature.length !== signatureBytes) return false
  const r = signature.subarray(0, 32)
  const s = littleEndian(signature.subarray(32))
  if (s >= order || isSmallOrder(r) || isSmallOrder(key.x)) return false
  const k = littleEndian(sha512.create().update(r).update(key.x).update(message).digest()) % order
  const a = pointOf(key)
  if (a === null) return false
  const sum = Point.BASE.multiply(s, false).add(a.negate().multiply(k, false)).toBytes()
  return sum.every((byte, index) => byte === r[index])
}

const points = new WeakMap<PublicKey, Point | null>()

function pointOf(key: PublicKey): Point | null {
  let point = points.get(key)
  if (point === undefined) {
    try {
      point = Point.fromBytes(key.x, true)
    } catch {
      point = null // no point of the curve: nothing verifies under it
    }
    points.set(key, point)
  }
  return point
}

function littleEndian(bytes: Uint8Array): bigint {
  let value = 0n
  for (let index = bytes.length - 1; index >= 0; index--) value = (value << 8n) | BigInt(bytes[index]!)
  return value
}
