import type { Engine, PublicKey } from '../crypto/engine.ts'
import { Fault, type FaultFinding } from '../fault.ts'
import type { Localised } from '../model/localised.ts'
import { acceptAllianceList, readAllianceList, signaturesNeeded, type AcceptedAllianceList, type AllianceAnchor } from './alliance-list.ts'
import { secretariatOf } from './alliance-organs.ts'
import { acceptStamp, stampThreshold } from './freshness-stamp.ts'
import { signatureHolds, writeProposal, type Proposal } from './proposal.ts'
import { acceptRuleSet, type AcceptedRuleSet } from './signed-rule-set.ts'

/** A member whose signature counts. */
export interface Voter {
  readonly iss: string
  readonly division: string
  readonly name: Localised
  readonly kid: string
}

/**
 * One threshold that a proposal has to meet. `old`: of the list in force; `new`: of the list that is proposed; `rules`, `freshness`: of the
 * list in force, for these.
 */
export interface Threshold {
  readonly of: 'old' | 'new' | 'rules' | 'freshness'
  /** Of the list that sets it. */
  readonly version: number
  readonly needed: number
  readonly signed: readonly Voter[]
  readonly missing: readonly Voter[]
  readonly met: boolean
}

export const thresholdTexts: Readonly<Record<Threshold['of'], Localised>> = {
  old: { zh: '现行名录', en: 'list in force' },
  new: { zh: '拟议名录', en: 'proposed list' },
  rules: { zh: '规则集', en: 'rule sets' },
  freshness: { zh: '时效确认', en: 'freshness' },
}

export interface Weighed {
  readonly thresholds: readonly Threshold[]
  readonly met: boolean
  /** Signatures of keys that neither list counts. They neither help nor harm. */
  readonly strangers: readonly string[]
}

/**
 * Who has signed and who has not, for each threshold. A signature that does not hold under a key that counts is refused
 * (`signature-wrong`): somebody has changed the file.
 *
 * @param held the newest list of the alliance that is held; none for an alliance that is being formed
 */
export function weighProposal(proposal: Proposal, held: AcceptedAllianceList | undefined, engine: Engine): Weighed {
  const thresholds = thresholdsOf(proposal, held).map(({ of, list, needed, suffices }): Threshold => {
    const voters = votersOf(list)
    const signed = voters.filter(({ kid }) => hasSigned(proposal, kid, list.voters.get(kid)!, engine))
    const met = signed.length >= needed || signed.some(({ iss }) => iss === suffices)
    return { of, version: list.payload.version, needed, signed, missing: voters.filter((voter) => !signed.includes(voter)), met }
  })
  const known = new Set(thresholds.flatMap(({ signed }) => signed.map(({ kid }) => kid)))
  return {
    thresholds,
    met: thresholds.length > 0 && thresholds.every(({ met }) => met),
    strangers: proposal.signatures.map(({ kid }) => kid).filter((kid) => !known.has(kid)),
  }
}

interface Asked {
  readonly of: Threshold['of']
  readonly list: AcceptedAllianceList
  readonly needed: number
  /** Issuer whose signature alone is enough. */
  readonly suffices?: string | undefined
}

function thresholdsOf(proposal: Proposal, held: AcceptedAllianceList | undefined): readonly Asked[] {
  if (proposal.kind === 'alliance') {
    const list = readAllianceList(proposal.content, proposal.digest)
    const next: Asked = { of: 'new', list, needed: signaturesNeeded(list.payload) }
    return held !== undefined && held.digest !== list.digest ? [{ of: 'old', list: held, needed: held.payload.thresholds.list }, next] : [next]
  }
  // Without the list nobody can say who has to sign.
  if (held === undefined) return []
  const { payload } = held
  return proposal.kind === 'rules'
    ? [{ of: 'rules', list: held, needed: payload.thresholds.rules }]
    : [{ of: 'freshness', list: held, needed: stampThreshold(payload), suffices: secretariatOf(payload)?.iss }]
}

const votersOf = ({ payload, authorityKeys, voters }: AcceptedAllianceList): readonly Voter[] =>
  payload.members.flatMap(({ iss, division, name }) => {
    const kid = authorityKeys.get(iss)?.kid
    return kid !== undefined && voters.has(kid) ? [{ iss, division, name, kid }] : []
  })

function hasSigned(proposal: Proposal, kid: string, key: PublicKey, engine: Engine): boolean {
  const index = proposal.signatures.findIndex((signature) => signature.kid === kid)
  if (index < 0) return false
  if (!signatureHolds(proposal, proposal.signatures[index]!, key, engine)) throw new Fault('signature-wrong', { at: `signatures/${index}` })
  return true
}

/**
 * Whether the proposal can take the place of what is held: the thresholds of the old and of the new version are met, and it follows from what
 * is there. Where signatures are missing the fault says for which threshold, and whose would count.
 */
export function checkAdoption(
  proposal: Proposal,
  held: AcceptedAllianceList | AllianceAnchor | undefined,
  ruleSets: readonly AcceptedRuleSet[],
  engine: Engine,
): void {
  const at = `${proposal.kind} ${proposal.subject}`
  if (held === undefined) throw new Fault('trust-issuer-unnamed', { at })
  const list = 'payload' in held ? held : undefined
  if (list === undefined && proposal.kind !== 'alliance') throw new Fault('trust-missing', { at: `alliance-list/${proposal.alliance}` })
  try {
    const bytes = writeProposal(proposal)
    if (proposal.kind === 'alliance') acceptAllianceList(bytes, held, engine)
    else if (proposal.kind === 'freshness') acceptStamp(bytes, list!, list!.stamp, engine) // looked at above
    else acceptRuleSet(bytes, list!, newestOf(ruleSets, proposal.subject), engine)
  } catch (fault) {
    if (!(fault instanceof Fault) || fault.code !== 'trust-threshold-missed') throw fault
    const { thresholds } = weighProposal(proposal, list, engine)
    const lacking = thresholds.filter(({ met }) => !met)
    throw new Fault(fault.code, {
      at,
      detail: lacking.map(tellLack).join('; '),
      findings: lacking.flatMap(({ of, missing }) => missing.map(({ division }): FaultFinding => ({ at: `${of}/${division}`, code: 'signature-missing' }))),
    })
  }
}

const tellLack = ({ of, version, needed, signed, missing }: Threshold): string =>
  `${of} (list v${version}): ${signed.length} of ${needed}, missing ${needed - signed.length} of ${missing.map(({ division, name }) => `${division} ${name.zh}`).join(', ')}`

const newestOf = (ruleSets: readonly AcceptedRuleSet[], id: string): AcceptedRuleSet | undefined =>
  ruleSets.filter(({ payload }) => payload.ruleSet.id === id).toSorted((a, b) => b.payload.ruleSet.version - a.payload.ruleSet.version)[0]
