import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import type { Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { callRoute, type Call } from '#contract/client.ts'
import { requestToken } from '#contract/request-token.ts'
import type { ReplyOf, Route } from '#contract/route.ts'
import { instantOf, secondsOf, type Instant } from '#core/model/instant.ts'
import { duties, type Duty } from '#core/model/duty.ts'
import { openLog } from '#http/request-log.ts'
import { initialiseNode } from '#registry/initialise-node.ts'
import type { Office } from '#registry/office.ts'
import { registerClient } from '#registry/register-client.ts'
import { openTrustDesk, type TrustDesk } from '#registry/trust-desk.ts'

import { openParts, serveOpenNode, type ServeOptions } from '../../src/main.ts'
import { makeTestKey, type TestKey } from './make-alliance.ts'

export interface TestNodeOptions extends Partial<ServeOptions> {
  readonly division?: string
  readonly iss?: string
  readonly name?: { readonly zh: string; readonly en: string }
  /** Duties by client. Without it there are `drafter` and `approver`, who may do everything. */
  readonly clients?: Readonly<Record<string, readonly Duty[]>>
  /** When the node's clock starts; it runs on with the real one. */
  readonly at?: Instant
  /** How long ago it was made when it begins to serve. Seconds. */
  readonly bornBefore?: number
  /** A PostgreSQL in place of a file. */
  readonly databaseUrl?: string
}

type As<R extends Route> = Omit<Call<R>, 'base' | 'token'> & { readonly as?: string }

/** A whole node in this process, in a folder of its own, with clients whose keys are at hand. */
export interface TestNode {
  readonly url: string
  readonly server: Server
  readonly office: Office
  readonly desk: TrustDesk
  readonly data: string
  readonly passphrase: string
  /** Lines of its log, parsed. */
  readonly log: readonly Readonly<Record<string, unknown>>[]
  readonly key: (client: string) => TestKey
  /** An access token of a client, the same until it is asked for anew. */
  readonly token: (client: string) => Promise<string>
  /** Calls a route as a client (nobody, where none is named); a write gets a key of its own. Problems come as faults. */
  readonly call: <R extends Route>(route: R, call: As<R>) => Promise<ReplyOf<R>>
  /** Moves the node's clock. Seconds. */
  readonly pass: (seconds: number) => void
  readonly close: () => Promise<void>
}

let keys = 0

export const freshKey = (): string => `test-${++keys}`

export async function openTestNode({
  division = '370100',
  iss = `https://${division}.comity.example`,
  name,
  clients,
  at,
  bornBefore = 0,
  databaseUrl,
  ...serve
}: TestNodeOptions = {}): Promise<TestNode> {
  const data = mkdtempSync(join(tmpdir(), 'comity-node-'))
  const passphrase = 'correct horse battery staple'
  writeFileSync(join(data, 'passphrase'), `${passphrase}\n`, { mode: 0o600 })
  const parts = await openParts({ data, databaseUrl })
  let ahead = (at === undefined ? 0 : secondsOf(at) - Math.floor(Date.now() / 1000)) - bornBefore
  const clock = (): Instant => instantOf(Math.floor(Date.now() / 1000) + ahead)
  const bureau = name ?? { zh: `${division}人力资源和社会保障局`, en: `${division} HRSS Bureau` }
  const office = await initialiseNode({ ...parts, clock }, { division, name: bureau, iss, passphrase }, 'cli:test')
  const own = clients ?? { drafter: duties, approver: duties }
  const keyOf = (client: string): TestKey => makeTestKey(`${division}/${client}`)
  for (const [id, held] of Object.entries(own))
    await registerClient(office, { actor: 'cli:test' }, { id, name: id, kind: 'officer', keys: [{ ...keyOf(id).jwk }], duties: held })
  ahead += bornBefore
  const desk = openTrustDesk(office, () => performance.now())
  const log: Readonly<Record<string, unknown>>[] = []
  const note = (line: string): void => void log.push(JSON.parse(line) as Readonly<Record<string, unknown>>) // the log writes JSON objects
  const serving = await serveOpenNode(
    { office, desk, close: parts.store.close },
    { host: '127.0.0.1', port: 0, refreshEvery: 0, checkReplies: true, ...serve },
    openLog(note),
  )
  const tokens = new Map<string, Promise<string>>()
  const tokenOf = (client: string): Promise<string> => {
    const held =
      tokens.get(client) ??
      requestToken({ base: serving.url, audience: iss, client, signer: keyOf(client).signer, clock, random: office.random }, fetch).then(({ token }) => token)
    tokens.set(client, held)
    return held
  }
  return {
    url: serving.url,
    server: serving.server,
    office,
    desk,
    data,
    passphrase,
    log,
    key: keyOf,
    token: tokenOf,
    call: async (route, { as, ...call }) => {
      const token = as === undefined ? {} : { token: await tokenOf(as) }
      const key = route.idempotent === true ? { idempotencyKey: freshKey() } : {}
      return callRoute(route, { base: serving.url, ...token, ...key, ...call } as unknown as Call<typeof route>, fetch) // the same members, put together again
    },
    pass: (seconds) => {
      ahead += seconds
      tokens.clear()
    },
    close: async () => {
      await serving.close()
      rmSync(data, { recursive: true, force: true })
    },
  }
}
