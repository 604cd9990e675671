import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import pg from 'pg'

import { Fault } from '#core/fault.ts'
import { instantOf, secondsOf, type Instant } from '#core/model/instant.ts'
import { deflate, deflateList, inflate, nodeEngine } from '#custody/engine-node.ts'
import { randomBytes } from '#custody/random-bytes.ts'
import type { PostText } from '#federation/ask-witness.ts'
import { statusOfFault } from '#http/status-of-fault.ts'
import { joinAlliance, readAnchors, takeTrustFiles } from '#registry/held-trust.ts'
import { initialiseNode } from '#registry/initialise-node.ts'
import { openGate } from '#registry/log/issuing-gate.ts'
import { openCosigner, type Cosigner } from '#registry/log/request-cosignatures.ts'
import { witnessCheckpoint } from '#registry/log/witness-checkpoint.ts'
import { makeIds, type Office } from '#registry/office.ts'
import { openOffice, type OfficeParts } from '#registry/open-office.ts'
import { openTrustDesk } from '#registry/trust-desk.ts'
import { openHeadFile, type HeadFile } from '#storage/head-file.ts'
import { openStore, type Store } from '#storage/open-store.ts'
import { openWitnessMemory, type WitnessMemory } from '#storage/witness-memory.ts'

import { payloadDigest, testInstant } from '../support/make-alliance.ts'
import { newNodeOf, proposeAmong, takeFrom, testPassphrase } from '../support/open-test-office.ts'
import { createDatabase, type PostgresServer } from '../support/postgres.ts'

/** Jinan issues; the other two witness its log, and both must cosign. */
export const divisions = ['370100', '370300', '371600'] as const
export const [issuing] = divisions

/** What happens to a write: it comes to nothing after everything in it was done; or it is durable, and whoever asked for it never hears of it. */
export type Moment = 'failed' | 'persisted'

export interface Strike {
  readonly point: string
  readonly moment: Moment
  /** What becomes of the process: it is gone, or it is told of an error and goes on. */
  readonly fate: 'dies' | 'lives'
}

/** Counts the points at which a process can die, in the order in which they are passed, and strikes at one of them, once. */
export interface Strikes {
  readonly passed: readonly string[]
  readonly begin: (phase: string) => void
  readonly meets: (point: string, process: Process) => Moment | undefined
  /** Called where the process is to be gone, if it is a process of its own. */
  readonly kill: () => void
}

/** The life of one process of a city: after its death nothing that it had begun does anything any more. */
export interface Process {
  down: boolean
}

/** @param kill ends the process that this runs in; without it a city that has died does nothing any more, until it is opened again */
export function openStrikes(strike?: Strike, kill: () => void = () => undefined): Strikes {
  const passed: string[] = []
  let phase = ''
  let struck = false
  return {
    passed,
    begin: (next) => (phase = next),
    meets: (what, process) => {
      if (process.down) throw new Fault('storage-closed')
      const named = `${phase}: ${what}`
      const times = passed.filter((point) => point === named || point.startsWith(`${named}, `)).length
      const point = times === 0 ? named : `${named}, ${times + 1}`
      passed.push(point)
      if (struck || strike?.point !== point) return undefined
      struck = true
      process.down = strike.fate === 'dies'
      return strike.moment
    },
    kill,
  }
}

export interface City {
  readonly division: string
  readonly office: () => Office
  readonly cosigner: () => Cosigner
  readonly process: () => Process
  /** A new process over what the last one has stored. */
  readonly restart: () => Promise<void>
  readonly close: () => Promise<void>
}

export interface World {
  readonly strikes: Strikes
  readonly cities: readonly City[]
  readonly city: (division: string) => City
  readonly pass: (seconds: number) => void
  /** Sets a city's clock so many seconds ahead of the others', or behind them. */
  readonly setClock: (division: string, ahead: number) => void
  readonly close: () => Promise<void>
}

