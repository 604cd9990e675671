import { and, asc, eq, gt } from 'drizzle-orm'

import type { Writer } from './engine.ts'
import { insertion, reading, readingOne, writing, type Given } from './statement.ts'
import type { DraftState, Row } from './tables.ts'

/** What one person has entered and another has to decide. The personal part is sealed from the first moment. */
export type Draft = Row<'draft'>

export const insertDrafts = insertion('draft')

export const findDraft = readingOne((db, { draft }, given: Given<{ readonly id: Uint8Array }>) => db.select().from(draft).where(eq(draft.id, given.id)))

/** A page of drafts in one state, oldest first. `after` is the id of the last of the page before, or an empty array. */
export const listDrafts = reading((db, { draft }, given: Given<{ readonly state: DraftState; readonly after: Uint8Array; readonly limit: number }>) =>
  db
    .select()
    .from(draft)
    .where(and(eq(draft.state, given.state), gt(draft.id, given.after)))
    .orderBy(asc(draft.id))
    .limit(given.limit),
)

export interface DraftDecision {
  readonly id: Uint8Array
  readonly state: 'approved' | 'rejected'
  readonly decidedBy: string
  readonly decidedAt: number
  readonly reason: string | null
  /** The record that was issued from it. */
  readonly recordId: Uint8Array | null
}

const decide = writing((db, { draft }, given: Given<DraftDecision>) =>
  db
    .update(draft)
    .set({ state: given.state, decidedBy: given.decidedBy, decidedAt: given.decidedAt, reason: given.reason, recordId: given.recordId })
    .where(and(eq(draft.id, given.id), eq(draft.state, 'open')))
    .returning({ id: draft.id }),
)

/** Decides an open draft. False when there is none, or somebody has decided it before: of two approvals only one goes through. */
export async function decideDraft(tx: Writer, decision: DraftDecision): Promise<boolean> {
  return (await decide(tx, decision)).length === 1
}
