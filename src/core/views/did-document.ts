import { publicJwkOf } from '../crypto/read-public-key.ts'
import type { JsonObject } from '../encoding/parse-json.ts'
import { instantOf, secondsOf, type Instant } from '../model/instant.ts'
import type { AcceptedKey, AcceptedManifest } from '../trust/key-manifest.ts'
import { multikeyOf } from './multikey.ts'

/** Uses whose signatures are statements to everybody: records, and how things stand. Tokens, the log and witnesses have their own readers. */
const asserting: readonly AcceptedKey['use'][] = ['issue', 'status']

const contexts = ['https://www.w3.org/ns/did/v1', 'https://w3id.org/security/jwk/v1', 'https://w3id.org/security/multikey/v1'] as const

/**
 * The key manifest as a DID document (DID Core §5; Controlled Identifiers 1.0 §2.2). Each key stands in it twice, as a `JsonWebKey` named by
 * its RFC 7638 thumbprint and as a `Multikey` named by its multibase text. Keys in force are assertion methods. A key that was closed in good
 * order stays explicable, with `revoked`, and asserts nothing any more; a compromised one is left out, since a reader who knows only
 * `revoked` would still believe what was signed between the theft and its discovery.
 */
export function didDocumentOf(did: string, { payload, keys }: AcceptedManifest, at: Instant): JsonObject {
  const now = secondsOf(at)
  const shown = [...keys.values()].filter(({ use, revoked }) => asserting.includes(use) && revoked?.compromisedSince === undefined)
  const methods = shown.map((entry) => ({ entry, methods: methodsOf(did, entry) }))
  return {
    '@context': contexts,
    id: did,
    alsoKnownAs: [payload.iss],
    verificationMethod: methods.flatMap((each) => each.methods),
    assertionMethod: methods.filter(({ entry }) => inForce(entry, now)).flatMap((each) => each.methods.map(({ id }) => id)),
    // TRQP 2.0, "authority_id": endpoint and governance framework are found through the authority's identifier.
    service: [
      { id: `${did}#trqp`, type: 'TRQP', serviceEndpoint: payload.iss },
      { id: `${did}#trust`, type: 'ComityTrustFiles', serviceEndpoint: `${payload.iss}/trust/index.json` },
    ],
  }
}

/** Seconds since 1970 until which a document made at `at` says the same: the next time that a key's window opens or ends. */
export function sameUntil({ keys }: AcceptedManifest, at: Instant): number {
  const now = secondsOf(at)
  return Math.min(...[...keys.values()].flatMap(({ nbf, exp, revoked }) => [nbf, exp, revoked?.at ?? Infinity]).filter((time) => time > now))
}

const inForce = ({ nbf, exp, revoked }: AcceptedKey, now: number): boolean => nbf <= now && now < exp && (revoked === undefined || now < revoked.at)

function methodsOf(did: string, { key, exp, revoked }: AcceptedKey): readonly (JsonObject & { readonly id: string })[] {
  const multikey = multikeyOf(key.x)
  const common = { controller: did, expires: instantOf(exp), ...(revoked === undefined ? {} : { revoked: instantOf(revoked.at) }) }
  return [
    { id: `${did}#${key.kid}`, type: 'JsonWebKey', ...common, publicKeyJwk: { ...publicJwkOf(key), kid: key.kid, alg: 'Ed25519' } as JsonObject }, // texts only
    { id: `${did}#${multikey}`, type: 'Multikey', ...common, publicKeyMultibase: multikey },
  ]
}
