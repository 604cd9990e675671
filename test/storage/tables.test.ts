import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { ourSize } from '#core/status/status-list.ts'
import { appendAudits, listAudits, listAuditsOfSubject } from '#storage/audits.ts'
import { countAttempt, findClaimCode, forgetClaimCodes, insertClaimCodes, useClaimCode } from '#storage/claim-codes.ts'
import { changeClient, findClient, forgetAssertions, insertClients, listClients, useAssertion } from '#storage/clients.ts'
import { takeNumbers } from '#storage/counters.ts'
import { decideDraft, findDraft, insertDrafts, listDrafts, type Draft } from '#storage/drafts.ts'
import { begin, forgetRequests } from '#storage/idempotency.ts'
import { getMeta, setMeta, setMetaOnce } from '#storage/meta.ts'
import type { Store } from '#storage/open-store.ts'
import { appendToOutbox, listUnpublished, markPublished } from '#storage/outbox.ts'
import { findProposal, listProposals, listProposalSignatures, putProposal, putProposalSignature } from '#storage/proposals.ts'
import { getFile, listFiles, putFile } from '#storage/published.ts'
import {
  eraseDisclosures,
  findRecordByDigest,
  findRecordById,
  findRecordByNumber,
  findRecordsByHolder,
  findRecordsByNumbers,
  findRecordsBySource,
  insertRecord,
  insertRecords,
  listRecords,
  loadBody,
  setState,
} from '#storage/records.ts'
import { closeSigningKey, findSigningKey, insertSigningKeys, listSigningKeys } from '#storage/signing-keys.ts'
import { insertStatusEvents, listStatusEvents } from '#storage/status-events.ts'
import { findDirtyLists, findStatusList, listForList, listStatusLists, markListsDirty, nextListVersion, takeStatusPlaces } from '#storage/status-lists.ts'
import { findNewestTrustObject, findTrustObject, listTrustSubjects, listTrustVersions, putTrustObject } from '#storage/trust-objects.ts'

import { dialects, plain, type Ground } from './dialects.ts'
import { bytesOf, record } from './samples.ts'

const first = Buffer.alloc(0)
const place = { statusList: 1, statusIndex: 100 }

