import type { RandomBytes, Signer } from '#core/crypto/engine.ts'
import { encodeBase64url } from '#core/encoding/base64url.ts'
import type { JsonObject } from '#core/encoding/parse-json.ts'
import { signCompactJws } from '#core/encoding/parse-jws.ts'
import type { Duty } from '#core/model/duty.ts'
import { secondsOf, type Instant } from '#core/model/instant.ts'
import { callRoute, type Fetch } from './client.ts'
import { assertionType, assertionTypes, token } from './oauth.ts'

export interface TokenCall {
  /** The node's address, without a slash at its end. */
  readonly base: string
  /** Who the node is (`iss`): the assertion is for it and nobody else. */
  readonly audience: string
  readonly client: string
  readonly signer: Signer
  /** Duties wanted; all that the client holds where it is left out. */
  readonly duties?: readonly Duty[] | undefined
  readonly clock: () => Instant
  readonly random: RandomBytes
}

const assertionSeconds = 60

/** The claims by which a client says who it is (RFC 7523 §3). Good for a minute, once. */
export function assertionClaims({ client, audience, clock, random }: Pick<TokenCall, 'client' | 'audience' | 'clock' | 'random'>): JsonObject {
  const iat = secondsOf(clock())
  return { iss: client, sub: client, aud: audience, iat, exp: iat + assertionSeconds, jti: encodeBase64url(random(16)) }
}

/** An access token by client credentials, and for how many seconds it is good. */
export async function requestToken(call: TokenCall, fetch: Fetch): Promise<{ readonly token: string; readonly seconds: number; readonly scope: string }> {
  const body = {
    grant_type: 'client_credentials',
    client_assertion_type: assertionType,
    client_assertion: signCompactJws({ typ: assertionTypes[0] }, assertionClaims(call), call.signer),
    ...(call.duties === undefined ? {} : { scope: call.duties.join(' ') }),
  }
  const { access_token, expires_in, scope } = await callRoute(token, { base: call.base, body }, fetch)
  return { token: access_token, seconds: expires_in, scope }
}
