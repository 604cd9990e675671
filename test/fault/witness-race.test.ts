import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { Fault } from '#core/fault.ts'
import { signCheckpoint } from '#core/log/checkpoint.ts'
import { readCosignatures } from '#core/log/cosignature.ts'
import { verifyForkProof } from '#core/log/fork-proof.ts'
import { hashLeaf, proveConsistency } from '#core/log/merkle.ts'
import { logOriginOf } from '#core/log/names.ts'
import { noteKey, parseSignedNote } from '#core/log/signed-note.ts'
import { appendLeaves, readFromTiles, type Tile } from '#core/log/tiles.ts'
import { witnessRequestText } from '#core/log/witness-request.ts'
import { secondsOf } from '#core/model/instant.ts'
import type { Trust } from '#core/trust/assemble-trust.ts'
import { nodeEngine } from '#custody/engine-node.ts'
import { statusOfFault } from '#http/status-of-fault.ts'
import { ownWitnessKey } from '#registry/log/own-keys.ts'
import { witnessCheckpoint } from '#registry/log/witness-checkpoint.ts'
import type { Office } from '#registry/office.ts'
import { listMisbehaviours } from '#storage/misbehaviours.ts'
import { findWitnessedLog } from '#storage/witnessed-logs.ts'

import { dialects, type Ground } from '../storage/dialects.ts'
import {
  anchorsOf,
  assemble,
  alliancePayload,
  fileOf,
  keysOf,
  makeCity,
  makeTestKey,
  manifestKey,
  manifestPayload,
  memberOf,
  signAllianceList,
  signManifest,
  testInstant,
} from '../support/make-alliance.ts'
import { openTwice, seeingFirst, type TwoProcesses } from './two-processes.ts'

const { sha256 } = nodeEngine
const utf8 = new TextEncoder()

/** A log that can be grown in more than one way, since nothing but its key says what is in it. */
interface Tree {
  readonly size: number
  readonly root: Uint8Array
  readonly tiles: readonly Tile[]
}
const emptyTree: Tree = { size: 0, root: sha256(new Uint8Array(0)), tiles: [] }

const jinan = makeCity('370100')
const logKey = makeTestKey('race/log')

function grown(from: Tree, names: readonly string[]): Tree {
  const leaves = names.map((name) => hashLeaf(utf8.encode(name), sha256))
  const { size, root, edge } = appendLeaves({ size: from.size, tiles: from.tiles }, leaves, sha256)
  return { size, root, tiles: edge }
}

/** A whole request, as the log's city would send it. A tree of one tile holds every hash that its proof needs. */
function requestFor(name: string, old: number, { size, root, tiles }: Tree): Uint8Array {
  const key = noteKey(name, 'ed25519', logKey.public, sha256)
  const checkpoint = signCheckpoint({ origin: name, size, root, extensions: [] }, logKey.signer, key)
  const proof = old === 0 || old === size ? [] : proveConsistency(old, size, readFromTiles(tiles, sha256), sha256)
  return utf8.encode(witnessRequestText({ old, proof, checkpoint }))
}

/** Two cities that this witness knows: it is asked about logs under the first one's key. */
function trusting(): Trust {
  const iat = secondsOf(testInstant) - 3600
  const list = fileOf(
    'circle',
    signAllianceList(alliancePayload('circle', [memberOf(jinan)], iat, { thresholds: { list: 1, rules: 1, cosigners: 1 } }), [jinan.authority.signer]),
  )
  const manifest = signManifest(manifestPayload(jinan, iat, { keys: [...keysOf(jinan, iat), manifestKey(logKey, 'log', iat)] }), jinan.authority.signer)
  return assemble({ anchors: anchorsOf([list]), allianceLists: [list], manifests: [fileOf('jinan', manifest)], ruleSets: [], statusLists: [] }).trust
}

const origin = logOriginOf(jinan.iss)
const trust = trusting()
const rounds = 12

/** Two parties wait for one another, once. */
function openMeeting(): () => Promise<void> {
  const both = Promise.withResolvers<void>()
  let arrived = 0
  return () => {
    if (++arrived === 2) both.resolve()
    return both.promise
  }
}

