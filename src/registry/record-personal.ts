import { decodeBase64url, encodeBase64url } from '#core/encoding/base64url.ts'
import { encodeUtf8, decodeUtf8 } from '#core/encoding/utf8.ts'
import type { JsonObject } from '#core/encoding/parse-json.ts'
import type { Vault } from '#custody/vault.ts'
import type { Office } from './office.ts'

/** Bound to the row they belong to: a sealed text moved to another row does not open. */
function aad(kind: 'draft' | 'record' | 'ledger' | 'claim', id: Uint8Array): Uint8Array {
  const head = encodeUtf8(`${kind}\0`)
  const bytes = new Uint8Array(head.length + id.length)
  bytes.set(head)
  bytes.set(id, head.length)
  return bytes
}

/** Personal data of a draft, sealed under the node's vault (AES-256-GCM). */
export const sealPersonal = (vault: Vault, id: Uint8Array, personal: JsonObject): Uint8Array =>
  vault.seal(encodeUtf8(JSON.stringify(personal)), aad('draft', id))
export const openPersonal = (vault: Vault, id: Uint8Array, sealed: Uint8Array): JsonObject =>
  JSON.parse(decodeUtf8(vault.open(sealed, aad('draft', id)))) as JsonObject // sealed above

/** The disclosures of a record: the part of the signed text that is personal, and the part that erasure erases. */
export const sealDisclosures = (vault: Vault, id: Uint8Array, disclosures: string): Uint8Array => vault.seal(encodeUtf8(disclosures), aad('record', id))
export const openDisclosures = (vault: Vault, id: Uint8Array, sealed: Uint8Array): string => decodeUtf8(vault.open(sealed, aad('record', id)))

/** A ledger on its way in: thousands of people in one file. */
export const sealLedger = (vault: Vault, jobId: Uint8Array, bytes: Uint8Array): Uint8Array => vault.seal(bytes, aad('ledger', jobId))
export const openLedgerFile = (vault: Vault, jobId: Uint8Array, sealed: Uint8Array): Uint8Array => vault.open(sealed, aad('ledger', jobId))

/** A claim code within the answer that a repeated request is given again. */
export const sealClaimCode = (vault: Vault, recordId: Uint8Array, code: string): string => encodeBase64url(vault.seal(encodeUtf8(code), aad('claim', recordId)))
export const openClaimCode = (vault: Vault, recordId: Uint8Array, sealed: string): string =>
  decodeUtf8(vault.open(decodeBase64url(sealed), aad('claim', recordId)))

/** Index of a holder: a keyed digest of kind and number, since the space of identity numbers is small enough to try (DESIGN §4). */
export function holderIndex(vault: Vault, personal: Readonly<Record<string, unknown>>): Uint8Array {
  const { kind, number } = personal['identity'] as { readonly kind: string; readonly number: string } // every family has an identity
  return vault.index(`holder\0${kind}\0${number}`)
}

/** What an Idempotency-Key stands for. A request holds a person: whoever reads the table and knows the rest could find the number by trying. */
export const requestIndex = (vault: Vault, digest: Uint8Array): Uint8Array => vault.index(`request\0${encodeBase64url(digest)}`)

/** What tells that the same ledger is handed in again. */
export const ledgerIndex = ({ vault, engine }: Pick<Office, 'vault' | 'engine'>, bytes: Uint8Array): Uint8Array =>
  vault.index(`ledger\0${encodeBase64url(engine.sha256(bytes))}`)

/** A digest of personal data can be found by trying; keyed by the vault it can be stored, and still compared. */
export const contentIndex = (vault: Vault, digest: Uint8Array): Uint8Array => vault.index(`content\0${encodeBase64url(digest)}`)
