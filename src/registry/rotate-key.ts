import { Fault } from '#core/fault.ts'
import { secondsOf, type Instant } from '#core/model/instant.ts'
import { closeSigningKey, findSigningKey, insertSigningKeys, listSigningKeys } from '#storage/signing-keys.ts'
import { newKey } from './new-key.ts'
import type { Office } from './office.ts'
import { audit, type Request } from './perform.ts'
import { publishManifest } from './publish.ts'

/** A new key beside the old one, which stays in force for what it has signed. Takes effect when the office is opened next. */
export async function rotateKey(office: Office, request: Request, use: 'issue' | 'status' | 'token'): Promise<{ readonly kid: string }> {
  const key = newKey(office.vault, use, office.authority, secondsOf(office.clock()))
  await office.store.atomically(async (tx) => {
    // Keys are told apart by their age, in whole seconds: of two made within one, the one made later must be the newer.
    const newest = (await listSigningKeys(tx, {})).at(-1)!
    await insertSigningKeys(tx, [{ ...key, createdAt: Math.max(key.createdAt, newest.createdAt + 1) }])
    await publishManifest(tx, office)
    await audit(tx, office, { actor: request.actor, action: 'rotate-key', subject: key.kid, detail: { use } })
  })
  return { kid: key.kid }
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
