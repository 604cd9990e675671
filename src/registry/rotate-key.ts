import { Fault } from '#core/fault.ts'
import { secondsOf, type Instant } from '#core/model/instant.ts'
import { closeSigningKey, findSigningKey, listSigningKeys } from '#storage/signing-keys.ts'
import { custodyOf, insertNewest, newKey, type Custody } from './new-key.ts'
import type { Office } from './office.ts'
import { audit, type Request } from './perform.ts'
import { publishManifest } from './publish.ts'

export const rotatedUses = ['issue', 'status', 'token'] as const
export type RotatedUse = (typeof rotatedUses)[number]

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

export interface Closing {
  readonly reason: 'superseded' | 'ceased' | 'compromised'
  /** Since when somebody else may have signed with it; required when it was compromised. */
  readonly compromisedSince?: Instant | undefined
}

/** Closes a key for good. A closed key is never dropped from the manifest: what it signed must stay explicable. */
export async function closeKey(office: Office, request: Request, kid: string, { reason, compromisedSince }: Closing): Promise<{ readonly kid: string }> {
  if ((reason === 'compromised') !== (compromisedSince !== undefined)) throw new Fault('request-malformed', { at: 'compromisedSince' })
  if (compromisedSince !== undefined && compromisedSince > office.clock())
    throw new Fault('request-malformed', { at: 'compromisedSince', detail: 'in the future' })
  await office.store.atomically(async (tx) => {
    const key = await findSigningKey(tx, { kid })
    if (key === undefined || key.use === 'authority') throw new Fault('key-use-differs', { at: kid })
    // Without a key of each use the node could not be opened again, not even to make one.
    const others = (await listSigningKeys(tx, {})).filter(
      (other) => other.use === key.use && other.kid !== kid && other.closedAt === null && secondsOf(office.clock()) < other.notAfter,
    )
    if (others.length === 0 && key.closedAt === null) throw new Fault('key-last-of-use', { at: kid })
    const closing = {
      kid,
      closedAt: secondsOf(office.clock()),
      closedReason: reason,
      compromisedSince: compromisedSince === undefined ? null : secondsOf(compromisedSince),
    }
    if (!(await closeSigningKey(tx, closing))) throw new Fault('key-revoked', { at: kid })
    await publishManifest(tx, office)
    await audit(tx, office, { actor: request.actor, action: 'close-key', subject: kid, reason })
  })
  return { kid }
}
