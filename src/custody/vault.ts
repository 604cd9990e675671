import { createCipheriv, createDecipheriv, createHmac, createSecretKey, hkdfSync, scryptSync, type KeyObject } from 'node:crypto'

import { Fault } from '#core/fault.ts'
import { randomBytes } from './random-bytes.ts'

/** Field encryption and look-up under one master key. Both keys are derived, so that neither use weakens the other. */
export interface Vault {
  /**
   * AES-256-GCM: version, 96-bit random nonce, ciphertext, tag. `aad` says where the value belongs (table, column, row), so that a sealed
   * value can't be moved. Random nonces are safe for 2^32 values under one master (NIST SP 800-38D §8.3).
   */
  readonly seal: (bytes: Uint8Array, aad: Uint8Array) => Uint8Array
  /** @throws `sealed-damaged` when a bit, the place or the key is another */
  readonly open: (sealed: Uint8Array, aad: Uint8Array) => Uint8Array
  /** A look-up value for a text, 16 bytes. Keyed: an identity number's bare hash is found by trying all birthdays. */
  readonly index: (text: string) => Uint8Array
}

const version = 1
const saltLength = 16
const nonceLength = 12
const tagLength = 16
const masterLength = 32

/** Version 1 of a sealed master. About 128 MB and a third of a second for every guess at the passphrase. */
const scryptCost = { N: 2 ** 17, r: 8, p: 1, maxmem: 2 ** 28 }

const masterAad = new TextEncoder().encode('comity master 1')

/** A new vault. Keep `sealedMaster` beside the database and in its backups: without it and the passphrase all sealed values are lost. */
export function createVault(passphrase: string): { readonly sealedMaster: Uint8Array; readonly vault: Vault } {
  const master = randomBytes(masterLength)
  const salt = randomBytes(saltLength)
  const sealedMaster = Buffer.concat([Uint8Array.of(version), salt, encrypt(passphraseKey(passphrase, salt), master, masterAad)])
  return { sealedMaster, vault: vaultOf(master) }
}

/** @throws `passphrase-wrong`; a damaged file can't be told from a wrong passphrase, except by its length and version (`sealed-damaged`) */
export function openVault(sealedMaster: Uint8Array, passphrase: string): Vault {
  if (sealedMaster[0] !== version || sealedMaster.length !== 1 + saltLength + nonceLength + masterLength + tagLength)
    throw new Fault('sealed-damaged', { at: 'master' })
  const salt = sealedMaster.subarray(1, 1 + saltLength)
  const master = decrypt(passphraseKey(passphrase, salt), sealedMaster.subarray(1 + saltLength), masterAad)
  if (master === undefined) throw new Fault('passphrase-wrong')
  return vaultOf(master)
}

function vaultOf(master: Uint8Array): Vault {
  // Key objects: node looks long at bytes before it takes them for a key, and a digest costs a fifth of that look.
  const sealKey = createSecretKey(subkey(master, 'comity seal 1'))
  const indexKey = createSecretKey(subkey(master, 'comity index 1'))
  return {
    seal: (bytes, aad) => Buffer.concat([Uint8Array.of(version), encrypt(sealKey, bytes, aad)]),
    open: (sealed, aad) => {
      const bytes = sealed[0] === version ? decrypt(sealKey, sealed.subarray(1), aad) : undefined
      if (bytes === undefined) throw new Fault('sealed-damaged', { at: 'sealed' })
      return bytes
    },
    index: (text) => createHmac('sha256', indexKey).update(text, 'utf8').digest().subarray(0, 16),
  }
}

const passphraseKey = (passphrase: string, salt: Uint8Array): Uint8Array => scryptSync(passphrase.normalize('NFC'), salt, 32, scryptCost)

const subkey = (master: Uint8Array, use: string): Uint8Array => new Uint8Array(hkdfSync('sha256', master, new Uint8Array(0), use, 32))

function encrypt(key: KeyObject | Uint8Array, bytes: Uint8Array, aad: Uint8Array): Uint8Array {
  const nonce = randomBytes(nonceLength)
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(aad)
  return Buffer.concat([nonce, cipher.update(bytes), cipher.final(), cipher.getAuthTag()])
}

function decrypt(key: KeyObject | Uint8Array, sealed: Uint8Array, aad: Uint8Array): Uint8Array | undefined {
  if (sealed.length < nonceLength + tagLength) return undefined
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, nonceLength), { authTagLength: tagLength })
    .setAAD(aad)
    .setAuthTag(sealed.subarray(-tagLength))
  const bytes = decipher.update(sealed.subarray(nonceLength, -tagLength))
  try {
    decipher.final()
  } catch {
    bytes.fill(0) // unauthenticated plaintext goes no further
    return undefined
  }
  return bytes
}