describe.each(dialects.filter(({ name }) => name !== 'PGlite'))('two requests at once to one witness on $name', ({ name, prepare, ground, finish }) => {
  let here: Ground
  /** Two processes of the witness. */
  let processes: TwoProcesses
  let one: Office
  let other: Office
  let tree: Tree = emptyTree
  /** Every line that has left the house, by what it vouches for. */
  const vouched = new Map<number, Set<string>>()

  beforeAll(async () => {
    await prepare()
    here = await ground()
    processes = await openTwice(here, '370300')
    ;({ one, other } = processes)
  })
  afterAll(async () => {
    await processes.close()
    await here.clear()
    await finish()
  })

  /** What the log's city is answered: 200, or a status with what goes with it. */
  async function answer(office: Office, old: number, grownTo: Tree): Promise<string> {
    try {
      const request = requestFor(origin, old, grownTo)
      const line = await witnessCheckpoint(office, trust, request)
      const note = parseSignedNote(new TextDecoder().decode(request).split('\n\n').slice(1).join('\n\n') + line)
      expect(readCosignatures(note, [await ownWitnessKey(office.store.read, office)], nodeEngine)).toHaveLength(1)
      vouched.set(grownTo.size, (vouched.get(grownTo.size) ?? new Set()).add(Buffer.from(grownTo.root).toString('hex')))
      return '200'
    } catch (fault) {
      if (!(fault instanceof Fault)) throw fault
      return [statusOfFault[fault.code], fault.code, ...(fault.detail === undefined ? [] : [fault.detail])].join(' ')
    }
  }

  const held = async () => (await findWitnessedLog(one.store.read, { origin }))!
  /** Asks both at once, the second one first every other time. */
  async function race(offices: readonly [Office, Office], trees: readonly [Tree, Tree], round: number): Promise<readonly [string, string]> {
    const old = tree.size
    const ask = (which: 0 | 1): Promise<string> => answer(offices[which], old, trees[which])
    if (round % 2 === 0) return Promise.all([ask(0), ask(1)])
    const later = ask(1)
    return Promise.all([ask(0), later])
  }
  const pairs = (): readonly (readonly [Office, Office])[] => {
    const meet = openMeeting()
    // On a file the second transaction does not begin before the first has ended.
    const overlapping = (office: Office): Office => ({ ...office, store: seeingFirst(office.store, (tx) => findWitnessedLog(tx, { origin }), meet) })
    const apart: readonly [Office, Office] = name === 'PostgreSQL' ? [overlapping(one), overlapping(other)] : [one, other]
    return [apart, [one, one]]
  }

  it('has one of two heads cosigned, and tells the other request how far the log is known', async () => {
    const winners = new Set<number>()
    for (let round = 0; round < rounds; round++)
      for (const [index, offices] of pairs().entries()) {
        const old = tree.size
        const smaller = grown(tree, [`${round}/${index}/a`])
        const larger = grown(smaller, ['b', 'c'])
        const answers = await race(offices, [smaller, larger], round)
        const winner = answers.indexOf('200') === 0 ? smaller : larger
        winners.add(winner === smaller ? 0 : 1)
        expect(answers.toSorted(), `${name} ${round}`).toEqual(['200', `409 witness-size-differs ${winner.size}`])
        expect([(await held()).size, Buffer.from((await held()).root)]).toEqual([winner.size, Buffer.from(winner.root)])
        // It goes on from what it was told; a smaller head is not worth asking for any more.
        if (winner === smaller) expect(await answer(other, winner.size, larger)).toBe('200')
        else expect(await answer(other, old, smaller)).toBe(`409 witness-size-differs ${winner.size}`)
        tree = larger
      }
    // Neither of the two was always there before the other.
    expect(winners).toEqual(new Set([0, 1]))
  })

  it('never signs two histories, and keeps the proof of them when it is shown the second one', async () => {
    for (let round = 0; round < rounds; round++)
      for (const [index, offices] of pairs().entries()) {
        const histories = [grown(tree, [`${round}/${index}/here`]), grown(tree, [`${round}/${index}/there`])] as const
        const answers = await race(offices, histories, round)
        expect(answers.toSorted(), `${name} ${round}`).toEqual(['200', `409 witness-size-differs ${tree.size + 1}`])
        const won = answers.indexOf('200') as 0 | 1 // it is there
        const lost = histories[1 - won]!
        const before = (await listMisbehaviours(one.store.read, {})).length
        expect(await answer(one, lost.size, lost)).toBe('409 witness-forked')
        const kept = await listMisbehaviours(one.store.read, {})
        expect(kept).toHaveLength(before + 1)
        tree = histories[won]
        expect([(await held()).size, Buffer.from((await held()).root)]).toEqual([tree.size, Buffer.from(tree.root)])
      }
    const key = noteKey(origin, 'ed25519', logKey.public, sha256)
    for (const { body } of await listMisbehaviours(one.store.read, {})) expect(verifyForkProof(body, [key], nodeEngine).origin).toBe(origin)
    expect([...vouched.values()].filter((roots) => roots.size > 1)).toEqual([])
    expect(vouched.size).toBeGreaterThanOrEqual(2 * rounds)
  })
})
