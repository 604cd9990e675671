import type { Server } from 'node:http'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'

import { instantOf, type Instant } from '#core/model/instant.ts'
import { deflate, deflateList, inflate, nodeEngine } from '#custody/engine-node.ts'
import { pkcs11Door } from '#custody/pkcs11-device.ts'
import { randomBytes } from '#custody/random-bytes.ts'
import { readPassphraseFile } from '#custody/read-passphrase-file.ts'
import type { NeighbourFetch } from '#federation/neighbour-fetch.ts'
import type { Log } from '#http/request-log.ts'
import type { Limits } from '#http/throttle.ts'
import type { Jobs } from '#jobs/run-jobs.ts'
import { keepKeys } from '#registry/keyring.ts'
import { keepSchemes } from '#registry/keep-schemes.ts'
import { openOffice, type OfficeParts } from '#registry/open-office.ts'
import type { Office } from '#registry/office.ts'
import { openFollower } from '#registry/log/open-follower.ts'
import { openCosigner } from '#registry/log/request-cosignatures.ts'
import { openTrustRefresher } from '#registry/refresh-trust.ts'
import { openTokenDesk } from '#registry/token-desk.ts'
import { openTrustDesk, type TrustDesk } from '#registry/trust-desk.ts'
import { openTrustShelf } from '#registry/trust-shelf.ts'
import { openHeadFile } from '#storage/head-file.ts'
import { openStore, type Store, type StoreOptions } from '#storage/open-store.ts'
import { openWitnessMemory } from '#storage/witness-memory.ts'
import type { Config } from './config.ts'

/** Where `npm run build:web` puts the pages: of the sources and of the command in one file alike. */
const builtPages = join(import.meta.dirname, '..', 'dist', 'web')

/** Where a node lives: its directory, and what the environment says. */
export interface Place extends Config {
  readonly data: string
}

export interface OpenNode {
  readonly office: Office
  readonly desk: TrustDesk
  readonly close: () => Promise<void>
}

export const databaseFile = (data: string): string => join(data, 'comity.db')
export const passphraseFileOf = ({ data, passphraseFile }: Place): string => passphraseFile ?? join(data, 'passphrase')

export type OpenOptions = Pick<StoreOptions, 'log' | 'bulk'>

/** The parts of an office that come from this machine: clock, chance, engine, store. */
export async function openParts({ data, databaseUrl, device }: Place, options: OpenOptions = {}): Promise<OfficeParts> {
  const store: Store = await openStore({ ...(databaseUrl === undefined ? { file: databaseFile(data) } : { url: databaseUrl }), ...options })
  return {
    store,
    engine: nodeEngine,
    deflate,
    deflateList,
    inflate,
    clock: openClock(),
    random: randomBytes,
    headFile: openHeadFile(join(data, 'log-head.json')),
    witnessMemory: openWitnessMemory(join(data, 'witnessed')),
    device: device === undefined ? undefined : pkcs11Door({ ...device, readPin: () => readPassphraseFile(device.pinFile, shortestPin) }),
  }
}

/** Devices ask for at least so many characters themselves. */
const shortestPin = 4

/** Gives back what `openParts` has taken. */
export async function closeParts({ store, device }: Pick<OfficeParts, 'store' | 'device'>): Promise<void> {
  device?.close()
  await store.close()
}

/** The machine's clock. A request asks it some ten times, and its second is written out once. */
function openClock(): () => Instant {
  let held = { second: 0, instant: instantOf(0) }
  return () => {
    const second = Math.floor(Date.now() / 1000)
    if (second !== held.second) held = { second, instant: instantOf(second) }
    return held.instant
  }
}

/** Opens the node that was initialised here. Faults: `node-not-initialised`, `passphrase-wrong` and those of the passphrase file. */
export async function openNode(place: Place, options: OpenOptions = {}): Promise<OpenNode> {
  const passphrase = readPassphraseFile(passphraseFileOf(place))
  const parts = await openParts(place, options)
  try {
    const office = await openOffice(parts, passphrase)
    return { office, desk: openTrustDesk(office, () => performance.now()), close: () => closeParts(parts) }
  } catch (error) {
    await closeParts(parts)
    throw error
  }
}

/** How neighbours are asked: at public addresses, or all of them on this machine. */
export const askNeighbours = async (): Promise<NeighbourFetch> => (await import('#federation/neighbour-fetch.ts')).openNeighbourFetch()

export interface ServeOptions {
  readonly host: string
  /** 0 takes any free port. */
  readonly port: number
  /** Where others reach this node, without a slash at the end (`https://hrss.example.gov.cn`); the address listened on where it is left out. */
  readonly address?: string | undefined
  /** Seconds between two looks at the neighbours' trust files; 300 where it is left out, 0 for never. */
  readonly refreshEvery?: number | undefined
  /** Seconds between two rounds with the witnesses of the log; 60 where it is left out, 0 for never. A thousand new leaves are a reason, too. */
  readonly cosignEvery?: number | undefined
  /**
   * Arguments to node (`process.execPath`) that make a process which calls `workNode` for this place, such as `[entry, 'work', '--data', dir]`.
   * Imports are then run by a child of low priority; where it is left out, they are run in this process.
   */
  readonly worker?: readonly string[] | undefined
  /** Log lines (JSON, one a line); standard error where it is left out. */
  readonly log?: ((line: string) => void) | undefined
  /** Of requests that went well and have changed nothing, one in so many is logged; 100 where it is left out. */
  readonly logSample?: number | undefined
  /** Requests a minute from one address, by what is asked. */
  readonly limits?: Partial<Limits> | undefined
  /** The folder of the public pages; `dist/web` of this program where it is left out. */
  readonly pages?: string | undefined
  /** Hold every answer against its description before it goes out. For tests. */
  readonly checkReplies?: boolean | undefined
}

