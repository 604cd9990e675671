import { randomUUID } from 'node:crypto'
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { once } from 'node:events'
import { buffer as bufferOf } from 'node:stream/consumers'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'

import { callRoute, type Call } from '#contract/client.ts'
import { approveDraftRoute, createDraft } from '#contract/drafts.ts'
import { verifyRoute } from '#contract/public.ts'
import { presentRecord } from '#contract/records.ts'
import { requestToken } from '#contract/request-token.ts'
import type { ReplyOf, Route } from '#contract/route.ts'
import { refreshTrustRoute } from '#contract/trust.ts'
import { duties } from '#core/model/duty.ts'
import { instantOf, type Instant } from '#core/model/instant.ts'
import type { LogLimits } from '#federation/fetch-log.ts'
import { openNeighbourFetch } from '#federation/neighbour-fetch.ts'
import { openLog } from '#http/request-log.ts'
import { initialiseNode } from '#registry/initialise-node.ts'
import { publishDue } from '#registry/keep-published.ts'
import { openOffice, type OfficeParts } from '#registry/open-office.ts'
import type { Office } from '#registry/office.ts'
import { registerClient } from '#registry/register-client.ts'
import type { FollowReport } from '#registry/log/follow-log.ts'
import { openFollower } from '#registry/log/open-follower.ts'
import { proofOfRecord } from '#registry/log/prove-record.ts'
import { openCosigner, type CosignReport } from '#registry/log/request-cosignatures.ts'
import { sequenceLog } from '#registry/log/sequence-log.ts'
import { openTrustDesk } from '#registry/trust-desk.ts'

import { openParts, serveOpenNode, type Serving } from '../../src/main.ts'
import { titleDraft } from '../support/examples.ts'
import { makeTestKey } from '../support/make-alliance.ts'
import { freshKey } from '../support/open-test-node.ts'

/** What a neighbour answers to one path. */
export interface Answer {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array
  /** A byte now and then, and no end of it. */
  readonly drips?: true
}

/** The address of a city that the alliance's list names. Behind it stands its node, or whatever a test puts there. */
export interface Front {
  readonly url: string
  /** Answers some paths otherwise than the node would (`undefined`: as the node does). */
  readonly lie: (answer: (path: string) => Answer | undefined) => void
  readonly tellTheTruth: () => void
  readonly goDown: () => Promise<void>
  readonly comeUp: () => Promise<void>
}

export type Verdict = Extract<ReplyOf<typeof verifyRoute>, { readonly verdict: unknown }>['verdict']

export interface City {
  readonly division: string
  readonly iss: string
  readonly front: Front
  /** The office as the process that serves it has it; another one after `restart`. */
  readonly office: () => Office
  readonly call: <R extends Route>(route: R, call: Omit<Call<R>, 'base' | 'token' | 'idempotencyKey'> & { readonly as?: string }) => Promise<ReplyOf<R>>
  /** Drafted by one officer, approved by another; the whole signed text. */
  readonly issueTitle: () => Promise<{ readonly record: string; readonly text: string }>
  readonly verdictOn: (text: string, place?: string, proof?: string) => Promise<Verdict>
  readonly refresh: () => Promise<ReadonlyMap<string, ReplyOf<typeof refreshTrustRoute>['neighbours'][number]>>
  /** Makes anew what has grown old, as the node does by itself every minute; neighbours see it within the second for which an index is kept. */
  readonly publish: () => Promise<void>
  /** Takes up in the log what waits, and has the neighbours cosign its head, as the node does by itself every minute. */
  readonly log: () => Promise<ReadonlyMap<string, CosignReport>>
  /** Follows the neighbours' logs, as the node does by itself every few minutes. */
  readonly follow: (limits?: LogLimits) => Promise<ReadonlyMap<string, FollowReport>>
  /** Copies the database as it is, and puts it back: what an operator does with a backup. */
  readonly backUp: () => Promise<string>
  readonly restore: (backup: string, beside?: { readonly memory: 'lost' }) => Promise<void>
  /** The proof of a record of this city. */
  readonly proofOf: (text: string) => Promise<string | undefined>
  /** Closes the node and opens it again from what it has stored. */
  readonly restart: () => Promise<void>
  readonly close: () => Promise<void>
}

/** The clock of all cities: runs on with the real one, and can be moved. */
export interface World {
  readonly now: () => Instant
  readonly pass: (seconds: number) => void
}

export function openWorld(): World {
  let ahead = 0
  return { now: () => instantOf(Math.floor(Date.now() / 1000) + ahead), pass: (seconds) => (ahead += seconds) }
}

/** As a node asks. */
const ask = openNeighbourFetch()

const divisionOf = (iss: string): string => /\d{6}/.exec(iss)![0]

const passphrase = 'correct horse battery staple'

