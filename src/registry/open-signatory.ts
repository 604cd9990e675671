import type { Signer } from '#core/crypto/engine.ts'
import { Fault } from '#core/fault.ts'
import { secondsOf } from '#core/model/instant.ts'
import { openVault } from '#custody/vault.ts'
import { getMeta } from '#storage/meta.ts'
import { listSigningKeys } from '#storage/signing-keys.ts'
import { openSigner } from './new-key.ts'
import { makeIds, type Office } from './office.ts'
import { readAuthority, type OfficeParts } from './open-office.ts'

/** Whoever puts an authority's name to what members have proposed: its authority key and a place for the audit, nothing else of a node. */
export interface Signatory extends Pick<Office, 'store' | 'engine' | 'clock' | 'newId'> {
  readonly authorityKey: () => Promise<Signer>
}

export const signatoryOf = ({ store, engine, clock, newId, keyring }: Office): Signatory => ({ store, engine, clock, newId, authorityKey: keyring.authority })

/**
 * Opens only the authority key of the node that the store holds: a machine that never sees a network may have no other key, or have let the
 * others run out. Faults: `node-not-initialised`, `passphrase-wrong`, `key-outside-window`.
 */
export async function openSignatory(parts: OfficeParts, passphrase: string): Promise<Signatory> {
  await readAuthority(parts.store.read)
  const sealedMaster = await getMeta(parts.store.read, 'vault')
  if (sealedMaster === undefined) throw new Fault('node-not-initialised')
  const vault = openVault(sealedMaster, passphrase)
  const { store, engine, clock } = parts
  return {
    store,
    engine,
    clock,
    newId: makeIds(parts),
    authorityKey: async () => {
      const now = secondsOf(clock())
      const key = (await listSigningKeys(store.read, {})).findLast(
        ({ use, closedAt, notBefore, notAfter }) => use === 'authority' && closedAt === null && notBefore <= now && now < notAfter,
      )
      if (key === undefined) throw new Fault('key-outside-window', { at: 'authority' })
      return openSigner({ vault, device: parts.device }, key)
    },
  }
}
