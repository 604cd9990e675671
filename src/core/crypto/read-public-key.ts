import { Point } from '@noble/ed25519'
import { z } from 'zod'

import { decodeBase64url, encodeBase64url } from '../encoding/base64url.ts'
import { Fault } from '../fault.ts'
import { parseOrFault } from '../model/parse-or-fault.ts'
import type { PublicKey } from './engine.ts'
import { thumbprint } from './thumbprint.ts'

/** An Ed25519 public key as a JWK (RFC 8037 §2). Nothing else may stand in it. */
export const PublicJwk = z
  .strictObject({
    kty: z.literal('OKP'),
    crv: z.literal('Ed25519'),
    x: z.string().regex(/^[A-Za-z0-9_-]{43}$/),
    kid: z.string().optional(),
    alg: z.enum(['Ed25519', 'EdDSA']).optional(),
    use: z.literal('sig').optional(),
  })
  .meta({ id: 'PublicJwk' })
export type PublicJwk = z.infer<typeof PublicJwk>

/**
 * The door through which every key enters trust data. Refused: `key-private` (a `d` was given), `key-malformed`, `key-id-differs`
 * (`kid` is not the thumbprint), and `key-weak`: under a small-order point anybody can sign, under a mixed-order or non-canonical
 * one verifiers that follow different equations disagree about the same signature.
 */
export function readPublicKey(jwk: unknown, at = 'jwk'): PublicKey {
  if (typeof jwk === 'object' && jwk !== null && 'd' in jwk) throw new Fault('key-private', { at })
  const { x, kid: given } = parseOrFault(PublicJwk, jwk, 'key-malformed', at)
  const kid = thumbprint(x)
  if (given !== undefined && given !== kid) throw new Fault('key-id-differs', { at: `${at}/kid` })
  return { kid, x: sound(decodeBase64url(x, `${at}/x`), at) }
}

/** The same for 32 bytes of a key that comes without a JWK around it. */
export function readPublicKeyBytes(bytes: Uint8Array, at = 'key'): PublicKey {
  if (bytes.length !== 32) throw new Fault('key-malformed', { at, detail: `${bytes.length} bytes` })
  return { kid: thumbprint(encodeBase64url(bytes)), x: sound(Uint8Array.from(bytes), at) }
}

export const publicJwkOf = (key: PublicKey): PublicJwk => ({ kty: 'OKP', crv: 'Ed25519', x: encodeBase64url(key.x) })

function sound(bytes: Uint8Array, at: string): Uint8Array {
  let point: Point
  try {
    point = Point.fromBytes(bytes) // strict: y < p, and no sign on x = 0 (RFC 8032 §5.1.3)
  } catch (cause) {
    throw new Fault('key-weak', { at, detail: 'no canonical point of the curve', cause })
  }
  if (point.isSmallOrder()) throw new Fault('key-weak', { at, detail: 'small order' })
  if (!point.isTorsionFree()) throw new Fault('key-weak', { at, detail: 'mixed order' })
  return bytes
}
