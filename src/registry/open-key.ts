import { Fault } from '#core/fault.ts'
import type { Writer } from '#storage/open-store.ts'
import { findSigningKey, type SigningKey } from '#storage/signing-keys.ts'

/**
 * A process keeps the keys that it opened the office with; somebody may have closed one since. What a closed key signs is worth nothing,
 * so it is looked up in the transaction that would keep it. Fault: `key-revoked`; the office is to be opened again.
 */
export async function requireOpenKey(tx: Writer, kid: string): Promise<SigningKey> {
  const key = await findSigningKey(tx, { kid })
  if (key === undefined || key.closedAt !== null) throw new Fault('key-revoked', { at: kid })
  return key
}
