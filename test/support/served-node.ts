import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout } from 'node:timers/promises'

import { callRoute, type Call } from '#contract/client.ts'
import { requestToken } from '#contract/request-token.ts'
import type { ReplyOf, Route } from '#contract/route.ts'
import { duties, type Duty } from '#core/model/duty.ts'
import { instantOf } from '#core/model/instant.ts'
import { randomBytes } from '#custody/random-bytes.ts'
import { initialiseNode } from '#registry/initialise-node.ts'
import type { Office } from '#registry/office.ts'
import { registerClient } from '#registry/register-client.ts'

import { openParts, passphraseFileOf, type Place } from '../../src/main.ts'
import { entry } from '../cli/run-comity.ts'
import { makeTestKey } from './make-alliance.ts'
import { freshKey } from './open-test-node.ts'

/** A node on disk (or on a server) that processes can serve, with officers whose keys are at hand. */
export interface MadeNode {
  readonly place: Place
  readonly iss: string
  /** What the environment of its processes says, beside their PATH. */
  readonly env: Readonly<Record<string, string>>
  readonly remove: () => void
}

export interface NewNodePlan {
  readonly division?: string
  /** A PostgreSQL in place of a file. */
  readonly databaseUrl?: string
  /** Duties by officer. Without it there are `drafter` and `approver`, who may do everything. */
  readonly officers?: Readonly<Record<string, readonly Duty[]>>
  /** What is to be in the register before anybody serves it. */
  readonly prepare?: (office: Office) => Promise<void>
}

const nameOf = (division: string) => ({ zh: `${division}人力资源和社会保障局`, en: `${division} HRSS Bureau` })

export async function makeNode({
  division = '370100',
  databaseUrl,
  officers = { drafter: duties, approver: duties },
  prepare,
}: NewNodePlan = {}): Promise<MadeNode> {
  const data = mkdtempSync(join(tmpdir(), 'comity-served-'))
  const place: Place = { data, databaseUrl }
  const iss = `https://${division}.comity.example`
  const passphrase = 'correct horse battery staple'
  writeFileSync(passphraseFileOf(place), `${passphrase}\n`, { mode: 0o600 })
  const office = await initialiseNode(await openParts(place), { division, name: nameOf(division), iss, passphrase }, 'cli:test')
  try {
    for (const [id, held] of Object.entries(officers))
      await registerClient(office, { actor: 'cli:test' }, { id, name: id, kind: 'officer', keys: [{ ...keyOf(iss, id).jwk }], duties: held })
    await prepare?.(office)
  } finally {
    await office.store.close()
  }
  return { place, iss, env: databaseUrl === undefined ? {} : { DATABASE_URL: databaseUrl }, remove: () => rmSync(data, { recursive: true, force: true }) }
}

const keyOf = (iss: string, officer: string) => makeTestKey(`${iss}/${officer}`)

export type As<R extends Route> = Omit<Call<R>, 'base' | 'token' | 'idempotencyKey'> & { readonly as: string; readonly key?: string }

/** One process that serves a node. */
export interface ServedNode {
  readonly url: string
  readonly pid: number
  /** Processes that it has started and that live: its import worker. */
  readonly children: () => readonly number[]
  /** What it and its worker wrote to standard error. */
  readonly said: () => string
  /** Calls a route as an officer; a write gets a key of its own where none is given. Problems come as faults. */
  readonly call: <R extends Route>(route: R, call: As<R>) => Promise<ReplyOf<R>>
  /** SIGKILL, to the process alone. Resolves when it is gone. */
  readonly kill: () => Promise<void>
  /** SIGTERM. Resolves to its exit code. */
  readonly stop: () => Promise<number | null>
}

export interface ServePlan {
  /** Arguments to node that serve the node and print `{"url": …}`; those of `comity serve` where they are left out. */
  readonly words?: readonly string[]
}

/** Serves a node by a process of its own, on any free port of loopback, and resolves when it is ready. */
export async function serve({ place, iss, env }: MadeNode, { words }: ServePlan = {}): Promise<ServedNode> {
  const args = words ?? [entry, 'serve', '--data', place.data, '--port', '0', '--refresh-every', '0', '--json']
  const child = spawn(process.execPath, args, { env: { PATH: process.env['PATH'], LANG: 'en_US.UTF-8', ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
  // Not to outlive us, however we end.
  const end = (): void => void child.kill('SIGKILL')
  process.once('exit', end)
  const gone = once(child, 'exit')
  void gone.then(() => process.off('exit', end))
  let said = ''
  child.stderr.on('data', (bytes: Buffer) => (said += bytes.toString()))
  const url = await urlOf(child, () => said)
  const tokens = new Map<string, Promise<string>>()
  const tokenOf = (officer: string): Promise<string> => {
    const held =
      tokens.get(officer) ??
      requestToken({ base: url, audience: iss, client: officer, signer: keyOf(iss, officer).signer, clock, random: randomBytes }, fetch).then(
        ({ token }) => token,
      )
    tokens.set(officer, held)
    held.catch(() => tokens.delete(officer))
    return held
  }
  return {
    url,
    pid: child.pid!,
    children: () => childrenOf(child.pid!),
    said: () => said,
    call: async (route, { as, key, ...call }) => {
      const token = await tokenOf(as)
      return callRoute(
        route,
        { ...call, base: url, token, ...('idempotent' in route ? { idempotencyKey: key ?? freshKey() } : {}) } as unknown as Call<typeof route>,
        fetch,
      ) // the same members, put together again
    },
    kill: async () => {
      child.kill('SIGKILL')
      await gone
    },
    stop: async () => {
      child.kill('SIGTERM')
      await gone
      return child.exitCode
    },
  }
}

const clock = () => instantOf(Math.floor(Date.now() / 1000))

/** The address that it prints when it listens. */
async function urlOf(child: ChildProcess, said: () => string): Promise<string> {
  for await (const line of createInterface({ input: child.stdout! })) {
    child.stdout!.resume() // so that it never waits for a reader
    return (JSON.parse(line) as { readonly url: string }).url // the command's only line
  }
  throw new Error(`the node did not start:\n${said()}`)
}

/** Live processes whose parent is `pid`. From /proc: the tests of faults need a system that has it. */
export function childrenOf(pid: number): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((candidate) => {
      const [state, parent] = statOf(candidate)
      return parent === pid && state !== 'Z'
    })
}

export const isAlive = (pid: number): boolean => !['', 'Z'].includes(statOf(pid)[0])

// "pid (name) state parent …"; the name may hold anything.
function statOf(pid: number): readonly [state: string, parent: number] {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const [state = '', parent] = text.slice(text.lastIndexOf(')') + 2).split(' ')
    return [state, Number(parent)]
  } catch {
    return ['', 0] // gone meanwhile
  }
}

/** Asks again and again until the answer is something. Gives up, naming what it waited for, when the test's own time is nearly over. */
export async function until<Found>(
  what: string,
  look: () => Promise<Found | undefined> | Found | undefined,
  { every = 20, seconds = 90 } = {},
): Promise<Found> {
  const deadline = performance.now() + seconds * 1000
  for (;;) {
    const found = await look()
    if (found !== undefined) return found
    if (performance.now() > deadline) throw new Error(`waited ${seconds} s in vain: ${what}`)
    await setTimeout(every)
  }
}
