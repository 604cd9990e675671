import request from 'supertest'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { listAudit } from '#contract/audit.ts'
import { putNumberScheme } from '#contract/clients.ts'
import { approveDraftRoute, createDraft, getDraft, listDraftsRoute, rejectDraftRoute } from '#contract/drafts.ts'
import { getRecord, handOutCode, lookUpRecords, presentRecord, statusHistoryRoute } from '#contract/records.ts'
import { parseSdJwt } from '#core/credential/parse-sd-jwt.ts'
import { Fault } from '#core/fault.ts'
import { duties } from '#core/model/duty.ts'
import { nodeEngine } from '#custody/engine-node.ts'
import { titleDraft } from '../support/examples.ts'
import { freshKey, openTestNode, type TestNode } from '../support/open-test-node.ts'

let node: TestNode

beforeAll(async () => {
  node = await openTestNode({ clients: { drafter: duties, approver: duties, clerk: ['draft'], reader: ['read'] }, limits: { claim: 100_000 } })
})
afterAll(() => node.close())

const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'no fault',
    (fault: unknown) => (fault instanceof Fault ? fault.code : String(fault)),
  )

const draft = async (changes: Parameters<typeof titleDraft>[0] = {}, as = 'drafter'): Promise<string> =>
  (await node.call(createDraft, { as, body: { family: 'title', draft: titleDraft(changes) } })).draft

const issue = async (changes: Parameters<typeof titleDraft>[0] = {}) =>
  node.call(approveDraftRoute, { as: 'approver', params: { draft: await draft(changes) }, body: {} })

/** A raw write, for what the typed client would not send. */
const write = async (path: string, body: object, { as = 'drafter', key = freshKey() }: { readonly as?: string; readonly key?: string | null } = {}) =>
  request(node.server)
    .post(path)
    .set({ Authorization: `Bearer ${await node.token(as)}`, ...(key === null ? {} : { 'Idempotency-Key': key }) })
    .send(body)

