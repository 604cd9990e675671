import type { CheckedDraft } from '#core/credential/check-draft.ts'
import type { Family, RecordClaims } from '#core/credential/family.ts'
import { encodeUtf8 } from '#core/encoding/utf8.ts'
import { dayOf, secondsOf } from '#core/model/instant.ts'
import { composeNumber, widthOf, type NumberScheme } from '#core/model/number-scheme.ts'
import { scatter } from '#core/status/scatter.ts'
import { decodeBase64url } from '#core/encoding/base64url.ts'
import { Fault } from '#core/fault.ts'
import { takeNumbers } from '#storage/counters.ts'
import type { Writer } from '#storage/open-store.ts'
import { appendToOutbox } from '#storage/outbox.ts'
import { findRecordByNumber, insertRecords, type NewRecord, type RecordRow } from '#storage/records.ts'
import { takeStatusPlaces } from '#storage/status-lists.ts'
import type { Office } from './office.ts'
import { requireOpenKey } from './open-key.ts'
import { holderIndex, sealDisclosures } from './record-personal.ts'

type Issuing = Pick<Office, 'authority' | 'schemes' | 'vault' | 'engine' | 'keyring' | 'clock' | 'random' | 'newId' | 'gate'>

export interface Entry {
  readonly checked: CheckedDraft
  /** Digest of what the draft says, 16 bytes: tells a repetition from another record with the same number. */
  readonly contentDigest: Uint8Array
  readonly imported?: RecordClaims['imported']
  /** Digest of the record that it takes the place of. */
  readonly replaces?: RecordClaims['replaces']
  /** Name of the bureau as the document has it; this authority's own where it is left out. */
  readonly issuedBy?: string | undefined
}

export interface EnteredRecord {
  readonly id: Uint8Array
  readonly number: string
  /** Gapless within family and year, e.g. 2026-000017. */
  readonly registration: string
  readonly digest: Uint8Array
}

const rowsAtOnce = 64

/**
 * The one way into the register, for one record or a thousand, inside the caller's transaction: gapless numbers → status places →
 * signatures → records → outbox. If we die anywhere in here nothing of it has happened, and the numbers were never taken.
 */
export async function enterRecords(tx: Writer, office: Issuing, entries: readonly Entry[]): Promise<readonly EnteredRecord[]> {
  if (entries.length === 0) return []
  office.gate.check()
  const key = office.keyring.issue
  const { no: keyNo, notBefore, notAfter } = await requireOpenKey(tx, key.kid)
  const now = secondsOf(office.clock())
  // The keyring was opened by the clock as it was then. A record dated outside its key's window is a forgery to everybody, for ever.
  if (now < notBefore || now >= notAfter) throw new Fault('key-outside-window', { at: key.kid })
  const year = Number(dayOf(office.clock()).slice(0, 4))
  const places = await takeStatusPlaces(tx, entries.length, () => office.random(16))
  const serials = await takeSerials(tx, entries, year)
  let rows: NewRecord[] = []
  const entered: EnteredRecord[] = []
  for (const [index, entry] of entries.entries()) {
    const { checked } = entry
    const { family, draft } = checked
    const serial = serials[index]!
    const place = places[index]!
    const number = draft.number ?? (await makeNumber(tx, office.schemes[family.id], family, year))
    // An import has looked for all its numbers at once.
    if (draft.number !== undefined && entry.imported === undefined && (await findRecordByNumber(tx, { family: family.code, number })) !== undefined)
      throw new Fault('number-taken', { at: 'number' })
    const statusIndex = scatter(place.seed, place.ordinal, place.places, office.engine.sha256)
    const envelope = {
      iss: office.authority.iss,
      iat: now,
      division: office.authority.division,
      issuedBy: entry.issuedBy ?? office.authority.name.zh,
      number,
      status: { status_list: { idx: statusIndex, uri: `${office.authority.iss}/status/${place.list}` } },
      ...(entry.imported === undefined ? {} : { imported: entry.imported }),
      ...(entry.replaces === undefined ? {} : { replaces: entry.replaces }),
    }
    const signed = key.issue(checked, envelope, office.engine, office.random)
    const cut = signed.indexOf('~')
    const jwt = signed.slice(0, cut)
    const digest = office.engine.sha256(encodeUtf8(jwt))
    const id = office.newId()
    const record: RecordRow = {
      id,
      family: family.code,
      level: family.rank(draft.body),
      state: 0,
      year,
      serial,
      number,
      holderIndex: holderIndex(office.vault, draft.personal),
      statusList: place.list,
      statusIndex,
      digest,
      contentDigest: entry.contentDigest,
      origin: entry.imported === undefined ? 0 : 1,
      issuedAt: now,
      recordedAt: now,
      sourceDigest: sourceDigestOf(draft.body),
      keyNo,
    }
    // Stored some at a time: texts and seals of a whole ledger batch would be moved about by the collector for longer than it takes to store them.
    if (rows.length === rowsAtOnce) {
      await insertRecords(tx, rows)
      rows = []
    }
    rows.push({ record, body: { signed: jwt, disclosuresSealed: sealDisclosures(office.vault, id, signed.slice(cut)) } })
    entered.push({ id, number, registration: `${year}-${String(serial).padStart(6, '0')}`, digest })
  }
  await insertRecords(tx, rows)
  await appendToOutbox(
    tx,
    entered.map(({ digest }) => ({ id: office.newId(), kind: 'record', digest, createdAt: now, publishedAt: null })),
  )
  return entered
}

/**
 * The next number of the scheme. Numbers count on their own, apart from the register's serials: what comes with a number, from a ledger or
 * from a draft, makes no gap among those that are made here. One that stands in the register already, from a ledger, is passed over.
 */
async function makeNumber(tx: Writer, scheme: NumberScheme, { id, code }: Family, year: number): Promise<string> {
  for (;;) {
    const number = numberOf(scheme, year, await takeNumbers(tx, { class: `${id}/number`, year, howMany: 1 }))
    if ((await findRecordByNumber(tx, { family: code, number })) === undefined) return number
  }
}

const numberOf = (scheme: NumberScheme, year: number, serial: number): string =>
  composeNumber(scheme, { year: String(year), serial: String(serial).padStart(widthOf(scheme, 'serial'), '0') })

/** A recognition record is found again by the record it stands on, when that one is revoked. */
function sourceDigestOf(body: Readonly<Record<string, unknown>>): Uint8Array | null {
  const source = body['source'] as { readonly digest: string } | undefined // only the recognition family has one, and its schema has read it
  return source === undefined ? null : decodeBase64url(source.digest)
}

async function takeSerials(tx: Writer, entries: readonly Entry[], year: number): Promise<readonly number[]> {
  const next = new Map<string, number>()
  const counts = Map.groupBy(entries, ({ checked }) => checked.family.id)
  for (const [family, of] of counts) next.set(family, await takeNumbers(tx, { class: family, year, howMany: of.length }))
  return entries.map(({ checked }) => {
    const serial = next.get(checked.family.id)! // every family among the entries was counted above
    next.set(checked.family.id, serial + 1)
    return serial
  })
}
