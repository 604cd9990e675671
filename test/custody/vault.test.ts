import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { createVault, openVault } from '#custody/vault.ts'
import { faultOf } from '../support/fault-of.ts'

const passphrase = 'correct horse battery staple'
const { sealedMaster, vault } = createVault(passphrase)
const aad = Buffer.from('person/identity')
const flip = (bytes: Uint8Array, at: number): Uint8Array => bytes.map((byte, index) => (index === at ? byte ^ 1 : byte))

describe('a vault', () => {
  it('opens again with its passphrase and nothing else', () => {
    const reopened = openVault(sealedMaster, passphrase)
    expect(Buffer.from(reopened.open(vault.seal(Buffer.from('secret'), aad), aad)).toString()).toBe('secret')
    expect(Buffer.from(reopened.index('x')).equals(vault.index('x'))).toBe(true)
    expect(faultOf(() => openVault(sealedMaster, `${passphrase} `))).toBe('passphrase-wrong')
    expect(faultOf(() => openVault(sealedMaster, ''))).toBe('passphrase-wrong')
  })

  it('takes one passphrase however its accents are composed', () => {
    const made = createVault('Zu\u0308rich, der Zürichsee')
    expect(faultOf(() => openVault(made.sealedMaster, 'Zürich, der Zu\u0308richsee'))).toBe('no fault')
  })

  it('that was damaged does not open', () => {
    for (const at of [1, 17, 30, sealedMaster.length - 1]) expect(faultOf(() => openVault(flip(sealedMaster, at), passphrase))).toBe('passphrase-wrong')
    expect(faultOf(() => openVault(flip(sealedMaster, 0), passphrase))).toBe('sealed-damaged')
    expect(faultOf(() => openVault(sealedMaster.subarray(1), passphrase))).toBe('sealed-damaged')
    expect(faultOf(() => openVault(new Uint8Array(0), passphrase))).toBe('sealed-damaged')
  })

  it('of the same passphrase is another vault', () => {
    const other = createVault(passphrase)
    expect(Buffer.from(other.sealedMaster).equals(sealedMaster)).toBe(false)
    expect(faultOf(() => other.vault.open(vault.seal(Buffer.from('a'), aad), aad))).toBe('sealed-damaged')
    expect(Buffer.from(other.vault.index('a')).equals(vault.index('a'))).toBe(false)
  })

  it('gives back what it sealed, and seals it differently each time', () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.uint8Array(), (bytes, place) => {
        const sealed = vault.seal(bytes, place)
        expect(sealed.length).toBe(bytes.length + 29)
        expect(sealed[0]).toBe(1)
        expect(Buffer.from(vault.open(sealed, place)).equals(bytes)).toBe(true)
        expect(Buffer.from(vault.seal(bytes, place)).equals(sealed)).toBe(false)
      }),
    )
  })

  it('notices every changed byte, a cut, and another place', () => {
    const sealed = vault.seal(Buffer.from('110101199003070005'), aad)
    for (let at = 0; at < sealed.length; at++) expect(faultOf(() => vault.open(flip(sealed, at), aad))).toBe('sealed-damaged')
    for (let length = 0; length < sealed.length; length++) expect(faultOf(() => vault.open(sealed.subarray(0, length), aad))).toBe('sealed-damaged')
    expect(faultOf(() => vault.open(sealed, Buffer.from('person/name')))).toBe('sealed-damaged')
    expect(Buffer.from(vault.open(sealed, aad)).toString()).toBe('110101199003070005')
  })

  it('gives a text one index of 16 bytes, and another text another', () => {
    const texts = Array.from({ length: 500 }, (_, index) => `1101011990030700${index}`)
    expect(new Set(texts.map((text) => Buffer.from(vault.index(text)).toString('hex'))).size).toBe(500)
    expect([...new Set(texts.map((text) => vault.index(text).length))]).toEqual([16])
    expect(Buffer.from(vault.index('a')).equals(vault.index('a'))).toBe(true)
  })

  it('shows neither passphrase nor keys when it is printed or fails', () => {
    expect(JSON.stringify(vault)).toBe('{}')
    try {
      openVault(sealedMaster, 'a passphrase that is wrong')
      expect.unreachable()
    } catch (error) {
      expect(String((error as Error).stack)).not.toContain('a passphrase that is wrong')
      expect((error as Error).cause).toBeUndefined()
    }
  })
})
