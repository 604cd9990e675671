import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import Database from 'better-sqlite3'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { parseSdJwt } from '#core/credential/parse-sd-jwt.ts'
import { encodeUtf8 } from '#core/encoding/utf8.ts'
import { signCheckpoint, verifyCheckpoint } from '#core/log/checkpoint.ts'
import { readLogProof } from '#core/log/log-proof.ts'
import { hashLeaf, verifyInclusion } from '#core/log/merkle.ts'
import { readVerifierKey } from '#core/log/signed-note.ts'
import { witnessRequestText } from '#core/log/witness-request.ts'
import { secondsOf } from '#core/model/instant.ts'
import { nodeEngine } from '#custody/engine-node.ts'
import { openNeighbourFetch } from '#federation/neighbour-fetch.ts'
import { keepFork } from '#registry/log/keep-fork.ts'
import { openFollower } from '#registry/log/open-follower.ts'
import { ownLogKey } from '#registry/log/own-keys.ts'
import { witnessCheckpoint } from '#registry/log/witness-checkpoint.ts'
import { findNewestCheckpoint, insertCosignatures } from '#storage/log.ts'

import { formAlliances } from '../../scripts/demo/form-alliances.ts'
import { databaseFile, openNode, type OpenNode } from '../../src/main.ts'
import { titleDraft } from '../support/examples.ts'
import { issueRecordAt, takeFrom } from '../support/open-test-office.ts'
import { makeNode, serve, type MadeNode, type ServedNode } from '../support/served-node.ts'
import { answerOf, comity, makeFolder, rowsOf } from './run-comity.ts'

const { sha256 } = nodeEngine
const origin = '370100.comity.example/log'
const folder = makeFolder()
const made: MadeNode[] = []
const open: OpenNode[] = []
let jinan: MadeNode
let zibo: MadeNode
let qingdao: MadeNode
/** Jinan serves; the others are asked by their commands alone. */
let serving: ServedNode
let record: { readonly number: string; readonly file: string; readonly digest: Uint8Array }

const run = (words: readonly string[], node: MadeNode = jinan) => comity([...words, '--data', node.place.data, '--json'])
const sql = (text: string, ...values: readonly unknown[]): void => {
  const db = new Database(databaseFile(jinan.place.data))
  db.prepare(text).run(...values)
  db.close()
}

/** The record as the register has it. */
function storedText(): string {
  const db = new Database(databaseFile(jinan.place.data))
  const { signed } = db.prepare('select signed from record_body').get() as { readonly signed: string } // one record was issued
  db.close()
  return signed
}

beforeAll(async () => {
  for (const division of ['370100', '370300', '370200']) made.push(await makeNode({ division }))
  ;[jinan, zibo, qingdao] = made as [MadeNode, MadeNode, MadeNode] // three were made
  serving = await serve(jinan)
  for (const { place } of made) open.push(await openNode(place))
  const offices = open.map(({ office }) => office)
  await formAlliances(
    new Map(offices.map((office) => [office.authority.division, office])),
    new Map([
      ['370100', serving.url],
      ['370300', 'http://127.0.0.1:1'],
    ]),
  )
  const issued = await issueRecordAt(offices[0]!, 'title', titleDraft())
  record = { number: issued.number, file: folder.put('record.sd-jwt', issued.text), digest: parseSdJwt(issued.text, nodeEngine).digest }
})
afterAll(async () => {
  await serving.stop()
  for (const { close } of open) await close()
  for (const { remove } of made) remove()
  folder.remove()
})

