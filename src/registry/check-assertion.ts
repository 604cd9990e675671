import { readPublicKey } from '#core/crypto/read-public-key.ts'
import type { PublicKey } from '#core/crypto/engine.ts'
import type { JsonLimits, JsonObject } from '#core/encoding/parse-json.ts'
import { parseCompactJws, type CompactJws } from '#core/encoding/parse-jws.ts'
import { Fault } from '#core/fault.ts'
import { secondsOf } from '#core/model/instant.ts'
import { findClient, useAssertion, type Client } from '#storage/clients.ts'
import type { Office } from './office.ts'

export interface Assertion {
  readonly text: string
  /** Types that will do, in the order in which they are tried. */
  readonly types: readonly string[]
  /** Where the client has sent it; `aud` must name this or the node's `iss`. */
  readonly endpoint: string
  /** What the client says beside it, if it does. */
  readonly clientId?: string | undefined
}

interface Claims {
  readonly iss: string
  readonly sub: string
  readonly aud: string
  readonly exp: number
  readonly jti: string
  readonly iat: number
  readonly nbf: number
}

const limits: JsonLimits = { bytes: 4096, depth: 4 }
const longestSeconds = 300
const skewSeconds = 60

/**
 * The client that an assertion (RFC 7523 §3) proves to be here, once. An unknown client, a closed one, a wrong key and a wrong
 * signature are refused alike; only who has shown its key is told what else is amiss. Fault: `assertion-refused`.
 */
export async function checkAssertion(
  office: Pick<Office, 'authority' | 'store' | 'engine' | 'clock'>,
  { text, types, endpoint, clientId }: Assertion,
): Promise<Client> {
  const { header, payload, signingInput, signature } = open(text, types)
  const claims = readClaims(payload)
  const client =
    claims.iss === claims.sub && (clientId === undefined || clientId === claims.sub) ? await findClient(office.store.read, { id: claims.sub }) : undefined
  const key = client?.state === 'active' ? keyOf(client, header.kid) : undefined
  if (client === undefined || key === undefined || !office.engine.verify(key, signingInput, signature)) throw new Fault('assertion-refused')

  const now = secondsOf(office.clock())
  if (claims.aud !== office.authority.iss && claims.aud !== endpoint) throw new Fault('assertion-refused', { at: 'client_assertion/aud' })
  if (claims.exp <= now || claims.exp > now + longestSeconds)
    throw new Fault('assertion-refused', { at: 'client_assertion/exp', detail: `within ${longestSeconds} seconds from now` })
  if (claims.nbf > now + skewSeconds || claims.iat > now + skewSeconds) throw new Fault('assertion-refused', { at: 'client_assertion/nbf' })
  const first = await office.store.atomically((tx) => useAssertion(tx, { clientId: client.id, jti: claims.jti, expiresAt: claims.exp }))
  if (!first) throw new Fault('assertion-refused', { at: 'client_assertion/jti', detail: 'used before' })
  return client
}

function open(text: string, types: readonly string[]): CompactJws {
  for (const typ of types) {
    try {
      return parseCompactJws(text, { typ, limits })
    } catch (cause) {
      if (!(cause instanceof Fault) || cause.code !== 'jws-type-refused' || typ === types.at(-1)) throw new Fault('assertion-refused', { cause })
    }
  }
  throw new Fault('assertion-refused')
}

function keyOf({ jwks }: Client, kid: string): PublicKey | undefined {
  const { keys } = jwks as unknown as { readonly keys: readonly { readonly kid: string }[] } // written by registerClient alone
  const jwk = keys.find((candidate) => candidate.kid === kid)
  return jwk === undefined ? undefined : readPublicKey(jwk)
}

/** What RFC 7523 §3 asks for and we look at; other claims are not ours to judge. */
function readClaims({ iss, sub, aud, exp, jti, iat = 0, nbf = 0 }: JsonObject): Claims {
  // An array of several audiences would let another of them replay it here.
  const audience = Array.isArray(aud) && aud.length === 1 ? (aud as readonly unknown[])[0] : aud
  if (typeof iss !== 'string' || typeof sub !== 'string' || typeof audience !== 'string' || typeof jti !== 'string' || jti === '' || jti.length > 128)
    throw new Fault('assertion-refused')
  if (typeof exp !== 'number' || !Number.isSafeInteger(exp) || typeof iat !== 'number' || typeof nbf !== 'number') throw new Fault('assertion-refused')
  return { iss, sub, aud: audience, exp, jti, iat, nbf }
}
