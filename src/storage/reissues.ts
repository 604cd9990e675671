import { and, asc, eq, gt, isNull, sql } from 'drizzle-orm'

import { reading, readingOne, writing, type Given } from './statement.ts'

// The queue of records of the bureau's own that have to be issued again. Filled by `queueTakenDown`; nothing is ever deleted from it.

interface PageGiven {
  readonly after: Uint8Array
  readonly limit: number
}

/** What is not done, by the record's id: oldest records first. */
export const listOpenReissues = reading((db, { reissue, draft }, given: Given<PageGiven>) =>
  db
    .select({
      recordId: reissue.recordId,
      reason: reissue.reason,
      kid: reissue.kid,
      queuedAt: reissue.queuedAt,
      draftId: reissue.draftId,
      draftState: draft.state,
      draftedBy: draft.createdBy,
    })
    .from(reissue)
    .leftJoin(draft, eq(draft.id, reissue.draftId))
    .where(and(isNull(reissue.doneAt), gt(reissue.recordId, given.after)))
    .orderBy(asc(reissue.recordId))
    .limit(given.limit),
)

export const findReissue = readingOne((db, { reissue }, given: Given<{ readonly recordId: Uint8Array }>) =>
  db.select().from(reissue).where(eq(reissue.recordId, given.recordId)),
)

export const findReissueByDraft = readingOne((db, { reissue }, given: Given<{ readonly draftId: Uint8Array }>) =>
  db
    .select()
    .from(reissue)
    .where(and(eq(reissue.draftId, given.draftId), sql`${reissue.draftId} is not null`)),
)

/** How far the work is: what waits to be drafted, waits for approval, is done. */
export const countReissues = readingOne((db, { reissue, draft }, _given: Given<object>) =>
  db
    .select({
      waiting: sql<number>`sum(case when ${reissue.doneAt} is null and (${draft.state} is null or ${draft.state} <> 'open') then 1 else 0 end)`.mapWith(Number),
      drafted: sql<number>`sum(case when ${reissue.doneAt} is null and ${draft.state} = 'open' then 1 else 0 end)`.mapWith(Number),
      done: sql<number>`sum(case when ${reissue.doneAt} is not null then 1 else 0 end)`.mapWith(Number),
    })
    .from(reissue)
    .leftJoin(draft, eq(draft.id, reissue.draftId)),
)

export const setReissueDraft = writing((db, { reissue }, given: Given<{ readonly recordId: Uint8Array; readonly draftId: Uint8Array }>) =>
  db
    .update(reissue)
    .set({ draftId: given.draftId })
    .where(and(eq(reissue.recordId, given.recordId), isNull(reissue.doneAt))),
)

export const setReissueDone = writing((db, { reissue }, given: Given<{ readonly recordId: Uint8Array; readonly at: number }>) =>
  db
    .update(reissue)
    .set({ doneAt: given.at })
    .where(and(eq(reissue.recordId, given.recordId), isNull(reissue.doneAt))),
)
