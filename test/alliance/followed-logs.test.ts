import { eq } from 'drizzle-orm'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'

import { approveDraftRoute, createDraft } from '#contract/drafts.ts'
import { changeStatusRoute } from '#contract/records.ts'
import { signCheckpoint, verifyCheckpoint } from '#core/log/checkpoint.ts'
import { verifyForkProof } from '#core/log/fork-proof.ts'
import { hashLeaf, proveConsistency } from '#core/log/merkle.ts'
import { leafBytes, type LeafKind } from '#core/log/leaf.ts'
import { appendLeaves, encodeEntries, readFromTiles, readTilePath } from '#core/log/tiles.ts'
import { witnessRequestText } from '#core/log/witness-request.ts'
import { parseSdJwt } from '#core/credential/parse-sd-jwt.ts'
import { uuidText } from '#core/model/uuid.ts'
import { nodeEngine } from '#custody/engine-node.ts'
import { logLimits, openRemoteLog } from '#federation/fetch-log.ts'
import { openNeighbourFetch } from '#federation/neighbour-fetch.ts'
import { auditCity, auditNeighbour } from '#registry/log/audit-neighbour.ts'
import { checkLog } from '#registry/log/check-log.ts'
import { listLogAlarms } from '#registry/log/log-alarms.ts'
import { ownLogKey, ownLogKeys } from '#registry/log/own-keys.ts'
import { recoverLog } from '#registry/log/recover-log.ts'
import { openTrustDesk } from '#registry/trust-desk.ts'
import { findNewestCheckpoint, listLogLeaves } from '#storage/log.ts'
import { appendToOutbox } from '#storage/outbox.ts'
import { findMirroredLog } from '#storage/mirrored-logs.ts'
import { listMisbehaviours } from '#storage/misbehaviours.ts'
import { findWitnessedLog } from '#storage/witnessed-logs.ts'
import { titleDraft } from '../support/examples.ts'
import { faultCodeOf } from '../support/fault-code-of.ts'

import { formAlliances } from '../../scripts/demo/form-alliances.ts'
import { openCity, openWorld, type City } from './open-cities.ts'

const world = openWorld()
const nobody = (): void => undefined
const origin = '370100.comity.example/log'

let jinan: City
let zibo: City
let binzhou: City
let qingdao: City
const cities = (): readonly City[] => [jinan, zibo, binzhou, qingdao].filter((city) => city !== undefined)

beforeAll(async () => {
  jinan = await openCity('370100', world)
  zibo = await openCity('370300', world)
  binzhou = await openCity('371600', world)
  qingdao = await openCity('370200', world)
  await formAlliances(
    new Map(cities().map(({ division, office }) => [division, office()])),
    new Map(cities().map(({ division, front }) => [division, front.url])),
  )
  for (const city of cities()) await city.refresh()
})
afterEach(() => {
  for (const { front } of cities()) front.tellTheTruth()
})
afterAll(async () => {
  for (const city of cities()) await city.close()
})

const followed = async (city: City) => (await city.follow()).get('370100')
const trustOf = async (city: City) => (await openTrustDesk(city.office(), () => performance.now()).current()).trust
const audit = async (city: City) =>
  auditNeighbour(
    city.office(),
    (await trustOf(city)).authorities.get(jinan.iss)!,
    openRemoteLog(jinan.front.url, 'log', (url, init) => fetch(url, init)),
    nobody,
  )

async function draftTitle(): Promise<string> {
  const { body, personal } = titleDraft()
  return (await jinan.call(createDraft, { as: 'drafter', body: { family: 'title', draft: { body, personal } } as never })).draft // an example of the family
}
const approve = (draft: string) => jinan.call(approveDraftRoute, { as: 'approver', params: { draft }, body: {} })

const numberOf = (text: string): unknown => parseSdJwt(text, nodeEngine).claims['number']

