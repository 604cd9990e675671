import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import type { Instant } from '#core/model/instant.ts'

import { startPostgres, type PostgresServer } from '../support/postgres.ts'
import { stateOf, tellStory } from './crash-story.ts'
import { openGround, openStrikes, type Ground, type Moment, type Strike, type World } from './crash-world.ts'

const script = fileURLToPath(new URL('die-at-point.ts', import.meta.url))

// Every write on the way of a record: its draft, issuing into register and outbox, the log's head by compare and swap, the status list, the
// witnesses. A process that dies before one dies after the one above it.
const passed = [
  'draft: 370100 commits',
  'approve: 370100 commits',
  'sequence the record: 370100 commits',
  'sequence the record: 370100 writes its head file',
  'cosign the record: 370300 is asked',
  'cosign the record: 371600 is asked',
  'cosign the record: 370300 commits',
  'cosign the record: 371600 commits',
  'cosign the record: 370100 commits',
  'cosign the record: 370100 commits, 2',
  'revoke: 370100 commits',
  'revoke: 370100 commits, 2',
  'sequence the revocation: 370100 commits',
  'sequence the revocation: 370100 writes its head file',
  'cosign the revocation: 370300 is asked',
  'cosign the revocation: 371600 is asked',
  'cosign the revocation: 370300 commits',
  'cosign the revocation: 371600 commits',
  'cosign the revocation: 370100 commits',
  'cosign the revocation: 370100 commits, 2',
  'ask again: 370100 commits',
  'ask again: 370100 commits, 2',
  'ask again: 370100 commits, 3',
] as const
type Point = (typeof passed)[number]

/** Witnesses are asked side by side, so one of them stands for both; the second time a head is cosigned only the witness has another task. */
const points = passed.filter((point) => !/371600|^ask again|^cosign .*, 2$|the revocation: (370100 writes|370300 is|370100 commits)/.test(point))
/** Those at which a process may be told of an error and go on: each kind once. */
const survived = points.filter((point) => !/^draft|the revocation/.test(point))
/** Those of the issuing city's rows, with which a server may be in between. */
const onServer = points.filter((point) => /^(approve|revoke|sequence the record|cosign the record): 370100 commits$/.test(point))

const moments: readonly Moment[] = ['failed', 'persisted']
const strikesAt = (which: readonly Point[], fate: Strike['fate']): readonly Strike[] =>
  which.flatMap((point) => moments.map((moment) => ({ point, moment, fate })))

type State = Awaited<ReturnType<typeof stateOf>>

/** Tells the whole story to these cities, and closes them. */
async function lived(opening: Promise<World>): Promise<{ readonly state: State; readonly passed: readonly string[] }> {
  const world = await opening
  try {
    const state = await stateOf(world, await tellStory(world))
    return { state, passed: world.strikes.passed }
  } finally {
    await world.close()
  }
}

/** What is to be in the end, said in full once, so that it is not merely the same. */
const end: Partial<State> = {
  records: [{ number: '370100120260000001', year: 2026, serial: 1, state: 1, statusList: 1 }],
  placesOfTheRecord: 1,
  waiting: 0,
  headFile: 6,
  logFindings: [],
  listsBehind: 0,
  listed: [[{ kind: 'revoked', reason: 'fraud', from: expect.any(Number) as number }]], // an asymmetric matcher has no type
  logged: { at: '2026-06-01T04:05:00Z' as Instant, by: ['https://370300.comity.example', 'https://371600.comity.example'] }, // well formed
}

let ground: Ground
let reference: Awaited<ReturnType<typeof lived>>
beforeAll(async () => {
  ground = await openGround()
  reference = await lived(ground.open(openStrikes()))
})
afterAll(() => ground.clear())

describe('a record on its way to a cosigned log, and its revocation', () => {
  it('pass all these points, and come to this end', () => {
    expect(reference.passed).toEqual(passed)
    expect(reference.state).toMatchObject(end)
    expect(reference.state.leaves.map((leaf) => leaf.split(' ')[1])).toEqual(['alliance', 'manifest', 'record', 'status-list', 'status', 'status-list'])
  })

  it.each(strikesAt(points, 'dies'))('come to the same end when a process dies at "$point" ($moment) and is started again', async (strike) => {
    expect((await lived(ground.open(openStrikes(strike)))).state).toEqual(reference.state)
  })

  it.each(strikesAt(survived, 'lives'))('come to the same end when a process is told of an error at "$point" ($moment) and goes on', async (strike) => {
    expect((await lived(ground.open(openStrikes(strike)))).state).toEqual(reference.state)
  })

  it.each([
    ['approve: 370100 commits', 'failed'],
    ['cosign the record: 370300 commits', 'persisted'],
  ] as const)('come to the same end when SIGKILL ends the process at "%s" (%s)', async (point, moment) => {
    const folder = ground.copy()
    const child = spawn(process.execPath, [script, folder, point, moment], { stdio: ['ignore', 'pipe', 'inherit'] })
    let said = ''
    child.stdout.on('data', (bytes: Buffer) => (said += bytes.toString()))
    expect([await once(child, 'close'), said]).toEqual([[null, 'SIGKILL'], ''])
    expect((await lived(ground.open(openStrikes(), folder))).state).toEqual(reference.state)
  })
})

describe('the same with the rows on a PostgreSQL', () => {
  let server: PostgresServer
  let rows: Ground
  beforeAll(async () => {
    server = await startPostgres()
    rows = await openGround(server)
  })
  afterAll(async () => {
    rows.clear()
    await server.stop()
  })

  it.each(strikesAt(onServer, 'dies'))('comes to the same end when a process dies at "$point" ($moment)', async (strike) => {
    expect((await lived(rows.open(openStrikes(strike)))).state).toEqual(reference.state)
  })
})
