import '../platform.ts'
import '#core/parse-without-eval.ts'

import { Fault } from '#core/fault.ts'
import { instantOf } from '#core/model/instant.ts'
import { bytesOfFile, keptOf, openBundle, tellBundleFault, type ChosenBundle } from '../trust/chosen-bundle.ts'
import { fetchTrust } from '../trust/fetch-trust.ts'
import { holdTrust, type HeldTrust } from '../trust/hold-trust.ts'
import { openTrustCache, type HeldFiles } from '../trust/trust-cache.ts'
import { judge } from './judge.ts'
import type { Ask, Asking, Telling } from './protocol.ts'
import type { ToldReason } from './told.ts'
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

/** What was heard of the node, and the bundle that somebody chose; and the trust that follows from the two. */
let node: HeldFiles | undefined
let chosen: ChosenBundle | undefined
let held: HeldTrust | undefined
let contact: Contact = { reached: false, missing: 0, clockAhead: undefined }

const cache = openTrustCache()
const tellTrust = (): void => scope.postMessage({ kind: 'trust', state: trustState({ held, node, chosen, contact, now: now() }) })

let holds = 0

/** Assembles trust anew. Of two that overlap the one that began later knows more. What was wrong with the bundle is given back, and it is gone. */
async function hold(): Promise<Fault | undefined> {
  const mine = ++holds
  const by = chosen
  // The node's own anchors, once they are known; else those of the bundle, if the person has confirmed them; else nobody's.
  const anchors = node?.anchors ?? (by?.confirmed === true ? by.bundle.label.anchors : undefined)
  try {
    const next = anchors === undefined ? undefined : await holdTrust({ node, bundle: by?.bundle }, anchors, instantOf(now()))
    if (mine === holds) held = next
    return undefined
  } catch (fault) {
    if (!(fault instanceof Fault) || by === undefined) throw fault
    if (chosen === by) await choose(undefined)
    await hold()
    return fault
  }
}

async function choose(bundle: ChosenBundle | undefined): Promise<void> {
  chosen = bundle
  await (await cache).writeBundle(bundle === undefined ? undefined : keptOf(bundle))
}

/** What was kept is made ready while the node is asked; once it has answered, or has not, the page is told. */
async function begin(): Promise<void> {
  const store = await cache
  const [files, bundle] = await Promise.all([store.read(), store.readBundle()])
  node ??= files
  try {
    if (bundle !== undefined) chosen ??= openBundle(bundle)
  } catch {
    // Damaged on the device, or kept by another version of this page: as if it had not been kept. One that was chosen meanwhile is.
    if (chosen === undefined) await store.writeBundle(undefined)
  }
  await hold()
  await refresh()
}

async function refresh(): Promise<void> {
  try {
    const { held: files, missing, nodeTime } = await fetchTrust(held?.sound ?? node, deviceTime)
    const ahead = nodeTime === undefined ? 0 : deviceTime() - nodeTime
    correction = Math.abs(ahead) > sameClock ? ahead : 0
    node = files
    await hold()
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
  switch (ask.kind) {
    case 'judge': {
      await Promise.race([begun, heldAndWaited()])
      const told = await judge(ask.found, ask.question, held, held === undefined ? undefined : bureauOf(held), now())
      return scope.postMessage({ kind: 'judged', id, told })
    }
    case 'refresh':
      await begun
      await refresh()
      return scope.postMessage({ kind: 'refreshed', id })
    case 'take-bundle':
      return scope.postMessage({ kind: 'bundle', id, refused: await use(async () => take(await bytesOfFile(ask.file))) })
    case 'confirm-bundle':
      return scope.postMessage({ kind: 'bundle', id, refused: await use(() => confirm(ask.digest)) })
    case 'drop-bundle':
      return scope.postMessage({ kind: 'bundle', id, refused: await use(() => choose(undefined)) })
  }
}

/**
 * Whoever has confirmed these very anchors before is not asked again for a newer bundle under them. An older one is not taken: whoever hands it
 * over may want it forgotten what has been revoked since. Fault: `bundle-older`.
 */
async function take(bytes: Uint8Array): Promise<void> {
  const next = openBundle({ bytes, confirmed: chosen?.confirmed === true ? chosen.digest : undefined })
  const used = held?.checked === undefined ? undefined : chosen
  if (used?.digest === next.digest && next.bundle.label.iat < used.bundle.label.iat) throw new Fault('bundle-older', { at: 'bundle' })
  await choose(next)
}

async function confirm(digest: string): Promise<void> {
  if (chosen?.digest === digest) await choose({ ...chosen, confirmed: true })
}

/** Changes which bundle is used, and says why it is not where something is wrong with it. */
async function use(change: () => Promise<void>): Promise<ToldReason | undefined> {
  try {
    await change()
    const wrong = await hold()
    return wrong === undefined ? undefined : tellBundleFault(wrong)
  } catch (fault) {
    if (!(fault instanceof Fault)) throw fault
    return tellBundleFault(fault)
  } finally {
    tellTrust()
  }
}

/** With kept files nobody waits for a node that does not answer; without, there is nothing to judge by before it has. */
async function heldAndWaited(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, patience))
  if (held === undefined) await begun
}

scope.addEventListener('message', ({ data: { id, ask } }) => {
  answer(ask, id).catch((error: unknown) => scope.postMessage({ kind: 'failed', id, message: error instanceof Error ? error.message : 'unknown' }))
})