describe('a neighbour’s log', () => {
  it('is followed as it grows, over more than one tile, and served on as it was signed', async () => {
    await jinan.issueTitle()
    await jinan.log()
    const first = await followed(zibo)
    expect(first).toMatchObject({ outcome: 'followed' })
    expect(await followed(zibo)).toEqual({ iss: jinan.iss, outcome: 'current', size: first!.size })
    const drafts = await Promise.all(Array.from({ length: 300 }, () => draftTitle()))
    await Promise.all(drafts.map(approve))
    await jinan.log()
    const head = (await findNewestCheckpoint(jinan.office().store.read, {}))!
    expect(head.size).toBeGreaterThan(300)
    expect(await followed(zibo)).toEqual({ iss: jinan.iss, outcome: 'followed', size: head.size })

    // Read back from the mirror by somebody who knows nothing but the log's key: the same head, and the entries that make it.
    const mirror = openRemoteLog(zibo.front.url, 'log/mirror/370100', (url, init) => fetch(url, init))
    const { checkpoint } = verifyCheckpoint((await mirror.checkpoint())!, await ownLogKeys(jinan.office().store.read, jinan.office()), nodeEngine)
    expect(checkpoint.size).toBe(head.size)
    const bundles = await Promise.all(
      Array.from({ length: Math.ceil(head.size / 256) }, (_, index) => mirror.entries(index, Math.min(256, head.size - index * 256))),
    )
    const direct = openRemoteLog(jinan.front.url, 'log', (url, init) => fetch(url, init))
    for (const [index, bundle] of bundles.entries())
      expect(Buffer.from(bundle).equals(Buffer.from(await direct.entries(index, Math.min(256, head.size - index * 256))))).toBe(true)
    expect((await fetch(`${zibo.front.url}/log/mirror/370200/checkpoint`)).status).toBe(404)
    expect((await fetch(`${zibo.front.url}/log/mirror/370100/tile/0/009`)).status).toBe(404)
    expect((await audit(zibo)).findings).toEqual([])
  })

  it('is followed bit by bit where it is slow, from what is here already, and a lie that was taken for a part of it is found out', async () => {
    const { store, newId } = jinan.office()
    const leaf = (index: number) => ({ id: newId(), kind: 'status-list', digest: Buffer.alloc(32, index), createdAt: 0, publishedAt: null }) as const
    await store.atomically((tx) =>
      appendToOutbox(
        tx,
        Array.from({ length: 256 }, (_, index) => leaf(index)),
      ),
    )
    await jinan.log()
    const head = (await findNewestCheckpoint(store.read, {}))!
    expect(head.size).toBeGreaterThan(512)
    const shortly = { ...logLimits, altogether: 3000 }
    const bundle = (path: string) => /^log\/tile\/entries\/(\d+)/.exec(path)?.[1]
    const catchUp = async () => (await binzhou.follow(shortly)).get('370100')
    const falsehood = encodeEntries(Array(256).fill(leafBytes('status', new Uint8Array(32))))
    // One bundle is told wrongly, and the next one comes never.
    jinan.front.lie((path) => (bundle(path) === '000' ? { body: falsehood } : bundle(path) === '001' ? { drips: true } : undefined))
    expect(await catchUp()).toEqual({ iss: jinan.iss, outcome: 'catching-up', size: 0, detail: '3000 ms' })
    const asked: string[] = []
    const noting = (path: string) => {
      if (bundle(path) !== undefined) asked.push(bundle(path)!)
      return undefined
    }
    jinan.front.lie((path) => (bundle(path) === '002' ? { drips: true } : noting(path)))
    expect(await catchUp()).toMatchObject({ outcome: 'catching-up', size: 0 })
    // The first is not asked for again before it turns out to be wrong; then all of them are.
    expect(asked.splice(0)).toEqual(['001'])
    jinan.front.lie(noting)
    expect(await followed(binzhou)).toEqual({ iss: jinan.iss, outcome: 'followed', size: head.size })
    expect(asked).toEqual(['002', '000', '001', '002'])
    expect((await audit(binzhou)).findings).toEqual([])
    // Nor does a slow neighbour keep the node from the others.
    jinan.front.lie((path) => (path === 'log/checkpoint' ? { drips: true } : undefined))
    const reports = await binzhou.follow(shortly)
    expect(Object.fromEntries(Array.from(reports, ([division, { outcome }]) => [division, outcome]))).toMatchObject({
      370100: 'catching-up',
      370300: 'current',
    })
  })

  it('is named when it answers rubbish, goes down, shrinks, is rewritten or signs two roots, and what is here stays', async () => {
    const { size } = (await findMirroredLog(zibo.office().store.read, { origin }))!
    const outcome = async (lie: Parameters<City['front']['lie']>[0]) => {
      jinan.front.lie(lie)
      const report = await followed(zibo)
      jinan.front.tellTheTruth()
      return [report?.outcome, report?.detail, report?.size]
    }
    const answering = (body: string | Uint8Array) => (path: string) => (path === 'log/checkpoint' ? { body } : undefined)
    expect(await outcome(answering('<!doctype html><p>maintenance'))).toEqual(['refused', 'log-note-malformed', size])
    expect(await outcome((path) => (path.startsWith('log/') ? { status: 302, headers: { location: 'http://169.254.169.254/' } } : undefined))).toEqual([
      'unreachable',
      'neighbour-unreachable',
      size,
    ])
    expect(await outcome(answering('x'.repeat(200_000)))).toEqual(['unreachable', 'bytes-too-many', size])
    const { store, keyring } = jinan.office()
    const key = await ownLogKey(store.read, jinan.office())
    const sign = (leaves: number, root: Uint8Array) => signCheckpoint({ origin, size: leaves, root, extensions: [] }, keyring.log, key)
    const leaves = await listLogLeaves(store.read, { from: 0, to: 2 })
    const two = appendLeaves(
      { size: 0, tiles: [] },
      leaves.map(({ digest }) => hashLeaf(digest, nodeEngine.sha256)),
      nodeEngine.sha256,
    )
    const alarms = async () => (await listLogAlarms(zibo.office().store.read)).map(({ kind, origin: whose }) => [kind, whose])
    expect(await alarms()).toEqual([])
    expect(await outcome(answering(sign(2, two.root)))).toEqual(['behind', `2 of ${size}`, size])
    expect(await alarms()).toEqual([['log-behind', origin]])
    const stranger = await ownLogKey(qingdao.office().store.read, qingdao.office())
    const forged = signCheckpoint({ origin, size: size + 1, root: two.root, extensions: [] }, qingdao.office().keyring.log, { ...stranger, name: origin })
    expect(await outcome(answering(forged))).toEqual(['refused', 'log-signature-missing', size])
    // Grown by one, over another past than the one that was shown.
    await jinan.issueTitle()
    await jinan.log()
    const grown = (await findNewestCheckpoint(store.read, {}))!.size
    expect(await outcome(answering(sign(grown, new Uint8Array(32).fill(1))))).toEqual(['diverged', `at ${grown}`, size])
    expect(await alarms()).toEqual([['log-diverged', origin]])
    expect(await outcome(answering(sign(size, new Uint8Array(32).fill(2))))).toEqual(['forked', undefined, size])
    const [kept] = (await listMisbehaviours(zibo.office().store.read, {})).filter(({ kind }) => kind === 'log-fork')
    expect(verifyForkProof(kept!.body, await ownLogKeys(store.read, jinan.office()), nodeEngine)).toMatchObject({ origin, size })
    // What was accepted is not written over by what was refused.
    const lie = encodeEntries(Array(256).fill(leafBytes('status', new Uint8Array(32))))
    expect(await outcome((path) => (path.startsWith('log/tile/entries') ? { body: lie } : undefined))).toEqual(['diverged', `at ${grown}`, size])
    const before = openRemoteLog(zibo.front.url, 'log/mirror/370100', (url, init) => fetch(url, init))
    const own = openRemoteLog(jinan.front.url, 'log', (url, init) => fetch(url, init))
    const last = Math.floor(size / 256)
    expect(Buffer.from(await before.entries(last, size % 256)).equals(Buffer.from(await own.entries(last, size % 256)))).toBe(true)
    // The truth is followed on from what was kept.
    expect(await followed(zibo)).toEqual({ iss: jinan.iss, outcome: 'followed', size: grown })
    // What it had signed stays.
    expect(await alarms()).toEqual([['log-forked', origin]])
    expect((await audit(zibo)).findings).toEqual([])
  })

  it('is named by index when somebody changes an entry with SQL, by its own city and by its neighbours', async () => {
    const { store } = jinan.office()
    const [leaf] = await listLogLeaves(store.read, { from: 5, to: 6 })
    const set = (digest: Uint8Array) =>
      store.atomically((tx) => tx.handle.db.update(tx.handle.tables.logLeaf).set({ digest }).where(eq(tx.handle.tables.logLeaf.index, 5)))
    await set(new Uint8Array(32).fill(7))
    expect((await checkLog(jinan.office(), nobody)).findings).toContainEqual({ code: 'leaf-altered', at: '5' })
    expect((await audit(zibo)).findings).toContainEqual({ code: 'leaf-altered', at: '5' })
    await set(leaf!.digest)
    expect((await audit(zibo)).findings).toEqual([])
    // Of several addresses, one may be down.
    const trust = await trustOf(zibo)
    const alliances = trust.alliances.map((list) => {
      const members = list.payload.members.map((member) => ({ ...member, addresses: member.addresses.flatMap((address) => ['http://127.0.0.1:1', address]) }))
      return { ...list, payload: { ...list.payload, members } }
    })
    expect((await auditCity(zibo.office(), { ...trust, alliances }, '370100', openNeighbourFetch(), nobody)).findings).toEqual([])
    await jinan.front.goDown()
    expect(await faultCodeOf(auditCity(zibo.office(), trust, '370100', openNeighbourFetch(), nobody))).toBe('neighbour-unreachable')
    await jinan.front.comeUp()
  })
})

