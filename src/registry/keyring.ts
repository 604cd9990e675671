import { issuingKey, type IssuingKey } from '#core/credential/issue-record.ts'
import type { Signer } from '#core/crypto/engine.ts'
import { Fault } from '#core/fault.ts'
import { secondsOf } from '#core/model/instant.ts'
import { Scope } from '#core/trust/scope.ts'
import { listSigningKeys, type SigningKey } from '#storage/signing-keys.ts'
import { openSigner, type Keeping } from './new-key.ts'
import type { Keyring, Office } from './office.ts'

/** Uses whose keys are held open. */
const openUses = ['issue', 'status', 'token', 'log', 'witness'] as const
type OpenUse = (typeof openUses)[number]

interface Held {
  readonly key: SigningKey
  readonly signer: Signer
  /** Of the issuing key this is all that is handed out. */
  readonly issuing: IssuingKey
}

const inForce = (key: SigningKey, now: number): boolean => key.closedAt === null && key.notBefore <= now && now < key.notAfter

/** Of each use it is the newest key in force that signs. Keys are given oldest first. */
export const newestInForce = (keys: readonly SigningKey[], use: SigningKey['use'], now: number): SigningKey | undefined =>
  keys.findLast((key) => key.use === use && inForce(key, now))

/** Opens the newest key in force of each use, each where it is kept. Faults: `sealed-damaged`, `device-…`. */
export async function openKeyring(keeping: Keeping, keys: readonly SigningKey[], now: number): Promise<Keyring> {
  const held = new Map<OpenUse, Held>()
  for (const use of openUses) {
    const key = newestInForce(keys, use, now)
    if (key === undefined) continue
    const signer = await openSigner(keeping, key)
    held.set(use, { key, signer, issuing: issuingKey(signer) })
  }
  const of = (use: OpenUse) => held.get(use) ?? missing(use)
  return {
    get issue() {
      return of('issue').issuing
    },
    get issueScope() {
      const scope = Scope.safeParse(of('issue').key.scope)
      return scope.success ? scope.data : undefined
    },
    get status() {
      return of('status').signer
    },
    get token() {
      return of('token').signer
    },
    get log() {
      return of('log').signer
    },
    get witness() {
      return of('witness').signer
    },
    authority: async () => openSigner(keeping, newestInForce(keys, 'authority', now) ?? missing('authority')),
  }
}

function missing(use: SigningKey['use']): never {
  throw new Fault('key-outside-window', { at: use })
}

/**
 * The same office with keys that can be opened anew while it serves: a key that was made or closed meanwhile, here or by a command beside
 * this process, must not wait for a restart. Nobody keeps a signer of the keyring; each signature asks the keyring for it.
 */
export function keepKeys(office: Office): { readonly office: Office; readonly readAgain: () => Promise<void> } {
  let held = office.keyring
  let known: string | undefined
  const keyring: Keyring = {
    get issue() {
      return held.issue
    },
    get issueScope() {
      return held.issueScope
    },
    get status() {
      return held.status
    },
    get token() {
      return held.token
    },
    get log() {
      return held.log
    },
    get witness() {
      return held.witness
    },
    authority: () => held.authority(),
  }
  return {
    office: { ...office, keyring },
    readAgain: async () => {
      const now = secondsOf(office.clock())
      const keys = await listSigningKeys(office.store.read, {})
      const chosen = [...openUses, 'authority' as const].map((use) => newestInForce(keys, use, now)?.kid).join()
      if (chosen === known) return
      held = await openKeyring(office, keys, now)
      known = chosen
    },
  }
}