describe('what other people’s auditors start from', () => {
  it('is a line with the log’s key, lines with those of the witnesses, and the proof of a file with the bytes of its leaf', async () => {
    const plain = await comity(['log', 'vkey', '--data', jinan.place.data])
    expect(plain).toMatchObject({ code: 0, stderr: '', stdout: expect.stringMatching(/^370100\.comity\.example\/log\+[0-9a-f]{8}\+A[A-Za-z0-9+/]{43}\n$/) })
    const vkey = plain.stdout.trim()
    expect(answerOf(await run(['log', 'vkey']))).toEqual({ origin, vkey })
    expect(answerOf(await run(['trust', 'refresh'], zibo))).toMatchObject({ division: '370100', outcome: 'fresh' })
    const cosigners = await comity(['log', 'cosigners', '--data', zibo.place.data])
    expect([cosigners.code, cosigners.stdout.split('\n').map((line) => line.replace(/\+.*/, ''))]).toEqual([
      0,
      ['370300.comity.example/witness', '370100.comity.example/witness', ''],
    ])
    const out = folder.path('proofs', 'deep')
    const told = answerOf(await run(['log', 'proof', record.file, '--out', out]))
    expect(told).toMatchObject({ proof: join(out, 'record.sd-jwt.tlog-proof'), leaf: join(out, 'record.sd-jwt.leaf') })
    const { index, hashes, checkpoint: note } = readLogProof(readFileSync(String(told['proof'])))
    const { checkpoint } = verifyCheckpoint(note, [readVerifierKey(vkey)], nodeEngine)
    const leaf = readFileSync(String(told['leaf']))
    expect(leaf.toString('utf8')).toBe(`comity/leaf/1\nrecord\n${Buffer.from(record.digest).toString('base64url')}\n`)
    expect(verifyInclusion({ index, size: checkpoint.size, leafHash: hashLeaf(leaf, sha256), root: checkpoint.root, proof: hashes }, sha256)).toBe(true)
    expect(told['index']).toBe(index)
    // Of every kind of file that a node gives out, each is in its log.
    answerOf(await run(['trust', 'export', '--out', folder.path('trust')]))
    for (const [place, kind] of Object.entries({ manifests: 'manifest', status: 'status-list', alliances: 'alliance', rules: 'rules' })) {
      const name = readdirSync(folder.path('trust', place)).find((file) => /^(370100|sd-capital-circle)/.test(file))!
      const { leaf: path } = answerOf(await run(['log', 'proof', folder.path('trust', place, name), '--out', out]))
      expect(readFileSync(String(path), 'utf8').split('\n')[1]).toBe(kind)
    }
    const stranger = folder.put('stranger.sd-jwt', (await issueRecordAt(open[1]!.office, 'title', titleDraft())).text)
    expect(await run(['log', 'proof', stranger, '--out', out])).toMatchObject({ code: 1, stderr: expect.stringContaining('log-leaf-unknown') })
  })
})

describe('a record that is fetched', () => {
  it('comes with its log proof beside it once another city has cosigned, and verify finds it there', async () => {
    const [{ office: issuing, desk }, { office: witness, desk: trusted }] = open as [OpenNode, OpenNode]
    const out = folder.path('fetched.sd-jwt')
    const fetchIt = async () => answerOf(await run(['fetch', '--number', record.number, '--family', 'title', '--out', out]))
    expect(Object.keys(await fetchIt())).toEqual(['id', 'number', 'file'])
    await takeFrom(issuing, witness)
    answerOf(await run(['trust', 'refresh'], zibo))
    trusted.changed()
    const { size, note } = (await findNewestCheckpoint(issuing.store.read, {}))!
    const line = await witnessCheckpoint(witness, (await trusted.current()).trust, encodeUtf8(witnessRequestText({ old: 0, proof: [], checkpoint: note })))
    const cosignature = { size, kid: witness.keyring.witness.kid, cosignedAt: secondsOf(witness.clock()), line }
    await issuing.store.atomically((tx) => insertCosignatures(tx, [cosignature]))
    desk.changed()
    expect(await fetchIt()).toMatchObject({ number: record.number, file: out, proof: `${out}.tlog-proof` })
    answerOf(await run(['trust', 'export', '--out', folder.path('cosigned')]))
    const verdict = answerOf(await comity(['verify', out, '--trust', folder.path('cosigned'), '--json']))
    expect(verdict).toMatchObject({ answer: 'yes', logged: { log: origin, by: ['https://370300.comity.example'] } })
  })
})

