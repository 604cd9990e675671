import type { Signer } from '#core/crypto/engine.ts'
import { encodeUtf8 } from '#core/encoding/utf8.ts'
import { nodeSigner } from '#custody/node-signer.ts'
import type { Office } from '#registry/office.ts'
import { findSigningKey } from '#storage/signing-keys.ts'

/** The issuing key itself, as somebody would have it who has broken into the node: no use case can reach it. */
export async function stolenIssuingKey({ keyring, store, vault }: Pick<Office, 'keyring' | 'store' | 'vault'>): Promise<Signer> {
  const { kid } = keyring.issue
  const key = await findSigningKey(store.read, { kid })
  return nodeSigner(vault.open(key!.sealed, encodeUtf8(`signing_key/${kid}`)))
}
