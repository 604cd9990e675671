import { instantOf } from '#core/model/instant.ts'
import { effectTexts } from '#core/rules/outcome-texts.ts'
import { effects } from '#core/rules/rule-set.ts'
import { sourceOf, type SourceVersion } from '#core/trust/freshness.ts'
import type { Trust } from '#core/trust/assemble-trust.ts'
import type { Localised } from '#core/model/localised.ts'
import { placeText } from '#core/verify/decision-texts.ts'
import { ageText, freshnessTexts, sourceTexts } from '#core/verify/verdict-texts.ts'
import type { HeldTrust } from '../trust/hold-trust.ts'
import type { Place, TrustSource, TrustState } from './protocol.ts'
import { partyOf } from './tell-verdict.ts'
import type { ToldParty } from './told.ts'

export interface Contact {
  readonly reached: boolean
  readonly missing: number
  readonly clockAhead: number | undefined
}

/** What the page says of the trust data: where they come from, how old each is, and what they let a person ask. */
export function trustState(held: HeldTrust | undefined, { reached, missing, clockAhead }: Contact, now: number): TrustState {
  const purposes = effects.map((effect) => ({ code: effect, name: effectTexts[effect] }))
  if (held === undefined)
    return { standing: 'none', bureau: undefined, fetchedAt: undefined, missing, refused: 0, clockAhead, sources: [], places: [], purposes }
  return {
    standing: reached ? 'fetched' : 'held',
    bureau: bureauOf(held),
    fetchedAt: held.held.fetchedAt,
    missing,
    refused: held.refused.length,
    clockAhead,
    sources: sourcesOf(held.trust, now),
    places: placesOf(held),
    purposes,
  }
}

export function bureauOf({ held: { anchors } }: HeldTrust): ToldParty | undefined {
  const [own] = anchors.authorities
  return own === undefined ? undefined : partyOf(own)
}

function sourcesOf(trust: Trust, now: number): readonly TrustSource[] {
  const at = instantOf(now)
  const told = ({ kind, issuedAt, ageSeconds = 0, freshness = 'fresh' }: SourceVersion, name: Localised): TrustSource => ({
    kind: sourceTexts[kind],
    name,
    issuedAt: issuedAt ?? at,
    age: ageText(ageSeconds),
    freshness,
    freshnessText: freshnessTexts[freshness],
  })
  const authorities = [...trust.authorities.values()]
  return [
    ...trust.alliances.map(({ payload, times, digest }) => told(sourceOf('alliance-list', payload.alliance, times, digest, at), payload.name)),
    ...trust.ruleSets.map(({ payload, times, digest }) => {
      const name = `${payload.ruleSet.id} v${payload.ruleSet.version}`
      return told(sourceOf('rule-set', payload.ruleSet.id, times, digest, at), { zh: name, en: name })
    }),
    ...authorities.flatMap(({ manifest, name, iss }) =>
      manifest === undefined ? [] : [told(sourceOf('manifest', iss, manifest.payload, manifest.digest, at), name)],
    ),
    ...authorities.flatMap(({ statusLists, name }) =>
      Array.from(statusLists.values(), (list) => told(sourceOf('status-list', list.uri, list, list.digest, at), name)),
    ),
  ]
}

function placesOf({ trust, held: { anchors } }: HeldTrust): readonly Place[] {
  const own = anchors.authorities.map(({ division }) => division)
  const members = trust.alliances.flatMap(({ payload }) => payload.members.filter(({ role }) => role === 'member').map(({ division }) => division))
  return [...new Set([...own, ...members])].map((code) => ({ code, name: placeText(code) }))
}
