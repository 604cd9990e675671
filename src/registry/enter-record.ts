import type { CheckedDraft } from '#core/credential/check-draft.ts'
import type { Family, RecordClaims } from '#core/credential/family.ts'
import type { Issue } from '#core/credential/issue-record.ts'
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
import { takeStatusPlaces, type StatusPlace } from '#storage/status-lists.ts'
import type { Leaf } from './log/sequence-log.ts'
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

/** Records that are signed and stored at a time. Texts and seals of a whole ledger batch would be moved about by the collector for longer than it takes to store them. */
const atOnce = 64

/** Appends leaves to the log in the transaction that stores their records. False where it cannot: they then wait in the outbox, as they do without one. */
export type AppendToLog = (leaves: readonly Leaf[]) => Promise<boolean>

/**
 * The one way into the register, for one record or a thousand, inside the caller's transaction: gapless numbers → status places →
 * signatures → records → outbox. If we die anywhere in here nothing of it has happened, and the numbers were never taken.
 */
export async function enterRecords(tx: Writer, office: Issuing, entries: readonly Entry[], log?: AppendToLog): Promise<readonly EnteredRecord[]> {
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
  const entered: EnteredRecord[] = []
  const store = async ({ numbered, signed }: Signing): Promise<void> => {
    const texts = await signed
    const rows = numbered.map((record, index) => rowOf(office, record, texts[index]!, { year, now, keyNo }))
    await insertRecords(tx, rows)
    for (const { record } of rows) entered.push({ id: record.id, number: record.number, registration: registrationOf(record), digest: record.digest })
  }
  // Some at a time: while they are signed beside this thread, those before them are stored.
  let ahead: Signing | undefined
  for (let from = 0; from < entries.length; from += atOnce) {
    const numbered: Numbered[] = []
    for (const [offset, entry] of entries.slice(from, from + atOnce).entries()) {
      const number = await numberFor(tx, office, entry, year)
      const place = places[from + offset]!
      numbered.push({
        entry,
        number,
        place,
        statusIndex: scatter(place.seed, place.ordinal, place.places, office.engine.sha256),
        serial: serials[from + offset]!,
      })
    }
    const signed = key.issue(
      numbered.map((record) => issueOf(office, record, now)),
      office.engine,
      office.random,
    )
    signed.catch(() => undefined) // heard when they are stored, unless those before them could not be
    if (ahead !== undefined) await store(ahead)
    ahead = { numbered, signed }
  }
  if (ahead !== undefined) await store(ahead)
  const leaves = entered.map(({ digest }) => ({ kind: 'record', digest }))
  const publishedAt = (await log?.(leaves)) === true ? now : null
  await appendToOutbox(
    tx,
    leaves.map((leaf) => ({ ...leaf, id: office.newId(), createdAt: now, publishedAt })),
  )
  return entered
}

/** An entry with all that the register adds to it before it is signed. */
interface Numbered {
  readonly entry: Entry
  readonly number: string
  readonly serial: number
  readonly place: StatusPlace
  readonly statusIndex: number
}

interface Signing {
  readonly numbered: readonly Numbered[]
  readonly signed: Promise<readonly string[]>
}

function issueOf({ authority }: Issuing, { entry: { checked, issuedBy, imported, replaces }, number, place, statusIndex }: Numbered, now: number): Issue {
  const envelope = {
    iss: authority.iss,
    iat: now,
    division: authority.division,
    issuedBy: issuedBy ?? authority.name.zh,
    number,
    status: { status_list: { idx: statusIndex, uri: `${authority.iss}/status/${place.list}` } },
    ...(imported === undefined ? {} : { imported }),
    ...(replaces === undefined ? {} : { replaces }),
  }
  return { checked, envelope }
}

interface Issued {
  readonly year: number
  readonly now: number
  readonly keyNo: number
}

function rowOf(
  { vault, engine, newId }: Issuing,
  { entry, number, serial, place, statusIndex }: Numbered,
  text: string,
  { year, now, keyNo }: Issued,
): NewRecord {
  const { family, draft } = entry.checked
  const cut = text.indexOf('~')
  const signed = text.slice(0, cut)
  const id = newId()
  const record: RecordRow = {
    id,
    family: family.code,
    level: family.rank(draft.body),
    state: 0,
    year,
    serial,
    number,
    holderIndex: holderIndex(vault, draft.personal),
    statusList: place.list,
    statusIndex,
    digest: engine.sha256(encodeUtf8(signed)),
    contentDigest: entry.contentDigest,
    origin: entry.imported === undefined ? 0 : 1,
    issuedAt: now,
    recordedAt: now,
    sourceDigest: sourceDigestOf(draft.body),
    keyNo,
  }
  return { record, body: { signed, disclosuresSealed: sealDisclosures(vault, id, text.slice(cut)) } }
}

const registrationOf = ({ year, serial }: RecordRow): string => `${year}-${String(serial).padStart(6, '0')}`

/** The draft's own number, or the next of the scheme. Fault: `number-taken`. */
async function numberFor(tx: Writer, office: Issuing, { checked: { family, draft }, imported }: Entry, year: number): Promise<string> {
  if (draft.number === undefined) return makeNumber(tx, office.schemes[family.id], family, year)
  // An import has looked for all its numbers at once.
  if (imported === undefined && (await findRecordByNumber(tx, { family: family.code, number: draft.number })) !== undefined)
    throw new Fault('number-taken', { at: 'number' })
  return draft.number
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
