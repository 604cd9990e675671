import { setTimeout } from 'node:timers/promises'

import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { readUuid, uuidText } from '#core/model/uuid.ts'
import { openRemoteLog } from '#federation/fetch-log.ts'
import { holdTrust } from '#registry/held-trust.ts'
import { auditNeighbour } from '#registry/log/audit-neighbour.ts'
import { checkLog } from '#registry/log/check-log.ts'
import { findLogHead, findLogLeaf } from '#storage/log.ts'
import { listMirroredLogs } from '#storage/mirrored-logs.ts'
import { openVault } from '#custody/vault.ts'
import { getMeta } from '#storage/meta.ts'
import { listRecords } from '#storage/records.ts'
import { listStatusEvents } from '#storage/status-events.ts'

import { alliances, cityOf, initialiseCity } from '../../scripts/demo/cities.ts'
import { formAlliances } from '../../scripts/demo/form-alliances.ts'
import { makeFolder } from '../cli/run-comity.ts'
import { oneTo, serialsOf } from '../fault/read-register.ts'
import { until } from '../support/served-node.ts'
import { testPassphrase } from '../support/open-test-office.ts'
import { chanceOf } from './chance.ts'
import { makeCityProcess, type CityProcess } from './city-processes.ts'
import { digestOf, openTurmoil, type Shown, type Turmoil } from './turmoil.ts'

/** The same seed chooses the same; when processes die in the midst of what, it cannot choose. */
const seed = Number(process.env['COMITY_TEST_SEED'] ?? Date.now() % 1_000_000)
/** So long at least, and on a busy machine until enough has happened. */
const turmoilSeconds = 40
const leastKills = 5
const quietSeconds = 30
const nobody = (): void => undefined

const circle = alliances.alliances.find(({ id }) => id === 'sd-capital-circle')!.members.filter(({ role }) => role === 'member')

const folder = makeFolder()
const cities: CityProcess[] = []
let turmoil: Turmoil
let leaver: CityProcess
let staying: readonly CityProcess[]
let robbed: readonly Turmoil['issued'][number][]
let quiet: number
let settled: Settled

beforeAll(async () => {
  const chance = chanceOf(seed)
  for (const { division } of circle) cities.push(await makeCityProcess(division, folder.path('cache')))
  await formCircle()
  // What it compiles it keeps when it ends of itself; all that start later are killed.
  await cities[0]!.start()
  await cities[0]!.stop()
  await Promise.all(cities.map((city) => city.start()))

  turmoil = openTurmoil(cities)
  let over = false
  const stopped = (): boolean => over
  const running = [...Array.from({ length: 3 }, () => turmoil.work(chance.fork(), stopped)), turmoil.killAndRestart(chance.fork(), stopped)]
  const broken = Promise.all(running)
  broken.catch(() => (over = true)) // told below
  // The chair stays, and so do the two that meet in another alliance, too: those would go on believing one another, and rightly.
  leaver = chance.shuffled(cities.filter(({ division }) => division !== '370100' && !ofBoth.has(division)))[0]!
  const [turned, stolen, ...others] = chance.shuffled(cities.filter((city) => city !== leaver && city.division !== '370100' && city.division !== '371600'))
  staying = cities.filter((city) => city !== leaver)
  const acts = async (): Promise<void> => {
    await setTimeout(chance.between(3000, 6000))
    await turmoil.rotate(turned!)
    robbed = await turmoil.steal(stolen!)
    await setTimeout(chance.between(1000, 4000))
    await turmoil.leave(leaver, chance.shuffled([turned!, stolen!, ...others, ...cities.filter(({ division }) => division === '370100')]).slice(0, 5))
  }
  try {
    await Promise.all([acts(), setTimeout(turmoilSeconds * 1000)])
    await until('enough kills', () => (over || turmoil.counts.kills >= leastKills ? true : undefined))
  } finally {
    over = true
    await broken
  }
  await turmoil.askAgain()
  const began = performance.now()
  settled = await until('agreement', agreement, { every: 1000, seconds: quietSeconds }).catch((cause: unknown) => {
    throw new Error(`no agreement, seed ${seed}: ${[apart, ...turmoil.wrong].join('\n')}`, { cause })
  })
  quiet = (performance.now() - began) / 1000
}, 420_000)

afterAll(async () => {
  for (const city of cities) await city.remove()
  folder.remove()
})

