import { eq, sql as text } from 'drizzle-orm'
import { afterEach, describe, expect, it } from 'vitest'

import { verifyCheckpoint } from '#core/log/checkpoint.ts'
import { readLeaf } from '#core/log/leaf.ts'
import { readLogProof } from '#core/log/log-proof.ts'
import { hashLeaf, verifyInclusion } from '#core/log/merkle.ts'
import { readVerifierKey, verifierKeyText } from '#core/log/signed-note.ts'
import { appendLeaves, parseEntries } from '#core/log/tiles.ts'
import { decodeUtf8 } from '#core/encoding/utf8.ts'
import { parseSdJwt } from '#core/credential/parse-sd-jwt.ts'
import { nodeEngine } from '#custody/engine-node.ts'
import { approveDraft, draftRecord } from '#registry/draft-record.ts'
import { changeStatus } from '#registry/change-status.ts'
import { checkLog } from '#registry/log/check-log.ts'
import { checkpointFile, tileFile } from '#registry/log/log-shelf.ts'
import { ownLogKey, ownLogKeys } from '#registry/log/own-keys.ts'
import { proveLogged } from '#registry/log/prove-logged.ts'
import { sealDisclosures } from '#registry/record-personal.ts'
import type { RecordRow } from '#storage/records.ts'
import { sequenceLog } from '#registry/log/sequence-log.ts'
import { openOffice } from '#registry/open-office.ts'
import { findLogHead, listLogLeaves } from '#storage/log.ts'
import { openStore } from '#storage/open-store.ts'
import { listUnpublished } from '#storage/outbox.ts'
import { titleDraft } from '../../support/examples.ts'
import { faultCodeOf } from '../../support/fault-code-of.ts'
import { approver, drafter, issueRecordAt, openTestOffice, testPassphrase, type TestOffice } from '../../support/open-test-office.ts'

const { sha256 } = nodeEngine
const nobody = (): void => undefined
type Handle = TestOffice['store']['read']['handle']
type Db = Handle['db']
type Tables = Handle['tables']

let node: TestOffice
afterEach(() => node.close())

