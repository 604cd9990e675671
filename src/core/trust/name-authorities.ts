import type { PublicKey } from '../crypto/engine.ts'
import { readPublicKey } from '../crypto/read-public-key.ts'
import { Fault } from '../fault.ts'
import type { Localised } from '../model/localised.ts'
import type { AcceptedAllianceList } from './alliance-list.ts'
import { isIssuing, type AllianceMember } from './alliance-member.ts'
import type { Anchors } from './anchors.ts'
import type { Scope } from './scope.ts'

/** Somebody who says that an authority is who it is, and what it may issue. */
export type Voucher =
  | { readonly by: 'anchor'; readonly authorised: readonly Scope[] }
  | { readonly by: 'alliance'; readonly list: AcceptedAllianceList; readonly member: AllianceMember }

/** Who says that an authority has which key and place. `by`: `anchor`, or the id of an alliance. */
export interface Claim {
  readonly by: string
  readonly version?: number
  readonly iss: string
  readonly division: string
  readonly kid: string
}

/**
 * What a person has to look into, since it changes what can be trusted. `key-disputed`: two who are trusted name different keys or places for one
 * authority; `city-doubled`: two alliances list different authorities as the member for one division.
 */
export interface Alarm {
  readonly kind: (typeof alarmKinds)[number]
  readonly division: string
  readonly claims: readonly Claim[]
}
export const alarmKinds = ['key-disputed', 'city-doubled'] as const

export const alarmTexts: Readonly<Record<Alarm['kind'], Localised>> = {
  'key-disputed': { zh: '同一机关被指定了不同的密钥或地区', en: 'One authority is named with different keys or places' },
  'city-doubled': { zh: '同一地区由不同联盟列入了不同的机关', en: 'Two alliances list different authorities for one place' },
}

export interface NamedAuthority {
  readonly iss: string
  readonly division: string
  readonly name: Localised
  readonly key: PublicKey
  readonly vouchers: readonly Voucher[]
  /** Two alliances contradict each other about it: which of them is right is not for a program to guess, so neither key counts. */
  readonly disputed: boolean
}

interface Named extends Claim {
  readonly name: Localised
  readonly key: PublicKey
  readonly voucher: Voucher
}

/**
 * Whom the anchors and the accepted lists name. The verifier's own anchor stands against any list, or an alliance could talk a city out of its
 * own key; between two lists neither stands. What either way contradicts is an alarm. A member that has left is no claim any more.
 */
export function nameAuthorities(
  anchors: Anchors,
  alliances: readonly AcceptedAllianceList[],
): { readonly authorities: readonly NamedAuthority[]; readonly alarms: readonly Alarm[] } {
  const anchored = anchors.authorities.map(claimOfAnchor)
  for (const [index, { iss, kid }] of anchored.entries())
    // One key for two authorities would let either speak for the other.
    if (anchored.slice(0, index).some((other) => other.iss === iss || other.kid === kid))
      throw new Fault('key-repeated', { at: `anchors/authorities/${index}` })
  const named = [...anchored, ...alliances.flatMap(claimsOfList)]
  const alarms: Alarm[] = []
  const authorities = [...Map.groupBy(named, ({ iss }) => iss).values()].map((claims): NamedAuthority => {
    const live = claims.filter(isLive)
    const first = claims.find(({ by }) => by === 'anchor') ?? live[0] ?? claims[0]! // a group has one
    const differs = live.some((claim) => !sameAs(first, claim))
    if (differs) alarms.push({ kind: 'key-disputed', division: first.division, claims: live.map(claimOf) })
    const disputed = differs && first.by !== 'anchor'
    const vouchers = disputed ? [] : claims.filter((claim) => sameAs(first, claim)).map(({ voucher }) => voucher)
    return { iss: first.iss, division: first.division, name: first.name, key: first.key, vouchers, disputed }
  })
  return { authorities, alarms: [...alarms, ...doubledCities(named)] }
}

function claimOfAnchor({ iss, division, name, authorityKey, authorised }: Anchors['authorities'][number], index: number): Named {
  const key = readPublicKey(authorityKey, `anchors/authorities/${index}`)
  return { by: 'anchor', iss, division, name, key, kid: key.kid, voucher: { by: 'anchor', authorised } }
}

const claimsOfList = (list: AcceptedAllianceList): readonly Named[] =>
  list.payload.members.flatMap((member) => {
    const key = list.authorityKeys.get(member.iss)
    if (key === undefined) return []
    const { iss, division, name } = member
    const { alliance, version } = list.payload
    return [{ by: alliance, version, iss, division, name, key, kid: key.kid, voucher: { by: 'alliance', list, member } }]
  })

const isLive = ({ voucher }: Named): boolean => voucher.by === 'anchor' || voucher.member.state !== 'left'
const sameAs = (a: Claim, b: Claim): boolean => a.kid === b.kid && a.division === b.division
const claimOf = ({ by, version, iss, division, kid }: Named): Claim => ({ by, ...(version === undefined ? {} : { version }), iss, division, kid })

/** A city is a member through one bureau. Two alliances that each know another one for it may both be honest: a person finds out. */
function doubledCities(named: readonly Named[]): readonly Alarm[] {
  const cities = named.filter((claim) => isLive(claim) && (claim.voucher.by === 'anchor' || isCity(claim.voucher.member)))
  return [...Map.groupBy(cities, ({ division }) => division)].flatMap(([division, claims]) => {
    const doubled = claims.some((one) => claims.some((other) => one.by !== other.by && one.iss !== other.iss))
    return doubled ? [{ kind: 'city-doubled' as const, division, claims: claims.map(claimOf) }] : []
  })
}

const isCity = (member: AllianceMember): boolean => member.role === 'member' && isIssuing(member)
