import { nobleEngine } from '#core/crypto/engine-noble.ts'
import { verifyWithWebCrypto } from '#core/crypto/engine-webcrypto.ts'
import type { Engine, PublicKey } from '#core/crypto/engine.ts'
import { encodeBase64url } from '#core/encoding/base64url.ts'

/** Whether a signature holds, asked of a platform that only answers later. */
export type CheckLater = (key: PublicKey, message: Uint8Array, signature: Uint8Array) => Promise<boolean>

interface Unchecked {
  readonly name: string
  readonly key: PublicKey
  readonly message: Uint8Array
  readonly signature: Uint8Array
}

/**
 * Runs synchronous work that asks for signatures on a platform that checks them asynchronously. A signature that has not been checked is
 * taken for good, only to see what else the work will ask for; all that were asked for are then checked at once, and the work is
 * run again. What is handed out was made from checked answers alone, so it is what a synchronous engine would have come to: a
 * run that met an unchecked signature is thrown away, whatever it returned or threw.
 *
 * The work has no effects outside itself, since it runs several times. Each round checks at least one signature that no round
 * before had met, and what it meets is bounded by what the work reads; so it ends.
 */
export async function settle<Result>(work: (engine: Engine) => Result, check: CheckLater = verifyWithWebCrypto): Promise<Result> {
  const checked = new Map<string, boolean>()
  for (;;) {
    const unchecked = new Map<string, Unchecked>()
    const engine: Engine = {
      sha256: nobleEngine.sha256,
      verify: (key, message, signature) => {
        const name = nameOf(key, message, signature)
        const known = checked.get(name)
        if (known !== undefined) return known
        unchecked.set(name, { name, key, message, signature })
        return true
      },
    }
    const run = attempt(() => work(engine))
    if (unchecked.size === 0) {
      if ('error' in run) throw run.error
      return run.result
    }
    const answers = await Promise.all([...unchecked.values()].map(async (each) => [each.name, await check(each.key, each.message, each.signature)] as const))
    for (const [name, answer] of answers) checked.set(name, answer)
  }
}

/** All three by their whole content: an answer for one key, message or signature is never given for another. */
const nameOf = (key: PublicKey, message: Uint8Array, signature: Uint8Array): string =>
  `${encodeBase64url(key.x)}.${encodeBase64url(signature)}.${encodeBase64url(nobleEngine.sha256(message))}`

function attempt<Result>(work: () => Result): { readonly result: Result } | { readonly error: unknown } {
  try {
    return { result: work() }
  } catch (error) {
    return { error }
  }
}