describe('the log of a node', () => {
  it('takes up everything that was signed, in its order, once', async () => {
    node = await openTestOffice()
    const { id } = await issueRecordAt(node.office, 'title', titleDraft())
    await changeStatus(node.office, approver, { id }, { change: 'revoked', reason: 'fraud' })
    const waiting = await listUnpublished(node.store.read, { limit: 100 })
    expect(waiting.map(({ kind }) => kind)).toEqual(['manifest', 'status-list', 'record', 'status', 'status-list'])
    expect([await sequenceLog(node.office), await sequenceLog(node.office)]).toEqual([5, 0])
    const leaves = await listLogLeaves(node.store.read, { from: 0, to: 100 })
    expect(leaves.map(({ index, kind, digest }) => [index, kind, Buffer.from(digest).toString('hex')])).toEqual(
      waiting.map(({ kind, digest }, index) => [index, kind, Buffer.from(digest).toString('hex')]),
    )
    expect(await listUnpublished(node.store.read, { limit: 100 })).toEqual([])
  })

  it('is served as others read it: a signed head, tiles and entries that make its root', async () => {
    node = await openTestOffice()
    for (let count = 0; count < 3; count++) await issueRecordAt(node.office, 'title', titleDraft())
    const size = await sequenceLog(node.office)
    const vkey = verifierKeyText(await ownLogKey(node.store.read, node.office), sha256)
    expect(vkey).toMatch(/^370100\.comity\.example\/log\+[0-9a-f]{8}\+A[A-Za-z0-9+/]{43}$/)
    const { body, contentType } = await checkpointFile(node.office)
    expect(contentType).toBe('text/plain; charset=utf-8')
    const { checkpoint } = verifyCheckpoint(decodeUtf8(body), [readVerifierKey(vkey)], nodeEngine)
    expect([checkpoint.origin, checkpoint.size]).toEqual(['370100.comity.example/log', size])
    const entries = parseEntries((await tileFile(node.office, `tile/entries/000.p/${size}`)).body, size)
    const hashes = entries.map((entry) => hashLeaf(entry, sha256))
    expect(Buffer.from(checkpoint.root)).toEqual(Buffer.from(appendLeaves({ size: 0, tiles: [] }, hashes, sha256).root))
    expect(Buffer.from((await tileFile(node.office, `tile/0/000.p/${size}`)).body)).toEqual(Buffer.concat(hashes))
    expect(entries.map((entry) => readLeaf(entry).kind)).toEqual(['manifest', 'status-list', 'record', 'record', 'record'])
    for (const path of ['tile/0/000', `tile/0/000.p/${size + 1}`, 'tile/0/001.p/1', 'tile/1/000.p/1', 'tile/0/00', 'tile/64/000', 'tile/entries/001', 'tile/x'])
      expect(await faultCodeOf(tileFile(node.office, path)), path).toBe('log-tile-unknown')
  })

  it('has no head before its first leaf', async () => {
    node = await openTestOffice()
    expect(await faultCodeOf(checkpointFile(node.office))).toBe('log-empty')
  })

  it('goes on from where it was, over several hundred leaves, and proves each of them', async () => {
    node = await openTestOffice()
    const first = await issueRecordAt(node.office, 'title', titleDraft())
    await sequenceLog(node.office)
    const ids = await Promise.all(
      Array.from({ length: 600 }, async () => {
        const { draft } = await draftRecord(node.office, drafter, 'title', titleDraft())
        return (await approveDraft(node.office, approver, draft)).record
      }),
    )
    expect(ids).toHaveLength(600)
    expect(await sequenceLog(node.office)).toBe(600)
    const last = await issueRecordAt(node.office, 'title', titleDraft())
    await sequenceLog(node.office)
    const keys = await ownLogKeys(node.store.read, node.office)
    const { trust } = await node.desk.current()
    for (const { text } of [first, last]) {
      const { digest } = parseSdJwt(text, nodeEngine)
      const proven = await proveLogged(node.office, { kind: 'record', digest }, trust)
      const { index, hashes, checkpoint } = readLogProof(proven!.proof)
      const { size, root } = verifyCheckpoint(checkpoint, keys, nodeEngine).checkpoint
      expect(verifyInclusion({ index, size, leafHash: hashLeaf(proven!.leaf, sha256), root, proof: hashes }, sha256)).toBe(true)
      expect([proven!.index, proven!.cosigners]).toEqual([index, 0])
    }
    expect(await proveLogged(node.office, { kind: 'record', digest: new Uint8Array(32) }, trust)).toBeUndefined()
    expect(await checkLog(node.office, nobody)).toEqual({ leaves: 604, records: 602, findings: [] })
  })

  it('grows in the hands of two processes, each going on from what the other has left, and after a round that was lost', async () => {
    node = await openTestOffice()
    const store = await openStore({ file: node.file })
    const beside = await openOffice({ ...node.parts, store }, testPassphrase)
    const close = (closedAt: number | null) =>
      node.store.atomically((tx) => tx.handle.db.update(tx.handle.tables.signingKey).set({ closedAt }).where(eq(tx.handle.tables.signingKey.use, 'log')))
    for (const office of [node.office, beside, beside, node.office, node.office]) {
      await issueRecordAt(office, 'title', titleDraft())
      await close(1)
      expect(await faultCodeOf(sequenceLog(office))).toBe('key-revoked')
      await close(null)
      await issueRecordAt(office, 'title', titleDraft())
      await sequenceLog(office)
    }
    await store.close()
    expect(await checkLog(node.office, nobody)).toEqual({ leaves: 12, records: 10, findings: [] })
  })

  it('signs its heads with a key that is open, and with no other', async () => {
    node = await openTestOffice()
    await node.store.atomically((tx) => tx.handle.db.update(tx.handle.tables.signingKey).set({ closedAt: 1 }))
    expect(await faultCodeOf(sequenceLog(node.office))).toBe('key-revoked')
    expect(await findLogHead(node.store.read, {})).toBeUndefined()
  })
})

