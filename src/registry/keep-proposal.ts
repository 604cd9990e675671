import { decodeBase64url } from '#core/encoding/base64url.ts'
import { secondsOf } from '#core/model/instant.ts'
import { readProposal, writeProposal, type Proposal, type ProposalSignature } from '#core/trust/proposal.ts'
import type { Reader, Writer } from '#storage/open-store.ts'
import { findProposal, listProposalSignatures, putProposal, putProposalSignature, type ProposalRow } from '#storage/proposals.ts'
import type { Office } from './office.ts'
import { audit, type Request } from './perform.ts'

export const nameOf = ({ kind, subject, version }: Pick<Proposal, 'kind' | 'subject' | 'version'>): string => `${kind} ${subject} ${version}`

/**
 * Keeps a proposal and signatures that have been checked, and notes what is new of them: what was here already, somebody has handed in again.
 * Gives how many signatures were new.
 */
export async function keepProposal(
  tx: Writer,
  office: Pick<Office, 'clock' | 'newId'>,
  { actor }: Pick<Request, 'actor'>,
  proposal: Proposal,
  checked: readonly ProposalSignature[],
): Promise<number> {
  const digest = decodeBase64url(proposal.digest, 'digest')
  const now = secondsOf(office.clock())
  const { kind, subject, version, payloadText: payload } = proposal
  if (await putProposal(tx, { digest, kind, subject, version, payload, proposedBy: actor, proposedAt: now }))
    await audit(tx, office, { actor, action: 'propose', subject: nameOf(proposal), detail: { digest: proposal.digest } })
  let added = 0
  for (const { kid, protected: header, signature } of checked) {
    if (!(await putProposalSignature(tx, { digest, kid, protected: header, signature, addedBy: actor, addedAt: now }))) continue
    added++
    await audit(tx, office, { actor, action: 'add-signature', subject: nameOf(proposal), detail: { digest: proposal.digest, kid } })
  }
  return added
}

/** A proposal as it is kept here, with all signatures that have come in. */
export async function readKept(from: Reader, office: Pick<Office, 'engine'>, row: Pick<ProposalRow, 'digest' | 'payload'>): Promise<Proposal> {
  const signatures = await listProposalSignatures(from, { digest: row.digest })
  return readProposal(writeProposal({ payloadText: row.payload, signatures }), office.engine)
}

export async function findKept(
  from: Reader,
  office: Pick<Office, 'engine'>,
  digest: string,
): Promise<{ readonly row: ProposalRow; readonly proposal: Proposal } | undefined> {
  const row = await findProposal(from, { digest: decodeBase64url(digest, 'digest') })
  return row === undefined ? undefined : { row, proposal: await readKept(from, office, row) }
}
