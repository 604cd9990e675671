import { createRequire } from 'node:module'

import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { PKCS11 } from 'pkcs11js'

import { readPublicKey } from '#core/crypto/read-public-key.ts'
import { Fault } from '#core/fault.ts'
import { nodeEngine } from '#custody/engine-node.ts'
import type { DeviceDoor, DeviceKey, KeyDevice } from '#custody/key-device.ts'
import { pkcs11Door } from '#custody/pkcs11-device.ts'
import { cka, loadModule } from '#custody/pkcs11-module.ts'
import { faultCodeOf } from '../support/fault-code-of.ts'
import { faultOf } from '../support/fault-of.ts'
import { makeSoftToken, softModule, type SoftToken } from '../support/soft-token.ts'

let token: SoftToken
let door: DeviceDoor
let device: KeyDevice
let library: PKCS11

const doorWith = (changes: Partial<Parameters<typeof pkcs11Door>[0]> = {}, load?: () => Promise<PKCS11>): DeviceDoor =>
  pkcs11Door({ module: softModule, token: token.label, readPin: () => token.pin, ...changes }, load)

/** The real library with some of its functions answering otherwise. */
const spoilt = (changes: Partial<PKCS11>) => async (): Promise<PKCS11> =>
  new Proxy(library, {
    get: (target, name: keyof PKCS11) => {
      if (name in changes) return changes[name]
      const member = target[name]
      return typeof member === 'function' ? member.bind(target) : member
    },
  })

const signerOf = (on: KeyDevice, key: DeviceKey) => on.openKey(key.locator, readPublicKey(key.jwk))
const message = Buffer.from('互认')

beforeAll(async () => {
  token = makeSoftToken()
  door = doorWith()
  device = await door.open()
  library = await loadModule(softModule)
})
afterAll(() => {
  door.close()
  token.remove()
})

