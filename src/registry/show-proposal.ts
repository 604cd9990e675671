import { decodeBase64url } from '#core/encoding/base64url.ts'
import type { Engine } from '#core/crypto/engine.ts'
import { Fault } from '#core/fault.ts'
import { instantOf, type Instant } from '#core/model/instant.ts'
import type { Trust } from '#core/trust/assemble-trust.ts'
import { compareLists, type Difference } from '#core/trust/compare-lists.ts'
import { compareRules } from '#core/trust/compare-rules.ts'
import type { Proposal } from '#core/trust/proposal.ts'
import { weighProposal, type Weighed } from '#core/trust/weigh-proposal.ts'
import { findProposal, listProposals, type ProposalRow } from '#storage/proposals.ts'
import { listOf, stateOf, type ProposalState } from './adopt-proposal.ts'
import { readKept } from './keep-proposal.ts'
import type { Office } from './office.ts'

/** How a proposal stands: who has signed for which threshold and who has not, and what it changes. */
export interface ProposalView extends Weighed {
  readonly proposal: Proposal
  readonly state: ProposalState
  readonly changes: readonly Difference[]
}

/** What a proposal would change of what is held. Nothing for a stamp. */
export function changesOf(proposal: Proposal, trust: Pick<Trust, 'alliances' | 'ruleSets'> | undefined): readonly Difference[] {
  if (proposal.kind === 'alliance') {
    const held = trust?.alliances.find(({ payload }) => payload.alliance === proposal.alliance)
    return compareLists(held?.payload, proposal.content)
  }
  if (proposal.kind === 'freshness') return []
  const { ruleSet } = proposal.content
  const before = (trust?.ruleSets ?? [])
    .map(({ payload }) => payload.ruleSet)
    .filter(({ id, version }) => id === ruleSet.id && version < ruleSet.version)
    .toSorted((a, b) => b.version - a.version)[0]
  return compareRules(before, ruleSet)
}

/** The same as the store would say, from assembled trust alone: for whoever has a folder and no node. */
export function stateIn({ alliances, ruleSets }: Pick<Trust, 'alliances' | 'ruleSets'>, { kind, alliance, subject, version, digest }: Proposal): ProposalState {
  const list = alliances.find(({ payload }) => payload.alliance === alliance)
  const held =
    kind === 'rules'
      ? ruleSets.filter(({ payload }) => payload.ruleSet.id === subject).map((set) => ({ version: set.payload.ruleSet.version, digest: set.digest }))
      : kind === 'alliance'
        ? [list].flatMap((found) => (found === undefined ? [] : [{ version: found.payload.version, digest: found.digest }]))
        : [list?.stamp].flatMap((stamp) => (stamp === undefined ? [] : [{ version: stamp.payload.iat, digest: stamp.digest }]))
  if (held.some((entry) => entry.digest === digest)) return 'adopted'
  return held.some((entry) => entry.version >= version) ? 'superseded' : 'open'
}

/** @param trust what is held; undefined where nothing is: then only what the proposal itself says can be told */
export function viewProposal(proposal: Proposal, state: ProposalState, trust: Trust | undefined, engine: Engine): ProposalView {
  const held = trust === undefined ? undefined : listOf(trust, proposal.alliance)
  // Whom a proposal that is over would have needed, the list of today does not know.
  const weighed = state === 'superseded' ? { thresholds: [], met: false, strangers: [] } : weighProposal(proposal, held, engine)
  return { ...weighed, proposal, state, changes: state === 'open' ? changesOf(proposal, trust) : [] }
}

export interface KeptView extends ProposalView {
  readonly proposedBy: string
  readonly proposedAt: Instant
}

async function viewKept(office: Pick<Office, 'store' | 'engine'>, trust: Trust, row: ProposalRow): Promise<KeptView> {
  const proposal = await readKept(office.store.read, office, row)
  const state = await stateOf(office.store.read, proposal)
  return { ...viewProposal(proposal, state, trust, office.engine), proposedBy: row.proposedBy, proposedAt: instantOf(row.proposedAt) }
}

/** Proposals that are kept here, newest first. */
export async function keptProposals(office: Pick<Office, 'store' | 'engine'>, trust: Trust, limit: number): Promise<readonly KeptView[]> {
  const rows = await listProposals(office.store.read, { limit })
  return Promise.all(rows.map((row) => viewKept(office, trust, row)))
}

/** Fault: `proposal-unknown`. */
export async function keptProposal(office: Pick<Office, 'store' | 'engine'>, trust: Trust, digest: string): Promise<KeptView> {
  const row = await findProposal(office.store.read, { digest: decodeBase64url(digest, 'digest') })
  if (row === undefined) throw new Fault('proposal-unknown', { at: digest })
  return viewKept(office, trust, row)
}
