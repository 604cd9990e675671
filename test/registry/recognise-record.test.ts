import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import circleRules from '#schema/rules/sd-capital-circle-2021-1.json' with { type: 'json' }
import { presentSdJwt } from '#core/credential/present-sd-jwt.ts'
import { encodeBase64url } from '#core/encoding/base64url.ts'
import { canonicalJson } from '#core/encoding/canonical-json.ts'
import { Fault } from '#core/fault.ts'
import { digestOf } from '#core/model/digest.ts'
import { nodeEngine } from '#custody/engine-node.ts'
import { approveDraft } from '#registry/draft-record.ts'
import { changeStatus } from '#registry/change-status.ts'
import { fetchRecord } from '#registry/claim-record.ts'
import { compromiseKey } from '#registry/close-key.ts'
import { draftRecognition, type RecognitionRequest } from '#registry/recognise-record.ts'
import { publishStatusLists } from '#registry/publish.ts'
import { approveReissues, draftReissues } from '#registry/reissue-records.ts'
import { verifyRecords } from '#registry/verify-records.ts'
import { findRecordsBySource } from '#storage/records.ts'
import { sun, titleDraft, workInjuryDraft } from '../support/examples.ts'
import { faultCodeOf } from '../support/fault-code-of.ts'
import { approver, drafter, formTestAlliance, issueRecordAt, openTestOffice, takeFrom, type TestOffice } from '../support/open-test-office.ts'

let jinan: TestOffice
let zibo: TestOffice
let qingdao: TestOffice
let title: string
beforeAll(async () => {
  jinan = await openTestOffice({ division: '370100' })
  zibo = await openTestOffice({ division: '370300' })
  qingdao = await openTestOffice({ division: '370200' })
  title = (await issueRecordAt(jinan.office, 'title', titleDraft())).text
  await formTestAlliance([jinan.office, zibo.office], 'sd-capital-circle', circleRules)
})
afterAll(() => Promise.all([jinan, zibo, qingdao].map(({ close }) => close())))

/** Time passes everywhere. */
const pass = (seconds: number): void => [jinan, zibo, qingdao].forEach(({ advance }) => advance(seconds))
const honest = { holderDishonestyRecordActive: false }
const draftIn = (node: TestOffice, request: RecognitionRequest) => draftRecognition(node.office, node.desk, drafter, request)
async function faultIn(node: TestOffice, request: RecognitionRequest): Promise<readonly unknown[]> {
  try {
    await draftIn(node, request)
  } catch (fault) {
    if (fault instanceof Fault) return [fault.code, fault.at, fault.findings.map(({ at, code }) => `${at} ${code}`)]
    throw fault
  }
  return []
}