/** The alliance of the seven, and the other one of which two of them are members: nobody serves the rest of that. */
async function formCircle(): Promise<void> {
  const qingdao = await initialiseCity(cityOf(folder.path('others'), '370200', '青岛市人力资源和社会保障局', 'Qingdao'))
  const nodes = []
  for (const city of cities) nodes.push(await city.open())
  await formAlliances(
    new Map(nodes.map(({ office }) => [office.authority.division as string, office] as const)).set('370200', qingdao),
    new Map(cities.map(({ division, url }) => [division, url])),
  )
  for (const { close } of nodes) await close()
  await qingdao.store.close()
}

const noted = (answer: string, at: string | undefined): string => (at === undefined ? answer : `${answer} ${at}`)

/** Members of both alliances hold the lists of both, so that they may know by fewer cosignatures, and a second earlier, when something was logged. */
const ofBoth = new Set<string>(alliances.alliances.find(({ id }) => id === 'jiaodong-blue-zone')!.members.map(({ division }) => division))

/** One answer of all nodes, and one time of those that hold the same lists. */
function alike(nodes: readonly CityProcess[], said: readonly string[]): boolean {
  const [both, one] = [true, false].map((inBoth) => said.filter((_answer, index) => ofBoth.has(nodes[index]!.division) === inBoth))
  return new Set(said.map((answer) => answer.split(' ')[0])).size === 1 && new Set(both).size <= 1 && new Set(one).size <= 1
}

/** By what was shown: the answer of each city, with the time of the log. */
type Settled = ReadonlyMap<Shown, readonly string[]>

/** What the nodes last differed about. */
let apart = ''

/** Everything that was ever shown, asked of every node: undefined while they do not agree, or have not followed one another's logs to the end. */
async function agreement(): Promise<Settled | undefined> {
  if (!(await haveFollowed())) {
    apart = 'logs that are not followed to the end'
    return undefined
  }
  const answers = new Map<Shown, readonly string[]>()
  for (const city of cities) {
    const own = turmoil.issued.filter((known) => known.city === city.division).map(turmoil.shown)
    const proofs = await turmoil.proofsOf(
      city.division,
      own.map(({ text }) => text),
    )
    const forged = turmoil.forged.filter(({ exhibit }) => exhibit.city === city.division)
    const those = [...own.map((shown, index) => ({ shown, proof: proofs[index] })), ...forged.map((shown) => ({ shown, proof: undefined }))]
    // A city that has left goes on believing itself, and nobody else.
    const nodes = city === leaver ? staying : cities
    for (let from = 0; from < those.length; from += 100) {
      const page = those.slice(from, from + 100)
      const verdicts = await Promise.all(nodes.map((node) => turmoil.ask(node, page)))
      for (const [place, { shown }] of page.entries()) {
        const said = verdicts.map((of) => noted(of[place]!.answer, of[place]!.logged?.at))
        const right = nodes.map((node, index) => turmoil.oracle.settled(node.division, shown.exhibit, verdicts[index]![place]!))
        if (!alike(nodes, said) || right.some((want) => (want === 'yes') !== said[0]!.startsWith('yes'))) {
          apart = `${shown.exhibit.kind} of ${city.division}: ${said.join(', ')}; ${right.join(', ')}`
          return undefined
        }
        answers.set(shown, said)
      }
    }
  }
  return answers
}