describe('two people', () => {
  it('draft and approve', async () => {
    const id = await draft()
    expect(await node.call(getDraft, { as: 'approver', params: { draft: id } })).toMatchObject({
      draft: id,
      family: 'title',
      state: 'open',
      createdBy: 'drafter',
      personal: { name: { name: '孙远敏' } },
    })
    const issued = await node.call(approveDraftRoute, { as: 'approver', params: { draft: id }, body: {} })
    expect(issued.registration).toMatch(/^\d{4}-\d{6}$/)
    const decided = await node.call(getDraft, { as: 'approver', params: { draft: id } })
    expect(decided).toMatchObject({ state: 'approved', decidedBy: 'approver', record: issued.record })
  })

  it('are two: nobody approves what they drafted', async () => {
    const id = await draft()
    const { status, body } = await write(`/drafts/${id}/approval`, {})
    expect([status, body]).toEqual([
      403,
      {
        type: 'https://comity.example/problems/draft-own-approval',
        status: 403,
        code: 'draft-own-approval',
        title: '不得审批本人起草的记录',
        titleEn: 'Nobody approves their own draft',
        remedy: '请由另一人审批',
        remedyEn: 'Let another person approve it',
        at: id,
      },
    ])
    expect((await node.call(getDraft, { as: 'approver', params: { draft: id } })).state).toBe('open')
  })

  it('approve once: of many at once one succeeds and one record is issued', async () => {
    const id = await draft()
    const answers = await Promise.all(Array.from({ length: 8 }, () => write(`/drafts/${id}/approval`, {}, { as: 'approver' })))
    expect(answers.map(({ status }) => String(status)).toSorted()).toEqual(['200', ...Array.from({ length: 7 }, () => '409')])
    expect(new Set(answers.filter(({ status }) => status === 409).map(({ body }) => body.code as string))).toEqual(new Set(['draft-decided']))
  })

  it('may reject, with the reason that the first is owed', async () => {
    const id = await draft()
    expect(await node.call(rejectDraftRoute, { as: 'approver', params: { draft: id }, body: { reason: '缺少批准文件' } })).toEqual({ draft: id })
    expect(await node.call(getDraft, { as: 'drafter', params: { draft: id } })).toMatchObject({ state: 'rejected', reason: '缺少批准文件' })
    expect(await codeOf(node.call(approveDraftRoute, { as: 'approver', params: { draft: id }, body: {} }))).toBe('draft-decided')
  })

  it('hear of what is wrong with a draft, in both languages', async () => {
    const { status, body } = await write('/drafts', { family: 'title', draft: titleDraft({ body: { level: 'entry' } }) })
    expect([status, body]).toEqual([
      422,
      {
        type: 'https://comity.example/problems/draft-refused',
        status: 422,
        code: 'draft-refused',
        title: '草稿未通过检查',
        titleEn: 'The draft does not pass the lint',
        remedy: '请按所列各项更正',
        remedyEn: 'Correct what is listed',
        at: 'level',
        findings: [{ at: 'level', code: 'level-title-mismatch', title: expect.stringMatching(/\p{Script=Han}/u), titleEn: expect.stringMatching(/^[A-Z]/) }],
      },
    ])
  })

  it('cannot slip in a member, a family or a recognition', async () => {
    expect((await write('/drafts', { family: 'title', draft: titleDraft({ body: { grade: 'x' } }) })).body).toMatchObject({
      code: 'request-malformed',
      at: 'body/draft/body/grade',
    })
    expect((await write('/drafts', { family: 'honour', draft: titleDraft() })).body).toMatchObject({ code: 'request-malformed', at: 'body/family' })
    expect((await write('/drafts', { family: 'recognition', draft: {} })).body).toMatchObject({ code: 'request-malformed', at: 'body/family' })
  })

  it('see what is personal only if they wrote it or approve', async () => {
    const theirs = await draft({}, 'clerk')
    const others = await draft()
    expect((await node.call(getDraft, { as: 'clerk', params: { draft: theirs } })).personal).toBeDefined()
    expect((await node.call(getDraft, { as: 'clerk', params: { draft: others } })).personal).toBeUndefined()
    const { items, next } = await node.call(listDraftsRoute, { as: 'clerk', query: { limit: '1' } })
    expect([items.length, next === items[0]!.draft]).toEqual([1, true])
    const rest = await node.call(listDraftsRoute, { as: 'clerk', query: { after: next!, limit: '500' } })
    const ids = [...items, ...rest.items].map((item) => item.draft)
    expect([new Set(ids).size, rest.next]).toEqual([ids.length, null])
    expect(ids).toEqual(expect.arrayContaining([theirs, others]))
    expect(JSON.stringify([items, rest])).not.toContain('孙远敏')
  })

  it('need the duty', async () => {
    const id = await draft()
    expect((await write(`/drafts/${id}/approval`, {}, { as: 'clerk' })).body.code).toBe('duty-missing')
    expect((await write('/drafts', { family: 'title', draft: titleDraft() }, { as: 'reader' })).body.code).toBe('duty-missing')
    expect(await codeOf(node.call(getDraft, { as: 'approver', params: { draft: '01890a5d-ac96-774b-bcce-b302099a8057' } }))).toBe('draft-unknown')
  })
})

