import type { Signer } from '#core/crypto/engine.ts'
import type { PublicJwk } from '#core/crypto/read-public-key.ts'
import { readPublicKey } from '#core/crypto/read-public-key.ts'
import type { JsonObject } from '#core/encoding/parse-json.ts'
import { encodeUtf8 } from '#core/encoding/utf8.ts'
import { Fault } from '#core/fault.ts'
import { familyIds } from '#core/model/family-id.ts'
import type { KeyDevice } from '#custody/key-device.ts'
import { makeKey } from '#custody/make-key.ts'
import { nodeSigner } from '#custody/node-signer.ts'
import type { Writer } from '#storage/open-store.ts'
import { insertSigningKeys, listSigningKeys, type SigningKey } from '#storage/signing-keys.ts'
import type { Office, OwnAuthority } from './office.ts'

const year = 365 * 24 * 3600

/** How long a new key stays in force. Authority, log and witness keys outlive the others: others name them, or build on them. */
export const keyYears = { authority: 20, issue: 10, status: 10, token: 2, log: 20, witness: 20 } as const

/** Where private halves can be: sealed under the vault, or in a device that gives none out. */
export type Custody = SigningKey['custody']

/** Where the next key of a use is made when nobody says: where its newest one is. */
export const custodyOf = (keys: readonly SigningKey[], use: SigningKey['use']): Custody => keys.findLast((key) => key.use === use)?.custody ?? 'vault'

/** Uses whose keys nobody outside this node has to decide about: they are replaced as they run out. */
export const renewedUses = ['token', 'status'] as const

/** Keys of these uses are replaced so long before they end; of the others somebody is told. Seconds. */
const noticeBefore = 30 * 24 * 3600

export const nearsItsEnd = ({ notAfter }: Pick<SigningKey, 'notAfter'>, now: number): boolean => notAfter - now < noticeBefore

/** What the private halves are kept in. */
export type Keeping = Pick<Office, 'vault' | 'device'>

/** Where a sealed seed, or the sealed locator of a device's key, belongs: it opens in no other row. */
const keyPlace = (kid: string): Uint8Array => encodeUtf8(`signing_key/${kid}`)

export interface NewKey {
  readonly use: keyof typeof keyYears
  readonly custody: Custody
  readonly authority: OwnAuthority
  /** Seconds since 1970. */
  readonly now: number
}

/**
 * One key for one use. What an issuing key may issue starts as everything, in its own division. It is made before the transaction that
 * enters it: if that fails, a device is left with a key that nobody uses. Such a key is never deleted, for an unconfirmed commit may have entered it.
 */
export async function newKey(keeping: Keeping, { use, custody, authority, now }: NewKey): Promise<SigningKey> {
  const { jwk, kid, secret } = custody === 'vault' ? ofSeed(makeKey()) : ofDevice((await openDevice(keeping)).makeKey(`comity ${authority.division} ${use}`))
  const scope: JsonObject = use === 'issue' ? { families: [...familyIds], divisions: [authority.division] } : {}
  return {
    kid,
    use,
    custody,
    jwk: { kty: jwk.kty, crv: jwk.crv, x: jwk.x },
    scope,
    notBefore: now,
    notAfter: now + keyYears[use] * year,
    closedAt: null,
    closedReason: null,
    compromisedSince: null,
    sealed: keeping.vault.seal(secret, keyPlace(kid)),
    createdAt: now,
    no: 0, // it is numbered as it is entered
  }
}

interface MadeHalves {
  readonly jwk: PublicJwk
  readonly kid: string
  readonly secret: Uint8Array
}

const ofSeed = ({ jwk, kid, seed }: ReturnType<typeof makeKey>): MadeHalves => ({ jwk, kid, secret: seed })
const ofDevice = ({ jwk, kid, locator }: ReturnType<KeyDevice['makeKey']>): MadeHalves => ({ jwk, kid, secret: locator })

/** The private half, ready to sign. Faults: `sealed-damaged`, `device-…`. */
export async function openSigner(keeping: Keeping, key: SigningKey): Promise<Signer> {
  const secret = keeping.vault.open(key.sealed, keyPlace(key.kid))
  return key.custody === 'vault' ? nodeSigner(secret) : (await openDevice(keeping)).openKey(secret, readPublicKey(key.jwk))
}

async function openDevice({ device }: Pick<Office, 'device'>): Promise<KeyDevice> {
  if (device === undefined) throw new Fault('device-not-configured')
  return device.open()
}

/**
 * Enters keys after all that there are. Keys are told apart by their age, in whole seconds: of two made within one, the one that is entered
 * later must be the newer.
 */
export async function insertNewest(tx: Writer, keys: readonly SigningKey[]): Promise<void> {
  const before = await listSigningKeys(tx, {})
  // Two of one kind are two uses of one key: a device, or the source of chance, has failed.
  const kids = [...before, ...keys].map(({ kid }) => kid)
  if (new Set(kids).size < kids.length) throw new Fault('key-repeated', { at: 'signing_key' })
  const newest = before.at(-1)?.createdAt ?? 0
  const numbered = Math.max(0, ...before.map(({ no }) => no))
  await insertSigningKeys(
    tx,
    keys.map((key, index) => ({ ...key, createdAt: Math.max(key.createdAt, newest + 1), no: numbered + index + 1 })),
  )
}
