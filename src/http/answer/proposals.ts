import { addSignatures, createProposal, getProposal, listProposalsRoute } from '#contract/proposals.ts'
import type { JsonObject } from '#core/encoding/parse-json.ts'
import type { DivisionCode } from '#core/model/division-code.ts'
import { writeProposal, type Proposal } from '#core/trust/proposal.ts'
import type { Threshold, Voter } from '#core/trust/weigh-proposal.ts'
import { handIn, type ProposalState } from '#registry/adopt-proposal.ts'
import { propose } from '#registry/propose.ts'
import { remember } from '#registry/remember.ts'
import { keptProposal, keptProposals, type KeptView } from '#registry/show-proposal.ts'
import { bind, type Binding } from '../bind.ts'
import type { Desks } from '../desks.ts'

const usualLimit = 100
const mostListed = 200

export function bindProposals(binding: Binding, { office, desk, trustChanged }: Pick<Desks, 'office' | 'desk' | 'trustChanged'>): void {
  bind(binding, createProposal, ({ body, request }) =>
    remember(office, request, async () => {
      if ('draft' in body) return { ...labelOf(await propose(office, request, body.draft as JsonObject, { sign: false }), 'open'), added: 0 } // parsed JSON by construction
      const { proposal, state, added } = await handIn(office, request, writeProposal({ payloadText: body.payload, signatures: body.signatures }))
      trustChanged()
      return { ...labelOf(proposal, state), added }
    }),
  )
  bind(binding, listProposalsRoute, async ({ query: { state, limit = usualLimit } }) => {
    const { trust } = await desk.current()
    const views = await keptProposals(office, trust, mostListed)
    const asked = views.filter((view) => state === undefined || view.state === state)
    return { proposals: asked.slice(0, limit).map(summaryOf) }
  })
  bind(binding, getProposal, async ({ params }) => {
    const { trust } = await desk.current()
    const view = await keptProposal(office, trust, params.digest)
    const { payloadText, signatures } = view.proposal
    return {
      ...summaryOf(view),
      changes: view.changes.map((change) => ({ ...change })),
      file: { payload: payloadText, signatures: signatures.map((entry) => ({ protected: entry.protected, signature: entry.signature })) },
    }
  })
  bind(binding, addSignatures, ({ params, body, request }) =>
    remember(office, request, async () => {
      const { trust } = await desk.current()
      const { payloadText } = (await keptProposal(office, trust, params.digest)).proposal
      const { state, added } = await handIn(office, request, writeProposal({ payloadText, signatures: body.signatures }))
      trustChanged()
      const { proposedBy: _by, proposedAt: _at, ...rest } = summaryOf(await keptProposal(office, (await desk.current()).trust, params.digest))
      return { ...rest, state, added }
    }),
  )
}

const labelOf = ({ digest, kind, alliance, subject, version }: Proposal, state: ProposalState) => ({ digest, kind, alliance, subject, version, state })

const summaryOf = ({ proposal, state, proposedBy, proposedAt, met, thresholds }: KeptView) => ({
  ...labelOf(proposal, state),
  proposedBy,
  proposedAt,
  met,
  thresholds: thresholds.map(thresholdOf),
})

const thresholdOf = ({ signed, missing, ...threshold }: Threshold) => ({ ...threshold, signed: signed.map(voterOf), missing: missing.map(voterOf) })

const voterOf = ({ iss, division, name }: Voter) => ({ iss, division: division as DivisionCode, name }) // an accepted list names it
