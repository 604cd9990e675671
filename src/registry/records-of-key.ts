import { decodeBase64url } from '#core/encoding/base64url.ts'
import { asObject, asText, parseJson, type JsonObject } from '#core/encoding/parse-json.ts'
import { secondsOf, type Instant } from '#core/model/instant.ts'
import {
  countRecordsBefore,
  countRecordsByKey,
  countTakenDown,
  listRecordsWithoutKey,
  setRecordKey,
  timeBasis,
  type KeyAndTime,
  type TimeBasis,
} from '#storage/record-keys.ts'
import { listSigningKeys, type SigningKey } from '#storage/signing-keys.ts'
import { holdTrust } from './held-trust.ts'
import { sizeProvenBefore } from './log/proven-before.ts'
import type { Office } from './office.ts'

/** Records that a key has signed, and on which side of an instant they are. */
export interface RecordsOfKey extends JsonObject {
  readonly total: number
  readonly since: string
  readonly before: number
  readonly after: number
  /** Of those after: in force, or suspended, so that they have to be issued again. */
  readonly toReissue: number
  /** `cosigned`: by the cosignatures that verifiers go by; `logged`: by the own log; `recorded`: when they were entered, since there is no log. */
  readonly timeBy: TimeBasis
}

const batch = 500
const headLimits = { bytes: 4096, depth: 4 }

/** Notes down the key of records that are older than the column for it. Batches, each of its own: it may be broken off and gone on with. */
async function attributeRecords(office: Pick<Office, 'store'>): Promise<void> {
  const numbers = new Map((await listSigningKeys(office.store.read, {})).map(({ kid, no }) => [kid, no]))
  for (;;) {
    const found = await listRecordsWithoutKey(office.store.read, { limit: batch })
    if (found.length === 0) return
    await office.store.atomically(async (tx) => {
      for (const { id, head } of found) {
        const header = asObject(parseJson(decodeBase64url(head.slice(0, head.indexOf('.')), 'header'), headLimits), 'jws-malformed', 'header')
        // A key that is not among ours has number 0: such a record is nobody's here, and is not asked about again.
        await setRecordKey(tx, { id, keyNo: numbers.get(asText(header['kid'], 'jws-malformed', 'kid')) ?? 0 })
      }
    })
  }
}

/** How many records each key has signed, by the key's id. */
export async function recordCounts(office: Pick<Office, 'store'>): Promise<ReadonlyMap<string, number>> {
  await attributeRecords(office)
  const keys = new Map((await listSigningKeys(office.store.read, {})).map(({ kid, no }) => [no, kid]))
  return new Map((await countRecordsByKey(office.store.read, {})).flatMap(({ no, records }) => (keys.has(no) ? [[keys.get(no)!, records] as const] : [])))
}

export interface TimeOfRecords {
  readonly basis: TimeBasis
  readonly which: KeyAndTime
}

/** What tells this key's records before an instant from those after, as verifiers will who hold the lists that this node holds. */
export async function timeOfRecords(office: Office, { no }: SigningKey, since: Instant): Promise<TimeOfRecords> {
  const size = await sizeProvenBefore(office, (await holdTrust(office)).trust, since)
  return { basis: await timeBasis(office.store.read), which: { keyNo: no, since: secondsOf(since), size } }
}

export async function recordsOfKey(office: Office, key: SigningKey, since: Instant): Promise<RecordsOfKey> {
  const total = (await recordCounts(office)).get(key.kid) ?? 0
  const from = office.store.read
  const { basis, which } = await timeOfRecords(office, key, since)
  const before = await countRecordsBefore(from, basis, which)
  return { total, since, before, after: total - before, toReissue: await countTakenDown(from, basis, which), timeBy: basis }
}
