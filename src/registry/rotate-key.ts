import type { JsonObject } from '#core/encoding/parse-json.ts'
import { secondsOf } from '#core/model/instant.ts'
import { listSigningKeys, type SigningKey } from '#storage/signing-keys.ts'
import { newestInForce } from './keyring.ts'
import { custodyOf, insertNewest, newKey, type Custody } from './new-key.ts'
import type { Office } from './office.ts'
import { audit, type Request } from './perform.ts'
import { manifestPath, publishManifest } from './publish.ts'
import { recordsOfKey, type RecordsOfKey } from './records-of-key.ts'

export const rotatedUses = ['issue', 'status', 'token'] as const
export type RotatedUse = (typeof rotatedUses)[number]

/** What a change of a key changes besides. */
export interface KeyEffect extends JsonObject {
  readonly kid: string
  readonly use: SigningKey['use']
  /** Of an issuing key: what it has signed, before and after the instant that counts. */
  readonly records: RecordsOfKey | null
  /** Files that are signed anew at once. */
  readonly signedAnew: readonly string[]
  /** Access tokens that it has signed are refused from now on: their holders ask for new ones. */
  readonly endsTokens: boolean
  /** A new key takes its place in the same transaction. */
  readonly replaced: boolean
}

/** What `rotateKey` will do: the old key stays, and nothing that it signed is affected. */
export async function effectOfRotation(office: Office, use: RotatedUse): Promise<KeyEffect> {
  const key = newestInForce(await listSigningKeys(office.store.read, {}), use, secondsOf(office.clock()))
  const records = key === undefined || use !== 'issue' ? null : await recordsOfKey(office, key, office.clock())
  return {
    kid: key?.kid ?? '',
    use,
    records: records === null ? null : { ...records, toReissue: 0 },
    signedAnew: [manifestPath],
    endsTokens: false,
    replaced: true,
  }
}

/**
 * A new key beside the old one, which stays in force for what it has signed. A serving node takes it up by itself.
 * @param custody where it is made; where the newest key of that use is, when it is left out
 */
export async function rotateKey(
  office: Office,
  request: Request,
  use: RotatedUse,
  custody?: Custody,
): Promise<{ readonly kid: string; readonly custody: Custody }> {
  const where = custody ?? custodyOf(await listSigningKeys(office.store.read, {}), use)
  const key = await newKey(office, { use, custody: where, authority: office.authority, now: secondsOf(office.clock()) })
  await office.store.atomically(async (tx) => {
    await insertNewest(tx, [key])
    await publishManifest(tx, office)
    await audit(tx, office, { actor: request.actor, action: 'rotate-key', subject: key.kid, detail: { use, custody: where } })
  })
  return { kid: key.kid, custody: where }
}
