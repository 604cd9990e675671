import type { JsonObject } from '#core/encoding/parse-json.ts'
import { instantOf, type Instant } from '#core/model/instant.ts'
import { uuidText } from '#core/model/uuid.ts'
import { listAudits, listAuditsOfSubject, type AuditRow } from '#storage/audits.ts'
import type { Office } from './office.ts'
import { pageOf, pageStart, type Page, type PageRequest } from './page.ts'

export interface AuditEntry {
  readonly id: string
  readonly at: Instant
  readonly actor: string
  readonly action: string
  readonly subject: string
  readonly reason?: string
  readonly detail?: JsonObject
}

/** What happened, oldest first; to one subject where it is named. */
export async function auditPage(
  { store: { read } }: Pick<Office, 'store'>,
  { subject, ...request }: PageRequest & { readonly subject?: string | undefined },
): Promise<Page<AuditEntry>> {
  const { after, limit } = pageStart(request)
  const rows =
    subject === undefined ? await listAudits(read, { after, limit: limit + 1 }) : await listAuditsOfSubject(read, { subject, after, limit: limit + 1 })
  return pageOf(rows, limit, ({ id }) => id, entryOf)
}

const entryOf = ({ id, at, actor, action, subject, reason, detail }: AuditRow): AuditEntry => ({
  id: uuidText(id),
  at: instantOf(at),
  actor,
  action,
  subject,
  ...(reason === null ? {} : { reason }),
  ...(detail === null ? {} : { detail }),
})