export interface Serving {
  /** The address listened on, `http://host:port`. */
  readonly url: string
  readonly server: Server
  /** Stops accepting, lets the requests that are running finish, ends the worker and closes the store. */
  readonly close: () => Promise<void>
}

/** Opens the node that was initialised here and serves it. Faults: those of `openNode`. */
export async function serveNode(place: Place, options: ServeOptions): Promise<Serving> {
  const { openLog } = await import('#http/request-log.ts')
  const log = openLog(options.log ?? toStandardError)
  return serveOpenNode(await openNode(place, { log }), options, log)
}

/** Serves a node that is open, and closes it in the end. What only a server needs is loaded here: a command that issues one record does without. */
export async function serveOpenNode({ office: opened, desk, close }: OpenNode, options: ServeOptions, log: Log): Promise<Serving> {
  const [{ openApp }, { openBundleDesk }, { listen, openServer, stopServer }, { runJobs }, { openCertificateDesk }] = await Promise.all([
    import('#http/open-app.ts'),
    import('#registry/bundle-desk.ts'),
    import('#http/open-server.ts'),
    import('#jobs/run-jobs.ts'),
    import('#registry/certificate/certificate-desk.ts'),
  ])
  const keys = keepKeys(opened)
  const { office, readAgain } = keepSchemes(keys.office)
  const shelf = openTrustShelf(office, elapsed)
  const ask = await askNeighbours()
  const refresher = openTrustRefresher(office, desk, shelf, ask)
  let listening = ''
  const later: { jobs?: Jobs } = {}
  const certificates = openCertificateDesk(office)
  const app = openApp(
    {
      office,
      desk,
      shelf,
      bundles: openBundleDesk(office, desk, { elapsed, breathe: () => setImmediate() }),
      tokens: openTokenDesk(office, elapsed),
      certificates,
      refresher,
      trustChanged: () => {
        desk.changed()
        shelf.changed()
      },
      address: () => options.address ?? listening,
      schemesChanged: readAgain,
      importQueued: () => later.jobs?.importQueued(),
    },
    { log, logSample: options.logSample, limits: options.limits, checkReplies: options.checkReplies, pages: options.pages ?? builtPages },
  )
  const server = openServer(app.express, app.refused)
  try {
    listening = await listen(server, options)
  } catch (error) {
    app.close()
    await close()
    throw error
  }
  const jobs = runJobs({
    office,
    desk,
    refresher,
    cosigner: openCosigner(office, desk, { post: ask, fetch: ask }),
    follower: openFollower(office, desk, ask),
    cosignEvery: options.cosignEvery ?? 60,
    readSchemes: readAgain,
    readKeys: keys.readAgain,
    log,
    refreshEvery: options.refreshEvery ?? 300,
    worker: options.worker,
  })
  later.jobs = jobs
  log.info({ url: listening, iss: office.authority.iss, division: office.authority.division }, 'serving')
  let closing: Promise<void> | undefined
  const shut = async (): Promise<void> => {
    await Promise.all([stopServer(server), jobs.stop()])
    await certificates.close()
    app.close()
    await close()
    log.info({}, 'closed')
  }
  return { url: listening, server, close: () => (closing ??= shut()) }
}

const elapsed = (): number => performance.now()
const toStandardError = (line: string): void => void process.stderr.write(line)

export interface WorkOptions {
  /** Milliseconds without an import after which it returns; 30,000 where it is left out. */
  readonly idle?: number | undefined
  /** Seconds that an import stays this process's after each batch of rows; 120 where it is left out. */
  readonly lease?: number | undefined
  /** Rows of one transaction; 500 where it is left out. */
  readonly batch?: number | undefined
  readonly log?: ((line: string) => void) | undefined
}

/** Runs the imports that wait in this node's store, and returns when there has been none for a while. What `serve` starts beside itself. */
export async function workNode(place: Place, { idle = 30_000, lease, batch, log: write = toStandardError }: WorkOptions = {}): Promise<void> {
  const [{ openLog }, { workUntilIdle }, { every }] = await Promise.all([
    import('#http/request-log.ts'),
    import('#jobs/import-worker.ts'),
    import('#jobs/every.ts'),
  ])
  const log = openLog(write)
  const ending = new AbortController()
  const end = (): void => ending.abort()
  // Told to stop, or left alone by whoever started us, even while we start: the batch that runs is finished and the job given back.
  const ends = ['SIGTERM', 'SIGINT', 'disconnect'] as const
  for (const event of ends) process.once(event, end)
  try {
    const { office: opened, close } = await openNode(place, { log, bulk: true })
    const { office, readAgain } = keepKeys(opened)
    const keys = every({ name: 'keys', seconds: 10 }, readAgain, log)
    try {
      await workUntilIdle(office, log, { idle, lease, batch, signal: ending.signal })
    } finally {
      await keys.stop()
      await close()
    }
  } finally {
    for (const event of ends) process.off(event, end)
    if (process.connected) process.disconnect()
  }
}