describe('a recognition record', () => {
  it('is not drafted with an identity number in what is kept or signed in the clear', async () => {
    const number = '370102 19900307 0016'
    expect(await faultIn(zibo, { record: title, stated: { ...honest, target: number } })).toEqual(['request-malformed', 'stated/target', []])
    expect(await faultIn(zibo, { record: title, purpose: number, stated: honest })).toEqual(['draft-refused', 'purpose', ['purpose identity-number-visible']])
  })

  it('verifies in both cities, and names the rule, the bytes of its rule set, the source and the evidence', async () => {
    const { draft, mode } = await draftIn(zibo, { record: title, purpose: 'appointment', appliedOn: '2026-05-28', stated: honest })
    expect(mode).toBe('verify_and_record')
    expect(await faultCodeOf(approveDraft(zibo.office, drafter, draft))).toBe('draft-own-approval')
    const { record } = await approveDraft(zibo.office, approver, draft)
    const { text } = await fetchRecord(zibo.office, approver, { id: record })
    await takeFrom(jinan.office, zibo.office)
    for (const node of [zibo, jinan]) {
      const [verdict] = await verifyRecords(node.office, node.desk, [text], {})
      expect(verdict!.answer).toBe('yes')
    }
    const { trust } = await zibo.desk.current()
    const sourceDigest = nodeEngine.sha256(Buffer.from(title.split('~')[0]!))
    const [verdict] = await verifyRecords(zibo.office, zibo.desk, [text], {})
    expect(verdict!.record!.claims).toMatchObject({
      source: { iss: 'https://370100.comity.example', family: 'title', number: '370100120260000001', digest: encodeBase64url(sourceDigest) },
      basis: { alliance: 'sd-capital-circle', ruleSet: 'sd-capital-circle/2021-1', version: 1, digest: trust.ruleSets[0]!.digest, rule: 't2' },
      mode: 'verify_and_record',
      recognisedFor: '370300',
      purpose: 'appointment',
      appliedOn: '2026-05-28',
      decidedOn: '2026-06-01',
    })
    expect(verdict!.record!.disclosed).toEqual({ name: sun.name, identity: sun.identity })
    expect((await findRecordsBySource(zibo.store.read, { sourceDigest })).length).toBe(1)
  })

  it('binds the verdict that the officer saw, without a digest by which the person could be found', async () => {
    const { draft } = await draftIn(zibo, { record: title, stated: honest })
    const { record } = await approveDraft(zibo.office, approver, draft)
    const { text } = await fetchRecord(zibo.office, approver, { id: record })
    const [own] = await verifyRecords(zibo.office, zibo.desk, [text], {})
    const question = { recognition: { for: zibo.office.authority.division, purpose: undefined, appliedOn: undefined, stated: honest } }
    const [seen] = await verifyRecords(zibo.office, zibo.desk, [title], question)
    const evidence = { ...seen!, record: { ...seen!.record!, disclosed: ['birth', 'employer', 'identity', 'name', 'photo'] } }
    expect(own!.record!.claims['evidence']).toBe(digestOf(canonicalJson(evidence), nodeEngine))
    expect(own!.record!.claims['evidence']).not.toBe(digestOf(canonicalJson(seen), nodeEngine))
  })

  it('falls with the record that it stands on', async () => {
    const { id, text } = await issueRecordAt(jinan.office, 'title', titleDraft())
    const { draft } = await draftIn(zibo, { record: text, stated: honest })
    const { record } = await approveDraft(zibo.office, approver, draft)
    const recognised = (await fetchRecord(zibo.office, approver, { id: record })).text
    const verdict = async () => (await verifyRecords(zibo.office, zibo.desk, [recognised], {}))[0]!
    expect((await verdict()).answer).toBe('yes')
    pass(60)
    await changeStatus(jinan.office, approver, { id }, { change: 'revoked', reason: 'fraud' })
    // Nothing is known of it until the list has come over.
    expect((await verdict()).answer).toBe('yes')
    await takeFrom(zibo.office, jinan.office)
    const fallen = await verdict()
    expect([fallen.answer, fallen.checks.at(-1)?.reason]).toEqual(['no', 'source-revoked'])
  })
})

it('is not approved any more when its source has fallen since it was drafted', async () => {
  const { id, text } = await issueRecordAt(jinan.office, 'title', titleDraft())
  const { draft } = await draftIn(zibo, { record: text, stated: honest })
  pass(60)
  await changeStatus(jinan.office, approver, { id }, { change: 'revoked', reason: 'fraud' })
  await takeFrom(zibo.office, jinan.office)
  expect(await faultCodeOf(approveDraft(zibo.office, approver, draft))).toBe('recognition-not-possible')
})

