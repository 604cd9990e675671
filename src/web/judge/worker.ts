import '../platform.ts'
import '#core/parse-without-eval.ts'

import { fetchTrust } from '../trust/fetch-trust.ts'
import { holdTrust, type HeldTrust } from '../trust/hold-trust.ts'
import { openTrustCache } from '../trust/trust-cache.ts'
import { judge } from './judge.ts'
import type { Ask, Asking, Telling } from './protocol.ts'
import { bureauOf, trustState, type Contact } from './trust-state.ts'

// The judge: it holds the trust data, keeps them fresh, and says what a record is worth. Everything happens here, in this device.

/** The part of a worker's own global that is used: this file is compiled with a page's types. */
interface WorkerScope {
  postMessage(telling: Telling): void
  addEventListener(event: 'message', hear: (event: { readonly data: Asking }) => void): void
}
const scope = globalThis as unknown as WorkerScope // a dedicated worker, by how it is started

/** Seconds since 1970 by the device, corrected by the node's clock where the two are known to differ. */
let correction = 0
const deviceTime = (): number => Math.floor(Date.now() / 1000)
const now = (): number => deviceTime() - correction

/** Two clocks that differ by less than this are the same: an answer takes its time, and a Date header has whole seconds. */
const sameClock = 90

let held: HeldTrust | undefined
let contact: Contact = { reached: false, missing: 0, clockAhead: undefined }

const cache = openTrustCache()
const tellTrust = (): void => scope.postMessage({ kind: 'trust', state: trustState(held, contact, now()) })

/** What was kept is made ready while the node is asked; once it has answered, or has not, the page is told. */
async function begin(): Promise<void> {
  const kept = await (await cache).read()
  if (kept !== undefined) held = await holdTrust(kept)
  await refresh()
}

async function refresh(): Promise<void> {
  try {
    const { held: files, missing, nodeTime } = await fetchTrust(held?.sound, deviceTime)
    const ahead = nodeTime === undefined ? 0 : deviceTime() - nodeTime
    correction = Math.abs(ahead) > sameClock ? ahead : 0
    held = await holdTrust(files)
    contact = { reached: true, missing, clockAhead: correction === 0 ? undefined : correction }
    await (await cache).write(files)
  } catch {
    // Whatever kept the node from being heard, the page works on with what is held, and says so.
    contact = { ...contact, reached: false }
  }
  tellTrust()
}

/** How long a record waits for the node when there are kept files to judge it by. Milliseconds. */
const patience = 2500

const begun = begin()

async function answer(ask: Ask, id: number): Promise<void> {
  if (ask.kind === 'refresh') {
    await begun
    await refresh()
    scope.postMessage({ kind: 'refreshed', id })
    return
  }
  await Promise.race([begun, heldAndWaited()])
  const told = await judge(ask.found, ask.question, held, held === undefined ? undefined : bureauOf(held), now())
  scope.postMessage({ kind: 'judged', id, told })
}

/** With kept files nobody waits for a node that does not answer; without, there is nothing to judge by before it has. */
async function heldAndWaited(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, patience))
  if (held === undefined) await begun
}

scope.addEventListener('message', ({ data: { id, ask } }) => {
  answer(ask, id).catch((error: unknown) => scope.postMessage({ kind: 'failed', id, message: error instanceof Error ? error.message : 'unknown' }))
})
