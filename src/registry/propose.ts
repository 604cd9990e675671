import type { JsonObject } from '#core/encoding/parse-json.ts'
import { Fault } from '#core/fault.ts'
import { secondsOf } from '#core/model/instant.ts'
import { parseOrFault } from '#core/model/parse-or-fault.ts'
import { lintRules } from '#core/rules/lint-rules.ts'
import { RuleSet } from '#core/rules/rule-set.ts'
import { allianceListType, readAllianceList, type AllianceList } from '#core/trust/alliance-list.ts'
import { mayVote } from '#core/trust/alliance-member.ts'
import type { Trust } from '#core/trust/assemble-trust.ts'
import { draftList } from '#core/trust/draft-list.ts'
import { freshnessType } from '#core/trust/freshness-stamp.ts'
import { readProposal, type Proposal } from '#core/trust/proposal.ts'
import { proposeSharedFile, type SharedFileType } from '#core/trust/sign-general-jws.ts'
import { ruleSetType } from '#core/trust/signed-rule-set.ts'
import { holdTrust } from './held-trust.ts'
import { keepProposal } from './keep-proposal.ts'
import type { Office } from './office.ts'
import type { Request } from './perform.ts'

const day = 24 * 3600

/** How long a list, a rule set and a stamp are fresh, and how long a list and a rule set say anything at all. Seconds. */
export const sharedLifetimes = { ttl: 30 * day, exp: 400 * day } as const

export interface ProposeOptions {
  /** Whether this node's authority key signs at once; false where that key is elsewhere. */
  readonly sign: boolean
}

/**
 * Puts a list or a rule set before the members. The times are set here, and so is what follows from the list in force; everything else is the
 * proposer's. What could never be adopted is refused now, before anybody signs it: a list that does not follow the one in force, that its own
 * voters cannot carry or whose number of cosigners they cannot meet, a rule set that contradicts itself or is no newer than the one held.
 */
export async function propose(office: Office, request: Request, draft: JsonObject, { sign }: ProposeOptions): Promise<Proposal> {
  const { trust } = await holdTrust(office)
  const iat = secondsOf(office.clock())
  const times = { iat, ttl: sharedLifetimes.ttl, exp: iat + sharedLifetimes.exp }
  if (draft['rules'] !== undefined) return put(office, request, ruleSetType, { ...times, ruleSet: checkRules(draft, trust) }, sign)
  const held = trust.alliances.find(({ payload }) => payload.alliance === draft['alliance'])
  const list = carryRules(draftList(draft, held, times), trust)
  if (held !== undefined && (list.version !== held.payload.version + 1 || list.prev !== held.digest))
    throw new Fault(list.version <= held.payload.version ? 'trust-rolled-back' : 'trust-chain-broken', {
      at: `alliance-list/${list.alliance}`,
      detail: `${list.version} after ${held.payload.version}`,
    })
  readAllianceList(list, '')
  requireCosigners(list)
  return put(office, request, allianceListType, list, sign)
}

/**
 * Nobody vouches for its own log, so of n full members n - 1 can cosign. Asked for here alone: a list that was adopted without being able to
 * meet it proves no times, and is a list for all that.
 */
function requireCosigners({ thresholds: { cosigners = 0 }, members }: AllianceList): void {
  const others = members.filter(mayVote).length - 1
  if (cosigners > others) throw new Fault('trust-cosigners-unreachable', { at: 'alliance-list/thresholds/cosigners', detail: `${cosigners} of ${others}` })
}

/** What is in force stays in force, unless the draft itself says which rule sets do. */
function carryRules(list: AllianceList, { ruleSets }: Trust): AllianceList {
  const carried = ruleSets
    .filter(({ payload }) => payload.ruleSet.alliance === list.alliance)
    .map(({ payload, digest }) => ({ id: payload.ruleSet.id, version: payload.ruleSet.version, digest }))
  return list.ruleSets !== undefined || carried.length === 0 ? list : { ...list, ruleSets: carried }
}

function checkRules(draft: JsonObject, { ruleSets }: Trust): RuleSet {
  const ruleSet = parseOrFault(RuleSet, draft, 'request-malformed', 'ruleSet')
  const errors = lintRules(ruleSet).filter(({ severity }) => severity === 'refusal')
  if (errors.length > 0) throw new Fault('request-malformed', { at: 'ruleSet', findings: errors.map(({ at, code }) => ({ at, code })) })
  const newest = Math.max(0, ...ruleSets.filter(({ payload }) => payload.ruleSet.id === ruleSet.id).map(({ payload }) => payload.ruleSet.version))
  if (ruleSet.version <= newest) throw new Fault('trust-rolled-back', { at: `rule-set/${ruleSet.id}`, detail: `${ruleSet.version} after ${newest}` })
  return ruleSet
}

/** Says that the list of an alliance that is held here, and its newest rule sets, are still the newest: signed by the secretariat, that is enough. */
export async function proposeStamp(office: Office, request: Request, alliance: string, { sign }: ProposeOptions): Promise<Proposal> {
  const { trust } = await holdTrust(office)
  const list = trust.alliances.find(({ payload }) => payload.alliance === alliance)
  if (list === undefined) throw new Fault('trust-missing', { at: `alliance-list/${alliance}` })
  const ruleSets = trust.ruleSets
    .filter(({ payload }) => payload.ruleSet.alliance === alliance)
    .map(({ payload, digest }) => ({ id: payload.ruleSet.id, version: payload.ruleSet.version, digest }))
  const iat = secondsOf(office.clock())
  const stamp = { alliance, version: list.payload.version, digest: list.digest, iat, ttl: sharedLifetimes.ttl, ...(ruleSets.length === 0 ? {} : { ruleSets }) }
  return put(office, request, freshnessType, stamp, sign)
}

async function put(office: Office, request: Request, typ: SharedFileType, payload: unknown, sign: boolean): Promise<Proposal> {
  const file = proposeSharedFile(typ, payload, sign ? await office.keyring.authority() : undefined)
  const proposal = readProposal(file, office.engine)
  await office.store.atomically((tx) => keepProposal(tx, office, request, proposal, proposal.signatures))
  return proposal
}