describe('a node that comes back from an old backup', () => {
  it('signs nothing until it has taken its log back from its neighbours, and gives no number twice', async () => {
    const backup = await jinan.backUp()
    const lost = await jinan.issueTitle()
    await jinan.log()
    const before = (await findNewestCheckpoint(jinan.office().store.read, {}))!
    await zibo.follow()

    await jinan.restore(backup)
    const draft = await draftTitle()
    await expect(approve(draft)).rejects.toMatchObject({ code: 'log-rolled-back' })
    const [record] = await jinan.office().store.read.handle.db.select().from(jinan.office().store.read.handle.tables.record).limit(1)
    expect(record).toBeDefined()
    await expect(
      jinan.call(changeStatusRoute, { as: 'drafter', params: { record: uuidText(record!.id) }, body: { change: 'revoked', reason: 'fraud' } }),
    ).rejects.toMatchObject({ code: 'log-rolled-back' })

    // Nor does it vouch for others: it does not know what it has vouched for since.
    expect((await zibo.log()).get('370100')).toMatchObject({ outcome: 'refused', detail: 'status 503' })

    const recovery = await recoverLog(jinan.office(), { actor: 'cli:test' }, await trustOf(jinan), (url, init) => fetch(url, init), undefined)
    expect(recovery).toEqual({ size: before.size, taken: 1, lostRecords: 1, lostChanges: 0 })
    expect((await zibo.log()).get('370100')).toMatchObject({ outcome: 'cosigned' })
    const { number } = await approve(draft)
    expect(number).not.toBe(numberOf(lost.text))
    await jinan.log()
    expect(await followed(zibo)).toMatchObject({ outcome: 'followed' })
    expect((await audit(zibo)).findings).toEqual([])
    // The record of the lost time is as good as ever: its holder has it.
    expect(await zibo.verdictOn(lost.text)).toMatchObject({ answer: 'yes' })
    expect((await checkLog(jinan.office(), nobody)).findings).toEqual([{ code: 'leaf-without-record', at: String(before.size - 1) }])
  })

  it('vouches for no second history of a log, though its database has forgotten the first, and the memory beside it as well', async () => {
    await jinan.issueTitle()
    await jinan.log()
    const known = (await findNewestCheckpoint(jinan.office().store.read, {}))!
    const backup = await zibo.backUp()
    await jinan.issueTitle()
    expect((await jinan.log()).get('370300')).toMatchObject({ outcome: 'cosigned' })
    const vouched = (await findNewestCheckpoint(jinan.office().store.read, {}))!
    await binzhou.follow()

    // Two heads that go on from what the backup knows: the one that was vouched for, and another.
    const { store, keyring } = jinan.office()
    const key = await ownLogKey(store.read, jinan.office())
    const leaves = (await listLogLeaves(store.read, { from: 0, to: vouched.size })).map(({ kind, digest }) =>
      hashLeaf(leafBytes(kind as LeafKind, digest), nodeEngine.sha256),
    ) // the node's own leaves
    const grown = (last: Uint8Array) => appendLeaves({ size: 0, tiles: [] }, [...leaves.slice(0, vouched.size - 1), last], nodeEngine.sha256)
    const other = grown(hashLeaf(leafBytes('record', new Uint8Array(32)), nodeEngine.sha256))
    const proof = proveConsistency(known.size, vouched.size, readFromTiles(other.changed, nodeEngine.sha256), nodeEngine.sha256)
    const second = signCheckpoint({ origin, size: vouched.size, root: other.root, extensions: [] }, keyring.log, key)
    const ask = async (old: number) => {
      const body = witnessRequestText({ old, proof: old === known.size ? proof : [], checkpoint: second })
      const answer = await fetch(`${zibo.front.url}/log/add-checkpoint`, { method: 'POST', body })
      return [answer.status, await answer.text()]
    }
    await zibo.restore(backup)
    expect((await findWitnessedLog(zibo.office().store.read, { origin }))!.size).toBe(known.size)
    expect(await ask(known.size)).toEqual([409, `${vouched.size}\n`])
    expect(await ask(vouched.size)).toMatchObject([409, expect.stringContaining('witness-forked')])
    expect((await jinan.log()).get('370300')).toMatchObject({ outcome: 'cosigned' })

    // With the memory gone, too, it asks the others what they have seen before it vouches for anything.
    await zibo.issueTitle()
    await zibo.log()
    await binzhou.follow()
    await zibo.restore(backup, { memory: 'lost' })
    expect(await ask(known.size)).toMatchObject([503, expect.stringContaining('log-rolled-back')])
    await recoverLog(zibo.office(), { actor: 'cli:test' }, await trustOf(zibo), (url, init) => fetch(url, init), undefined)
    expect(await ask(known.size)).toEqual([409, `${vouched.size}\n`])
    expect((await jinan.log()).get('370300')).toMatchObject({ outcome: 'cosigned' })
  })

  it('is told by its neighbours, too, when the file beside the database came back with it', async () => {
    const backup = await jinan.backUp()
    await jinan.issueTitle()
    await jinan.log()
    await Promise.all([zibo.follow(), binzhou.follow()])
    await jinan.restore(backup)
    jinan.office().headFile.write({ size: 0, root: new Uint8Array(32) })
    await jinan.restart()
    const draft = await draftTitle()
    // Its log goes on from the backup, and that is when the witnesses find out: nothing of it is cosigned.
    const reports = await jinan.log()
    expect(reports.get('370300')).toMatchObject({ outcome: 'ahead' })
    await expect(approve(draft)).rejects.toMatchObject({ code: 'log-rolled-back' })
    expect(await faultCodeOf(recoverLog(jinan.office(), { actor: 'cli:test' }, await trustOf(jinan), (url, init) => fetch(url, init), undefined))).toBe(
      'no fault',
    )
    await approve(draft)
  })

  it('takes its log back from whoever gives what its head says, though others show the head and give something else', async () => {
    const backup = await jinan.backUp()
    await jinan.issueTitle()
    await jinan.log()
    await Promise.all([zibo.follow(), binzhou.follow()])
    const { size } = (await findNewestCheckpoint(jinan.office().store.read, {}))!
    await jinan.restore(backup)
    const asked: string[] = []
    const lieOf =
      ({ division }: City) =>
      (path: string) => {
        const { width } = readTilePath(path.replace('log/mirror/370100/', '')) ?? {}
        if (width === undefined) return undefined
        asked.push(division)
        return { headers: { 'content-type': 'application/octet-stream' }, body: encodeEntries(Array(width).fill(leafBytes('status', new Uint8Array(32)))) }
      }
    const recover = async () => recoverLog(jinan.office(), { actor: 'cli:test' }, await trustOf(jinan), (url, init) => fetch(url, init), undefined)
    for (const city of [zibo, binzhou]) city.front.lie(lieOf(city))
    expect(await faultCodeOf(recover())).toBe('log-rolled-back')
    expect(new Set(asked)).toEqual(new Set(['370300', '371600']))
    await expect(approve(await draftTitle())).rejects.toMatchObject({ code: 'log-rolled-back' })
    for (const [liar, honest] of [
      [zibo, binzhou],
      [binzhou, zibo],
    ] as const) {
      await jinan.restore(backup)
      liar.front.lie(lieOf(liar))
      honest.front.tellTheTruth()
      expect(await recover()).toMatchObject({ size, lostRecords: 1, lostChanges: 0 })
    }
    await approve(await draftTitle())
  })

  it('is not believed to have gone back by a number that a witness has made up', async () => {
    zibo.front.lie((path) => (path === 'log/add-checkpoint' ? { status: 409, headers: { 'content-type': 'text/x.tlog.size' }, body: '999999\n' } : undefined))
    await jinan.issueTitle()
    expect((await jinan.log()).get('370300')).toMatchObject({ outcome: 'unusable' })
    await jinan.issueTitle()
  })

  it('does not let a lost revocation lapse: somebody must say that it will be entered again', async () => {
    const { record } = await jinan.issueTitle()
    await jinan.log()
    const backup = await jinan.backUp()
    await jinan.call(changeStatusRoute, { as: 'drafter', params: { record }, body: { change: 'revoked', reason: 'fraud' } })
    await jinan.log()
    await zibo.follow()
    await jinan.restore(backup)
    const recover = async (why?: string) => recoverLog(jinan.office(), { actor: 'cli:test' }, await trustOf(jinan), (url, init) => fetch(url, init), why)
    expect(await faultCodeOf(recover())).toBe('log-loss-unaccepted')
    await expect(approve(await draftTitle())).rejects.toMatchObject({ code: 'log-rolled-back' })
    expect(await recover('复查后重新录入')).toMatchObject({ lostChanges: 1 })
    await jinan.call(changeStatusRoute, { as: 'drafter', params: { record }, body: { change: 'revoked', reason: 'fraud' } })
  })
})