describe('a key made in a device', () => {
  it('is one that trust data would take, and signs what every engine verifies', () => {
    const key = device.makeKey('comity 370100 issue')
    const signer = signerOf(device, key)
    const publicKey = readPublicKey({ ...key.jwk, kid: key.kid })
    expect([signer.kid, Object.keys(key.jwk), key.locator.length]).toEqual([key.kid, ['kty', 'crv', 'x'], 16])
    for (const length of [1, 2000, 100_000]) {
      const bytes = Buffer.alloc(length, 7)
      expect(nodeEngine.verify(publicKey, bytes, signer.sign(bytes)), String(length)).toBe(true)
    }
    // Ed25519 has no chance in it: another session gives the same signature.
    expect(signer.sign(message)).toEqual(signerOf(device, key).sign(message))
  })

  it('is another each time, and each is found by its own locator', () => {
    const keys = Array.from({ length: 5 }, (_, index) => device.makeKey(`key ${index}`))
    expect(new Set(keys.map(({ kid }) => kid)).size).toBe(5)
    for (const key of keys) expect(nodeEngine.verify(readPublicKey(key.jwk), message, signerOf(device, key).sign(message))).toBe(true)
  })

  it('can be read by nobody, whatever asks for it', () => {
    const { locator } = device.makeKey('unreadable')
    const slot = library.C_GetSlotList(true).find((each) => library.C_GetTokenInfo(each).label.trimEnd() === token.label)!
    const session = library.C_OpenSession(slot, 6)
    library.C_FindObjectsInit(session, [
      { type: cka.class, value: 3 },
      { type: cka.id, value: Buffer.from(locator) },
    ])
    const [key] = library.C_FindObjects(session, 1)
    library.C_FindObjectsFinal(session)
    const flag = (type: number): number => library.C_GetAttributeValue(session, key!, [{ type }])[0]!.value[0]!
    expect(
      Object.fromEntries((['sensitive', 'alwaysSensitive', 'extractable', 'neverExtractable', 'modifiable'] as const).map((name) => [name, flag(cka[name])])),
    ).toEqual({
      sensitive: 1,
      alwaysSensitive: 1,
      extractable: 0,
      neverExtractable: 1,
      modifiable: 0,
    })
    const value = 0x11
    expect(() => library.C_GetAttributeValue(session, key!, [{ type: value }])).toThrow('CKR_ATTRIBUTE_SENSITIVE')
    // Nor may it be made readable afterwards.
    expect(() => library.C_SetAttributeValue(session, key!, [{ type: cka.extractable, value: true }])).toThrow('CKR_')
    expect(() => library.C_SetAttributeValue(session, key!, [{ type: cka.sensitive, value: false }])).toThrow('CKR_')
    library.C_CloseSession(session)
  })

  it('is not used when the device has left it readable', async () => {
    const careless = doorWith(
      {},
      spoilt({
        C_GenerateKeyPair: ((session, mechanism, publicTemplate, privateTemplate) =>
          library.C_GenerateKeyPair(
            session,
            mechanism,
            publicTemplate,
            privateTemplate.map((entry) => (entry.type === cka.extractable ? { ...entry, value: true } : entry)),
          )) satisfies PKCS11['C_GenerateKeyPair'],
      }),
    )
    const opened = await careless.open()
    expect(faultOf(() => opened.makeKey('careless'))).toBe('device-key-exposed')
  })

  // The identity as a point of small order; y = p + 1, the same point not canonically; a key of 31 bytes.
  it.each([
    ['small order', Buffer.from(`0420${'01'.padEnd(64, '0')}`, 'hex'), 'key-weak'],
    ['not canonical', Buffer.from(`0420ee${'ff'.repeat(30)}7f`, 'hex'), 'key-weak'],
    ['not of the curve', Buffer.from(`042002${'00'.repeat(31)}`, 'hex'), 'key-weak'],
    ['cut off', Buffer.from(`041f${'11'.repeat(31)}`, 'hex'), 'key-malformed'],
  ])('never enters with a public half that is %s', async (_what, point, code) => {
    const opened = await doorWith(
      {},
      spoilt({
        C_GetAttributeValue: (session: Buffer, object: Buffer, template: { type: number }[]) =>
          template[0]!.type === cka.ecPoint ? [{ type: cka.ecPoint, value: point }] : library.C_GetAttributeValue(session, object, template),
      }),
    ).open()
    expect(faultOf(() => opened.makeKey('weak'))).toBe(code)
  })
})

