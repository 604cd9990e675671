import { ancestorsOf, rankOf, type DivisionRank } from '../model/division-code.ts'
import type { CompiledRules, CompiledRuleSet } from './compile-rules.ts'
import type { AllianceMemberView, AllianceView, Places } from './decision.ts'

/** A rule set that concerns the two places on the day, and what its alliance knows of the issuer. */
export interface SceneSet {
  readonly set: CompiledRuleSet
  readonly inForce: boolean
  readonly member: boolean
  readonly memberOrParent: boolean
}

/** Everything about a case that depends only on the two places and the day. */
export interface Scene {
  readonly sets: readonly SceneSet[]
  /** `elsewhere`: the two are not the same place, but one covers the other. */
  readonly own: 'same-place' | 'covered' | undefined
  readonly issuerRank: DivisionRank
  readonly crossProvince: boolean
  readonly commonAlliances: number
  /** Some alliance lists both, but one of them is not in force there on the day. */
  readonly membershipLapsed: boolean
}

/** A member's place is in force between its dates; one that was suspended or has left was so before that day. */
const inForce = (member: AllianceMemberView, on: string): boolean =>
  member.from <= on && (member.until === undefined ? member.state === 'active' : on < member.until)

const stands = (member: AllianceMemberView, code: string): boolean =>
  member.division === code || (member.coversSubordinates && ancestorsOf(code).includes(member.division))

/** What an alliance's list says of a place: under which of its entries it belongs to the alliance, on the day and at all. */
function belonging(
  alliance: AllianceView,
  code: string,
  on: string,
  issuing: boolean,
): { readonly now: readonly AllianceMemberView[]; readonly ever: boolean } {
  const entries = alliance.members.filter((member) => stands(member, code) && (issuing || member.role === 'member'))
  return { now: entries.filter((member) => inForce(member, on)), ever: entries.length > 0 }
}

/** 320400 is the prefecture above the members 320413 and 320481 without being a member itself. */
const isParentOfMember = (alliance: AllianceView, code: string, on: string): boolean =>
  rankOf(code) === 'prefecture' &&
  alliance.members.some(
    (member) => member.role === 'member' && inForce(member, on) && rankOf(member.division) === 'county' && ancestorsOf(member.division).includes(code),
  )

export function sceneOf(compiled: CompiledRules, index: AllianceIndex, { issuer, verifier }: Places, on: string): Scene {
  const concerning = (sets: readonly CompiledRuleSet[], member: boolean, memberOrParent: boolean): readonly SceneSet[] =>
    withoutReplaced(sets, on).map(({ set, inForce }) => ({ set, inForce, member, memberOrParent }))
  const sets = [...concerning(compiled.national, false, false)]
  let commonAlliances = 0
  let membershipLapsed = false
  for (const alliance of index.concerning(verifier)) {
    const from = belonging(alliance, issuer, on, true)
    const to = belonging(alliance, verifier, on, false)
    if (from.now.length === 0 || to.now.length === 0) {
      membershipLapsed ||= from.ever && to.ever
      continue
    }
    commonAlliances++
    const member = from.now.some(({ role }) => role === 'member')
    sets.push(...concerning(compiled.byAlliance.get(alliance.id) ?? [], member, member || isParentOfMember(alliance, issuer, on)))
  }
  return {
    sets,
    own: issuer === verifier ? 'same-place' : covers(index, issuer, verifier, on) || covers(index, verifier, issuer, on) ? 'covered' : undefined,
    issuerRank: rankOf(issuer),
    crossProvince: issuer.slice(0, 2) !== verifier.slice(0, 2),
    commonAlliances,
    membershipLapsed,
  }
}

/** Whether `upper` is above `lower` and some alliance has it as a member that covers what is below it. */
const covers = (index: AllianceIndex, upper: string, lower: string, on: string): boolean =>
  ancestorsOf(lower).includes(upper) &&
  index
    .concerning(upper)
    .some(({ members }) => members.some((member) => member.division === upper && member.coversSubordinates && member.role === 'member' && inForce(member, on)))

/** Of several versions of one id that are in force on the day, the newest is; the others are told as not in force. */
function withoutReplaced(sets: readonly CompiledRuleSet[], on: string): readonly { readonly set: CompiledRuleSet; readonly inForce: boolean }[] {
  let held: string | undefined
  return sets.map((set) => {
    const current = set.from <= on && (set.until === undefined || on < set.until) && held !== set.id
    if (current) held = set.id
    return { set, inForce: current }
  })
}

/** Which alliances name a place or something above it, by id. Built once per array of alliances. */
export interface AllianceIndex {
  readonly concerning: (code: string) => readonly AllianceView[]
}

export function indexAlliances(alliances: readonly AllianceView[]): AllianceIndex {
  const ordered = alliances.toSorted((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0))
  const byDivision = new Map<string, number[]>()
  for (const [position, { members }] of ordered.entries())
    for (const division of new Set(members.map((member) => member.division))) {
      const known = byDivision.get(division)
      if (known === undefined) byDivision.set(division, [position])
      else known.push(position)
    }
  return {
    concerning: (code) => {
      const positions = new Set([code, ...ancestorsOf(code)].flatMap((place) => byDivision.get(place) ?? []))
      return [...positions].toSorted((a, b) => a - b).map((position) => ordered[position]!) // positions of this very array
    },
  }
}
