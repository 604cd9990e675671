import { verify } from 'node:crypto'
import { parentPort, workerData } from 'node:worker_threads'

import { keyObjectOf } from './drafts.ts'

export interface RawTask {
  readonly jwk: Parameters<typeof keyObjectOf>[0]
  readonly signed: readonly { readonly signingInput: Uint8Array; readonly signature: Uint8Array }[]
}

const { jwk, signed } = workerData as RawTask // started by verify-file alone
const key = keyObjectOf(jwk)

// Told how many signatures to check, says when it has.
parentPort!.on('message', (times: number) => {
  for (let index = 0; index < times; index++) {
    const { signingInput, signature } = signed[index % signed.length]!
    if (!verify(null, signingInput, key, signature)) throw new Error('the raw signature is wrong')
  }
  parentPort!.postMessage(times)
})
