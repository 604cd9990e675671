import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { isDeepStrictEqual } from 'node:util'

import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { verifyRoute } from '#contract/public.ts'
import { instantOf, secondsOf, type Instant } from '#core/model/instant.ts'
import { uuidText } from '#core/model/uuid.ts'
import { changeStatus } from '#registry/change-status.ts'
import { exportTrust } from '#registry/export-trust.ts'
import { loadRecord } from '#registry/find-record.ts'
import { importHere } from '#registry/import-here.ts'
import { listRecords } from '#storage/records.ts'

import { formAlliances } from '../../scripts/demo/form-alliances.ts'
import { comity, makeFolder } from '../cli/run-comity.ts'
import { titleDraft } from '../support/examples.ts'
import { makeAlliance } from '../support/make-alliance.ts'
import { openCity, openWorld, type City } from './open-cities.ts'

// Three cities that run, ten thousand records and what becomes of some; then no city runs any more, and there are only files.

const rows = 10_000
const request = { actor: 'cli:test' }
const world = openWorld()
const folder = makeFolder()
const patience = 600_000

interface Handed {
  readonly record: string
  readonly proof?: string
}

let at: Instant
let handed: readonly Handed[]
let online: readonly unknown[]
let bundle: string
let trust: string
let anchors: string

/** The same with another place of issue written into it: the form is whole, the signature is not. */
function changed(record: string): string {
  const [jwt, ...rest] = record.split('~')
  const [header, payload, signature] = jwt!.split('.')
  const claims = Buffer.from(payload!, 'base64url').toString('utf8').replace('370100', '370102')
  return [[header, Buffer.from(claims).toString('base64url'), signature].join('.'), ...rest].join('~')
}

async function fill(jinan: City): Promise<readonly Handed[]> {
  const ledger = folder.path('ledger.csv')
  execFileSync(process.execPath, [fileURLToPath(new URL('../../scripts/make-ledger.ts', import.meta.url)), '--rows', String(rows), '--out', ledger])
  const plan = { family: 'title' as const, fileName: 'ledger.csv', bytes: readFileSync(ledger), dryRun: false }
  const { counts } = await importHere(jinan.office(), request, plan, { owner: 'test', isGone: () => false }, {})
  expect(counts).toMatchObject({ issued: rows })
  const { store, vault } = jinan.office()
  const listed = await listRecords(store.read, { after: new Uint8Array(0), limit: rows })
  const changes = [
    ['revoked', 'fraud'],
    ['cancelled', 'deceased'],
    ['suspended', 'investigation'],
    ['penalty', 'violation'],
    ['voided', 'lost'],
  ] as const
  for (let index = 0; index < 50; index++) {
    const [change, reason] = changes[index % changes.length]!
    await changeStatus(jinan.office(), request, { id: uuidText(listed[index * 190]!.id) }, { change, reason })
  }
  const texts = await Promise.all(listed.map(({ id }) => loadRecord({ vault }, store.read, id)))
  return texts.map((record, index) => ({ record: index % 200 === 7 ? changed(record) : record }))
}

beforeAll(async () => {
  const cities = [await openCity('370100', world), await openCity('370300', world), await openCity('370200', world)] as const
  const [jinan, zibo] = cities
  await formAlliances(new Map(cities.map(({ division, office }) => [division, office()])), new Map(cities.map(({ division, front }) => [division, front.url])))
  const imported = await fill(jinan)
  const issued = [await jinan.issueTitle(), await jinan.issueTitle(), await zibo.issueTitle()]
  for (const city of cities) await city.refresh()
  await jinan.log()
  await zibo.log()
  const proof = (await jinan.proofOf(issued[0]!.text))!
  handed = [
    ...imported,
    ...issued.map(({ text }) => ({ record: text })),
    { record: issued[0]!.text, proof },
    { record: issued[1]!.text, proof },
    { record: makeAlliance({ cities: ['420100'] }).issue('420100', 'title', titleDraft()) },
  ]
  await jinan.publish()
  for (const city of cities) await city.refresh()
  await zibo.publish()

  at = world.now()
  const verdicts: unknown[] = []
  for (let from = 0; from < handed.length; from += 100) {
    const reply = await zibo.call(verifyRoute, { body: { records: handed.slice(from, from + 100).map((each) => ({ ...each })), at, for: '370300' } })
    if ('verdicts' in reply) verdicts.push(...reply.verdicts)
  }
  online = verdicts
  const get = async (path: string): Promise<Uint8Array> => new Uint8Array(await (await fetch(`${zibo.front.url}/${path}`)).arrayBuffer())
  bundle = folder.put('zibo.bundle', await get('bundle'))
  anchors = folder.put('anchors.json', await get('trust/anchors.json'))
  for (const { name, bytes } of await exportTrust(zibo.office())) folder.put(`trust/${name}`, bytes)
  trust = folder.path('trust')
  for (const city of cities) await city.close()
}, patience)
afterAll(folder.remove)

const verdictsOf = async (words: readonly string[]): Promise<readonly unknown[]> => {
  const file = folder.put('records.jsonl', handed.map((each) => `${JSON.stringify(each)}\n`).join(''))
  const { stdout } = await comity(['verify', file, ...words, '--at', at, '--for', '370300', '--json'])
  return stdout
    .trimEnd()
    .split('\n')
    .slice(0, -1)
    .map((line) => {
      const { index: _index, ...verdict } = JSON.parse(line) as { readonly index: number } // the command prints objects
      return verdict
    })
}

describe('when no node answers any more', () => {
  it('ten thousand records are judged from one file as they were online, and from a folder too', { timeout: patience }, async () => {
    const answers = Object.groupBy(online, (verdict) => (verdict as { readonly answer: string }).answer) // of a reply that was parsed
    const tally = Object.fromEntries(Object.entries(answers).map(([answer, of]) => [answer, of!.length]))
    // Changed ones that had been revoked as well count once.
    expect(tally).toEqual({ yes: rows + 5 - 50 - 50, no: 100, 'cannot-tell': 1 })
    expect(online.filter((verdict) => 'logged' in (verdict as object))).toHaveLength(1) // as above
    for (const words of [
      ['--bundle', bundle, '--anchors', anchors],
      ['--trust', trust],
    ]) {
      const offline = await verdictsOf(words)
      expect(offline).toHaveLength(online.length)
      const differing = offline.findIndex((verdict, index) => !isDeepStrictEqual(verdict, online[index]))
      expect([words[0], differing, offline[differing]]).toEqual([words[0], -1, undefined])
    }
  })

  it('says how old the bundle is, and that it cannot know what came after', { timeout: patience }, async () => {
    const file = folder.put('one.jwt', handed[1]!.record)
    const ask = (when: string) => comity(['verify', file, '--bundle', bundle, '--anchors', anchors, '--at', when])
    const [now, later] = await Promise.all([ask(at), ask(instantOf(secondsOf(at) + 73 * 3600))])
    expect([now.code, now.stderr]).toEqual([
      0,
      expect.stringMatching(/^The offline bundle was made by 370300 HRSS Bureau at .+ and is \d+ s old; its signature holds\n$/),
    ])
    expect([later.code, later.stderr]).toEqual([
      0,
      expect.stringMatching(/ and is 3 days old; its signature holds\n! The offline bundle is older than the time to live of what is in it: what was revoked/),
    ])
  })
})