describe('a device in trouble', () => {
  it('has no wrong signature published: what it signs is verified first', async () => {
    const key = device.makeKey('faulty')
    const flip = ((session: Buffer, data: Buffer, output: Buffer) => {
      const signature = library.C_Sign(session, data, output)
      signature[40]! ^= 1
      return signature
    }) as PKCS11['C_Sign']
    const faulty = await doorWith({}, spoilt({ C_Sign: flip })).open()
    expect(faultOf(() => signerOf(faulty, key).sign(message))).toBe('device-signature-wrong')
    const empty = await doorWith({}, spoilt({ C_Sign: () => Buffer.alloc(0) })).open()
    expect(faultOf(() => signerOf(empty, key).sign(message))).toBe('device-signature-wrong')
  })

  it('cannot sign for a key with another that it holds', () => {
    const [mine, other] = [device.makeKey('mine'), device.makeKey('other')]
    expect(faultOf(() => device.openKey(other.locator, readPublicKey(mine.jwk)).sign(message))).toBe('device-signature-wrong')
  })

  it('goes on when its session was ended by somebody else', () => {
    const key = device.makeKey('ended')
    const signer = signerOf(device, key)
    const first = signer.sign(message)
    for (const slot of library.C_GetSlotList(true)) library.C_CloseAllSessions(slot)
    expect(signer.sign(message)).toEqual(first)
  })

  it('is a fault while the token is away, and no more when it is back', async () => {
    const own = doorWith()
    const opened = await own.open()
    const key = opened.makeKey('pulled')
    const signer = signerOf(opened, key)
    const first = signer.sign(message)
    token.pull()
    try {
      expect(faultOf(() => signer.sign(message))).toBe('device-absent')
      expect(faultOf(() => opened.makeKey('nowhere'))).toBe('device-absent')
    } finally {
      token.plug()
    }
    expect(signer.sign(message)).toEqual(first)
  })

  it('is a fault when it answers nothing but errors', async () => {
    const dead = () => {
      throw Object.assign(new Error('CKR_DEVICE_REMOVED'), { name: 'Pkcs11Error', code: 0x32 })
    }
    const key = device.makeKey('dead')
    const opened = await doorWith({}, spoilt({ C_SignInit: dead })).open()
    const signer = signerOf(opened, key)
    const caught = ((): unknown => {
      try {
        return signer.sign(message)
      } catch (error) {
        return error
      }
    })()
    expect(caught).toBeInstanceOf(Fault)
    expect([(caught as Fault).code, (caught as Fault).detail]).toEqual(['device-failed', 'CKR_DEVICE_REMOVED'])
    expect(await faultCodeOf(doorWith({}, spoilt({ C_OpenSession: dead })).open())).toBe('device-failed')
  })

  it('is found by its label, and a key by its locator', async () => {
    expect(await faultCodeOf(doorWith({ token: 'elsewhere' }).open())).toBe('device-absent')
    expect(faultOf(() => device.openKey(new Uint8Array(16), readPublicKey(device.makeKey('x').jwk)))).toBe('device-key-missing')
  })

  it('says what is missing when its library is', async () => {
    expect(await faultCodeOf(doorWith({ module: '/nowhere/lib.so' }).open())).toBe('device-module-unusable')
    expect(await faultCodeOf(doorWith({ module: createRequire(import.meta.url).resolve('vitest/package.json') }).open())).toBe('device-module-unusable')
  })

  it('says how to get the support for devices where it was not installed', async () => {
    vi.doMock('pkcs11js', () => {
      throw new Error('Cannot find package')
    })
    try {
      expect(await faultCodeOf(doorWith({ module: '/another/module.so' }).open())).toBe('device-support-missing')
    } finally {
      vi.doUnmock('pkcs11js')
    }
  })

  it('asks for its PIN once, and never tries a wrong one again', async () => {
    let logins = 0
    // Somebody logged in to the same token through this process would make the PIN unasked for.
    const refuse = (() => {
      logins++
      throw Object.assign(new Error('CKR_PIN_INCORRECT'), { name: 'Pkcs11Error', code: 0xa0 })
    }) as PKCS11['C_Login']
    const wrong = doorWith({ readPin: () => '000000' }, spoilt({ C_Login: refuse }))
    for (let tries = 0; tries < 3; tries++) expect(await faultCodeOf(wrong.open())).toBe('device-pin-refused')
    expect(logins).toBe(1)
    const last = ((slot: Buffer) => ({ ...library.C_GetTokenInfo(slot), flags: 0x20000 })) as PKCS11['C_GetTokenInfo']
    expect(await faultCodeOf(doorWith({}, spoilt({ C_GetTokenInfo: last, C_Login: refuse })).open())).toBe('device-pin-refused')
    expect(logins).toBe(1)
  })

  it('says nothing of the PIN', async () => {
    const refuse = (() => {
      throw Object.assign(new Error('CKR_PIN_INCORRECT'), { name: 'Pkcs11Error', code: 0xa0 })
    }) as PKCS11['C_Login']
    const fault: unknown = await doorWith({}, spoilt({ C_Login: refuse }))
      .open()
      .catch((error: unknown) => error)
    expect(JSON.stringify(fault, Object.getOwnPropertyNames(fault)) + String((fault as Fault).stack)).not.toContain(token.pin)
    expect((fault as Fault).detail).toBe('CKR_PIN_INCORRECT')
  })
})