describe('a write', () => {
  it('is answered alike when it comes again, and happens once', async () => {
    const id = await draft()
    const key = freshKey()
    const [first, second] = await Promise.all([
      write(`/drafts/${id}/approval`, {}, { as: 'approver', key }),
      write(`/drafts/${id}/approval`, {}, { as: 'approver', key }),
    ])
    const third = await write(`/drafts/${id}/approval`, {}, { as: 'approver', key })
    expect([first.status, second.body, third.body]).toEqual([200, first.body, first.body])
  })

  it('with the key of another request is refused', async () => {
    const key = freshKey()
    expect((await write('/drafts', { family: 'title', draft: titleDraft() }, { key })).status).toBe(200)
    const { status, body } = await write('/drafts', { family: 'title', draft: titleDraft({ body: { major: '给排水' } }) }, { key })
    expect([status, body]).toEqual([
      422,
      {
        type: 'https://comity.example/problems/idempotency-key-reused',
        status: 422,
        code: 'idempotency-key-reused',
        title: '同一 Idempotency-Key 用于不同的请求',
        titleEn: 'The Idempotency-Key was used for another request',
        remedy: '每个新请求请使用新的 Idempotency-Key',
        remedyEn: 'Use a new Idempotency-Key for each new request',
      },
    ])
  })

  it('with the same key is another request when somebody else makes it, and when the address differs', async () => {
    const [one, two] = [await draft(), await draft()]
    const key = freshKey()
    expect((await write(`/drafts/${one}/rejection`, { reason: 'a' }, { key })).body).toEqual({ draft: one })
    expect((await write(`/drafts/${two}/rejection`, { reason: 'a' }, { key })).body.code).toBe('idempotency-key-reused')
    expect((await write(`/drafts/${two}/rejection`, { reason: 'a' }, { key, as: 'approver' })).body).toEqual({ draft: two })
  })

  it('that failed may be tried again under its key', async () => {
    const id = await draft()
    const key = freshKey()
    expect((await write(`/drafts/${id}/approval`, {}, { key })).body.code).toBe('draft-own-approval')
    expect((await write(`/drafts/${id}/approval`, {}, { key })).body.code).toBe('draft-own-approval')
  })

  it.each([
    ['no key', null],
    ['a blank in it', 'a b'],
    ['too many characters', 'k'.repeat(129)],
  ])('with %s is refused', async (_name, key) => {
    const { status, body } = await write('/drafts', { family: 'title', draft: titleDraft() }, { key })
    expect([status, body]).toEqual([
      400,
      {
        type: 'https://comity.example/problems/idempotency-key-missing',
        status: 400,
        code: 'idempotency-key-missing',
        title: '缺少或无效的 Idempotency-Key 请求头',
        titleEn: 'The Idempotency-Key header is missing or unusable',
        remedy: '每个写请求请附 1 至 128 个可见 ASCII 字符的 Idempotency-Key',
        remedyEn: 'Send 1 to 128 visible ASCII characters as Idempotency-Key with every write',
        at: 'idempotency-key',
      },
    ])
  })
})

