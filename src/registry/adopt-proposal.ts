import { decodeBase64url } from '#core/encoding/base64url.ts'
import { Fault } from '#core/fault.ts'
import { mergeProposals, readProposal, signatureHolds, writeProposal, type Proposal, type ProposalSignature } from '#core/trust/proposal.ts'
import { readAllianceList, type AcceptedAllianceList } from '#core/trust/alliance-list.ts'
import type { Trust } from '#core/trust/assemble-trust.ts'
import { checkAdoption } from '#core/trust/weigh-proposal.ts'
import { listProposals } from '#storage/proposals.ts'
import { findNewestTrustObject, findTrustObject } from '#storage/trust-objects.ts'
import type { PublicKey } from '#core/crypto/engine.ts'
import type { Reader } from '#storage/open-store.ts'
import { holdTrust, readAnchors, takeTrustFiles } from './held-trust.ts'
import { findKept, keepProposal, nameOf, readKept } from './keep-proposal.ts'
import type { Office } from './office.ts'
import { audit, type Request } from './perform.ts'

/** `superseded`: another content or a later version has taken its place, or it is a stamp of a list that is over. */
export type ProposalState = 'open' | 'adopted' | 'superseded'

/** What became of a proposal is read from what is held, so that no second place can say otherwise. */
export async function stateOf(
  from: Reader,
  { kind, subject, version, digest }: Pick<Proposal, 'kind' | 'subject' | 'version' | 'digest'>,
): Promise<ProposalState> {
  const object = await findTrustObject(from, { kind, subject, version })
  if (object !== undefined) return Buffer.compare(object.digest, decodeBase64url(digest, 'digest')) === 0 ? 'adopted' : 'superseded'
  const newest = await findNewestTrustObject(from, { kind, subject })
  if (newest !== undefined && newest.version > version) return 'superseded'
  if (kind !== 'freshness') return 'open'
  const [alliance = '', listVersion] = subject.split('/')
  const list = await findNewestTrustObject(from, { kind: 'alliance', subject: alliance })
  return list !== undefined && list.version > Number(listVersion) ? 'superseded' : 'open'
}

export interface AdoptedProposal {
  readonly proposal: Proposal
  /** `known`: it was in force here already. */
  readonly outcome: 'adopted' | 'known'
}

/**
 * Puts the copies together that different members have signed, with what has come in here, and adopts the content when the thresholds of the
 * list in force and of the proposed one are met. The fault says which is not, and whose signatures are missing; what did come in is kept.
 */
export async function adoptProposal(office: Office, request: Request, files: readonly Uint8Array[]): Promise<AdoptedProposal> {
  const [first, ...others] = files.map((bytes) => readProposal(bytes, office.engine))
  if (first === undefined) throw new Fault('request-malformed', { at: 'files' })
  const merged = mergeProposals([first, ...others])
  const { trust } = await holdTrust(office)
  const checked = checkedSignatures(merged, merged.signatures, trust, office)
  await office.store.atomically((tx) => keepProposal(tx, office, request, merged, checked))
  const kept = await findKept(office.store.read, office, merged.digest)
  return adopt(office, request, kept!.proposal, trust) // kept just now
}

async function adopt(office: Office, request: Pick<Request, 'actor'>, proposal: Proposal, trust: Trust): Promise<AdoptedProposal> {
  const anchors = await readAnchors(office.store.read, office.authority)
  const held = listOf(trust, proposal.alliance) ?? anchors.alliances.find(({ alliance }) => alliance === proposal.alliance)
  checkAdoption(proposal, held, trust.ruleSets, office.engine)
  const { refused, taken } = await takeTrustFiles(office, [{ name: nameOf(proposal), bytes: writeProposal(proposal) }], request.actor)
  if (refused[0] !== undefined) throw refused[0].fault
  if (taken.length === 0) return { proposal, outcome: 'known' }
  // A crash before this leaves it in force, and taken by the same actor, under its own entry of the audit.
  await office.store.atomically((tx) =>
    audit(tx, office, {
      actor: request.actor,
      action: 'adopt',
      subject: nameOf(proposal),
      detail: { digest: proposal.digest, signatures: proposal.signatures.length },
    }),
  )
  return { proposal, outcome: 'adopted' }
}

