import { setTimeout } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'

import { verifyAsOfRoute } from '#contract/as-of.ts'
import { presentRecord } from '#contract/records.ts'
import { parseSdJwt } from '#core/credential/parse-sd-jwt.ts'
import { checkpointText, readCheckpoint, signCheckpoint } from '#core/log/checkpoint.ts'
import { cosign } from '#core/log/cosignature.ts'
import { verifyForkProof } from '#core/log/fork-proof.ts'
import { parseSignedNote } from '#core/log/signed-note.ts'
import { witnessRequestText } from '#core/log/witness-request.ts'
import { encodeBase64url } from '#core/encoding/base64url.ts'
import { instantOf, secondsOf } from '#core/model/instant.ts'
import { nodeEngine } from '#custody/engine-node.ts'
import { ownLogKey, ownLogKeys, ownWitnessKey } from '#registry/log/own-keys.ts'
import { openLog } from '#http/request-log.ts'
import { closeKey } from '#registry/close-key.ts'
import { rotateKey } from '#registry/rotate-key.ts'
import { sequenceLog } from '#registry/log/sequence-log.ts'
import { openTrustDesk } from '#registry/trust-desk.ts'
import { findNewestCheckpoint, listCosignatures } from '#storage/log.ts'
import { listMisbehaviours } from '#storage/misbehaviours.ts'
import { appendToOutbox } from '#storage/outbox.ts'
import { findWitnessedLog } from '#storage/witnessed-logs.ts'

import { serveOpenNode } from '../../src/main.ts'
import { formAlliances } from '../../scripts/demo/form-alliances.ts'
import { layOut } from '../registry/certificate/sheets.ts'
import { openCity, openWorld, type City, type Verdict } from './open-cities.ts'

const hour = 3600
const world = openWorld()
const request = { actor: 'cli:test' }

// Of one alliance Jinan, Zibo and Binzhou, where one of two others must cosign; of another Qingdao and Binzhou.
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

const timeOf = ({ checks }: Verdict) => checks.find(({ id }) => id === 'time')
const headOf = async (city: City) => (await findNewestCheckpoint(city.office().store.read, {}))!
const post = (city: City, body: string, headers: Record<string, string> = { 'content-type': 'text/plain' }) =>
  fetch(`${city.front.url}/log/add-checkpoint`, { method: 'POST', headers, body })
const outcomes = (reports: Awaited<ReturnType<City['log']>>) => Object.fromEntries(Array.from(reports, ([division, { outcome }]) => [division, outcome]))