/** Three cities as they were formed, of which any number of worlds can be copied. */
export interface Ground {
  /** A world of its own, in a new folder or in one where another process has lived; it is gone when it is closed. */
  readonly open: (strikes: Strikes, folder?: string) => Promise<World>
  /** The cities' files in a new folder, for another process. SQLite only. */
  readonly copy: () => string
  readonly clear: () => void
}

const fileIn = (folder: string, division: string): string => join(folder, `${division}.db`)

const partsOf = (store: Store, headFile: HeadFile, witnessMemory: WitnessMemory, clock: () => Instant): OfficeParts => ({
  store,
  engine: nodeEngine,
  deflate,
  deflateList,
  inflate,
  clock,
  random: randomBytes,
  headFile,
  witnessMemory,
})

/** @param server where Jinan has its rows; in a file without it */
export async function openGround(server?: PostgresServer): Promise<Ground> {
  const folder = mkdtempSync(join(tmpdir(), 'comity-ground-'))
  const url = server === undefined ? undefined : await createDatabase(server, 'ground')
  const offices: Office[] = []
  for (const division of divisions) {
    const store = await openStore(url !== undefined && division === issuing ? { url } : { file: fileIn(folder, division) })
    const parts = partsOf(store, openHeadFile(join(folder, `${division}.head`)), openWitnessMemory(join(folder, `${division}-witnessed`)), () => testInstant)
    offices.push(await initialiseNode(parts, newNodeOf(division), 'cli:test'))
  }
  await formCircle(offices)
  for (const { store } of offices) await store.close()
  let copies = 0
  const copy = (): string => {
    const own = join(folder, `world-${++copies}`)
    mkdirSync(own)
    for (const division of divisions) if (existsSync(fileIn(folder, division))) copyFileSync(fileIn(folder, division), fileIn(own, division))
    return own
  }
  return {
    open: async (strikes, own = copy()) => {
      const database = server === undefined ? undefined : await copyDatabase(server, `world_${copies}`)
      return openWorld(own, strikes, offices, database)
    },
    copy,
    clear: () => rmSync(folder, { recursive: true, force: true }),
  }
}

async function formCircle(offices: readonly Office[]): Promise<void> {
  const by = { actor: 'cli:secretariat' }
  const members = await Promise.all(
    offices.map(async (office) => {
      const { division, name, iss, authorityKey, authorised } = (await readAnchors(office.store.read, office.authority)).authorities[0]!
      const place = { role: 'member', state: 'active', coversSubordinates: false, from: '2020-12-04' }
      return { division, name, iss, authorityKey, authorised, addresses: [iss], ...place }
    }),
  )
  const thresholds = { list: 3, rules: 3, cosigners: 2 }
  const list = await proposeAmong(offices, { alliance: 'circle', name: { zh: '经济圈', en: 'Circle' }, version: 1, prev: null, thresholds, members })
  for (const office of offices) {
    await joinAlliance(office, by, { alliance: 'circle', version: 1, digest: payloadDigest(list) })
    await takeTrustFiles(office, [{ name: 'list', bytes: list }], by.actor)
  }
  for (const office of offices) for (const other of offices) if (other !== office) await takeFrom(office, other)
}

async function copyDatabase(server: PostgresServer, name: string): Promise<string> {
  const client = new pg.Client({ connectionString: server.url })
  await client.connect()
  // Its files are copied as they are: quicker than through the write-ahead log.
  await client.query(`create database ${name} template ground strategy file_copy`)
  await client.end()
  return Object.assign(new URL(server.url), { pathname: `/${name}` }).href
}

/**
 * The cities whose files are in a folder.
 * @param opened offices over the same keys, which spare a city its passphrase when it is opened for the first time
 */
