import { secondsOf, type Instant } from '../model/instant.ts'
import { covers, type Scoped } from '../trust/scope.ts'
import { sourceOf } from '../trust/freshness.ts'
import type { Authority, Trust } from '../trust/assemble-trust.ts'
import type { AcceptedKey, AcceptedManifest } from '../trust/key-manifest.ts'
import type { Check, Policy } from './verdict.ts'

/** The key that the record names must stand in its issuer's manifest, for issuing. The algorithm is the key's; the token was refused if it said otherwise. */
export function checkKey(
  kid: string,
  iat: number,
  { manifest, disputed }: Authority,
  { keys }: Pick<Trust, 'keys'>,
  at: Instant,
  policy: Policy,
): { readonly check: Check; readonly entry?: AcceptedKey } {
  if (disputed) return { check: { id: 'key', answer: 'cannot-tell', reason: 'issuer-disputed', datum: kid } }
  if (manifest === undefined) return { check: { id: 'key', answer: 'cannot-tell', reason: 'manifest-missing', datum: kid } }
  const source = manifestSource(manifest, at)
  const entry = manifest.keys.get(kid)
  if (entry === undefined) {
    // A manifest that is no younger than the record may simply not have heard of a new key; unless it is known for somebody else's.
    const unheard = manifest.payload.iat <= iat && !keys.has(kid)
    return {
      check: { id: 'key', answer: unheard ? 'cannot-tell' : 'no', reason: unheard ? 'manifest-older-than-record' : 'key-not-listed', datum: kid, source },
    }
  }
  if (entry.use !== 'issue') return { check: { id: 'key', answer: 'no', reason: 'key-use-differs', datum: kid, source } }
  if (source.freshness === 'expired') return { entry, check: { id: 'key', answer: 'cannot-tell', reason: 'manifest-expired', datum: kid, source } }
  if (source.freshness === 'stale')
    return { entry, check: { id: 'key', answer: policy.acceptStale ? 'yes' : 'cannot-tell', reason: 'manifest-stale', datum: kid, source } }
  return { entry, check: { id: 'key', answer: 'yes', datum: kid, source } }
}

export const manifestSource = (manifest: AcceptedManifest, at: Instant) => sourceOf('manifest', manifest.payload.iss, manifest.payload, manifest.digest, at)

/**
 * The window of the key. `iat` is only the issuer's own word: whoever holds a stolen key can write any. So a claim outside the
 * window is a no, but a claim inside it settles nothing once the key is out of force: that takes a proof of time.
 *
 * @param loggedAt by when it stood in the log, where that is proven. What was logged before a key was lost stays good whatever became of the
 * key; what was logged after is worth nothing, whatever it says of itself.
 */
export function checkKeyInForce(entry: AcceptedKey, iat: number, loggedAt: number | undefined, at: Instant): Check {
  const now = loggedAt ?? secondsOf(at)
  const datum = entry.key.kid
  const id = 'key-in-force'
  if (iat < entry.nbf || iat >= entry.exp) return { id, answer: 'no', reason: 'key-outside-window', datum }
  const { revoked } = entry
  if (revoked?.compromisedSince !== undefined && (loggedAt ?? iat) >= revoked.compromisedSince) return { id, answer: 'no', reason: 'key-compromised', datum }
  if (revoked !== undefined && iat >= revoked.at) return { id, answer: 'no', reason: 'key-outside-window', datum }
  if (now < entry.nbf || now >= entry.exp || (revoked !== undefined && now >= Math.min(revoked.at, revoked.compromisedSince ?? revoked.at)))
    return { id, answer: 'cannot-tell', reason: 'key-not-in-force', datum }
  return { id, answer: 'yes', datum }
}

export function checkKeyScope(entry: AcceptedKey, record: Scoped): Check {
  return entry.scope === undefined || covers(entry.scope, record)
    ? { id: 'key-scope', answer: 'yes' }
    : { id: 'key-scope', answer: 'no', reason: 'key-scope-exceeded', datum: record.family }
}
