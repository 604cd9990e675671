import { asc, eq } from 'drizzle-orm'

import { insertion, reading, type Given } from './statement.ts'
import type { Row } from './tables.ts'

export type StatusEvent = Row<'statusEvent'>

/** Something that happened to a record: since when it counts, and when the node learned of it. Never changed; undoing is another event. */
export const insertStatusEvents = insertion('statusEvent')

/** The history of a record, as it was recorded. */
export const listStatusEvents = reading((db, { statusEvent }, given: Given<{ readonly recordId: Uint8Array }>) =>
  db.select().from(statusEvent).where(eq(statusEvent.recordId, given.recordId)).orderBy(asc(statusEvent.id)),
)

/**
 * The history of every record in one status list, as it was recorded: what its published file says of the past. Read by the places that the
 * events carry, so that it costs what has changed and not what has a place.
 */
export const listEventsOfList = reading((db, { statusEvent }, given: Given<{ readonly no: number }>) =>
  db
    .select({
      statusIndex: statusEvent.statusIndex,
      kind: statusEvent.kind,
      reason: statusEvent.reason,
      effectiveAt: statusEvent.effectiveAt,
      recordedAt: statusEvent.recordedAt,
    })
    .from(statusEvent)
    .where(eq(statusEvent.statusList, given.no))
    .orderBy(asc(statusEvent.statusIndex), asc(statusEvent.id)),
)
