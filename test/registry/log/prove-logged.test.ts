import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { parseSdJwt } from '#core/credential/parse-sd-jwt.ts'
import { checkpointText, readCheckpoint } from '#core/log/checkpoint.ts'
import { cosign } from '#core/log/cosignature.ts'
import { readLogProof } from '#core/log/log-proof.ts'
import { witnessNameOf } from '#core/log/names.ts'
import { noteKey, parseSignedNote } from '#core/log/signed-note.ts'
import { instantOf, secondsOf, type Instant } from '#core/model/instant.ts'
import type { AllianceMember } from '#core/trust/alliance-list.ts'
import type { Trust } from '#core/trust/assemble-trust.ts'
import { nodeEngine } from '#custody/engine-node.ts'
import { readAnchors } from '#registry/held-trust.ts'
import { sizeProvenBefore } from '#registry/log/proven-before.ts'
import { proveLogged } from '#registry/log/prove-logged.ts'
import { timeProofOf } from '#registry/log/prove-record.ts'
import { sequenceLog } from '#registry/log/sequence-log.ts'
import { manifestPath } from '#registry/publish.ts'
import { findNewestCheckpoint, insertCosignatures } from '#storage/log.ts'
import { getFile } from '#storage/published.ts'

import { titleDraft } from '../../support/examples.ts'
import {
  alliancePayload,
  anchorsOf,
  assemble,
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
  type TestKey,
} from '../../support/make-alliance.ts'
import { issueRecordAt, openTestOffice, type TestOffice } from '../../support/open-test-office.ts'

// Jinan issues and is real; its witnesses are keys. Each has an old witness key as well, which it may still use.
const witnesses = ['370300', '371600', '370200'] as const
const start = secondsOf(testInstant)
const day = 24 * 3600
const city = (division: string) => makeCity(division)
const keyOf = (witness: string): TestKey => makeTestKey(`witness/${witness}`)

interface Alliance {
  readonly cosigners?: number
  readonly members: readonly string[]
  readonly changes?: Readonly<Record<string, Partial<AllianceMember>>>
}

let jinan: TestOffice
let text: string
/** The size of each head over the record, in the order in which they were signed. */
let sizes: number[]

beforeEach(async () => {
  jinan = await openTestOffice()
  sizes = []
  ;({ text } = await issueRecordAt(jinan.office, 'title', titleDraft()))
})
afterEach(() => jinan.close())

/** What the node, and every verifier, holds. Times are a day around those of the test, so that nothing else is in question. */
async function trustOf(alliances: Readonly<Record<string, Alliance>>): Promise<Trust> {
  const iat = start - 2 * day
  const { authorities } = await readAnchors(jinan.store.read, jinan.office.authority)
  const { iss, division, name, authorityKey } = authorities[0]!
  const lists = Object.entries(alliances).map(([id, { cosigners, members, changes = {} }]) => {
    const listed = members.map((each) => memberOf(city(each), changes[each]))
    const own: AllianceMember = { ...listed[0]!, iss, division, name, authorityKey, role: 'member', state: 'active', from: '2020-12-04' }
    delete own.until
    const thresholds = { list: 1, rules: 1, ...(cosigners === undefined ? {} : { cosigners }) }
    const voter = members.find((each) => changes[each]?.state === undefined && changes[each]?.role === undefined)!
    return fileOf(id, signAllianceList(alliancePayload(id, [own, ...listed], iat, { thresholds }), [city(voter).authority.signer]))
  })
  const manifests = witnesses.map((each) => {
    const keys = [...keysOf(city(each), iat), manifestKey(keyOf(each), 'witness', iat), manifestKey(keyOf(`${each}/old`), 'witness', iat)]
    return fileOf(each, signManifest(manifestPayload(city(each), iat, { keys }), city(each).authority.signer))
  })
  const ownManifest = fileOf('own', (await getFile(jinan.store.read, { path: manifestPath }))!.body)
  const { trust, refused } = assemble({
    anchors: { authorities, alliances: anchorsOf(lists).alliances },
    allianceLists: lists,
    manifests: [ownManifest, ...manifests],
    ruleSets: [],
    statusLists: [],
  })
  expect(refused).toEqual([])
  return trust
}

