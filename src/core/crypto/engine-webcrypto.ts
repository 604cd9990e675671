import { signatureBytes } from './algorithms.ts'
import type { PublicKey } from './engine.ts'
import { nobleEngine } from './engine-noble.ts'
import { isSmallOrder } from './small-order.ts'

const imported = new WeakMap<PublicKey, Promise<Ed25519Handle | null>>()

/**
 * Ed25519 by the platform's own WebCrypto where it has it, else by `nobleEngine`; the verdict is the same.
 * A browser of before 2025, a page without a secure context, or a key the platform won't import all end at noble.
 */
export async function verifyWithWebCrypto(key: PublicKey, message: Uint8Array, signature: Uint8Array): Promise<boolean> {
  if (signature.length !== signatureBytes || isSmallOrder(signature) || isSmallOrder(key.x)) return false
  const handle = await handleOf(key)
  // oxlint-disable-next-line no-restricted-globals -- verification with a public key: no chance, no secrets
  if (handle !== null) return crypto.subtle!.verify('Ed25519', handle, signature, message)
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
    // oxlint-disable-next-line no-restricted-globals -- as above
    return (await crypto.subtle?.importKey('raw', x, 'Ed25519', false, ['verify'])) ?? null
  } catch {
    return null
  }
}