describe('the register', () => {
  it('finds a record by its id, its number and its holder', async () => {
    const own = { kind: 'resident_id', number: '110101199003077758' } as const
    const issued = await issue({ personal: { identity: own, birth: { date: '1990-03-07', gender: 'male' } } })
    const summary = await node.call(getRecord, { as: 'reader', params: { record: issued.record } })
    expect(summary).toEqual({
      record: issued.record,
      family: 'title',
      number: issued.number,
      registration: issued.registration,
      status: 'valid',
      imported: false,
      digest: expect.stringMatching(/^[\w-]{43}$/),
      issuedAt: expect.stringMatching(/Z$/),
    })
    expect(await node.call(lookUpRecords, { as: 'reader', body: { family: 'title', number: issued.number } })).toEqual({ records: [summary] })
    expect(await node.call(lookUpRecords, { as: 'reader', body: { family: 'skill', number: issued.number } })).toEqual({ records: [] })
    expect(await node.call(lookUpRecords, { as: 'reader', body: { holder: own } })).toEqual({ records: [summary] })
    const wide = own.number.replace(/\d/g, (digit) => String.fromCharCode(digit.charCodeAt(0) + 0xfee0))
    const spellings = [wide, ` ${own.number.slice(0, 6)} ${own.number.slice(6)}`, own.number.slice(0, 6) + own.number.slice(8, 17)]
    for (const number of spellings)
      expect(await node.call(lookUpRecords, { as: 'reader', body: { holder: { ...own, number } } })).toEqual({ records: [summary] })
    node.pass(1)
    expect(await node.call(lookUpRecords, { as: 'reader', body: { holder: { ...own, kind: 'passport' } } })).toEqual({ records: [] })
    const trail = await node.call(listAudit, { as: 'drafter', query: { subject: 'records' } })
    expect(trail.items.map(({ actor, action, detail }) => [actor, action, detail])).toEqual([
      ...Array.from({ length: 4 }, () => ['reader', 'look-up-holder', { records: [issued.record] }]),
      ['reader', 'look-up-holder', { records: [] }],
    ])
    expect(await codeOf(node.call(getRecord, { as: 'reader', params: { record: '01890a5d-ac96-774b-bcce-b302099a8057' } }))).toBe('record-unknown')
  })

  it('presents a record with the disclosures chosen', async () => {
    const { record } = await issue()
    const named = async (disclose?: string[]) =>
      Object.keys(
        parseSdJwt((await node.call(presentRecord, { as: 'reader', params: { record }, body: disclose === undefined ? {} : { disclose } })).text, nodeEngine)
          .disclosed,
      ).toSorted()
    expect(await named()).toEqual(['birth', 'employer', 'identity', 'name', 'photo'])
    expect(await named(['name'])).toEqual(['name'])
    expect(await named([])).toEqual([])
    expect(await codeOf(node.call(presentRecord, { as: 'reader', params: { record }, body: { disclose: ['salary'] } }))).toBe('disclosure-unknown')
  })

  it('tells what befell a record, in order', async () => {
    const { record } = await issue()
    const change = (body: object) => write(`/records/${record}/status-changes`, body)
    expect((await change({ change: 'suspended', reason: 'investigation', note: '接到举报' })).status).toBe(200)
    expect((await node.call(getRecord, { as: 'reader', params: { record } })).status).toBe('suspended')
    node.pass(1)
    expect((await change({ change: 'suspended', reason: 'investigation' })).body).toMatchObject({
      status: 409,
      code: 'status-not-possible',
      at: 'change',
      detail: 'suspended',
    })
    expect((await change({ change: 'reinstated', reason: 'fraud' })).body).toMatchObject({
      status: 422,
      code: 'status-reason-unknown',
      detail: 'cleared, order-lifted',
    })
    expect((await change({ change: 'reinstated', reason: 'cleared' })).status).toBe(200)
    expect((await change({ change: 'forgotten', reason: 'x' })).body).toMatchObject({ status: 400, at: 'body/change' })
    const { changes } = await node.call(statusHistoryRoute, { as: 'reader', params: { record } })
    expect(changes.map(({ change: kind, reason, actor, note }) => [kind, reason, actor, note])).toEqual([
      ['suspended', 'investigation', 'drafter', '接到举报'],
      ['reinstated', 'cleared', 'drafter', undefined],
    ])
    expect((await write(`/records/${record}/status-changes`, { change: 'revoked', reason: 'fraud' }, { as: 'reader' })).body.code).toBe('duty-missing')
  })

  it('numbers by the scheme that was set, from the next record on', async () => {
    const scheme = { id: 'jn-title', family: 'title', template: 'JN{year:4}{serial:6}' } as const
    expect(await node.call(putNumberScheme, { as: 'drafter', params: { family: 'title' }, body: scheme })).toEqual(scheme)
    expect((await issue()).number).toMatch(/^JN\d{10}$/)
    expect(await codeOf(node.call(putNumberScheme, { as: 'drafter', params: { family: 'skill' }, body: scheme }))).toBe('request-malformed')
    expect(await codeOf(node.call(putNumberScheme, { as: 'drafter', params: { family: 'title' }, body: { ...scheme, template: 'JN{serial:6}' } }))).toBe(
      'request-malformed',
    )
  })

  it('keeps a trail, page by page', async () => {
    const { record } = await issue()
    const { items } = await node.call(listAudit, { as: 'drafter', query: { subject: record } })
    expect(items.map(({ actor, action, subject }) => [actor, action, subject])).toEqual([['approver', 'issue', record]])
    const first = await node.call(listAudit, { as: 'drafter', query: { limit: '2' } })
    const second = await node.call(listAudit, { as: 'drafter', query: { limit: '2', after: first.next! } })
    expect(new Set([...first.items, ...second.items].map(({ id }) => id)).size).toBe(4)
    const { status, body } = await request(node.server)
      .get('/audit?limit=501')
      .set('Authorization', `Bearer ${await node.token('drafter')}`)
    expect([status, body.at]).toEqual([400, 'query/limit'])
  })
})

