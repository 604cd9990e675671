import { signatureBytes } from './algorithms.ts'
import type { PublicKey } from './engine.ts'
import { nobleEngine } from './engine-noble.ts'
import { isSmallOrder } from './small-order.ts'

/** A key inside WebCrypto; nothing here looks into it. */
interface Ed25519Handle {
  readonly type: string
}

/** Ed25519 is younger than the object, so its refusal is expected and caught. */
interface Subtle {
  importKey(format: 'raw', key: Uint8Array, algorithm: 'Ed25519', extractable: false, uses: readonly ['verify']): Promise<Ed25519Handle>
  verify(algorithm: 'Ed25519', key: Ed25519Handle, signature: Uint8Array, message: Uint8Array): Promise<boolean>
}

// oxlint-disable-next-line no-restricted-globals -- verification with a public key: no chance, no secrets
const subtle = (): Subtle | undefined => crypto.subtle as Subtle | undefined // Node and browsers type it differently; both have this much of it

const imported = new WeakMap<PublicKey, Promise<Ed25519Handle | null>>()

/**
 * Ed25519 by the platform's own WebCrypto where it has it, else by `nobleEngine`; the verdict is the same.
 * A browser of before 2025, a page without a secure context, or a key the platform won't import all end at noble.
 */
export async function verifyWithWebCrypto(key: PublicKey, message: Uint8Array, signature: Uint8Array): Promise<boolean> {
  if (signature.length !== signatureBytes || isSmallOrder(signature) || isSmallOrder(key.x)) return false
  const handle = await handleOf(key)
  if (handle !== null) return subtle()!.verify('Ed25519', handle, signature, message)
  return nobleEngine.verify(key, message, signature)
}

function handleOf(key: PublicKey): Promise<Ed25519Handle | null> {
  let handle = imported.get(key)
  if (handle === undefined) {
    handle = importKey(key.x)
    imported.set(key, handle)
  }
  return handle
}

async function importKey(x: Uint8Array): Promise<Ed25519Handle | null> {
  try {
    return (await subtle()?.importKey('raw', x, 'Ed25519', false, ['verify'])) ?? null
  } catch {
    return null
  }
}
