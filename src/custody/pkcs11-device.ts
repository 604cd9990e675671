import type { Handle, PKCS11 } from 'pkcs11js'

import { signatureBytes } from '#core/crypto/algorithms.ts'
import { publicJwkOf, readPublicKeyBytes } from '#core/crypto/read-public-key.ts'
import { Fault } from '#core/fault.ts'
import { nodeEngine } from './engine-node.ts'
import type { DeviceDoor, KeyDevice } from './key-device.ts'
import { cka, codeOf, codes, deviceFault, loadModule, mechanisms, restart, privateKeyClass, sessionFlags, tokenFlags, userType } from './pkcs11-module.ts'
import { randomBytes } from './random-bytes.ts'

export interface Pkcs11Settings {
  /** The manufacturer's library, such as /usr/lib/softhsm/libsofthsm2.so. */
  readonly module: string
  /** The token's label; slots change their numbers. */
  readonly token: string
  /** Read when a session begins and not kept. */
  readonly readPin: () => string
}

interface Session {
  readonly library: PKCS11
  readonly handle: Handle
  /** Handles of private keys, which end with the session. */
  readonly keys: Map<string, Handle>
}

/** edwards25519 as an object identifier (RFC 8410 §3). */
const curve = Buffer.from('06032b6570', 'hex')

/**
 * Ed25519 keys in a PKCS #11 token: made there, never readable, signing with CKM_EDDSA. A session that was lost, because the token was
 * pulled or its daemon restarted, is begun anew; a fault says so if that does not help.
 */
export function pkcs11Door({ module, token, readPin }: Pkcs11Settings, load: (path: string) => Promise<PKCS11> = loadModule): DeviceDoor {
  let opening: Promise<KeyDevice> | undefined
  let session: Session | undefined
  // Tokens lock themselves after a few wrong PINs: one is enough to know, and each signature would be another try.
  let refusal: Fault | undefined

  const begin = (library: PKCS11): Session => {
    if (refusal !== undefined) throw refusal
    const slot = slotOf(library, token)
    const handle = library.C_OpenSession(slot, sessionFlags)
    try {
      library.C_Login(handle, userType, readPin())
    } catch (error) {
      const code = codeOf(error)
      if (code === codes.alreadyLoggedIn) return { library, handle, keys: new Map() }
      library.C_CloseSession(handle)
      if (code === codes.pinIncorrect || code === codes.pinInvalid || code === codes.pinLocked)
        throw (refusal = new Fault('device-pin-refused', { at: token, detail: deviceFault(error).detail }))
      throw error
    }
    return { library, handle, keys: new Map() }
  }
  const end = (): void => {
    const ended = session
    session = undefined
    try {
      ended?.library.C_CloseSession(ended.handle)
    } catch {
      // It is gone already, with its token.
    }
  }
  /**
   * Work that may be done again: whatever the token answers, it is tried in a session that is surely alive, and then with the library begun
   * anew, which is what finds a token that was pulled and put back. Others in this process lose their sessions by that, and begin new ones likewise.
   */
  const within = <Result>(library: PKCS11, work: (session: Session) => Result): Result => {
    const asItIs = (): void => undefined
    let last: unknown
    for (const prepare of session === undefined ? [asItIs, restart] : [asItIs, asItIs, restart])
      try {
        prepare(library)
        return work((session ??= begin(library)))
      } catch (error) {
        end()
        last = error
        if (codeOf(error) === undefined && !(error instanceof Fault && error.code === 'device-absent')) break
      }
    throw deviceFault(last)
  }

  const connect = async (): Promise<KeyDevice> => {
    const library = await load(module)
    within(library, () => undefined)
    return {
      makeKey: (label) => within(library, (on) => makeKeyIn(on, label)),
      openKey: (locator, key) => {
        within(library, (on) => findKey(on, locator))
        return {
          kid: key.kid,
          sign: (message) => {
            const signature = within(library, (on) => signIn(on, findKey(on, locator), message))
            // A device that errs, or that holds another key under this locator, must not have its signature published.
            if (!nodeEngine.verify(key, message, signature)) throw new Fault('device-signature-wrong', { at: key.kid })
            return signature
          },
        }
      },
    }
  }
  return {
    open: () => {
      if (opening !== undefined) return opening
      const tried = connect()
      opening = tried
      tried.catch(() => (opening = undefined))
      return tried
    },
    close: () => {
      opening = undefined
      end()
    },
  }
}

function slotOf(library: PKCS11, token: string): Handle {
  for (const slot of library.C_GetSlotList(true)) {
    const { label, flags } = library.C_GetTokenInfo(slot)
    // Labels are padded with blanks to 32 characters.
    if (label.trimEnd() !== token) continue
    // The last try stays with a person: a program that takes it may lock everybody out.
    if ((flags & (tokenFlags.pinFinalTry | tokenFlags.pinLocked)) !== 0)
      throw new Fault('device-pin-refused', { at: token, detail: (flags & tokenFlags.pinLocked) !== 0 ? 'locked' : 'one try is left' })
    return slot
  }
  throw new Fault('device-absent', { at: token })
}

function makeKeyIn({ library, handle }: Session, label: string) {
  const id = Buffer.from(randomBytes(16))
  const shared = [
    { type: cka.token, value: true },
    { type: cka.id, value: id },
    { type: cka.label, value: label },
  ]
  const pair = library.C_GenerateKeyPair(
    handle,
    { mechanism: mechanisms.makeEdwardsKeyPair },
    [...shared, { type: cka.verify, value: true }, { type: cka.ecParams, value: curve }],
    [
      ...shared,
      { type: cka.private, value: true },
      { type: cka.sensitive, value: true },
      { type: cka.extractable, value: false },
      { type: cka.modifiable, value: false },
      { type: cka.sign, value: true },
    ],
  )
  const guards = [cka.sensitive, cka.alwaysSensitive, cka.neverExtractable].map((type) => library.C_GetAttributeValue(handle, pair.privateKey, [{ type }])[0])
  if (guards.some((guard) => guard === undefined || guard.value[0] !== 1)) throw new Fault('device-key-exposed', { at: label })
  const [point] = library.C_GetAttributeValue(handle, pair.publicKey, [{ type: cka.ecPoint }])
  const key = readPublicKeyBytes(pointOf(point!.value), 'CKA_EC_POINT')
  return { jwk: publicJwkOf(key), kid: key.kid, locator: new Uint8Array(id) }
}

/** As a DER OCTET STRING (PKCS #11 v2.40), or bare (v3.0 for Edwards curves). Of another length it is no key, and is refused as such. */
const pointOf = (value: Uint8Array): Uint8Array => (value.length === 34 && value[0] === 0x04 && value[1] === 32 ? value.subarray(2) : value)

function findKey({ library, handle, keys }: Session, locator: Uint8Array): Handle {
  const id = Buffer.from(locator)
  const held = keys.get(id.toString('hex'))
  if (held !== undefined) return held
  library.C_FindObjectsInit(handle, [
    { type: cka.class, value: privateKeyClass },
    { type: cka.id, value: id },
  ])
  const found = library.C_FindObjects(handle, 2)
  library.C_FindObjectsFinal(handle)
  if (found.length !== 1) throw new Fault('device-key-missing', { detail: `${found.length} keys of this id` })
  keys.set(id.toString('hex'), found[0]!)
  return found[0]!
}

function signIn({ library, handle }: Session, key: Handle, message: Uint8Array): Uint8Array {
  library.C_SignInit(handle, { mechanism: mechanisms.eddsa }, key)
  return new Uint8Array(library.C_Sign(handle, Buffer.from(message), Buffer.alloc(signatureBytes)))
}
