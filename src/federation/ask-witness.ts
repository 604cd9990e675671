import { addCheckpoint } from '#contract/log.ts'
import { Fault } from '#core/fault.ts'
import { checkAddress } from './check-address.ts'
import { readAll, type StreamedAnswer } from './read-all.ts'

/** What this layer needs of `fetch` to send something; the platform's own fits. */
export type PostText = (
  url: string,
  init: {
    readonly method: 'POST'
    readonly headers: Record<string, string>
    readonly body: string
    readonly redirect: 'error'
    readonly signal: AbortSignal
  },
) => Promise<StreamedAnswer>

export type WitnessAnswer =
  | { readonly kind: 'cosigned'; readonly lines: string }
  /** The size that the witness has cosigned. */
  | { readonly kind: 'other-size'; readonly size: number }
  | { readonly kind: 'refused'; readonly status: number }

const limits = { fileBytes: 64 * 1024, milliseconds: 10_000 }

/**
 * Sends a request to cosign (C2SP tlog-witness) to a neighbour at an address of an accepted alliance list. What comes back is unchecked.
 * Faults: `neighbour-address-refused`, `neighbour-unreachable`, `bytes-too-many`.
 */
export async function askWitness(address: string, request: string, post: PostText): Promise<WitnessAnswer> {
  const url = `${checkAddress(address)}${addCheckpoint.path}`
  const signal = AbortSignal.timeout(limits.milliseconds)
  try {
    const answer = await post(url, { method: 'POST', headers: { 'content-type': addCheckpoint.contentType[0] }, body: request, redirect: 'error', signal })
    const text = new TextDecoder().decode(await readAll(answer, url, limits))
    if (answer.status === 200) return { kind: 'cosigned', lines: text }
    const size = answer.status === 409 && /^(0|[1-9]\d{0,15})\n$/.test(text) ? Number(text) : Number.NaN
    return Number.isSafeInteger(size) ? { kind: 'other-size', size } : { kind: 'refused', status: answer.status }
  } catch (error) {
    if (error instanceof Fault) throw error
    throw new Fault('neighbour-unreachable', {
      at: url,
      detail: signal.aborted ? `no answer within ${limits.milliseconds} ms` : 'no connection, or a redirect',
      cause: error,
    })
  }
}
