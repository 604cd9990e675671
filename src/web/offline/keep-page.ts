/** How the page is kept on this device for times without a network. */
export interface KeptPage {
  /** Undefined while it is not known yet. */
  readonly kept: boolean | undefined
  /** A newer version is ready and waits until this one lets go. */
  readonly newer: boolean
}

const listeners = new Set<(kept: KeptPage) => void>()
let state: KeptPage = { kept: undefined, newer: false }
let waiting: ServiceWorker | undefined

function become(change: Partial<KeptPage>): void {
  state = { ...state, ...change }
  for (const listener of listeners) listener(state)
}

/** Between two looks for a newer version while the page stays open. Milliseconds. */
const lookEvery = 30 * 60 * 1000

/**
 * Registers the service worker. The browser asks the node for a newer one at every visit, past every cache, and so does a page that stays
 * open; a newer one waits until the person reloads or closes the page, so that no page is half old and half new.
 */
async function register(): Promise<void> {
  // Absent outside a secure context and in some private windows, whatever the types say.
  const workers = navigator.serviceWorker as ServiceWorkerContainer | undefined
  if (workers === undefined) return become({ kept: false })
  try {
    const registration = await workers.register('/sw.js', { updateViaCache: 'none' })
    const watch = (worker: ServiceWorker | null): void => {
      if (worker === null) return
      const look = (): void => {
        if (worker.state === 'activated') become({ kept: true })
        // The first of all could not fetch or store everything: nothing serves this page without a network.
        if (worker.state === 'redundant' && registration.active === null) become({ kept: false })
        // The first of all takes over by itself; any other waits for the page that an older one serves.
        if (worker.state === 'installed' && registration.active !== null) {
          waiting = worker
          become({ newer: true })
        }
      }
      worker.addEventListener('statechange', look)
      look()
    }
    watch(registration.active)
    watch(registration.waiting)
    watch(registration.installing)
    registration.addEventListener('updatefound', () => watch(registration.installing))
    setInterval(() => void registration.update().catch(() => undefined), lookEvery)
  } catch {
    become({ kept: false })
  }
}

let registered = false

/** Tells what is known now, and again whenever it changes. Gives back how to stop listening. */
export function listenKept(listener: (kept: KeptPage) => void): () => void {
  listeners.add(listener)
  listener(state)
  if (!registered) {
    registered = true
    void register()
  }
  return () => listeners.delete(listener)
}

/** Lets the newer version take over, and loads the page anew as soon as it has. */
export function takeNewer(): void {
  navigator.serviceWorker.addEventListener('controllerchange', () => location.reload(), { once: true })
  waiting?.postMessage('take-over')
}