export async function openWorld(folder: string, strikes: Strikes, opened: readonly Office[] = [], database?: string): Promise<World> {
  let now = testInstant
  const ahead = new Map<string, number>()
  const cities = new Map<string, City>()
  const post: PostText = async (url, { body }) => {
    const witness = cities.get(/\d{6}/.exec(url)![0])!
    const moment = strikes.meets(`${witness.division} is asked`, cities.get(issuing)!.process())
    if (moment === 'failed') strikes.kill()
    if (moment === 'failed') throw new Error('connection refused')
    const answer = await answerOf(witness, body)
    if (moment === 'persisted') strikes.kill()
    if (moment === 'persisted') throw new Error('connection reset')
    return answer
  }
  for (const division of divisions) {
    const store = () => openStore(database !== undefined && division === issuing ? { url: database } : { file: fileIn(folder, division) })
    const headFile = openHeadFile(join(folder, `${division}.head`))
    const witnessMemory = openWitnessMemory(join(folder, `${division}-witnessed`))
    const known = opened.find(({ authority }) => authority.division === division)
    cities.set(
      division,
      await openCity({ division, store, headFile, witnessMemory, clock: () => instantOf(secondsOf(now) + (ahead.get(division) ?? 0)), known, strikes, post }),
    )
  }
  return {
    strikes,
    cities: [...cities.values()],
    city: (division) => cities.get(division)!,
    pass: (seconds) => (now = instantOf(secondsOf(now) + seconds)),
    setClock: (division, seconds) => void ahead.set(division, seconds),
    close: async () => {
      for (const city of cities.values()) await city.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** As `POST /log/add-checkpoint` answers. */
async function answerOf(witness: City, body: string): Promise<Response> {
  const office = witness.office()
  const { trust } = await openTrustDesk(office, () => performance.now()).current()
  try {
    return new Response(await witnessCheckpoint(office, trust, Buffer.from(body)))
  } catch (fault) {
    if (!(fault instanceof Fault)) throw fault
    return new Response(fault.code === 'witness-size-differs' ? `${fault.detail}\n` : fault.code, { status: statusOfFault[fault.code] })
  }
}

interface CityParts {
  readonly division: string
  readonly store: () => Promise<Store>
  readonly headFile: HeadFile
  readonly witnessMemory: WitnessMemory
  readonly clock: () => Instant
  readonly known: Office | undefined
  readonly strikes: Strikes
  readonly post: PostText
}

async function openCity({ division, store: open, headFile, witnessMemory, clock, known, strikes, post }: CityParts): Promise<City> {
  const begin = async (known?: Office) => {
    const process: Process = { down: false }
    const store = await open()
    const parts = partsOf(strikable(store, process), strikableFile(headFile, process), witnessMemory, clock)
    const office = known === undefined ? await openOffice(parts, testPassphrase) : { ...known, ...parts, gate: openGate(), newId: makeIds(parts) }
    const desk = openTrustDesk(office, () => performance.now())
    return { process, store, office, cosigner: openCosigner(office, desk, { post, fetch: () => Promise.reject(new Error('nobody is looked at')) }) }
  }

  const strikable = (store: Store, process: Process): Store => ({
    ...store,
    atomically: async (work) => {
      const moment = strikes.meets(`${division} commits`, process)
      if (moment === 'failed')
        return store.atomically(async (tx) => {
          await work(tx)
          strikes.kill()
          throw new Fault('storage-failed', { at: division })
        })
      const value = await store.atomically(work)
      if (moment === 'persisted') strikes.kill()
      if (moment === 'persisted') throw new Fault('commit-unknown', { at: division })
      return value
    },
  })
  const strikableFile = (file: HeadFile, process: Process): HeadFile => ({
    read: file.read,
    write: (head) => {
      const moment = strikes.meets(`${division} writes its head file`, process)
      if (moment !== 'failed') file.write(head)
      if (moment !== undefined) strikes.kill()
      if (moment !== undefined) throw new Fault('storage-failed', { at: 'head' })
    },
  })

  let running = await begin(known)
  return {
    division,
    office: () => running.office,
    cosigner: () => running.cosigner,
    process: () => running.process,
    restart: async () => {
      await running.store.close()
      running = await begin()
    },
    close: () => running.store.close(),
  }
}