describe.each(dialects)('what is kept on $name', ({ prepare, ground, finish }) => {
  let here: Ground
  let store: Store
  beforeAll(async () => {
    await prepare()
    here = await ground()
    store = await here.open()
  })
  afterAll(async () => {
    await store.close()
    await here.clear()
    await finish()
  })

  it('finds a record by id, number, digest, holder and source, as it was put', async () => {
    const one = record(1)
    const recognition = record(2, { family: 6, sourceDigest: bytesOf(77, 32), holderIndex: one.record.holderIndex })
    await store.atomically(async (tx) => {
      await insertRecord(tx, one)
      await insertRecord(tx, recognition)
    })
    const whole = plain(one.record)
    expect(plain(await findRecordById(store.read, { id: one.record.id }))).toEqual(whole)
    expect(plain(await findRecordByNumber(store.read, { family: 1, number: '鲁职称 1' }))).toEqual(whole)
    expect(plain(await findRecordByDigest(store.read, { digest: one.record.digest }))).toEqual(whole)
    expect(plain(await findRecordsByHolder(store.read, { holderIndex: one.record.holderIndex }))).toEqual([whole, plain(recognition.record)])
    expect(plain(await findRecordsBySource(store.read, { sourceDigest: bytesOf(77, 32) }))).toEqual([plain(recognition.record)])
    expect(await findRecordById(store.read, { id: bytesOf(999) })).toBeUndefined()
    expect(await findRecordByNumber(store.read, { family: 2, number: '鲁职称 1' })).toBeUndefined()
    expect(await findRecordsBySource(store.read, { sourceDigest: bytesOf(78, 32) })).toEqual([])
    expect(plain(await loadBody(store.read, { id: one.record.id }))).toEqual(plain(one.body))
  })

  it('erases the person and leaves the record', async () => {
    expect(await store.atomically((tx) => eraseDisclosures(tx, bytesOf(1)))).toBe(true)
    expect(await store.atomically((tx) => eraseDisclosures(tx, bytesOf(999)))).toBe(false)
    expect(await loadBody(store.read, { id: bytesOf(1) })).toEqual({ signed: 'header.payload-1.signature', disclosuresSealed: null })
    expect(plain(await findRecordById(store.read, { id: bytesOf(1) }))).toEqual(plain(record(1).record))
  })

  it('stores many records at once, whatever their number, and turns them over in pages', async () => {
    const many = Array.from({ length: 150 }, (_, index) => record(100 + index))
    await store.atomically((tx) => insertRecords(tx, many))
    const pages: number[][] = []
    for (let after: Uint8Array = bytesOf(2); ;) {
      const page = await listRecords(store.read, { after, limit: 64 })
      if (page.length === 0) break
      pages.push(page.map(({ serial }) => serial))
      after = page.at(-1)!.id
    }
    expect(pages.map(({ length }) => length)).toEqual([64, 64, 22])
    expect(pages.flat()).toEqual(many.map((entry) => entry.record.serial))
    expect((await listRecords(store.read, { after: first, limit: 10, family: 6 })).map(({ serial }) => serial)).toEqual([2])
    expect(plain(await loadBody(store.read, { id: bytesOf(249) }))).toEqual(plain(record(249).body))
  })

  it('finds those of many numbers that there are', async () => {
    const numbers = Array.from({ length: 200 }, (_, index) => `鲁职称 ${90 + index}`)
    const found = await findRecordsByNumbers(store.read, { family: 1 }, numbers)
    expect(found.map(({ number }) => number).sort()).toEqual(Array.from({ length: 150 }, (_, index) => `鲁职称 ${100 + index}`).sort())
    expect(plain(found.find(({ number }) => number === '鲁职称 100'))).toEqual(
      plain({ id: bytesOf(100), number: '鲁职称 100', contentDigest: bytesOf(1100), origin: 0, state: 0 }),
    )
    expect(await findRecordsByNumbers(store.read, { family: 1 }, [])).toEqual([])
  })

  it('shows in a status list what is not valid, and its history in the order it was recorded', async () => {
    const event = (n: number, kind: 'suspended' | 'reinstated') =>
      ({ id: bytesOf(n), recordId: bytesOf(100), kind, reason: 'r', effectiveAt: 50 - n, recordedAt: n, actor: 'officer', note: null, ...place }) as const
    expect(await store.atomically((tx) => setState(tx, { id: bytesOf(101), state: 1 }))).toBe(1)
    expect(await store.atomically((tx) => setState(tx, { id: bytesOf(999), state: 1 }))).toBeUndefined()
    await store.atomically(async (tx) => {
      await setState(tx, { id: bytesOf(100), state: 2 })
      await insertStatusEvents(tx, [event(1, 'suspended'), event(2, 'reinstated')])
    })
    expect(await listForList(store.read, { no: 1 })).toEqual([
      { statusIndex: 100, state: 2 },
      { statusIndex: 101, state: 1 },
    ])
    expect(await listForList(store.read, { no: 2 })).toEqual([])
    expect(plain(await listStatusEvents(store.read, { recordId: bytesOf(100) }))).toEqual(plain([event(1, 'suspended'), event(2, 'reinstated')]))
  })

  it('refuses an event of a record that does not exist', async () => {
    const event = {
      id: bytesOf(3),
      recordId: bytesOf(999),
      kind: 'revoked',
      reason: 'r',
      effectiveAt: 1,
      recordedAt: 1,
      actor: 'officer',
      note: null,
      ...place,
    } as const
    await expect(store.atomically((tx) => insertStatusEvents(tx, [event]))).rejects.toMatchObject({ code: 'storage-failed' })
  })

  it('gives each record a place of its own, and opens the next list when one is full', async () => {
    let seeds = 0
    const take = (howMany: number) => store.atomically((tx) => takeStatusPlaces(tx, howMany, () => bytesOf(++seeds, 32)))
    const summary = (places: Awaited<ReturnType<typeof take>>) => places.map(({ list, ordinal, seed }) => [list, ordinal, Buffer.from(seed).readUInt32BE(28)])

    expect(summary(await take(2))).toEqual([
      [1, 0, 1],
      [1, 1, 1],
    ])
    await take(ourSize - 3)
    expect(summary(await take(3))).toEqual([
      [1, ourSize - 1, 1],
      [2, 0, 2],
      [2, 1, 2],
    ])
    expect(plain(await findStatusList(store.read, { no: 1 }))).toEqual(
      plain({ no: 1, seed: bytesOf(1, 32), allocated: ourSize, places: ourSize, version: 0, dirty: true }),
    )
    expect((await listStatusLists(store.read, {})).map(({ no, allocated }) => [no, allocated])).toEqual([
      [1, ourSize],
      [2, 2],
    ])
  })

  it('counts the versions of a list, and knows which published files are behind', async () => {
    const dirty = async () => (await findDirtyLists(store.read, {})).map(({ no, version }) => [no, version])
    expect(await dirty()).toEqual([
      [1, 0],
      [2, 0],
    ])
    expect(await store.atomically((tx) => nextListVersion(tx, 1))).toEqual({ version: 1, places: ourSize })
    expect(await store.atomically((tx) => nextListVersion(tx, 2))).toEqual({ version: 1, places: ourSize })
    expect(await dirty()).toEqual([])
    await store.atomically((tx) => markListsDirty(tx, [2, 2]))
    expect(await dirty()).toEqual([[2, 1]])
    expect(await store.atomically((tx) => nextListVersion(tx, 2))).toEqual({ version: 2, places: ourSize })
    expect(await store.atomically((tx) => nextListVersion(tx, 9))).toBeUndefined()
  })

  it('counts on per class and year', async () => {
    const take = (name: string, year: number, howMany: number) => store.atomically((tx) => takeNumbers(tx, { class: name, year, howMany }))
    expect([await take('title', 2025, 1), await take('title', 2025, 10), await take('title', 2025, 1)]).toEqual([1, 2, 12])
    expect([await take('title', 2026, 3), await take('skill', 2025, 1), await take('title', 2026, 1)]).toEqual([1, 1, 4])
  })

  it('lets a draft be decided once', async () => {
    const draft: Draft = {
      id: bytesOf(1),
      family: 1,
      state: 'open',
      claims: { number: '鲁职称 9', level: 'full_senior', nested: { list: [1, null, true] } },
      personalSealed: bytesOf(5, 60),
      holderIndex: bytesOf(6),
      number: '鲁职称 9',
      createdBy: 'one',
      createdAt: 10,
      decidedBy: null,
      decidedAt: null,
      reason: null,
      recordId: null,
    }
    const second = { ...draft, id: bytesOf(2), holderIndex: null, number: null }
    await store.atomically((tx) => insertDrafts(tx, [draft, second]))
    expect(plain(await findDraft(store.read, { id: draft.id }))).toEqual(plain(draft))
    expect(plain(await listDrafts(store.read, { state: 'open', after: first, limit: 1 }))).toEqual([plain(draft)])
    expect(plain(await listDrafts(store.read, { state: 'open', after: draft.id, limit: 5 }))).toEqual([plain(second)])

    const decide = () =>
      store.atomically((tx) => decideDraft(tx, { id: draft.id, state: 'approved', decidedBy: 'two', decidedAt: 20, reason: null, recordId: bytesOf(1) }))
    expect(await Promise.all([decide(), decide()])).toEqual([true, false])
    expect(plain(await findDraft(store.read, { id: draft.id }))).toEqual(
      plain({ ...draft, state: 'approved', decidedBy: 'two', decidedAt: 20, recordId: bytesOf(1) }),
    )
    expect(plain(await listDrafts(store.read, { state: 'open', after: first, limit: 5 }))).toEqual([plain(second)])
  })

  it('knows its clients, and an assertion that is used twice', async () => {
    const client = { id: 'jinan-1', name: '济南审批', kind: 'officer', jwks: { keys: [] }, duties: ['approve'], state: 'active', createdAt: 1 } as const
    await store.atomically((tx) => insertClients(tx, [client]))
    expect(await findClient(store.read, { id: 'jinan-1' })).toEqual(client)
    expect(await store.atomically((tx) => changeClient(tx, { ...client, duties: [], state: 'closed' }))).toBe(true)
    expect(await store.atomically((tx) => changeClient(tx, { ...client, id: 'nobody' }))).toBe(false)
    expect(await listClients(store.read, {})).toEqual([{ ...client, duties: [], state: 'closed' }])

    const use = (jti: string) => store.atomically((tx) => useAssertion(tx, { clientId: 'jinan-1', jti, expiresAt: 100 }))
    expect(await Promise.all([use('a'), use('a'), use('b')])).toEqual([true, false, true])
    await store.atomically((tx) => forgetAssertions(tx, { before: 100 }))
    expect(await use('a')).toBe(false)
    await store.atomically((tx) => forgetAssertions(tx, { before: 101 }))
    expect(await use('a')).toBe(true)
  })

  it('forgets requests of long ago', async () => {
    const request = { actor: 'a', key: 'k', digest: bytesOf(1, 32), at: 100 }
    const again = () => store.atomically((tx) => begin(tx, request))
    expect(await again()).toBe('new')
    await store.atomically((tx) => forgetRequests(tx, { before: 100 }))
    expect(await again()).toEqual({ status: 0, reply: null })
    await store.atomically((tx) => forgetRequests(tx, { before: 101 }))
    expect(await again()).toBe('new')
  })

  it('keeps in the outbox what has not been published', async () => {
    const rows = Array.from({ length: 80 }, (_, n) => ({ id: bytesOf(n), kind: 'record', digest: bytesOf(n, 32), createdAt: 1, publishedAt: null }))
    await store.atomically((tx) => appendToOutbox(tx, rows))
    expect(plain(await listUnpublished(store.read, { limit: 2 }))).toEqual(plain(rows.slice(0, 2)))
    await store.atomically((tx) =>
      markPublished(
        tx,
        { at: 9 },
        rows.slice(0, 75).map(({ id }) => id),
      ),
    )
    expect(plain(await listUnpublished(store.read, { limit: 100 }))).toEqual(plain(rows.slice(75)))
  })

  it('tells who did what, page by page and by subject', async () => {
    const entry = (n: number, subject: string) => ({
      id: bytesOf(n),
      at: n,
      actor: 'officer',
      action: 'approve',
      subject,
      reason: null,
      detail: n === 1 ? { count: 3 } : null,
    })
    const entries = [entry(1, 'draft-1'), entry(2, 'draft-2'), entry(3, 'draft-1')]
    await store.atomically((tx) => appendAudits(tx, entries))
    expect(plain(await listAudits(store.read, { after: first, limit: 2 }))).toEqual(plain(entries.slice(0, 2)))
    expect(plain(await listAudits(store.read, { after: bytesOf(2), limit: 2 }))).toEqual(plain(entries.slice(2)))
    expect(plain(await listAuditsOfSubject(store.read, { subject: 'draft-1', after: first, limit: 9 }))).toEqual(plain([entries[0], entries[2]]))
  })

  it('lets a claim code be used once, in time, and counts the attempts', async () => {
    const code = { codeHash: bytesOf(1, 32), recordId: bytesOf(1), expiresAt: 100, attempts: 0, usedAt: null, createdBy: 'officer', createdAt: 1 }
    await store.atomically((tx) => insertClaimCodes(tx, [code, { ...code, codeHash: bytesOf(2, 32) }]))
    const count = (codeHash: Uint8Array, most = 2) => store.atomically((tx) => countAttempt(tx, { codeHash, most }))
    expect([await count(code.codeHash), await count(code.codeHash), await count(code.codeHash), await count(bytesOf(9, 32))]).toEqual([
      1,
      2,
      undefined,
      undefined,
    ])
    expect((await findClaimCode(store.read, code))!.attempts).toBe(2)
    const use = (n: number, at: number) => store.atomically((tx) => useClaimCode(tx, { codeHash: bytesOf(n, 32), at }))
    expect(plain(await Promise.all([use(1, 99), use(1, 99), use(2, 100), use(9, 1)]))).toEqual([bytesOf(1).toString('hex'), undefined, undefined, undefined])
    expect(plain(await findClaimCode(store.read, { codeHash: code.codeHash }))).toEqual(plain({ ...code, attempts: 2, usedAt: 99 }))
    await store.atomically((tx) => forgetClaimCodes(tx, { before: 101 }))
    expect(await findClaimCode(store.read, { codeHash: code.codeHash })).toBeUndefined()
  })

  it('keeps each version of a trust object, and refuses another with the same number', async () => {
    const object = (version: number, digest: number) =>
      ({ kind: 'manifest', subject: 'https://zibo.example', version, digest: bytesOf(digest, 32), body: bytesOf(digest, 50), fetchedAt: version }) as const
    const put = (version: number, digest: number) => store.atomically((tx) => putTrustObject(tx, object(version, digest)))
    expect([await put(1, 1), await put(2, 2), await put(1, 1)]).toEqual(['new', 'new', 'known'])
    await expect(put(2, 3)).rejects.toMatchObject({ code: 'trust-object-changed', at: 'manifest https://zibo.example 2' })
    const of = { kind: 'manifest', subject: 'https://zibo.example' } as const
    expect(plain(await findNewestTrustObject(store.read, of))).toEqual(plain(object(2, 2)))
    expect(plain(await findTrustObject(store.read, { ...of, version: 1 }))).toEqual(plain(object(1, 1)))
    expect(await findNewestTrustObject(store.read, { ...of, kind: 'rules' })).toBeUndefined()
    expect(await listTrustSubjects(store.read, { kind: 'manifest' })).toEqual([{ subject: 'https://zibo.example', version: 2 }])
    expect((await listTrustVersions(store.read, of)).map(({ version, fetchedAt }) => [version, fetchedAt])).toEqual([
      [1, 1],
      [2, 2],
    ])
  })

  it('keeps a proposal once, its signatures one a key, and a stamp beside the lists', async () => {
    const proposal = (n: number, proposedAt: number) =>
      ({ digest: bytesOf(n, 32), kind: 'alliance', subject: 'circle', version: n, payload: `payload ${n}`, proposedBy: 'officer', proposedAt }) as const
    const signature = (kid: string, addedAt: number) => ({
      digest: bytesOf(1, 32),
      kid,
      protected: 'p',
      signature: `of ${kid} at ${addedAt}`,
      addedBy: 'officer',
      addedAt,
    })
    const put = (n: number, at: number) => store.atomically((tx) => putProposal(tx, proposal(n, at)))
    expect([await put(1, 10), await put(2, 20), await put(1, 30)]).toEqual([true, true, false])
    const sign = (kid: string, at: number) => store.atomically((tx) => putProposalSignature(tx, signature(kid, at)))
    expect([await sign('b', 1), await sign('a', 2), await sign('b', 3)]).toEqual([true, true, false])
    expect(plain(await listProposals(store.read, { limit: 10 }))).toEqual(plain([proposal(2, 20), proposal(1, 10)]))
    expect(plain(await listProposals(store.read, { limit: 1 }))).toEqual(plain([proposal(2, 20)]))
    expect(plain(await findProposal(store.read, { digest: bytesOf(1, 32) }))).toEqual(plain(proposal(1, 10)))
    expect(await findProposal(store.read, { digest: bytesOf(3, 32) })).toBeUndefined()
    expect(plain(await listProposalSignatures(store.read, { digest: bytesOf(1, 32) }))).toEqual(plain([signature('b', 1), signature('a', 2)]))
    const stamp = { kind: 'freshness', subject: 'circle/1', version: 1_780_000_000, digest: bytesOf(4, 32), body: bytesOf(4), fetchedAt: 1 } as const
    expect(await store.atomically((tx) => putTrustObject(tx, stamp))).toBe('new')
    expect(plain(await findNewestTrustObject(store.read, { kind: 'freshness', subject: 'circle/1' }))).toEqual(plain(stamp))
  })

  it('serves the file that was put last', async () => {
    const file = (path: string, etag: string) => ({ path, contentType: 'application/jwt', etag, body: Buffer.from(`${path} ${etag}`), publishedAt: 5 })
    await store.atomically((tx) => putFile(tx, file('status/1', 'v1')))
    await store.atomically((tx) => putFile(tx, file('manifest', 'v1')))
    await store.atomically((tx) => putFile(tx, file('status/1', 'v2')))
    expect(plain(await getFile(store.read, { path: 'status/1' }))).toEqual(plain(file('status/1', 'v2')))
    expect(await getFile(store.read, { path: 'status/2' })).toBeUndefined()
    expect(await listFiles(store.read, {})).toEqual([
      { path: 'manifest', contentType: 'application/jwt', etag: 'v1', publishedAt: 5 },
      { path: 'status/1', contentType: 'application/jwt', etag: 'v2', publishedAt: 5 },
    ])
  })

  it('keeps facts about the node, some of them for good', async () => {
    await store.atomically((tx) => setMeta(tx, 'salt', bytesOf(1)))
    await store.atomically((tx) => setMeta(tx, 'salt', bytesOf(2)))
    expect(plain(await getMeta(store.read, 'salt'))).toBe(bytesOf(2).toString('hex'))
    expect(await getMeta(store.read, 'nothing')).toBeUndefined()
    expect(await store.atomically((tx) => setMetaOnce(tx, 'division', bytesOf(1)))).toBe(true)
    expect(await store.atomically((tx) => setMetaOnce(tx, 'division', bytesOf(2)))).toBe(false)
    expect(plain(await getMeta(store.read, 'division'))).toBe(bytesOf(1).toString('hex'))
  })

  it('closes a key once and for good', async () => {
    const key = {
      kid: 'kid-1',
      use: 'issue',
      custody: 'vault',
      jwk: { kty: 'OKP' },
      scope: {},
      notBefore: 1,
      notAfter: 4_000_000_000,
      closedAt: null,
      closedReason: null,
      compromisedSince: null,
      sealed: bytesOf(3, 80),
      createdAt: 1,
      no: 1,
    } as const
    await store.atomically((tx) => insertSigningKeys(tx, [key, { ...key, kid: 'kid-0', no: 2 }]))
    expect(plain(await findSigningKey(store.read, { kid: 'kid-1' }))).toEqual(plain(key))
    const close = (at: number) =>
      store.atomically((tx) => closeSigningKey(tx, { kid: 'kid-1', closedAt: at, closedReason: 'compromised', compromisedSince: 5 }))
    expect([await close(7), await close(8)]).toEqual([true, false])
    expect(
      (await listSigningKeys(store.read, {})).map(({ kid, closedAt, closedReason, compromisedSince }) => [kid, closedAt, closedReason, compromisedSince]),
    ).toEqual([
      ['kid-0', null, null, null],
      ['kid-1', 7, 'compromised', 5],
    ])
  })
})
