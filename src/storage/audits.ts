import { and, asc, eq, gt } from 'drizzle-orm'

import { insertion, reading, type Given } from './statement.ts'
import type { Row } from './tables.ts'

/** Who did what to what, when and why. `detail` holds nothing personal. */
export type AuditRow = Row<'audit'>

/** In the transaction of the act itself. */
export const appendAudits = insertion('audit')

/** A page of what happened, in order. `after` is the id of the last entry of the page before, or an empty array. */
export const listAudits = reading((db, { audit }, given: Given<{ readonly after: Uint8Array; readonly limit: number }>) =>
  db.select().from(audit).where(gt(audit.id, given.after)).orderBy(asc(audit.id)).limit(given.limit),
)

/** The same for one subject: a record, a draft, a client. */
export const listAuditsOfSubject = reading((db, { audit }, given: Given<{ readonly subject: string; readonly after: Uint8Array; readonly limit: number }>) =>
  db
    .select()
    .from(audit)
    .where(and(eq(audit.subject, given.subject), gt(audit.id, given.after)))
    .orderBy(asc(audit.id))
    .limit(given.limit),
)
