import { join } from 'node:path'

import { instantOf } from '#core/model/instant.ts'
import { deflate, inflate, nodeEngine } from '#custody/engine-node.ts'
import { randomBytes } from '#custody/random-bytes.ts'
import { readPassphraseFile } from '#custody/read-passphrase-file.ts'
import { openOffice, type OfficeParts } from '#registry/open-office.ts'
import type { Office } from '#registry/office.ts'
import { openTrustDesk, type TrustDesk } from '#registry/trust-desk.ts'
import { openStore, type Store, type StoreLog } from '#storage/open-store.ts'
import type { Config } from './config.ts'

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

/** The parts of an office that come from this machine: clock, chance, engine, store. */
export async function openParts({ data, databaseUrl }: Place, log?: StoreLog): Promise<OfficeParts> {
  const store: Store = await openStore({ ...(databaseUrl === undefined ? { file: databaseFile(data) } : { url: databaseUrl }), log })
  return {
    store,
    engine: nodeEngine,
    deflate,
    inflate,
    clock: () => instantOf(Math.floor(Date.now() / 1000)),
    random: randomBytes,
  }
}

/** Opens the node that was initialised here. Faults: `node-not-initialised`, `passphrase-wrong` and those of the passphrase file. */
export async function openNode(place: Place, log?: StoreLog): Promise<OpenNode> {
  const passphrase = readPassphraseFile(passphraseFileOf(place))
  const parts = await openParts(place, log)
  try {
    const office = await openOffice(parts, passphrase)
    return { office, desk: openTrustDesk(office, () => performance.now()), close: parts.store.close }
  } catch (error) {
    await parts.store.close()
    throw error
  }
}

export interface ServeOptions {
  readonly host: string
  /** 0 takes any free port. */
  readonly port: number
  /** Where others reach this node, without a slash at the end (`https://hrss.example.gov.cn`); the address listened on where it is left out. */
  readonly address?: string | undefined
  /** Seconds between two looks at the neighbours' trust files; 300 where it is left out, 0 for never. */
  readonly refreshEvery?: number | undefined
  /**
   * Arguments to node (`process.execPath`) that make a process which calls `workNode` for this place, such as `[entry, 'work', '--data', dir]`.
   * Imports are then run by a child of low priority; where it is left out, they are run in this process.
   */
  readonly worker?: readonly string[] | undefined
  /** Log lines (JSON, one a line); standard error where it is left out. */
  readonly log?: ((line: string) => void) | undefined
}

export interface Serving {
  /** The address listened on, `http://host:port`. */
  readonly url: string
  /** Stops accepting, lets the requests that are running finish, ends the worker and closes the store. */
  readonly close: () => Promise<void>
}

/** Opens the node that was initialised here and serves it. Faults: those of `openNode`. */
export async function serveNode(place: Place, options: ServeOptions): Promise<Serving> {
  throw new Error(`to be served: ${place.data} ${options.host}`)
}

/** Runs the imports that wait in this node's store, and returns when there has been none for a while. What `serve` starts beside itself. */
export async function workNode(place: Place): Promise<void> {
  throw new Error(`to be worked: ${place.data}`)
}
