import type { JsonObject } from '#core/encoding/parse-json.ts'
import { encodeUtf8 } from '#core/encoding/utf8.ts'
import { familyIds } from '#core/model/family-id.ts'
import { makeKey } from '#custody/make-key.ts'
import type { Vault } from '#custody/vault.ts'
import type { SigningKey } from '#storage/signing-keys.ts'
import type { OwnAuthority } from './office.ts'

const year = 365 * 24 * 3600

/** How long a new key stays in force. Authority, log and witness keys outlive the others: others name them, or build on them. */
export const keyYears = { authority: 20, issue: 10, status: 10, token: 2, log: 20, witness: 20 } as const

/** Where a sealed seed belongs: it opens in no other row. */
export const keyPlace = (kid: string): Uint8Array => encodeUtf8(`signing_key/${kid}`)

/** One key for one use. What an issuing key may issue starts as everything, in its own division. */
export function newKey(vault: Vault, use: keyof typeof keyYears, authority: OwnAuthority, now: number, years: number = keyYears[use]): SigningKey {
  const { jwk, kid, seed } = makeKey()
  const scope: JsonObject = use === 'issue' ? { families: [...familyIds], divisions: [authority.division] } : {}
  return {
    kid,
    use,
    custody: 'vault',
    jwk: { kty: jwk.kty, crv: jwk.crv, x: jwk.x },
    scope,
    notBefore: now,
    notAfter: now + years * year,
    closedAt: null,
    closedReason: null,
    compromisedSince: null,
    sealed: vault.seal(seed, keyPlace(kid)),
    createdAt: now,
  }
}