describe('a record and a leaf that somebody changed with SQL', () => {
  it('are named by the node’s own check and by a neighbour’s audit: the leaf wherever it looks, the record as soon as it is shown', async () => {
    const [, { office, desk }] = open as [OpenNode, OpenNode]
    desk.changed()
    expect((await openFollower(office, desk, openNeighbourFetch()).round())[0]).toMatchObject({ outcome: 'followed' })
    const check = async () => run(['log', 'check'])
    const audit = async () => run(['log', 'audit', '370100'], zibo)
    expect(answerOf(await check())).toMatchObject({ answer: 'yes', records: 1, findings: [] })
    expect(answerOf(await audit())).toMatchObject({ answer: 'yes', origin, findings: [] })

    const body = storedText()
    const shown = async (name: string): Promise<string> => {
      const out = folder.path(name)
      answerOf(await run(['fetch', '--number', record.number, '--family', 'title', '--out', out]))
      return out
    }
    const honest = await shown('honest.sd-jwt')
    sql('update record_body set signed = ?', `${body.slice(0, -12)}${'A'.repeat(12)}`)
    const altered = await check()
    expect([altered.code, rowsOf(altered)[0]!['findings']]).toEqual([1, [{ code: 'record-altered', at: record.number }]])
    const spoilt = await shown('spoilt.sd-jwt')
    const audited = await run(['log', 'audit', '370100', honest, spoilt], zibo)
    expect([audited.code, rowsOf(audited)[0]!['findings']]).toEqual([1, [{ code: 'shown-unlogged', at: spoilt }]])
    sql('update record_body set signed = ?', body)

    const { index } = answerOf(await run(['log', 'proof', record.file, '--out', folder.path('proofs')]))
    sql('update log_leaf set digest = ? where idx = ?', Buffer.alloc(32, 7), index)
    const named = { code: 'leaf-altered', at: String(index) }
    for (const ran of [await check(), await audit()]) {
      expect(ran.code).toBe(1)
      expect(rowsOf(ran)[0]!['findings']).toContainEqual(named)
    }
    expect((await comity(['log', 'audit', '370100', '--data', zibo.place.data, '--lang', 'zh'])).stdout).toContain(
      `日志条目已被改动: ${String(index)} [leaf-altered]`,
    )
    sql('update log_leaf set digest = ? where idx = ?', Buffer.from(record.digest), index)
    expect([(await check()).code, (await audit()).code]).toEqual([0, 0])
    expect(await run(['log', 'audit', '370200'], zibo)).toMatchObject({ code: 1, stderr: expect.stringContaining('witness-log-unknown') })
  })
})

describe('what a supervisor asks', () => {
  it('is answered with nothing, or with what is odd', async () => {
    expect(answerOf(await run(['log', 'monitor']))).toEqual({ oddities: [] })
    sql('update record set serial = 3 where number = ?', record.number)
    const odd = await run(['log', 'monitor'])
    expect([odd.code, rowsOf(odd)]).toEqual([2, [{ oddities: [{ code: 'serial-gap', at: 'title 2026', detail: '1' }] }]])
    sql('update record set serial = 1 where number = ?', record.number)
  })
})

describe('a log that has signed two histories', () => {
  it('is listed, its proof is given out, and whoever has its key can check that, offline', async () => {
    expect(await run(['log', 'forks'], zibo)).toEqual({ code: 0, stdout: '', stderr: '' })
    const [{ office: accused }, { office: finder }] = open as [OpenNode, OpenNode]
    const key = await ownLogKey(accused.store.read, accused)
    const head = (fill: number) => signCheckpoint({ origin, size: 9, root: new Uint8Array(32).fill(fill), extensions: [] }, accused.keyring.log, key)
    await finder.store.atomically((tx) => keepFork(tx, finder, { origin, one: head(1), other: head(2) }))

    const listed = await run(['log', 'forks', '--out', folder.path('forks')], zibo)
    const [row] = rowsOf(listed)
    expect([listed.code, row]).toEqual([
      2,
      {
        alarm: 'log-forked',
        origin,
        since: expect.stringMatching(/^20\d\d-/),
        digest: expect.stringMatching(/^[\w-]{43}$/),
        proof: folder.path('forks', `${String(row!['digest'])}.log-fork.json`),
      },
    ])
    expect((await comity(['log', 'forks', '--data', zibo.place.data, '--lang', 'zh'])).stdout).toContain(
      `! ${origin}  同一日志签署了大小相同的两个树根 [log-forked]`,
    )

    const proof = String(row!['proof'])
    const check = (file: string, trust: string) => comity(['log', 'forks', file, '--trust', folder.path(trust), '--json'])
    answerOf(await run(['trust', 'export', '--out', folder.path('anywhere')], zibo))
    expect(answerOf(await check(proof, 'anywhere'))).toEqual({ file: proof, answer: 'yes', origin, size: 9 })
    const one = folder.path('forged.json')
    const { checkpoints, ...rest } = JSON.parse(readFileSync(proof, 'utf8')) as { readonly checkpoints: readonly string[] }
    writeFileSync(one, JSON.stringify({ ...rest, checkpoints: [checkpoints[0], checkpoints[0]] }))
    expect(await check(one, 'anywhere')).toMatchObject({ code: 1, stdout: `${JSON.stringify({ file: one, answer: 'no', code: 'log-proof-malformed' })}\n` })
    answerOf(await run(['trust', 'export', '--out', folder.path('elsewhere')], qingdao))
    expect(await check(proof, 'elsewhere')).toMatchObject({ code: 2 })
    expect(await comity(['log', 'forks', proof])).toMatchObject({ code: 64 })
  })
})
