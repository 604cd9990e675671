import { anchoredNames } from '#core/bundle/anchored-names.ts'
import { bundleMadeText, bundleStaleText } from '#core/bundle/bundle-texts.ts'
import { nobleEngine } from '#core/crypto/engine-noble.ts'
import { instantOf } from '#core/model/instant.ts'
import { effectTexts } from '#core/rules/outcome-texts.ts'
import { effects } from '#core/rules/rule-set.ts'
import { sourceOf, type SourceVersion } from '#core/trust/freshness.ts'
import type { Trust } from '#core/trust/assemble-trust.ts'
import type { Localised } from '#core/model/localised.ts'
import { placeText } from '#core/verify/decision-texts.ts'
import { namesIn, ruleText } from '#core/verify/trust-names.ts'
import { ageText, freshnessTexts, sourceTexts } from '#core/verify/verdict-texts.ts'
import type { HeldTrust } from '../trust/hold-trust.ts'
import type { ChosenBundle } from '../trust/chosen-bundle.ts'
import type { HeldFiles } from '../trust/trust-cache.ts'
import type { BundleState, Place, TrustSource, TrustState } from './protocol.ts'
import { partyOf } from './tell-verdict.ts'
import type { ToldParty } from './told.ts'

export interface Contact {
  readonly reached: boolean
  readonly missing: number
  readonly clockAhead: number | undefined
}

interface Known {
  readonly held: HeldTrust | undefined
  readonly node: HeldFiles | undefined
  readonly chosen: ChosenBundle | undefined
  readonly contact: Contact
  /** Seconds since 1970. */
  readonly now: number
}

/** What the page says of the trust data: where they come from, how old each is, and what they let a person ask. */
export function trustState({ held, node, chosen, contact: { reached, missing, clockAhead }, now }: Known): TrustState {
  const purposes = effects.map((effect) => ({ code: effect, name: effectTexts[effect] }))
  const bundle = chosen === undefined ? undefined : bundleState(chosen, held, now)
  if (held === undefined)
    return { standing: 'none', bundle, bureau: undefined, fetchedAt: undefined, missing, refused: 0, clockAhead, sources: [], places: [], purposes }
  return {
    standing: node === undefined ? 'bundle' : reached ? 'fetched' : 'held',
    bundle,
    bureau: bureauOf(held),
    fetchedAt: node?.fetchedAt,
    missing,
    refused: held.refused.length,
    clockAhead,
    sources: sourcesOf(held.trust, now),
    places: placesOf(held),
    purposes,
  }
}

function bundleState({ bundle, digest }: ChosenBundle, held: HeldTrust | undefined, now: number): BundleState {
  const { iat, anchors } = bundle.label
  const called = anchoredNames(bundle, nobleEngine)
  const checked = held?.checked ?? { maker: undefined, refused: [], ageSeconds: Math.max(0, now - iat), stale: false, counts: false }
  const names = [
    ...anchors.alliances.map(({ alliance, version }) => {
      const name = called.get(alliance)
      return name === undefined
        ? { zh: `联盟 ${alliance}，名录第 ${version} 版`, en: `Alliance ${alliance}, list version ${version}` }
        : { zh: `联盟“${name.zh}”（${alliance}），名录第 ${version} 版`, en: `Alliance “${name.en}” (${alliance}), list version ${version}` }
    }),
    ...anchors.authorities.map(({ name, iss }) => ({ zh: `${name.zh}（${iss}）`, en: `${name.en} (${iss})` })),
  ]
  return {
    made: bundleMadeText(bundle, checked),
    stale: checked.stale && checked.counts ? bundleStaleText : undefined,
    proven: checked.maker !== undefined,
    counts: checked.counts,
    toConfirm: held === undefined ? { digest, names } : undefined,
  }
}

export function bureauOf({ anchors }: HeldTrust): ToldParty | undefined {
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
  const names = namesIn(trust)
  const authorities = [...trust.authorities.values()]
  return [
    ...trust.alliances.map(({ payload, times, digest }) => told(sourceOf('alliance-list', payload.alliance, times, digest, at), payload.name)),
    ...trust.ruleSets.map(({ payload, times, digest }) => {
      const { alliance, id, version } = payload.ruleSet
      return told(sourceOf('rule-set', id, times, digest, at), ruleText({ alliance, ruleSet: id, version, rule: null }, names))
    }),
    ...authorities.flatMap(({ manifest, name, iss }) =>
      manifest === undefined ? [] : [told(sourceOf('manifest', iss, manifest.payload, manifest.digest, at), name)],
    ),
    ...authorities.flatMap(({ statusLists, name }) =>
      Array.from(statusLists.values(), (list) => told(sourceOf('status-list', list.uri, list, list.digest, at), name)),
    ),
  ]
}

function placesOf({ trust, anchors }: HeldTrust): readonly Place[] {
  const own = anchors.authorities.map(({ division }) => division)
  const members = trust.alliances.flatMap(({ payload }) => payload.members.filter(({ role }) => role === 'member').map(({ division }) => division))
  return [...new Set([...own, ...members])].map((code) => ({ code, name: placeText(code) }))
}