describe('the holder', () => {
  const claim = (body: object) => request(node.server).post('/claim').send(body)
  const handOut = async () => {
    const { record } = await issue()
    return (await node.call(handOutCode, { as: 'drafter', params: { record }, body: {} })).code
  }

  it('fetches the record once, all of it or what is chosen', async () => {
    const code = await handOut()
    expect(code).toMatch(/^([0-9A-HJKMNP-TV-Z]{4}-){3}[0-9A-HJKMNP-TV-Z]{4}$/)
    const { status, headers, body } = await claim({ code: code.toLowerCase().replaceAll('-', ' '), lastSix: '192288', disclose: ['name'] })
    expect([status, headers['cache-control'], Object.keys(parseSdJwt(body.text as string, nodeEngine).disclosed)]).toEqual([200, 'no-store', ['name']])
    expect((await claim({ code, lastSix: '192288' })).body.code).toBe('claim-refused')
  })

  it('is told the same, byte for byte, whether the code is wrong, absent, used or expired, or the six are', async () => {
    const used = await handOut()
    await claim({ code: used, lastSix: '192288' })
    const old = await openTestNode({ limits: { claim: 1000 } })
    const { draft: id } = await old.call(createDraft, { as: 'drafter', body: { family: 'title', draft: titleDraft() } })
    const { record } = await old.call(approveDraftRoute, { as: 'approver', params: { draft: id }, body: {} })
    const { code: expired } = await old.call(handOutCode, { as: 'drafter', params: { record }, body: { days: 1 } })
    old.pass(24 * 3600)
    const answers = [
      await claim({ code: await handOut(), lastSix: '000000' }),
      await claim({ code: '0000-0000-0000-0000', lastSix: '192288' }),
      await claim({ code: used, lastSix: '192288' }),
      await request(old.server).post('/claim').send({ code: expired, lastSix: '192288' }),
    ]
    await old.close()
    const shown = answers.map(({ status, text, headers }) => ({ status, text, headers: Object.entries(headers).filter(([name]) => name !== 'date') }))
    for (const each of shown) expect(each).toEqual(shown[0])
    expect(JSON.parse(shown[0]!.text)).toEqual({
      type: 'https://comity.example/problems/claim-refused',
      status: 403,
      code: 'claim-refused',
      title: '领取码或证件号后六位不正确，或已失效',
      titleEn: 'The claim code or the six characters are wrong, or no longer valid',
      remedy: '请核对后重试，或向发证机关重新领取',
      remedyEn: 'Check both, or ask the bureau for a new code',
    })
  })

  it('has five tries, also at once', async () => {
    const patient = await handOut()
    for (let index = 0; index < 4; index++) expect((await claim({ code: patient, lastSix: '000000' })).status).toBe(403)
    expect((await claim({ code: patient, lastSix: '192288' })).status).toBe(200)
    const hasty = await handOut()
    const guesses = await Promise.all(Array.from({ length: 20 }, (_, index) => claim({ code: hasty, lastSix: String(100_000 + index) })))
    expect(guesses.every(({ status }) => status === 403)).toBe(true)
    expect((await claim({ code: hasty, lastSix: '192288' })).status).toBe(403)
  })

  it('loses no code by asking for what the record does not hold', async () => {
    const code = await handOut()
    expect((await claim({ code, lastSix: '192288', disclose: ['salary'] })).body.code).toBe('disclosure-unknown')
    expect((await claim({ code, lastSix: '192288' })).status).toBe(200)
  })
})