describe('no recognition comes of', () => {
  it.each<readonly [string, () => Promise<readonly unknown[]>, readonly unknown[]]>([
    [
      'a record that was changed',
      () => faultIn(zibo, { record: `${title.split('.').slice(0, 2).join('.')}.${'A'.repeat(86)}${title.slice(title.indexOf('~'))}`, stated: honest }),
      ['recognition-not-possible', 'signature', ['signature signature-wrong']],
    ],
    ['no record', () => faultIn(zibo, { record: 'hello' }), ['recognition-not-possible', 'form', ['form not-a-record']]],
    [
      'a record of a city that shares no alliance',
      async () => faultIn(zibo, { record: (await issueRecordAt(qingdao.office, 'title', titleDraft())).text }),
      ['recognition-not-possible', 'issuer', ['issuer issuer-unnamed']],
    ],
    [
      'one’s own record',
      async () => faultIn(zibo, { record: (await issueRecordAt(zibo.office, 'title', titleDraft())).text }),
      ['recognition-not-possible', 'recognition', ['recognition OWN_RECORD']],
    ],
    [
      'a title that holds in one county only',
      async () => faultIn(zibo, { record: (await issueRecordAt(jinan.office, 'title', titleDraft({ body: { scope: 'county_only' } }))).text, stated: honest }),
      ['recognition-not-possible', 'recognition', ['recognition LOCAL_SCOPE_TITLE']],
    ],
    [
      'an undisclosed conclusion',
      async () => faultIn(zibo, { record: presentSdJwt((await issueRecordAt(jinan.office, 'work-injury', workInjuryDraft())).text, ['name', 'identity']) }),
      ['recognition-not-possible', 'recognition', ['recognition NOTHING_MATCHED']],
    ],
    [
      'a record of nobody in particular',
      () => faultIn(zibo, { record: presentSdJwt(title, ['birth']), stated: honest }),
      ['recognition-not-possible', 'disclosures', []],
    ],
    [
      'a record whose officer has not said what must be said',
      () => faultIn(zibo, { record: title }),
      ['recognition-facts-missing', 'stated', ['holderDishonestyRecordActive fact-missing']],
    ],
    [
      'a dishonest holder’s record',
      () => faultIn(zibo, { record: title, stated: { holderDishonestyRecordActive: true } }),
      ['recognition-not-possible', 'recognition', ['recognition DISHONESTY_RECORD']],
    ],
    [
      'an application before the agreement',
      () => faultIn(zibo, { record: title, stated: honest, appliedOn: '2020-12-31' }),
      ['recognition-not-possible', 'recognition', ['recognition RULES_NOT_IN_FORCE']],
    ],
  ])('%s', async (_what, work, expected) => expect(await work()).toEqual(expected))

  it('a record that its issuer has revoked', async () => {
    const { id, text } = await issueRecordAt(jinan.office, 'title', titleDraft())
    pass(60)
    await changeStatus(jinan.office, approver, { id }, { change: 'revoked', reason: 'fraud' })
    await takeFrom(zibo.office, jinan.office)
    expect(await faultIn(zibo, { record: text, stated: honest })).toEqual(['recognition-not-possible', 'status', ['status status-revoked']])
  })
})

describe('trust that has grown old', () => {
  it('wants an officer’s reason while it is stale, and carries nothing once it has expired', async () => {
    pass(13 * 3600)
    const [code, at, findings] = await faultIn(zibo, { record: title, stated: honest })
    expect([code, at, findings]).toEqual(['recognition-stale-trust', 'staleReason', ['https://370100.comity.example/status/1 status-list-stale']])
    expect((await faultIn(zibo, { record: title, stated: honest, staleReason: '  ' }))[0]).toBe('recognition-stale-trust')
    const { draft } = await draftIn(zibo, { record: title, stated: honest, staleReason: 'line to Jinan is down' })
    const { id: _id, at: _at, ...event } = (await zibo.audits()).find(({ subject }) => subject === draft)!
    expect(event).toEqual({ actor: drafter.actor, action: 'draft', subject: draft, reason: 'line to Jinan is down', detail: { stated: honest } })
    expect(await faultCodeOf(approveDraft(zibo.office, approver, draft))).toBe('no fault')
    pass(14 * 24 * 3600)
    expect(await faultIn(zibo, { record: title, stated: honest, staleReason: 'still down' })).toEqual([
      'recognition-not-possible',
      'status',
      ['status status-list-expired'],
    ])
  })
})

// Last, since it closes Zibo's key.
it('a recognition that a stolen key took down is not issued again when its source was revoked meanwhile', async () => {
  const source = await issueRecordAt(jinan.office, 'title', titleDraft())
  for (const { office } of [jinan, zibo]) await publishStatusLists(office, 'all')
  await takeFrom(zibo.office, jinan.office)
  const since = zibo.office.clock()
  const { draft } = await draftIn(zibo, { record: source.text, stated: honest, staleReason: '邻市数据更新中' })
  const { record } = await approveDraft(zibo.office, approver, draft)
  pass(60)
  await compromiseKey(zibo.office, { actor: 'cli:keeper' }, zibo.office.keyring.issue.kid, since)
  const office = await zibo.reopened()
  const { done } = await draftReissues(office, drafter, { record })
  expect(done).toHaveLength(1)
  await changeStatus(jinan.office, approver, { id: source.id }, { change: 'revoked', reason: 'fraud' })
  await takeFrom(office, jinan.office)
  expect(await approveReissues(office, approver, { record })).toMatchObject({ done: [], passed: [{ record, code: 'recognition-not-possible' }] })
  expect(await faultCodeOf(approveDraft(office, approver, done[0]!.draft))).toBe('recognition-not-possible')
})