/** Signs one more head over the record, and keeps what these say about it: seconds after the start, by witness (`370300/old`: by its other key). */
async function head(cosigned: Readonly<Record<string, number>>): Promise<void> {
  if (sizes.length > 0) await issueRecordAt(jinan.office, 'title', titleDraft())
  await sequenceLog(jinan.office)
  const { size, note } = (await findNewestCheckpoint(jinan.store.read, {}))!
  sizes.push(size)
  const rows = Object.entries(cosigned).map(([witness, after]) => {
    const key = keyOf(witness)
    const name = witnessNameOf(city(witness.slice(0, 6)).iss)
    const stated = checkpointText(readCheckpoint(parseSignedNote(note)))
    const line = cosign(stated, start + after, key.signer, noteKey(name, 'cosignature-v1', key.public, nodeEngine.sha256))
    return { size, kid: key.public.kid, cosignedAt: start + after, line }
  })
  await jinan.store.atomically((tx) => insertCosignatures(tx, rows))
}

/** Which of the heads the proof leads to, counted from 1, and how long after the start verifiers take the record to have been logged. */
async function proven(trust: Trust, at: Instant = instantOf(start + 30 * day)): Promise<readonly [head: number, after: number | undefined]> {
  const office = { ...jinan.office, clock: () => at }
  const { proof } = (await proveLogged(office, { kind: 'record', digest: parseSdJwt(text, nodeEngine).digest }, trust))!
  const { size } = readCheckpoint(parseSignedNote(readLogProof(proof).checkpoint))
  const time = await timeProofOf(office, trust, text)
  if (time !== undefined) expect(time.text).toBe(proof)
  return [sizes.indexOf(size) + 1, time === undefined ? undefined : secondsOf(time.logged.at) - start]
}

/** Which of the heads is the newest that verifiers take to have been there so long after the start, counted from 1; 0: none. */
const thereBefore = async (trust: Trust, after: number): Promise<number> => {
  const office = { ...jinan.office, clock: () => instantOf(start + 30 * day) }
  return sizes.indexOf(await sizeProvenBefore(office, trust, instantOf(start + after))) + 1
}

const circle = (cosigners: number, changes: Alliance['changes'] = {}) => ({ circle: { cosigners, members: witnesses, changes } })

