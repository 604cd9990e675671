import { families } from '#core/credential/families.ts'
import { parseSdJwt } from '#core/credential/parse-sd-jwt.ts'
import { encodeBase64url } from '#core/encoding/base64url.ts'
import { encodeUtf8 } from '#core/encoding/utf8.ts'
import { Fault } from '#core/fault.ts'
import type { LeafKind } from '#core/log/leaf.ts'
import type { LogFindingCode } from '#core/log/log-finding-texts.ts'
import { sameBytes } from '#core/log/same-bytes.ts'
import { familyIds } from '#core/model/family-id.ts'
import { periodsOf } from '#core/status/periods-of.ts'
import { weighPeriods } from '#core/status/status-kinds.ts'
import { findLogLeaf } from '#storage/log.ts'
import { findUnpublished } from '#storage/outbox.ts'
import { listRecords, loadBody, type RecordBody, type RecordRow } from '#storage/records.ts'
import { listStatusEvents, type StatusEvent } from '#storage/status-events.ts'
import type { Office } from '../office.ts'
import { statusDigest } from '../change-status.ts'
import { holderIndex, openDisclosures } from '../record-personal.ts'

export type Found = (code: LogFindingCode, at: string) => void

type Checking = Pick<Office, 'store' | 'engine' | 'vault'>
type Read = Checking['store']['read']

export interface CheckedRecords {
  readonly records: number
  /** Digests of the status changes that the register holds, as leaves have them, base64url. */
  readonly changes: ReadonlySet<string>
}

const page = 256

/**
 * Holds every record against its leaf, every row against what was signed, every part that is personal against the digests in that, and every
 * status change against its leaf and the state that the register shows.
 */
export async function checkRecords(office: Checking, found: Found): Promise<CheckedRecords> {
  const { read } = office.store
  const known = new Set<string>()
  let records = 0
  for (let after: Uint8Array = new Uint8Array(0); ;) {
    const rows = await listRecords(read, { after, limit: page })
    for (const row of rows) {
      records++
      const { id, number, digest, statusList, statusIndex } = row
      const body = await loadBody(read, { id })
      const changes = await listStatusEvents(read, { recordId: id })
      if (body === undefined || !sameBytes(office.engine.sha256(encodeUtf8(body.signed)), digest) || !standsAsSigned(office, row, body, changes))
        found('record-altered', number)
      else if (!(await isLogged(read, 'record', digest))) found('record-unlogged', number)
      for (const event of changes) {
        const change = statusDigest(event, office.engine)
        known.add(encodeBase64url(change))
        // At another place it would be told of another record, or of none.
        if (event.statusList !== statusList || event.statusIndex !== statusIndex) found('status-misplaced', number)
        if (!(await isLogged(read, 'status', change))) found('status-unlogged', number)
      }
    }
    const last = rows.at(-1)
    if (last === undefined || rows.length < page) return { records, changes: known }
    after = last.id
  }
}

/** Whether what look-ups and lists go by is what was signed, and the person is the one for whom it was. Of an erased record nothing personal is left. */
function standsAsSigned({ engine, vault }: Checking, row: RecordRow, { signed, disclosuresSealed }: RecordBody, changes: readonly StatusEvent[]): boolean {
  const family = familyIds.map((id) => families[id]).find(({ code }) => code === row.family)
  try {
    const personal = disclosuresSealed === null ? '~' : openDisclosures(vault, row.id, disclosuresSealed)
    const { claims, disclosed } = parseSdJwt(signed + personal, engine)
    const { status_list: place } = claims['status'] as { readonly status_list: { readonly idx: number; readonly uri: string } } // every record that was entered has one
    return (
      family !== undefined &&
      claims['vct'] === family.vct &&
      claims['number'] === row.number &&
      claims['iat'] === row.issuedAt &&
      family.rank(claims) === row.level &&
      place.idx === row.statusIndex &&
      place.uri.endsWith(`/status/${row.statusList}`) &&
      (disclosuresSealed === null || ('identity' in disclosed && sameBytes(holderIndex(vault, disclosed), row.holderIndex))) &&
      // Nothing is announced: every change counts by now.
      weighPeriods(periodsOf(changes), Number.MAX_SAFE_INTEGER).value === row.state
    )
  } catch (fault) {
    if (fault instanceof Fault) return false
    throw fault
  }
}

/** In the log, or waiting for it. */
const isLogged = async (read: Read, kind: LeafKind, digest: Uint8Array): Promise<boolean> =>
  (await findLogLeaf(read, { kind, digest })) !== undefined || (await findUnpublished(read, { kind, digest })) !== undefined
