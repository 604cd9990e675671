import type { Localised } from '../model/localised.ts'
import type { RuleReference } from '../rules/decision.ts'
import type { Authority, Trust } from '../trust/assemble-trust.ts'
import type { SourceVersion } from '../trust/freshness.ts'

/** What trust lists call those whom records and verdicts name by an id alone. Names change; so they are said beside a verdict and are no part of it. */
export interface TrustNames {
  /** By the alliance's id. */
  readonly alliances: ReadonlyMap<string, Localised>
  /** By issuer URL; with who vouches for each, where that is at hand. */
  readonly authorities: ReadonlyMap<string, Pick<Authority, 'name'> & Partial<Pick<Authority, 'vouchers'>>>
}

export const namesIn = ({ alliances, authorities }: Pick<Trust, 'alliances' | 'authorities'>): TrustNames => ({
  alliances: new Map(alliances.map(({ payload }) => [payload.alliance, payload.name])),
  authorities,
})

/** Where no trust is at hand: everything goes by its id. */
export const noNames: TrustNames = { alliances: new Map(), authorities: new Map() }

/** Whose file a check rests on: an alliance's list by its name, with its id beside it; anything else by its id. */
export function sourceName({ kind, id }: Pick<SourceVersion, 'kind' | 'id'>, { alliances }: TrustNames): Localised {
  const name = kind === 'alliance-list' ? alliances.get(id) : undefined
  return name === undefined ? { zh: id, en: id } : { zh: `${name.zh}（${id}）`, en: `${name.en} (${id})` }
}

/** A rule, or a whole rule set where `rule` is null; one's own territory where there is no set. */
export type NamedRule = Pick<RuleReference, 'alliance'> & { readonly ruleSet: string | null; readonly version: number | null; readonly rule: string | null }

/** Whose rule it is, and which. */
export function ruleText({ alliance, ruleSet, version, rule }: NamedRule, { alliances }: TrustNames): Localised {
  if (ruleSet === null) return { zh: '本地签发的记录', en: 'Records of its own territory' }
  const owner = alliance === null ? { zh: '国家规定', en: 'National rule' } : (alliances.get(alliance) ?? { zh: alliance, en: alliance })
  const place = `${ruleSet} v${version ?? 1}${rule === null ? '' : ` · ${rule}`}`
  return { zh: `${owner.zh}（${place}）`, en: `${owner.en} (${place})` }
}