describe('the head that a proof leads to', () => {
  it('is the earliest that proves a time, whoever cosigned later heads', async () => {
    await head({ '370300': 10 })
    await head({ '370300': 70, '371600': 71 })
    await head({ '370300': 130, '371600': 131, '370200': 132 })
    expect(await proven(await trustOf(circle(1)))).toEqual([1, 10])
    expect(await proven(await trustOf(circle(2)))).toEqual([2, 71])
    expect(await proven(await trustOf(circle(3)))).toEqual([3, 132])
  })

  it('is none that has enough lines and not enough members: one that had left, is suspended, is no full member, has two keys, or is early', async () => {
    await head({ '370300': 10, '371600': 11 })
    await head({ '370300': day, '370300/old': day + 1, '370200': 40 * day })
    await head({ '370300': 2 * day, '370200': 2 * day + 1 })
    expect(await proven(await trustOf(circle(2)))).toEqual([1, 11])
    expect(await proven(await trustOf(circle(2, { '371600': { state: 'left', until: '2026-06-01' } })))).toEqual([3, 2 * day + 1])
    expect(await proven(await trustOf(circle(2, { '371600': { state: 'left', until: '2026-06-02' } })))).toEqual([1, 11])
    expect(await proven(await trustOf(circle(2, { '371600': { state: 'suspended' } })))).toEqual([3, 2 * day + 1])
    expect(await proven(await trustOf(circle(2, { '371600': { role: 'guidance' } })))).toEqual([3, 2 * day + 1])
    // Asked for in forty days, the second head counts: by the third's time it was not yet.
    expect(await proven(await trustOf(circle(2, { '371600': { role: 'accepted' } })), instantOf(start + 50 * day))).toEqual([2, 40 * day])
  })

  it('is the one with the most cosignatures, the earliest of them, while none proves a time', async () => {
    await head({})
    await head({ '370300': 70 })
    await head({ '370300': 130, '371600': 131 })
    await head({ '370300': 190, '371600': 191 })
    expect(await proven(await trustOf(circle(3)))).toEqual([3, undefined])
    expect(await proven(await trustOf({ circle: { members: witnesses } }))).toEqual([3, undefined])
    expect(await proven({ ...(await trustOf(circle(1))), authorities: new Map() })).toEqual([3, undefined])
  })

  it('is the newest while nobody has cosigned any', async () => {
    await head({})
    await head({})
    expect(await proven(await trustOf(circle(1)))).toEqual([2, undefined])
  })

  it('proves a time to each of the city’s alliances if one of the next heads does, else to whom it can', async () => {
    const two = (one: number, other: number) => ({
      circle: { cosigners: one, members: ['370300', '371600'] },
      coast: { cosigners: other, members: ['370200', '371600'] },
    })
    await head({ '370300': 10, '370200': 11 })
    await head({ '370300': 70, '371600': 71 })
    await head({ '371600': 130, '370200': 131 })
    await head({ '370300': 190, '371600': 191, '370200': 192 })
    expect(await proven(await trustOf(two(1, 1)))).toEqual([1, 10])
    expect(await proven(await trustOf(two(2, 1)))).toEqual([2, 71])
    expect(await proven(await trustOf(two(2, 2)))).toEqual([4, 191])
    // What an alliance asks for and can never have keeps nothing from the other.
    expect(await proven(await trustOf(two(2, 3)))).toEqual([2, 71])
  })

  it('is found behind the hours in which a witness was away, and behind heads that count no more', async () => {
    for (let minute = 0; minute < 40; minute++) await head({ '370300': minute * 60 })
    await head({ '370300': 2400, '371600': 2401 })
    for (let minute = 42; minute < 80; minute++) await head({ '370300': minute * 60, '371600': minute * 60 + 1 })
    await head({ '370300': day, '370200': day })
    expect(await proven(await trustOf(circle(2)))).toEqual([41, 2401])
    expect(await proven(await trustOf(circle(2, { '371600': { state: 'left', until: '2026-06-01' } })))).toEqual([80, day])
  })

  it('is not kept from anybody by a row that was spoilt', async () => {
    await head({ '370300': 10 })
    await head({ '370300': 70 })
    await jinan.store.atomically((tx) => insertCosignatures(tx, [{ size: sizes[0]!, kid: 'spoilt', cosignedAt: start, line: 'no signature at all\n' }]))
    expect(await proven(await trustOf(circle(1)))).toEqual([2, 70])
  })
})

describe('the head that was there before a theft', () => {
  it('is the newest whose cosignatures verifiers count, each city once, by their times', async () => {
    await head({ '370300': 10, '371600': 11 })
    await head({ '370300': 70, '371600': 75 })
    await head({ '370300': 130, '370300/old': 131 })
    const trust = await trustOf(circle(2))
    expect([await thereBefore(trust, 11), await thereBefore(trust, 12), await thereBefore(trust, 75), await thereBefore(trust, 1000)]).toEqual([0, 1, 1, 2])
    const alone = await trustOf(circle(1))
    expect([await thereBefore(alone, 71), await thereBefore(alone, 1000)]).toEqual([2, 3])
    // Who is suspended has no voice, nor whoever is no full member.
    expect(await thereBefore(await trustOf(circle(2, { '371600': { state: 'suspended' } })), 1000)).toBe(0)
    expect(await thereBefore(await trustOf(circle(1, { '370300': { role: 'accepted' } })), 1000)).toBe(2)
  })

  it('is there for each of the city’s alliances that proves anything, and for anybody where none asks', async () => {
    await head({ '370300': 10 })
    await head({ '370300': 70, '370200': 71 })
    await head({ '370300': 130 })
    const both = await trustOf({ circle: { cosigners: 1, members: ['370300', '371600'] }, bay: { cosigners: 1, members: ['370200'] } })
    expect([await thereBefore(both, 10), await thereBefore(both, 71), await thereBefore(both, 72), await thereBefore(both, 1000)]).toEqual([0, 2, 2, 2])
    expect(await thereBefore(both, 11)).toBe(1)
    expect(await thereBefore(await trustOf({ circle: { members: witnesses } }), 1000)).toBe(3)
  })
})