export const listOf = ({ alliances }: Trust, alliance: string): AcceptedAllianceList | undefined =>
  alliances.find(({ payload }) => payload.alliance === alliance)

/** Keys that may have a say: voters of the list in force and of the one that is proposed. */
function votersFor(proposal: Proposal, trust: Trust): ReadonlyMap<string, PublicKey> {
  const held = listOf(trust, proposal.alliance)
  const next = proposal.kind === 'alliance' ? readAllianceList(proposal.content, proposal.digest) : undefined
  return new Map([...(held?.voters ?? []), ...(next?.voters ?? [])])
}

/** Those of voters, each checked. Fault: `signature-wrong`. A key that has no say is left out: anybody can add one. */
function checkedSignatures(
  proposal: Proposal,
  signatures: readonly ProposalSignature[],
  trust: Trust,
  office: Pick<Office, 'engine'>,
): readonly ProposalSignature[] {
  const voters = votersFor(proposal, trust)
  return signatures.filter((signature, index) => {
    const key = voters.get(signature.kid)
    if (key === undefined) return false
    if (!signatureHolds(proposal, signature, key, office.engine)) throw new Fault('signature-wrong', { at: `signatures/${index}` })
    return true
  })
}

export interface HandedIn {
  readonly proposal: Proposal
  readonly state: ProposalState
  /** Signatures that were not here before. */
  readonly added: number
}

/**
 * A proposal or further signatures for one, from another node or an offline machine. Every signature must be of somebody who has a say
 * (`trust-signer-unknown`). It is adopted at once when the thresholds are met; until then nobody is told no: it waits for more.
 */
export async function handIn(office: Office, request: Request, bytes: Uint8Array): Promise<HandedIn> {
  const offered = readProposal(bytes, office.engine)
  const { trust } = await holdTrust(office)
  const checked = checkedSignatures(offered, offered.signatures, trust, office)
  const stranger = offered.signatures.findIndex((signature) => !checked.includes(signature))
  if (stranger >= 0) throw new Fault('trust-signer-unknown', { at: `signatures/${stranger}` })
  const added = await office.store.atomically((tx) => keepProposal(tx, office, request, offered, checked))
  const { proposal } = (await findKept(office.store.read, office, offered.digest))! // kept just now
  await adoptIfMet(office, request, proposal, trust)
  return { proposal, state: await stateOf(office.store.read, proposal), added }
}

async function adoptIfMet(office: Office, request: Pick<Request, 'actor'>, proposal: Proposal, trust: Trust): Promise<boolean> {
  if ((await stateOf(office.store.read, proposal)) !== 'open') return false
  try {
    return (await adopt(office, request, proposal, trust)).outcome === 'adopted'
  } catch (fault) {
    // Not yet, or not any more: both are told by whoever asks how the proposal stands.
    if (fault instanceof Fault && fault.code.startsWith('trust-')) return false
    throw fault
  }
}

const mostOpen = 200

/** Adopts what has become due without anybody handing in more: the list before it arrived, or we died between the last signature and this. */
export async function adoptDue(office: Office): Promise<readonly Proposal[]> {
  const rows = (await listProposals(office.store.read, { limit: mostOpen })).toReversed()
  const adopted: Proposal[] = []
  for (const row of rows) {
    const proposal = await readKept(office.store.read, office, row)
    if ((await stateOf(office.store.read, proposal)) !== 'open') continue
    const { trust } = await holdTrust(office)
    if (await adoptIfMet(office, { actor: 'node' }, proposal, trust)) adopted.push(proposal)
  }
  return adopted
}
