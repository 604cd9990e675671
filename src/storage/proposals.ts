import { asc, desc, eq } from 'drizzle-orm'

import type { Writer } from './engine.ts'
import { reading, readingOne, writing, type Given } from './statement.ts'
import type { Row } from './tables.ts'

/** What was put before the members, by the digest of its content. It never changes. */
export type ProposalRow = Row<'proposal'>

/** A signature for it. It has been checked before it is put here. */
export type ProposalSignatureRow = Row<'proposalSignature'>

const insert = writing((db, { proposal }, given: Given<ProposalRow>) =>
  db
    .insert(proposal)
    .values({
      digest: given.digest,
      kind: given.kind,
      subject: given.subject,
      version: given.version,
      payload: given.payload,
      proposedBy: given.proposedBy,
      proposedAt: given.proposedAt,
    })
    .onConflictDoNothing()
    .returning({ digest: proposal.digest }),
)

/** False when it is here already. */
export async function putProposal(tx: Writer, row: ProposalRow): Promise<boolean> {
  return (await insert(tx, row)).length === 1
}

const insertSignature = writing((db, { proposalSignature }, given: Given<ProposalSignatureRow>) =>
  db
    .insert(proposalSignature)
    .values({
      digest: given.digest,
      kid: given.kid,
      protected: given.protected,
      signature: given.signature,
      addedBy: given.addedBy,
      addedAt: given.addedAt,
    })
    .onConflictDoNothing()
    .returning({ kid: proposalSignature.kid }),
)

/** False when the key has signed already. */
export async function putProposalSignature(tx: Writer, row: ProposalSignatureRow): Promise<boolean> {
  return (await insertSignature(tx, row)).length === 1
}

export const findProposal = readingOne((db, { proposal }, given: Given<{ readonly digest: Uint8Array }>) =>
  db.select().from(proposal).where(eq(proposal.digest, given.digest)),
)

/** Newest first. */
export const listProposals = reading((db, { proposal }, given: Given<{ readonly limit: number }>) =>
  db.select().from(proposal).orderBy(desc(proposal.proposedAt), asc(proposal.digest)).limit(given.limit),
)

export const listProposalSignatures = reading((db, { proposalSignature }, given: Given<{ readonly digest: Uint8Array }>) =>
  db.select().from(proposalSignature).where(eq(proposalSignature.digest, given.digest)).orderBy(asc(proposalSignature.addedAt), asc(proposalSignature.kid)),
)