describe('a row that was changed with SQL', () => {
  const check = async () => (await checkLog(node.office, nobody)).findings

  it('is named, whichever it is', async () => {
    node = await openTestOffice()
    const { id, number } = await issueRecordAt(node.office, 'title', titleDraft())
    await issueRecordAt(node.office, 'title', titleDraft())
    await changeStatus(node.office, approver, { id }, { change: 'suspended', reason: 'investigation' })
    await sequenceLog(node.office)
    expect(await check()).toEqual([])

    const sql = (change: (db: Db, tables: Tables) => Promise<unknown>): Promise<unknown> =>
      node.store.atomically((tx) => change(tx.handle.db, tx.handle.tables))
    const body = (await node.store.read.handle.db.select().from(node.store.read.handle.tables.recordBody))[0]!
    await sql((db, { recordBody }) =>
      db
        .update(recordBody)
        .set({ signed: body.signed.replace('ey', 'eY') })
        .where(eq(recordBody.recordId, body.recordId)),
    )
    expect(await check()).toEqual([{ code: 'record-altered', at: number }])
    await sql((db, { recordBody }) => db.update(recordBody).set({ signed: body.signed }).where(eq(recordBody.recordId, body.recordId)))

    const leaf = (await listLogLeaves(node.store.read, { from: 2, to: 3 }))[0]!
    await sql((db, { logLeaf }) =>
      db
        .update(logLeaf)
        .set({ digest: new Uint8Array(32).fill(7) })
        .where(eq(logLeaf.index, 2)),
    )
    expect(await check()).toEqual([
      { code: 'record-unlogged', at: number },
      { code: 'leaf-altered', at: '2' },
      { code: 'leaf-without-record', at: '2' },
      { code: 'head-differs', at: '6' },
    ])
    await sql((db, { logLeaf }) => db.update(logLeaf).set({ digest: leaf.digest }).where(eq(logLeaf.index, 2)))

    await sql((db, { statusEvent }) => db.update(statusEvent).set({ effectiveAt: 1 }))
    expect(await check()).toEqual([
      { code: 'status-unlogged', at: number },
      { code: 'leaf-without-change', at: '4' },
    ])
    await sql((db, { statusEvent }) => db.update(statusEvent).set({ statusIndex: text`${statusEvent.statusIndex} + 1` }))
    expect(await check()).toEqual([
      { code: 'status-misplaced', at: number },
      { code: 'status-unlogged', at: number },
      { code: 'leaf-without-change', at: '4' },
    ])
    // A suspension that is taken out would be forgotten by the next list.
    await sql((db, { statusEvent }) => db.delete(statusEvent))
    await sql((db, { record }) => db.update(record).set({ state: 0 }))
    expect(await check()).toEqual([{ code: 'leaf-without-change', at: '4' }])
  })

  it('is named whatever of a record it was, also what only look-ups go by', async () => {
    node = await openTestOffice()
    const { id, number } = await issueRecordAt(node.office, 'title', titleDraft())
    const { number: of } = await issueRecordAt(
      node.office,
      'title',
      titleDraft({ personal: { identity: { kind: 'resident_id', number: '11010519491231002X' }, birth: { date: '1949-12-31', gender: 'female' } } }),
    )
    await changeStatus(node.office, approver, { id }, { change: 'revoked', reason: 'fraud' })
    await sequenceLog(node.office)
    expect(await check()).toEqual([])
    const { db, tables } = node.store.read.handle
    const [row, other] = (await db.select().from(tables.record)).toSorted((one, next) => one.serial - next.serial) as [RecordRow, RecordRow]
    expect([row.number, other.number]).toEqual([number, of])
    const set = (change: Partial<RecordRow>) =>
      node.store.atomically((tx) => tx.handle.db.update(tx.handle.tables.record).set(change).where(eq(tx.handle.tables.record.id, row.id)))
    for (const change of [
      { state: 0 },
      { level: row.level + 1 },
      { family: row.family + 1 },
      { issuedAt: row.issuedAt - 1 },
      { statusIndex: other.statusIndex + 1 },
      { holderIndex: other.holderIndex },
    ] as const satisfies readonly Partial<RecordRow>[]) {
      await set(change)
      expect((await check())[0], JSON.stringify(change)).toEqual({ code: 'record-altered', at: number })
      await set(row)
    }
    await set({ number: 'X1' })
    expect(await check()).toEqual([{ code: 'record-altered', at: 'X1' }])
    await set(row)
    // The part that is personal: another's, or damaged. That it was erased is nothing to name.
    const bodies = await db.select().from(tables.recordBody)
    const seal = (disclosuresSealed: Uint8Array | null) =>
      node.store.atomically((tx) =>
        tx.handle.db.update(tx.handle.tables.recordBody).set({ disclosuresSealed }).where(eq(tx.handle.tables.recordBody.recordId, row.id)),
      )
    for (const { disclosuresSealed } of bodies.filter(({ recordId }) => !Buffer.from(recordId).equals(Buffer.from(row.id)))) {
      await seal(disclosuresSealed)
      expect(await check()).toEqual([{ code: 'record-altered', at: number }])
    }
    await seal(sealDisclosures(node.office.vault, row.id, '~'))
    expect(await check()).toEqual([{ code: 'record-altered', at: number }])
    await seal(null)
    expect(await check()).toEqual([])
  })
})
