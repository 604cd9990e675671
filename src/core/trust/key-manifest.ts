import { z } from 'zod'

import { parseCompactJws } from '../encoding/parse-jws.ts'
import type { Engine, PublicKey } from '../crypto/engine.ts'
import { readPublicKey } from '../crypto/read-public-key.ts'
import { IssuerUrl, NumericDate } from '../credential/envelope.ts'
import { Digest, digestOf } from '../model/digest.ts'
import { DivisionCode } from '../model/division-code.ts'
import { Fault } from '../fault.ts'
import { parseOrFault } from '../model/parse-or-fault.ts'
import { Scope } from './scope.ts'

export const manifestType = 'comity-manifest+jwt'

/** One key, one use. Authority keys stand in alliance lists, not here. */
export const keyUses = ['issue', 'status', 'log', 'witness', 'token'] as const

const ManifestKey = z
  .strictObject({
    jwk: z.strictObject({ kty: z.literal('OKP'), crv: z.literal('Ed25519'), x: z.string(), alg: z.enum(['Ed25519', 'EdDSA']).optional() }),
    kid: z.string(),
    use: z.enum(keyUses),
    scope: Scope.optional(),
    nbf: NumericDate,
    exp: NumericDate,
    revoked: z.strictObject({ at: NumericDate, reason: z.enum(['superseded', 'ceased', 'compromised']), compromisedSince: NumericDate.optional() }).optional(),
  })
  .meta({ id: 'ManifestKey' })

export const KeyManifest = z
  .strictObject({
    iss: IssuerUrl,
    division: DivisionCode,
    version: z.int().min(1),
    /** Digest of the signed file of the version before; null for the first. */
    prev: Digest.nullable(),
    iat: NumericDate,
    ttl: z.int().min(1),
    exp: NumericDate,
    keys: z.array(ManifestKey).min(1).max(1000),
  })
  .meta({ id: 'KeyManifest', description: "A city's signing keys: versioned, hash-chained; it never drops a key, only closes it (DESIGN §3)" })
export type KeyManifest = z.infer<typeof KeyManifest>

export interface AcceptedKey {
  readonly key: PublicKey
  readonly use: (typeof keyUses)[number]
  readonly scope: Scope | undefined
  readonly nbf: number
  readonly exp: number
  readonly revoked: { readonly at: number; readonly reason: string; readonly compromisedSince?: number | undefined } | undefined
}

/** A manifest whose signature, keys and place in its chain have been checked. */
export interface AcceptedManifest {
  readonly payload: KeyManifest
  readonly digest: string
  readonly keys: ReadonlyMap<string, AcceptedKey>
}

const limits = { bytes: 1024 * 1024, depth: 12 }

/**
 * @param authority the key that the alliance list or the verifier's own anchor names for this authority
 * @param current the version that is held already: an older one is refused (`trust-rolled-back`), another of the same version too (`trust-forked`)
 */
export function acceptManifest(
  text: string,
  authority: { readonly iss: string; readonly division: string; readonly key: PublicKey },
  current: AcceptedManifest | undefined,
  engine: Engine,
): AcceptedManifest {
  const jws = parseCompactJws(text, { typ: manifestType, limits })
  if (jws.header.kid !== authority.key.kid) throw new Fault('trust-signer-unknown', { at: 'header/kid' })
  if (!engine.verify(authority.key, jws.signingInput, jws.signature)) throw new Fault('signature-wrong', { at: 'manifest' })
  const payload = parseOrFault(KeyManifest, jws.payload, 'trust-malformed', 'manifest')
  if (payload.iss !== authority.iss || payload.division !== authority.division) throw new Fault('trust-issuer-differs', { at: 'manifest/iss' })
  const digest = digestOf(text, engine)
  const keys = new Map<string, AcceptedKey>()
  for (const [index, entry] of payload.keys.entries()) {
    const at = `manifest/keys/${index}`
    // A weak key must not enter: a signature under a small-order key can be made by anybody.
    const key = readPublicKey(entry.jwk, at)
    if (key.kid !== entry.kid) throw new Fault('key-id-differs', { at })
    if (keys.has(key.kid) || key.kid === authority.key.kid) throw new Fault('key-repeated', { at })
    keys.set(key.kid, { key, use: entry.use, scope: entry.scope, nbf: entry.nbf, exp: entry.exp, revoked: entry.revoked })
  }
  if (current !== undefined) checkSuccession(payload, digest, keys, current)
  return { payload, digest, keys }
}

function checkSuccession(next: KeyManifest, digest: string, keys: ReadonlyMap<string, AcceptedKey>, current: AcceptedManifest): void {
  const { version } = current.payload
  if (next.version < version) throw new Fault('trust-rolled-back', { at: 'manifest/version', detail: `${next.version} after ${version}` })
  if (next.version === version && digest !== current.digest) throw new Fault('trust-forked', { at: 'manifest/version', detail: `two of version ${version}` })
  if (next.version === version + 1 && next.prev !== current.digest) throw new Fault('trust-chain-broken', { at: 'manifest/prev' })
  for (const [kid, before] of current.keys) {
    const after = keys.get(kid)
    // A key that vanished would take the records it signed with it, or let its revocation be forgotten.
    if (after === undefined) throw new Fault('trust-key-dropped', { at: 'manifest/keys', detail: kid })
    if (after.use !== before.use) throw new Fault('key-use-differs', { at: 'manifest/keys', detail: kid })
    if (reopens(before, after)) throw new Fault('trust-key-reopened', { at: 'manifest/keys', detail: kid })
  }
}

/** A closing may be made graver, never taken back: not by dropping it, by a later day, or by forgetting that the key was compromised. */
function reopens({ revoked: before }: AcceptedKey, { revoked: after }: AcceptedKey): boolean {
  if (before === undefined) return false
  return (
    after === undefined || after.at > before.at || (before.compromisedSince !== undefined && (after.compromisedSince ?? Infinity) > before.compromisedSince)
  )
}