/** Every city that stays holds the head of every other one, at its whole size. */
async function haveFollowed(): Promise<boolean> {
  const heads = new Map<string, string>()
  const mirrors: (readonly [string, string])[] = []
  for (const city of staying) {
    const { own, held } = await city.withRegister(async ({ store: { read } }) => ({ own: await findLogHead(read, {}), held: await listMirroredLogs(read, {}) }))
    heads.set(city.iss, `${own!.size} ${hex(own!.root)}`)
    mirrors.push(...held.map(({ iss, size, root }) => [iss, `${size} ${hex(root)}`] as const))
  }
  const those = mirrors.filter(([iss]) => iss !== leaver.iss)
  return those.length === staying.length * (staying.length - 1) && those.every(([iss, head]) => heads.get(iss) === head)
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')

describe('seven cities whose nodes are killed again and again, while one changes its key, one is robbed of its key and one leaves', () => {
  it('agree in the end, have given no wrong answer, and have lost nothing that they had acknowledged', async () => {
    const { counts, wrong, issued } = turmoil
    const lost: string[] = []
    for (const city of cities)
      await city.withRegister(async ({ store: { read } }) => {
        const rows = new Map((await listRecords(read, { after: new Uint8Array(0), limit: 1_000_000 })).map((row) => [uuidText(row.id), row]))
        for (const { record, number, text, revocation } of issued.filter((known) => known.city === city.division)) {
          const row = rows.get(record)
          if (row?.number !== number || hex(row.digest) !== hex(digestOf(text!))) lost.push(`${number} is not in the register`)
          if ((await findLogLeaf(read, { kind: 'record', digest: digestOf(text!) })) === undefined) lost.push(`${number} is not in the log`)
          const changes = await listStatusEvents(read, { recordId: readUuid(record)! })
          if (changes.length !== (revocation === undefined ? 0 : 1)) lost.push(`${number} was revoked ${changes.length} times`)
        }
      })
    const events = counts.issued + counts.revoked + counts.asked + counts.looked + counts.acts
    console.log(
      `seven cities, seed ${seed}: events ${events} (issued ${counts.issued}, revoked ${counts.revoked}, verdicts ${counts.asked}, refreshes ${counts.looked}), ` +
        `kills ${counts.kills}, agreed after ${quiet.toFixed(1)} s, wrong verdicts ${wrong.length}, acknowledged records lost ${lost.length}`,
    )
    expect({ wrong, lost }).toEqual({ wrong: [], lost: [] })
    expect(counts.kills).toBeGreaterThanOrEqual(leastKills)
    expect(counts.acts).toBe(3)
    // Nodes were down, or had not yet taken up a new key, and nothing else went wrong.
    expect([...turmoil.problems.keys()].filter((code) => code !== 'service-unreachable' && code !== 'key-revoked')).toEqual([])
  })

  it('agree on answers of every kind: what was stolen cost what came after it', () => {
    const answerTo = (record: string): string | undefined => {
      const [, said] = [...settled].find(([{ exhibit }]) => exhibit.issued?.record === record)!
      return said[0]?.split(' ')[0]
    }
    const { issued } = turmoil
    const revoked = issued.filter(({ revocation }) => revocation !== undefined)
    expect(revoked.length).toBeGreaterThan(0)
    expect(new Set(revoked.map(({ record }) => answerTo(record)))).toEqual(new Set(['no']))
    expect(robbed.map(({ record, revocation }) => (revocation === undefined ? answerTo(record) : 'revoked'))).toEqual(
      robbed.map(({ revocation }, index) => (revocation !== undefined ? 'revoked' : index < 2 ? 'yes' : 'no')),
    )
    // A forgery dated before the theft may be genuine for all that anybody knows, unless the record whose status place it bears was revoked.
    const early = robbed[0]!.revocation === undefined ? 'cannot-tell' : 'no'
    expect(turmoil.forged.map((shown) => settled.get(shown)![0])).toEqual(['no', early, 'no'])
    const left = issued.filter(({ city }) => city === leaver.division)
    expect(left.filter(({ record }) => answerTo(record) === 'yes')).toEqual([])
    const untouched = [...settled].filter(
      ([{ exhibit }]) =>
        exhibit.kind === 'issued' && exhibit.issued?.revocation === undefined && exhibit.city !== leaver.division && exhibit.kid !== turmoil.oracle.theft!.kid,
    )
    expect(untouched.length).toBeGreaterThan(0)
    expect(untouched.filter(([, said]) => !said[0]!.startsWith('yes'))).toEqual([])
  })

  it('have each record once, under numbers without a gap, and logs in which nobody finds anything', async () => {
    for (const city of cities) {
      const [rows, check] = await city.withRegister(async (reading) => [
        await listRecords(reading.store.read, { after: new Uint8Array(0), limit: 1_000_000 }),
        await checkLog({ ...reading, vault: openVault((await getMeta(reading.store.read, 'vault'))!, testPassphrase) }, nobody),
      ])
      expect(rows.map(({ id }) => uuidText(id)).toSorted()).toEqual(
        turmoil.issued
          .filter((known) => known.city === city.division)
          .map(({ record }) => record)
          .toSorted(),
      )
      for (const serials of Object.values(serialsOf(rows))) expect(serials).toEqual(oneTo(serials.length))
      expect([city.division, check.findings]).toEqual([city.division, []])
    }
    for (const city of staying)
      await city.withRegister(async (reading) => {
        const { trust } = await holdTrust(reading)
        for (const other of staying.filter((one) => one !== city)) {
          const remote = openRemoteLog(other.url, 'log', (url, init) => fetch(url, init))
          const { findings } = await auditNeighbour(reading, trust.authorities.get(other.iss)!, remote, nobody)
          expect([city.division, other.division, findings]).toEqual([city.division, other.division, []])
        }
      })
  })
})
