import type { TrustIndexEntry } from '#contract/public.ts'
import { Anchors } from '#core/trust/anchors.ts'

export interface HeldFile {
  readonly kind: TrustIndexEntry['kind']
  readonly subject: string
  /** Of its content, base64url. */
  readonly digest: string
  readonly bytes: Uint8Array
}

/** What a device holds of this node's trust files: bytes that are checked anew each time they are used. */
export interface HeldFiles {
  readonly anchors: Anchors
  readonly files: readonly HeldFile[]
  /** When the node was last reached, by the clock of the device. Seconds since 1970. */
  readonly fetchedAt: number
}

/** Where held files outlive the page. A device that keeps nothing (a private window, no room) has one that keeps nothing. */
export interface TrustCache {
  readonly read: () => Promise<HeldFiles | undefined>
  readonly write: (held: HeldFiles) => Promise<void>
  readonly readBundle: () => Promise<KeptBundle | undefined>
  /** Undefined: the one that was kept is forgotten. */
  readonly writeBundle: (kept: KeptBundle | undefined) => Promise<void>
}

/** A bundle that somebody chose, as it came, and the digest of the anchors that they have confirmed for it. */
export interface KeptBundle {
  readonly bytes: Uint8Array
  readonly confirmed: string | undefined
}

const keepsNothing: TrustCache = {
  read: async () => undefined,
  write: async () => undefined,
  readBundle: async () => undefined,
  writeBundle: async () => undefined,
}

const cacheName = 'comity-trust/1'
const bundleUrl = '/trust/held-here/bundle'
const confirmedHeader = 'comity-confirmed'
const labelUrl = '/trust/held-here/label.json'
const urlOf = ({ kind, digest }: Pick<HeldFile, 'kind' | 'digest'>): string => `/trust/held-here/${kind}/${digest}`

/** What the label says of each file; the bytes stand beside it. */
interface Label {
  readonly anchors: unknown
  readonly fetchedAt: number
  readonly files: readonly Omit<HeldFile, 'bytes'>[]
}

/** The browser's Cache Storage, where there is one that lets itself be used. Nothing personal ever goes in: these files are public. */
export async function openTrustCache(): Promise<TrustCache> {
  try {
    const cache = await caches.open(cacheName)
    return {
      read: () => read(cache).catch(() => undefined),
      write: (held) => write(cache, held).catch(() => undefined),
      readBundle: () => readBundle(cache).catch(() => undefined),
      writeBundle: (kept) => writeBundle(cache, kept).catch(() => undefined),
    }
  } catch {
    return keepsNothing
  }
}

// Files that stand in the cache as they are here. One that was fetched again, since what was kept of it was damaged, is another object.
const stored = new WeakSet<HeldFile>()

async function read(cache: Cache): Promise<HeldFiles | undefined> {
  const told = await cache.match(labelUrl)
  if (told === undefined) return undefined
  const { anchors, fetchedAt, files } = (await told.json()) as Label // written below; what it names is checked by assembling
  const read = await Promise.all(
    files.map(async (file): Promise<HeldFile | undefined> => {
      const kept = await cache.match(urlOf(file))
      return kept === undefined ? undefined : { ...file, bytes: new Uint8Array(await kept.arrayBuffer()) }
    }),
  )
  const found = read.filter((file) => file !== undefined)
  for (const file of found) stored.add(file)
  return { anchors: Anchors.parse(anchors), fetchedAt, files: found }
}

/** Files first, then the label that names them, then what no label names any more is removed: a page that dies between leaves what was held. */
async function write(cache: Cache, { anchors, files, fetchedAt }: HeldFiles): Promise<void> {
  const kept = new Set((await cache.keys()).map(({ url }) => new URL(url).pathname))
  for (const file of files) {
    if (stored.has(file)) continue
    await cache.put(urlOf(file), new Response(file.bytes as Uint8Array<ArrayBuffer>)) // made by this page, never shared memory
    stored.add(file)
  }
  const label: Label = { anchors, fetchedAt, files: files.map(({ kind, subject, digest }) => ({ kind, subject, digest })) }
  await cache.put(labelUrl, new Response(JSON.stringify(label)))
  const named = new Set([labelUrl, bundleUrl, ...files.map(urlOf)])
  for (const url of kept) if (!named.has(url)) await cache.delete(url)
}

async function readBundle(cache: Cache): Promise<KeptBundle | undefined> {
  const kept = await cache.match(bundleUrl)
  if (kept === undefined) return undefined
  return { bytes: new Uint8Array(await kept.arrayBuffer()), confirmed: kept.headers.get(confirmedHeader) ?? undefined }
}

async function writeBundle(cache: Cache, kept: KeptBundle | undefined): Promise<void> {
  if (kept === undefined) await cache.delete(bundleUrl)
  else {
    const headers = kept.confirmed === undefined ? {} : { [confirmedHeader]: kept.confirmed }
    await cache.put(bundleUrl, new Response(kept.bytes as Uint8Array<ArrayBuffer>, { headers })) // read from a file by this page, never shared memory
  }
}