/** A city in this process: its node on loopback behind a front, in a folder of its own, with two officers. */
export async function openCity(division: string, world: World): Promise<City> {
  const data = mkdtempSync(join(tmpdir(), 'comity-city-'))
  const iss = `https://${division}.comity.example`
  writeFileSync(join(data, 'passphrase'), `${passphrase}\n`, { mode: 0o600 })
  const parts = async (): Promise<OfficeParts> => ({ ...(await openParts({ data })), clock: world.now })
  const keyOf = (officer: string) => makeTestKey(`${division}/${officer}`)

  const name = { zh: `${division}人力资源和社会保障局`, en: `${division} HRSS Bureau` }
  let office = await initialiseNode(await parts(), { division, name, iss, passphrase }, 'cli:test')
  for (const id of ['drafter', 'approver'])
    await registerClient(office, { actor: 'cli:test' }, { id, name: id, kind: 'officer', keys: [{ ...keyOf(id).jwk }], duties })
  const open = (): Promise<Serving> =>
    serveOpenNode(
      { office, desk: openTrustDesk(office, () => performance.now()), close: office.store.close },
      { host: '127.0.0.1', port: 0, refreshEvery: 0, cosignEvery: 0, checkReplies: true, limits: { token: 100_000, witness: 100_000 } },
      openLog(() => undefined),
    )
  let serving = await open()
  const front = await openFront(() => serving.url)

  const call: City['call'] = async (route, { as, ...rest }) => {
    const signer = as === undefined ? undefined : keyOf(as).signer
    const held =
      signer === undefined
        ? undefined
        : await requestToken({ base: serving.url, audience: iss, client: as!, signer, clock: world.now, random: office.random }, fetch)
    const idempotencyKey = 'idempotent' in route ? freshKey() : undefined
    return callRoute(route, { ...rest, base: serving.url, token: held?.token, idempotencyKey } as unknown as Call<typeof route>, fetch) // the same members, put together again
  }
  return {
    division,
    iss,
    front,
    office: () => office,
    call,
    issueTitle: async () => {
      const { body, personal } = titleDraft()
      const { draft } = await call(createDraft, { as: 'drafter', body: { family: 'title', draft: { body, personal } } as never }) // an example of the family
      const { record } = await call(approveDraftRoute, { as: 'approver', params: { draft }, body: {} })
      const { text } = await call(presentRecord, { as: 'drafter', params: { record }, body: {} })
      return { record, text }
    },
    verdictOn: async (text, place, proof) => {
      const reply = await call(verifyRoute, {
        body: { record: text, ...(proof === undefined ? {} : { proof }), ...(place === undefined ? {} : { for: place }) },
      })
      if (!('verdict' in reply)) throw new Error('one record, one verdict')
      return reply.verdict
    },
    refresh: async () => {
      const { neighbours } = await call(refreshTrustRoute, { as: 'drafter', body: {} })
      return new Map(neighbours.map((report) => [report.division, report]))
    },
    publish: async () => {
      await publishDue(office)
      await setTimeout(1000)
    },
    log: async () => {
      await sequenceLog(office)
      const desk = openTrustDesk(office, () => performance.now())
      const reports = await openCosigner(office, desk, { post: ask, fetch: ask }).round()
      return new Map(reports.map((report) => [divisionOf(report.iss), report]))
    },
    follow: async (limits) => {
      const desk = openTrustDesk(office, () => performance.now())
      const reports = await openFollower(office, desk, ask, limits).round()
      return new Map(reports.map((report) => [divisionOf(report.iss), report]))
    },
    backUp: async () => {
      const file = join(data, `backup-${randomUUID()}.db`)
      await office.store.backup(file)
      return file
    },
    restore: async (backup, beside) => {
      await serving.close()
      if (beside?.memory === 'lost') rmSync(join(data, 'witnessed'), { recursive: true })
      for (const ending of ['', '-wal', '-shm']) rmSync(join(data, `comity.db${ending}`), { force: true })
      copyFileSync(backup, join(data, 'comity.db'))
      office = await openOffice(await parts(), passphrase)
      serving = await open()
    },
    proofOf: async (text) => proofOfRecord(office, (await openTrustDesk(office, () => performance.now()).current()).trust, text),
    restart: async () => {
      await serving.close()
      office = await openOffice(await parts(), passphrase)
      serving = await open()
    },
    close: async () => {
      await front.goDown()
      await serving.close()
      rmSync(data, { recursive: true, force: true })
    },
  }
}

/** Passes everything on to the node, but for what it has been told to answer itself. */
async function openFront(node: () => string): Promise<Front> {
  let lie: (path: string) => Answer | undefined = () => undefined
  const answer = async (asked: IncomingMessage, response: ServerResponse): Promise<void> => {
    const path = asked.url!.slice(1)
    const own = lie(path)
    if (own?.drips === true) {
      const drip = globalThis.setInterval(() => response.write(' '), 20)
      response.on('close', () => clearInterval(drip))
      return
    }
    if (own !== undefined) {
      response.writeHead(own.status ?? 200, own.headers).end(own.body ?? '')
      return
    }
    const etag = asked.headers['if-none-match']
    const passed =
      asked.method === 'POST'
        ? await fetch(`${node()}/${path}`, { method: 'POST', headers: { 'content-type': asked.headers['content-type'] ?? '' }, body: await bufferOf(asked) })
        : await fetch(`${node()}/${path}`, etag === undefined ? {} : { headers: { 'if-none-match': etag } })
    const kept = ['content-type', 'etag'].flatMap((name) => (passed.headers.get(name) === null ? [] : [[name, passed.headers.get(name)!] as const]))
    response.writeHead(passed.status, Object.fromEntries(kept)).end(new Uint8Array(await passed.arrayBuffer()))
  }
  let server: Server | undefined
  const listen = async (port: number): Promise<number> => {
    server = createServer((asked, response) => {
      answer(asked, response).catch(() => response.destroy())
    }).listen(port, '127.0.0.1')
    await once(server, 'listening')
    return (server.address() as AddressInfo).port // listening on TCP
  }
  const port = await listen(0)
  return {
    url: `http://127.0.0.1:${port}`,
    lie: (told) => (lie = told),
    tellTheTruth: () => (lie = () => undefined),
    goDown: async () => {
      if (server === undefined) return
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      server = undefined
      await closed
    },
    comeUp: async () => void (await listen(port)),
  }
}
