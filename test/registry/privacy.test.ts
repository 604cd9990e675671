import { existsSync, readFileSync } from 'node:fs'

import { afterAll, beforeAll, expect, it } from 'vitest'

import circleRules from '#schema/rules/sd-capital-circle-2021-1.json' with { type: 'json' }
import { nodeEngine } from '#custody/engine-node.ts'
import { claimRecord, handOutClaimCode } from '#registry/claim-record.ts'
import { changeStatus } from '#registry/change-status.ts'
import { approveDraft, draftRecord, rejectDraft } from '#registry/draft-record.ts'
import { queueImport, runImport } from '#registry/import-ledger.ts'
import { draftRecognition } from '#registry/recognise-record.ts'
import { closeClient, registerClient } from '#registry/register-client.ts'
import { rotateKey } from '#registry/rotate-key.ts'
import { claimImportJob } from '#storage/import-jobs.ts'
import { secondsOf } from '#core/model/instant.ts'
import { labourCapacityDraft, sun, titleDraft, workInjuryDraft } from '../support/examples.ts'
import { approver, drafter, formTestAlliance, issueRecordAt, openTestOffice, repeatable, type TestOffice } from '../support/open-test-office.ts'
import { faultCodeOf } from '../support/fault-code-of.ts'
import { makeTestKey } from '../support/make-alliance.ts'

let jinan: TestOffice
let zibo: TestOffice
const secrets: string[] = [
  sun.name.name,
  sun.identity.number,
  sun.employer,
  sun.birth.date,
  '右手食指末节骨折',
  'disabilityGrade',
  '朱文玉',
  '371724197602257248',
]

// A day's work in two cities, with every deed that touches a person.
beforeAll(async () => {
  jinan = await openTestOffice({ division: '370100' })
  zibo = await openTestOffice({ division: '370300' })
  const { office } = jinan
  const request = (key: string) => repeatable('system:one', key, key)
  await registerClient(office, request('client'), { id: 'system:two', name: '业务系统', kind: 'system', keys: [makeTestKey('client').jwk], duties: ['draft'] })
  await closeClient(office, request('close'), 'system:two', 'retired')
  const { id, text } = await issueRecordAt(office, 'title', titleDraft())
  await issueRecordAt(office, 'work-injury', workInjuryDraft())
  await issueRecordAt(office, 'labour-capacity', labourCapacityDraft())
  const open = await draftRecord(office, request('draft'), 'title', titleDraft())
  const rejected = await draftRecord(office, drafter, 'title', titleDraft())
  await rejectDraft(office, approver, rejected.draft, 'evidence-missing')
  await approveDraft(office, approver, open.draft)
  const { code } = await handOutClaimCode(office, request('claim'), { id })
  secrets.push(code, code.replaceAll('-', ''))
  await faultCodeOf(claimRecord(office, { code, lastSix: '000000' }))
  await claimRecord(office, { code, lastSix: '192288' })
  await rotateKey(office, { actor: 'cli:keeper' }, 'token')
  const ledger = readFileSync(new URL('../ledger/jinan-titles.csv', import.meta.url))
  for (const dryRun of [true, false]) {
    await queueImport(office, request(`import ${dryRun}`), { family: 'title', fileName: 'ledger.csv', bytes: ledger, dryRun })
    const now = secondsOf(office.clock())
    const job = (await jinan.store.atomically((tx) => claimImportJob(tx, { owner: 'worker', now, leaseUntil: now + 120 })))!
    await runImport(office, job, 'worker')
  }
  await formTestAlliance([office, zibo.office], 'sd-capital-circle', circleRules)
  const { draft } = await draftRecognition(zibo.office, zibo.desk, request('recognise'), { record: text, stated: { holderDishonestyRecordActive: false } })
  await approveDraft(zibo.office, approver, draft)
  await changeStatus(office, request('revoke'), { id }, { change: 'revoked', reason: 'fraud', note: 'for the file' })
})
afterAll(() => Promise.all([jinan.close(), zibo.close()]))

/** The text as it would stand in a file: as it is, in UTF-16, and inside base64 at each of its three places. */
const spellings = (secret: string): readonly Buffer[] => [
  Buffer.from(secret),
  Buffer.from(secret, 'utf16le'),
  ...[0, 1, 2].map((shift) => {
    const text = Buffer.concat([Buffer.alloc(shift), Buffer.from(secret)]).toString('base64url')
    // The first and last characters depend on what stands beside.
    return Buffer.from(text.slice(shift === 0 ? 0 : 4, -3))
  }),
]

it('no name, identity number, conclusion or claim code stands in the database in clear', () => {
  for (const { file, office } of [jinan, zibo]) {
    const bytes = Buffer.concat([file, `${file}-wal`].filter((path) => existsSync(path)).map((path) => readFileSync(path)))
    const found = (text: string): boolean => spellings(text).some((spelling) => bytes.includes(spelling))
    // What may be seen is seen, in clear and within what is signed: the search finds what is there.
    expect([office.authority.name.zh, 'recognisedFor', '济南市工程技术职务中级评审委员会'].map(found)).toEqual([
      true,
      office === zibo.office,
      office === jinan.office,
    ])
    for (const secret of secrets) expect([secret, found(secret)]).toEqual([secret, false])
    // A digest without a key is as good as what it is of: nine tenths of a request are known, and the rest is found by trying.
    for (const request of ['draft', 'claim', 'recognise'])
      expect([request, bytes.includes(Buffer.from(nodeEngine.sha256(Buffer.from(request))))]).toEqual([request, false])
  }
})

it('every deed is in the audit: who, when, what, and nothing of the person', async () => {
  const events = [...(await jinan.audits()), ...(await zibo.audits())]
  expect(new Set(events.map(({ action }) => action))).toEqual(
    new Set([
      'initialise',
      'register-client',
      'close-client',
      'draft',
      'reject',
      'issue',
      'fetch',
      'hand-out-claim-code',
      'claim-refused',
      'claim',
      'rotate-key',
      'import-dry-run',
      'import',
      'propose',
      'add-signature',
      'join-alliance',
      'take-trust',
      'revoked',
    ]),
  )
  for (const { actor, action, subject, at, reason, detail } of events) {
    expect([actor === '', action === '', subject === '', at]).toEqual([false, false, false, secondsOf(jinan.office.clock())])
    const text = JSON.stringify([actor, action, subject, reason, detail])
    for (const secret of secrets) expect(text).not.toContain(secret)
  }
  const reasons = events.filter(({ reason }) => reason !== null).map(({ action, reason }) => `${action}: ${reason}`)
  expect(reasons.toSorted()).toEqual(['close-client: retired', 'reject: evidence-missing', 'revoked: fraud'])
})
