import type { Engine } from '../crypto/engine.ts'
import { Fault } from '../fault.ts'
import { secondsOf, type Instant } from '../model/instant.ts'
import type { Authority, RefusedFile, Trust } from '../trust/assemble-trust.ts'
import type { Bundle } from './bundle.ts'
import { deriveLogPolicies } from './derive-log-policy.ts'

/** What the verifier's own trust says of a bundle. */
export interface CheckedBundle {
  /** Whose signature is on it; undefined where nothing that is trusted names its maker's key. Its files count or don't count all the same. */
  readonly maker: Authority | undefined
  /** Log policies that say otherwise than lists and manifests do. They prove nothing by themselves. */
  readonly refused: readonly RefusedFile[]
  /** Since it was made. What happened after is not in it. */
  readonly ageSeconds: number
  /** Older than the shortest time to live of what is in it: whoever is online would have fetched a newer copy by now. */
  readonly stale: boolean
}

/**
 * Who made the bundle, by trust that was assembled from the verifier's own anchors and the bundle's files. Fault `bundle-signature-wrong` where
 * the maker's key is known and the signature is not its: then something was changed or left out, and nothing of it is used.
 */
export function checkBundle({ label, seal, policies }: Bundle, trust: Trust, at: Instant, engine: Engine): CheckedBundle {
  const authority = trust.authorities.get(label.iss)
  const entry = authority?.manifest?.keys.get(seal.kid)
  if (entry !== undefined && !engine.verify(entry.key, seal.signingInput, seal.signature)) throw new Fault('bundle-signature-wrong', { at: 'label' })
  const { iat } = label
  const inForce =
    entry !== undefined &&
    entry.use === 'status' &&
    entry.nbf <= iat &&
    iat < entry.exp &&
    (entry.revoked === undefined || iat < (entry.revoked.compromisedSince ?? entry.revoked.at))
  const derived = new Map(deriveLogPolicies(trust, engine).map((policy) => [`${policy.alliance} ${policy.log}`, policy.text]))
  const refused = policies
    .filter(({ alliance, log, text }) => derived.get(`${alliance} ${log}`) !== text)
    .map(({ alliance, log }) => ({ name: `log-policy ${alliance} ${log}`, fault: new Fault('bundle-policy-differs', { at: log }) }))
  const ageSeconds = Math.max(0, secondsOf(at) - iat)
  return { maker: inForce ? authority : undefined, refused, ageSeconds, stale: timesToLive(trust).some((ttl) => ageSeconds > ttl) }
}

const timesToLive = ({ alliances, ruleSets, authorities }: Trust): readonly number[] => [
  ...[...alliances, ...ruleSets].map(({ times }) => times.ttl),
  ...Array.from(authorities.values()).flatMap(({ manifest, statusLists }) => [
    ...(manifest === undefined ? [] : [manifest.payload.ttl]),
    ...Array.from(statusLists.values(), ({ ttl }) => ttl),
  ]),
]