describe('a record that its city has logged', () => {
  it('carries the time by which others had seen it, and every city reads the same', async () => {
    const { record, text } = await jinan.issueTitle()
    const shown = () => jinan.call(presentRecord, { as: 'drafter', params: { record }, body: { disclose: [] } })
    expect(Object.keys(await shown())).toEqual(['record', 'number', 'text'])
    const before = secondsOf(world.now())
    expect(outcomes(await jinan.log())).toEqual({ '370300': 'cosigned', '371600': 'cosigned' })
    const proof = await jinan.proofOf(text)
    const verdict = await zibo.verdictOn(text, undefined, proof)
    expect(verdict.answer).toBe('yes')
    expect(timeOf(verdict)).toEqual({ id: 'time', answer: 'yes', datum: verdict.logged?.at })
    expect(verdict.logged).toMatchObject({
      log: '370100.comity.example/log',
      by: [expect.stringMatching(/^https:\/\/37(03|16)00\.comity\.example$/)],
      alliance: 'sd-capital-circle',
    })
    const logged = secondsOf(verdict.logged!.at)
    expect(logged >= before && logged <= secondsOf(world.now())).toBe(true)
    expect(verdict.notes).toEqual([])
    expect((await binzhou.verdictOn(text, undefined, proof)).logged).toEqual(verdict.logged)
    // It travels with the record, however little of that is shown.
    expect((await shown()).proof).toBe(proof)
    // Without the proof the record is as good as before, and says what that means.
    const bare = await zibo.verdictOn(text)
    expect([bare.answer, bare.logged, timeOf(bare)]).toEqual(['yes', undefined, { id: 'time', answer: 'yes', reason: 'time-unproven' }])
  })

  it('takes its proof along on the certificate, once enough others have cosigned', async () => {
    const { text } = await jinan.issueTitle()
    const certificate = async () => {
      const answer = await fetch(`${jinan.front.url}/certificates`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ record: text, identity: 'full' }),
      })
      return layOut(new Uint8Array(await answer.arrayBuffer()))
    }
    const number = parseSdJwt(text, nodeEngine).claims['number'] as string // every record has one
    const early = await certificate()
    expect([Object.keys(early.attachments()), early.text().includes('日志')]).toEqual([[`${number}.sd-jwt`], false])
    early.close()
    await jinan.log()
    const sheet = await certificate()
    const { [`${number}.tlog-proof`]: proof, ...others } = sheet.attachments()
    expect(others).toEqual({ [`${number}.sd-jwt`]: text })
    expect(sheet.text()).toContain('有1个城市见证')
    expect((await zibo.verdictOn(text, undefined, proof)).logged).toMatchObject({ log: '370100.comity.example/log' })
    sheet.close()
  })

  it('is told nothing by a proof of another record, a spoilt one, or one without the cosignatures that were agreed', async () => {
    const [one, other] = [await jinan.issueTitle(), await jinan.issueTitle()]
    await jinan.log()
    const proof = (await jinan.proofOf(one.text))!
    const reasonOf = async (text: string, given: string) => {
      const verdict = await zibo.verdictOn(text, undefined, given)
      return [verdict.answer, verdict.logged, timeOf(verdict)?.reason, timeOf(verdict)?.datum]
    }
    expect(await reasonOf(other.text, proof)).toEqual(['yes', undefined, 'log-proof-differs', '370100.comity.example/log'])
    expect(await reasonOf(one.text, proof.replace('index ', 'index 1'))).toEqual(['yes', undefined, 'log-proof-differs', '370100.comity.example/log'])
    expect(await reasonOf(one.text, `${proof}x`)).toEqual(['yes', undefined, 'log-proof-refused', 'log-note-malformed'])
    const bare = proof
      .split('\n')
      .filter((line) => !line.includes('/witness '))
      .join('\n')
    expect(await reasonOf(one.text, bare)).toEqual(['yes', undefined, 'log-quorum-missed', '370100.comity.example/log'])
    // Qingdao is no member of that alliance, and the city's own word about itself counts for nothing either.
    const head = readCheckpoint(parseSignedNote((await headOf(jinan)).note))
    for (const city of [qingdao, jinan]) {
      const { store, keyring } = city.office()
      const key = await ownWitnessKey(store.read, city.office())
      const line = cosign(checkpointText(head), secondsOf(world.now()), keyring.witness, key)
      expect(await reasonOf(one.text, bare + line)).toEqual(['yes', undefined, 'log-quorum-missed', '370100.comity.example/log'])
    }
    // A witness that cosigns in the future is not heard.
    const { store, keyring } = zibo.office()
    const late = cosign(checkpointText(head), secondsOf(world.now()) + hour, keyring.witness, await ownWitnessKey(store.read, zibo.office()))
    expect(await reasonOf(one.text, bare + late)).toEqual(['yes', undefined, 'log-quorum-missed', '370100.comity.example/log'])
  })
})

describe('a stolen key', () => {
  it('costs what was logged after the theft, and nothing that was logged before', async () => {
    const honest = await jinan.issueTitle()
    await jinan.log()
    const honestProof = await jinan.proofOf(honest.text)
    const stolenKid = jinan.office().keyring.issue.kid
    await rotateKey(jinan.office(), request, 'issue')
    world.pass(hour)
    const since = world.now()
    world.pass(60)
    // Signed with the stolen key after the theft, and dated before it: its own word is worth nothing, the log's time is.
    const forged = await jinan.issueTitle()
    expect(jinan.office().keyring.issue.kid).toBe(stolenKid)
    await jinan.log()
    const forgedProof = await jinan.proofOf(forged.text)
    const undiscovered = world.now()
    await closeKey(jinan.office(), request, stolenKid, { reason: 'compromised', compromisedSince: since })
    await jinan.restart()
    await zibo.refresh()
    const answers = async (text: string, proof?: string) => {
      const { answer, checks } = await zibo.verdictOn(text, undefined, proof)
      return [answer, ...checks.filter((check) => check.id === 'key-in-force').map(({ reason }) => reason)]
    }
    expect(await answers(honest.text, honestProof)).toEqual(['yes', undefined])
    expect(await answers(honest.text)).toEqual(['cannot-tell', 'key-not-in-force'])
    expect(await answers(forged.text, forgedProof)).toEqual(['no', 'key-compromised'])
    expect(await answers(forged.text)).toEqual(['no', 'key-compromised'])
    // Nor is it otherwise as of a time when nobody knew of the theft: it reaches back, and a proof of that time counts as it did.
    const { verdicts } = await zibo.call(verifyAsOfRoute, {
      params: { instant: undiscovered },
      body: { records: [{ record: honest.text, proof: honestProof! }, honest.text, { record: forged.text, proof: forgedProof! }] },
    })
    expect(verdicts.map(({ answer, logged }) => [answer, logged?.log])).toEqual([
      ['yes', '370100.comity.example/log'],
      ['cannot-tell', undefined],
      ['no', '370100.comity.example/log'],
    ])
    // What the new key signs goes on as if nothing had happened.
    const next = await jinan.issueTitle()
    await jinan.log()
    expect(await answers(next.text, await jinan.proofOf(next.text))).toEqual(['yes', undefined])
  })
})

