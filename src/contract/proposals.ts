import { z } from 'zod'

import { Digest } from '#core/model/digest.ts'
import { DivisionCode } from '#core/model/division-code.ts'
import { Instant } from '#core/model/instant.ts'
import { Localised } from '#core/model/localised.ts'
import { GeneralJws } from '#core/trust/parse-general-jws.ts'
import type { Route } from './route.ts'
import { IssuerUrl, pageLimit } from './schemas.ts'

const states = ['open', 'adopted', 'superseded'] as const

const label = {
  digest: Digest.meta({ description: 'Of the content, whoever has signed it' }),
  kind: z.enum(['alliance', 'rules', 'freshness']),
  alliance: z.string(),
  subject: z.string(),
  version: z.int(),
  state: z.enum(states),
}

const Voter = z.strictObject({ iss: IssuerUrl, division: DivisionCode, name: Localised })

const Threshold = z
  .strictObject({
    of: z.enum(['old', 'new', 'rules', 'freshness']).meta({ description: 'old: of the list in force; new: of the list that is proposed' }),
    version: z.int().meta({ description: 'Of the list that sets it' }),
    needed: z.int(),
    met: z.boolean(),
    signed: z.array(Voter),
    missing: z.array(Voter),
  })
  .meta({ id: 'ProposalThreshold' })

const summary = { ...label, proposedBy: z.string(), proposedAt: Instant, met: z.boolean(), thresholds: z.array(Threshold) }

export const ProposalSummary = z.strictObject(summary).meta({ id: 'ProposalSummary' })

const file = GeneralJws.clone().meta({
  id: 'ProposalFile',
  description: 'The content and its signatures (JWS General JSON): the file that members pass on, sign, and in the end adopt',
})

export const createProposal = {
  id: 'createProposal',
  method: 'post',
  path: '/proposals',
  summary: {
    zh: '提出联盟名录或规则集',
    en: 'Put a list or a rule set before the members: as a draft, which nobody has signed yet, or as a file. An authority key is never reached from here: it signs where it is kept',
  },
  scope: ['trust'],
  body: z.union([
    z.strictObject({
      draft: z
        .record(z.string(), z.unknown())
        .meta({ description: 'A rule set, a whole list, or {alliance, changes}: who joins, leaves, is suspended, is amended' }),
    }),
    file,
  ]),
  limit: 'many',
  idempotent: true,
  reply: z.strictObject({ ...label, added: z.int().meta({ description: 'Signatures that were not here before' }) }),
} satisfies Route

export const listProposalsRoute = {
  id: 'listProposals',
  method: 'get',
  path: '/proposals',
  summary: { zh: '提案列表', en: 'Proposals that came in here, newest first: who has signed, who is missing' },
  scope: ['trust'],
  query: z.strictObject({ state: z.enum(states).optional(), limit: pageLimit(200) }),
  reply: z.strictObject({ proposals: z.array(ProposalSummary) }),
} satisfies Route

export const getProposal = {
  id: 'getProposal',
  method: 'get',
  path: '/proposals/{digest}',
  summary: { zh: '查看提案', en: 'A proposal: how it stands, what it changes, and the file with the signatures that have come in' },
  scope: ['trust'],
  params: z.strictObject({ digest: Digest }),
  reply: z.strictObject({
    ...summary,
    changes: z.array(z.strictObject({ code: z.string(), at: z.string(), text: Localised })),
    file,
  }),
} satisfies Route

export const addSignatures = {
  id: 'addSignatures',
  method: 'post',
  path: '/proposals/{digest}/signatures',
  summary: {
    zh: '提交签署',
    en: 'Hand in signatures of member authority keys. It is adopted at once when the thresholds of the list in force and of the proposed one are met',
  },
  scope: ['trust'],
  params: z.strictObject({ digest: Digest }),
  body: GeneralJws.pick({ signatures: true }).meta({ id: 'ProposalSignatures' }),
  limit: 'many',
  idempotent: true,
  reply: z.strictObject({ ...label, added: z.int(), met: z.boolean(), thresholds: z.array(Threshold) }),
} satisfies Route
