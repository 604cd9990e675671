import type { Authority, Trust } from './assemble-trust.ts'
import type { AcceptedManifest } from './key-manifest.ts'

/**
 * The trust of an earlier instant, with what is known only since and counts for then, too. Agreements, members, scopes and ordinary closings
 * of keys count from their day on, so those of `then` stand. What reaches back is taken from `since`: status lists, whose history tells
 * 撤销 (void from the start, 行政许可法 art. 69) from 注销 (from its day on, art. 70), and keys that turned out to have been in somebody else's hands.
 */
export function withWhatReachesBack(then: Trust, since: Pick<Trust, 'authorities'>): Trust {
  const authorities = Array.from(then.authorities, ([iss, authority]): [string, Authority] => {
    const later = since.authorities.get(iss)
    if (later === undefined) return [iss, authority]
    return [iss, { ...authority, statusLists: later.statusLists, manifest: withCompromises(authority.manifest, later.manifest) }]
  })
  return { ...then, authorities: new Map(authorities) }
}

function withCompromises(then: AcceptedManifest | undefined, since: AcceptedManifest | undefined): AcceptedManifest | undefined {
  if (then === undefined || since === undefined) return then
  const keys = new Map(
    Array.from(then.keys, ([kid, entry]) => {
      const revoked = since.keys.get(kid)?.revoked
      return [kid, revoked?.compromisedSince === undefined ? entry : { ...entry, revoked }] as const
    }),
  )
  return { ...then, keys }
}