describe('a witness', () => {
  it('answers as the protocol says', async () => {
    await jinan.issueTitle()
    await jinan.log()
    const head = await headOf(jinan)
    const { store, keyring } = jinan.office()
    const key = await ownLogKey(store.read, jinan.office())
    const signed = (size: number, root: Uint8Array, origin = key.name) =>
      signCheckpoint({ origin, size, root, extensions: [] }, keyring.log, { ...key, name: origin })
    const answer = async (body: string) => {
      const response = await post(zibo, body)
      return [response.status, response.headers.get('content-type'), await response.text()] as const
    }
    const [ok, type, line] = await answer(witnessRequestText({ old: head.size, proof: [], checkpoint: head.note }))
    expect([ok, type, line]).toEqual([200, 'text/plain; charset=utf-8', expect.stringMatching(/^— 370300\.comity\.example\/witness [A-Za-z0-9+/]{100,}=*\n$/)])
    // No type, or any: the protocol says nothing of types.
    expect((await post(zibo, witnessRequestText({ old: head.size, proof: [], checkpoint: head.note }), {})).status).toBe(200)
    expect(await answer(witnessRequestText({ old: 0, proof: [], checkpoint: head.note }))).toEqual([409, 'text/x.tlog.size', `${head.size}\n`])
    expect((await answer(`old ${head.size + 1}\n\n${head.note}`))[0]).toBe(400)
    expect((await answer('old 0\n'))[0]).toBe(400)
    expect((await answer(witnessRequestText({ old: 0, proof: [], checkpoint: signed(9, new Uint8Array(32), 'stranger.example/log') })))[0]).toBe(404)
    const stranger = await ownLogKey(qingdao.office().store.read, qingdao.office())
    const forged = signCheckpoint({ origin: key.name, size: head.size, root: new Uint8Array(32), extensions: [] }, qingdao.office().keyring.log, {
      ...stranger,
      name: key.name,
    })
    expect((await answer(witnessRequestText({ old: head.size, proof: [], checkpoint: forged })))[0]).toBe(403)
    const grown = signed(head.size + 5, new Uint8Array(32).fill(1))
    expect((await answer(witnessRequestText({ old: head.size, proof: [new Uint8Array(32)], checkpoint: grown })))[0]).toBe(422)
    const smaller = signed(1, new Uint8Array(32).fill(1))
    expect((await answer(witnessRequestText({ old: 1, proof: [], checkpoint: smaller }))).slice(0, 2)).toEqual([409, 'text/x.tlog.size'])
    // A good request after all of these is answered as the first was.
    expect((await answer(witnessRequestText({ old: head.size, proof: [], checkpoint: head.note })))[0]).toBe(200)
  })

  it('keeps the proof when a city signs two histories, for anybody to check', async () => {
    await jinan.issueTitle()
    await jinan.log()
    const head = await headOf(jinan)
    const { store, keyring } = jinan.office()
    const key = await ownLogKey(store.read, jinan.office())
    const other = signCheckpoint({ origin: key.name, size: head.size, root: new Uint8Array(32).fill(9), extensions: [] }, keyring.log, key)
    expect((await post(zibo, witnessRequestText({ old: head.size, proof: [], checkpoint: other }))).status).toBe(409)
    const kept = await listMisbehaviours(zibo.office().store.read, {})
    expect(kept.map(({ kind, subject }) => [kind, subject])).toEqual([['log-fork', '370100.comity.example/log']])
    const proof = verifyForkProof(kept[0]!.body, await ownLogKeys(store.read, jinan.office()), nodeEngine)
    expect([proof.origin, proof.size]).toEqual([key.name, head.size])
    expect(() =>
      verifyForkProof(Buffer.from(kept[0]!.body).toString('utf8').replaceAll(other.split('\n')[2]!, readRoot(head.note)), [key], nodeEngine),
    ).toThrow()
    // It is an alarm, and shown to everybody.
    const told = async (path: string) => (await fetch(`${zibo.front.url}/${path}`)).text()
    expect(JSON.parse(await told('log/forks'))).toEqual({
      forks: [
        { origin: key.name, since: instantOf(kept[0]!.foundAt), digest: encodeBase64url(kept[0]!.digest), proof: Buffer.from(kept[0]!.body).toString('utf8') },
      ],
    })
    expect(JSON.parse(await told('readyz'))).toMatchObject({ ready: true, alarms: 1 })
    expect(await told('metrics')).toContain('comity_alarms{kind="log-forked"} 1\n')
    // The head that it had cosigned before stays the one that it vouches for.
    expect((await findWitnessedLog(zibo.office().store.read, { origin: key.name }))!.note).toBe(head.note)
  })

  it('that is down, lying or slow costs its own cosignature and nothing else', async () => {
    const { text } = await jinan.issueTitle()
    await binzhou.refresh()
    await zibo.front.goDown()
    binzhou.front.lie((path) => (path === 'log/add-checkpoint' ? { body: '— somebody.example/witness AAAA\n' } : undefined))
    try {
      expect(outcomes(await jinan.log())).toEqual({ '370300': 'unreachable', '371600': 'unusable' })
      expect(timeOf(await binzhou.verdictOn(text, undefined, await jinan.proofOf(text)))?.reason).toBe('log-quorum-missed')
    } finally {
      await zibo.front.comeUp()
    }
    binzhou.front.lie((path) => (path === 'log/add-checkpoint' ? { status: 302, headers: { location: `${zibo.front.url}/log/add-checkpoint` } } : undefined))
    expect(outcomes(await jinan.log())).toEqual({ '370300': 'cosigned', '371600': 'unreachable' })
    await jinan.issueTitle()
    binzhou.front.lie((path) => (path === 'log/add-checkpoint' ? { drips: true } : undefined))
    const asking = jinan.log()
    // Nobody waits for it: records are issued, and the other one's word is in.
    const { text: next } = await jinan.issueTitle()
    expect(next).not.toBe(text)
    expect(outcomes(await asking)).toEqual({ '370300': 'cosigned', '371600': 'unreachable' })
    binzhou.front.tellTheTruth()
    expect(outcomes(await jinan.log())).toEqual({ '370300': 'cosigned', '371600': 'cosigned' })
  })

  it('are asked at once where a thousand leaves have come, whichever process has appended them', async () => {
    const office = jinan.office()
    const append = async (howMany: number): Promise<void> => {
      const rows = Array.from({ length: howMany }, () => ({
        id: office.newId(),
        kind: 'record',
        digest: office.random(32),
        createdAt: secondsOf(world.now()),
        publishedAt: null,
      }))
      await office.store.atomically((tx) => appendToOutbox(tx, rows))
    }
    const cosigned = async (): Promise<number> => (await listCosignatures(office.store.read, { size: (await headOf(jinan)).size })).length
    await append(1)
    await sequenceLog(office)
    const serving = await serveOpenNode(
      { office, desk: openTrustDesk(office, () => performance.now()), close: () => Promise.resolve() },
      { host: '127.0.0.1', port: 0, refreshEvery: 0, cosignEvery: hour },
      openLog(() => undefined),
    )
    try {
      while ((await cosigned()) < 2) await setTimeout(50) // the round with which it begins
      const { size } = await headOf(jinan)
      await append(999)
      await sequenceLog(office)
      await setTimeout(2500)
      expect([(await headOf(jinan)).size - size, await cosigned()]).toEqual([999, 0])
      await append(1)
      while ((await cosigned()) < 2) await setTimeout(50)
      expect((await headOf(jinan)).size - size).toBe(1000)
    } finally {
      await serving.close()
    }
  })
})

const readRoot = (note: string): string => note.split('\n')[2]!
