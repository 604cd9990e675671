import { secondsOf } from '#core/model/instant.ts'
import { listSigningKeys, type SigningKey } from '#storage/signing-keys.ts'
import { newestInForce } from './keyring.ts'
import { custodyOf, insertNewest, nearsItsEnd, newKey, renewedUses } from './new-key.ts'
import type { Office } from './office.ts'
import { audit } from './perform.ts'
import { publishManifest } from './publish.ts'

/** The key of a use that signs now and ends soon, or none at all that could sign. */
const isDue = (keys: readonly SigningKey[], use: SigningKey['use'], now: number): boolean => {
  const key = newestInForce(keys, use, now)
  return key === undefined || nearsItsEnd(key, now)
}

/**
 * Replaces keys of tokens and status lists thirty days before they end, each where it was. The old one stays in force for what it has signed,
 * so that nobody notices. Several processes may try: whoever comes second finds it done.
 */
export async function renewKeys(office: Office): Promise<readonly { readonly use: string; readonly kid: string }[]> {
  const now = secondsOf(office.clock())
  const keys = await listSigningKeys(office.store.read, {})
  const renewed: { readonly use: string; readonly kid: string }[] = []
  for (const use of renewedUses.filter((each) => isDue(keys, each, now))) {
    const key = await newKey(office, { use, custody: custodyOf(keys, use), authority: office.authority, now })
    const entered = await office.store.atomically(async (tx) => {
      if (!isDue(await listSigningKeys(tx, {}), use, now)) return false
      await insertNewest(tx, [key])
      await publishManifest(tx, office)
      await audit(tx, office, { actor: 'node', action: 'renew-key', subject: key.kid, detail: { use } })
      return true
    })
    if (entered) renewed.push({ use, kid: key.kid })
  }
  return renewed
}

/** Uses whose keys a person has to renew, since others outside this node name them or build on them. */
const decidedUses = ['authority', 'issue', 'log', 'witness'] as const
export type DecidedUse = (typeof decidedUses)[number]

/** Those of them that have no key in force, or one that ends within thirty days. */
export async function endingKeys(office: Pick<Office, 'store' | 'clock'>): Promise<readonly DecidedUse[]> {
  const keys = await listSigningKeys(office.store.read, {})
  return decidedUses.filter((use) => isDue(keys, use, secondsOf(office.clock())))
}
