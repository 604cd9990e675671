// Keeps the pages of one build on the device, so that they open without a network. It keeps nothing else: trust data are the judge's business,
// and what a person offers never leaves the page.

/** What the build writes in: the addresses of all its files, and a version that is the digest of them all. */
declare const __PAGES__: { readonly version: string; readonly files: readonly string[] }

/** The part of a service worker's own global that is used: this file is compiled with a page's types. */
interface ServiceWorkerScope {
  readonly clients: { claim(): Promise<void> }
  readonly location: { readonly origin: string }
  skipWaiting(): Promise<void>
  addEventListener(event: 'install' | 'activate', act: (event: { waitUntil(work: Promise<unknown>): void }) => void): void
  addEventListener(event: 'message', act: (event: { readonly data: unknown }) => void): void
  addEventListener(event: 'fetch', act: (event: { readonly request: Request; respondWith(answer: Promise<Response>): void }) => void): void
}
const scope = globalThis as unknown as ServiceWorkerScope // a service worker, by how it is registered

const { version, files } = __PAGES__
const prefix = 'comity-pages/'
const cacheName = prefix + version
const kept = new Set(files)

/**
 * Addresses that all open the one page. What stands in the fragment is the page's alone and is never part of a request. What is claimed comes
 * by POST from the same address as its page, and is left alone.
 */
const pages: ReadonlySet<string> = new Set(['/', '/q', '/claim'])

// All or nothing: a build of which one file is missing is not installed, and the one before stays. Past the browser's cache: names without
// a digest in them may be kept there from before.
scope.addEventListener('install', (event) => {
  event.waitUntil(caches.open(cacheName).then((cache) => cache.addAll(files.map((file) => new Request(file, { cache: 'no-cache' })))))
})

scope.addEventListener('activate', (event) => {
  const tidy = async (): Promise<void> => {
    for (const name of await caches.keys()) if (name.startsWith(prefix) && name !== cacheName) await caches.delete(name)
    await scope.clients.claim()
  }
  event.waitUntil(tidy())
})

scope.addEventListener('message', ({ data }) => {
  if (data === 'take-over') void scope.skipWaiting()
})

scope.addEventListener('fetch', (event) => {
  const { request } = event
  const url = new URL(request.url)
  if (request.method !== 'GET' || url.origin !== scope.location.origin) return
  const file = request.mode === 'navigate' && pages.has(url.pathname) ? '/' : url.pathname
  if (!kept.has(file) || url.search !== '') return
  event.respondWith(answer(file, request))
})

/** From this build's own files, so that a page and its parts are always of one build; from the node where the device has lost them. */
async function answer(file: string, request: Request): Promise<Response> {
  const cache = await caches.open(cacheName)
  return (await cache.match(file)) ?? fetch(request)
}
