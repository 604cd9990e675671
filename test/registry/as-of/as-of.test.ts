import { createHash } from 'node:crypto'
import { inflateSync } from 'node:zlib'

import { importJWK, jwtVerify } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import circleRules from '#schema/rules/sd-capital-circle-2021-1.json' with { type: 'json' }
import { vctOf } from '#core/credential/family.ts'
import { publicJwkOf } from '#core/crypto/read-public-key.ts'
import { canonicalJson } from '#core/encoding/canonical-json.ts'
import { DivisionCode } from '#core/model/division-code.ts'
import { instantOf, secondsOf, type Instant } from '#core/model/instant.ts'
import { RuleSet } from '#core/rules/rule-set.ts'
import type { RecognitionQuestion } from '#core/verify/verdict.ts'
import { allianceIdentifier } from '#core/views/trqp.ts'
import { tellAsOf, type AsOfAnswer, type AsOfQuestion } from '#registry/as-of/tell-as-of.ts'
import { verifyAsOf } from '#registry/as-of/verify-as-of.ts'
import { changeStatus } from '#registry/change-status.ts'
import { takeTrustFiles } from '#registry/held-trust.ts'
import { closeKey } from '#registry/close-key.ts'
import { rotateKey } from '#registry/rotate-key.ts'
import { verifyRecords } from '#registry/verify-records.ts'
import { answerAuthorization } from '#registry/views/answer-trqp.ts'
import { titleDraft } from '../../support/examples.ts'
import { faultCodeOf } from '../../support/fault-code-of.ts'
import { testInstant } from '../../support/make-alliance.ts'
import {
  approver,
  formTestAlliance,
  issueRecordAt,
  openTestOffice,
  proposeAmong,
  takeFrom,
  type IssuedRecord,
  type TestOffice,
} from '../../support/open-test-office.ts'

const alliance = 'sd-capital-circle'
const by = { actor: 'cli:secretariat' }
const genesis = secondsOf(testInstant)
/** So many days after both nodes began, at noon where the bureaus are. */
const day = (days: number): Instant => instantOf(genesis + days * 24 * 3600)

let jinan: TestOffice
let zibo: TestOffice
let revoked: IssuedRecord
let cancelled: IssuedRecord
let lasting: IssuedRecord
let stolen: IssuedRecord

const go = (days: number): void => [jinan, zibo].forEach(({ set }) => set(day(days)))

async function agree(draft: unknown): Promise<void> {
  const file = await proposeAmong([jinan.office, zibo.office], draft)
  for (const { office } of [jinan, zibo]) {
    const { refused } = await takeTrustFiles(office, [{ name: 'file', bytes: file }], by.actor)
    expect(refused).toEqual([])
  }
}

// Days: 1 the alliance · 2 three records · 10 one is revoked and one cancelled · 12 rules that name an earlier day as their first ·
// 13 a second issuing key · 14 a record under it · 18 that key was stolen on the evening of 13 · 20 Jinan may issue no titles any more · 25 today.
beforeAll(async () => {
  jinan = await openTestOffice({ division: '370100' })
  zibo = await openTestOffice({ division: '370300' })
  go(1)
  await formTestAlliance([jinan.office, zibo.office], alliance, circleRules)
  go(2)
  revoked = await issueRecordAt(jinan.office, 'title', titleDraft())
  cancelled = await issueRecordAt(jinan.office, 'title', titleDraft())
  lasting = await issueRecordAt(jinan.office, 'title', titleDraft())
  go(10)
  await changeStatus(jinan.office, approver, { id: revoked.id }, { change: 'revoked', reason: 'fraud' })
  await changeStatus(jinan.office, approver, { id: cancelled.id }, { change: 'cancelled', reason: 'holder-request' })
  go(12)
  await agree(RuleSet.parse({ ...circleRules, version: 2, from: '2026-06-05' }))
  go(13)
  const { kid } = await rotateKey(jinan.office, by, 'issue')
  go(14)
  stolen = await issueRecordAt(await jinan.reopened(), 'title', titleDraft())
  go(18)
  await closeKey(jinan.office, by, kid, { reason: 'compromised', compromisedSince: day(13.5) })
  go(20)
  const { payload, digest } = (await jinan.desk.current()).trust.alliances[0]!
  const { iat: _iat, ttl: _ttl, exp: _exp, ...content } = payload
  const members = payload.members.map((member) =>
    member.division === '370100' ? { ...member, authorised: [{ families: ['skill' as const], divisions: [member.division] }] } : member,
  )
  await agree({ ...content, version: 2, prev: digest, members })
  await takeFrom(zibo.office, jinan.office)
  go(25)
})
afterAll(() => Promise.all([jinan, zibo].map(({ close }) => close())))

const tell = (at: Instant, question: AsOfQuestion, node = jinan): Promise<AsOfAnswer> => tellAsOf(node.office, node.desk, at, question)
const namesOf = ({ files }: AsOfAnswer): readonly string[] => files.map(({ kind, subject, version }) => `${kind} ${subject} ${version}`)

/** What the signature covers, checked by another implementation under the key that the node's manifest lists. */
async function signedBy({ office, desk }: TestOffice, jws: string): Promise<Readonly<Record<string, unknown>>> {
  const entry = (await desk.current()).trust.authorities.get(office.authority.iss)!.manifest!.keys.get(office.keyring.status.kid)!
  expect(entry.use).toBe('status')
  const { kty, crv, x } = publicJwkOf(entry.key)
  return (await jwtVerify(jws, await importJWK({ kty, crv, x }, 'Ed25519'), { typ: 'comity-as-of+jwt', issuer: office.authority.iss })).payload
}

describe('a status as of an instant', () => {
  const placeOf = ({ text }: IssuedRecord): number =>
    (JSON.parse(Buffer.from(text.split('.')[1]!, 'base64url').toString()) as { readonly status: { readonly status_list: { readonly idx: number } } }).status
      .status_list.idx
  const valueAt = async (at: Instant, record: IssuedRecord, known: 'now' | 'then' = 'now'): Promise<readonly [number, unknown]> => {
    const { files } = await tell(at, { kind: 'status', no: 1, known })
    const { lst, reasons, bits } = JSON.parse(files[0]!.content) as { readonly lst: string; readonly bits: number; readonly reasons: Record<string, unknown> }
    expect(bits).toBe(2)
    const index = placeOf(record)
    return [(inflateSync(Buffer.from(lst, 'base64url'))[index >> 2]! >> ((index & 3) * 2)) & 3, reasons[index]]
  }

  it('revocation reaches back to the beginning, cancellation counts from its day on', async () => {
    const fraud = ['revoked', 'fraud', '2026-06-11T04:00:00Z']
    const request = ['cancelled', 'holder-request', '2026-06-11T04:00:00Z']
    const before = instantOf(secondsOf(day(10)) - 1)
    expect([await valueAt(day(5), revoked), await valueAt(before, revoked), await valueAt(day(11), revoked)]).toEqual([
      [1, fraud],
      [1, fraud],
      [1, fraud],
    ])
    expect([await valueAt(day(5), cancelled), await valueAt(before, cancelled), await valueAt(day(10), cancelled)]).toEqual([
      [0, undefined],
      [0, undefined],
      [3, request],
    ])
    expect(await valueAt(day(11), lasting)).toEqual([0, undefined])
  })

  it('is told as it was said on that day, too', async () => {
    expect((await valueAt(day(5), revoked, 'then'))[0]).toBe(0)
    expect((await valueAt(day(11), revoked, 'then'))[0]).toBe(1)
    expect((await valueAt(day(11), cancelled, 'then'))[0]).toBe(3)
  })

  it('is never a status list token: nothing that is made today is dated then', async () => {
    const { files, signed } = await tell(day(5), { kind: 'status', no: 1, known: 'now' })
    expect(Object.keys(JSON.parse(files[0]!.content) as object)).toEqual(['asOf', 'bits', 'known', 'lst', 'reasons', 'uri'])
    expect(await signedBy(jinan, signed)).toMatchObject({ iat: secondsOf(day(25)), asOf: day(5), saidAt: day(25) })
  })

  it('of a list that does not exist is not held', async () => {
    expect(await tell(day(5), { kind: 'status', no: 2, known: 'now' })).toMatchObject({ outcome: 'not-held', files: [] })
  })
})

describe('the files of an instant', () => {
  it('the manifest is the version that stood then', async () => {
    const versions = await Promise.all([0, 12.9, 13, 17, 18, 25].map(async (days) => (await tell(day(days), { kind: 'manifest' })).files[0]!.version))
    expect(versions).toEqual([1, 1, 2, 2, 3, 3])
  })

  it('of two manifests within one second it is the later', async () => {
    const own = await openTestOffice({ division: '370200' })
    try {
      await rotateKey(own.office, by, 'issue')
      await rotateKey(own.office, by, 'issue')
      expect((await tell(testInstant, { kind: 'manifest' }, own)).files[0]!.version).toBe(3)
    } finally {
      await own.close()
    }
  })

  it('lists and rules are those that were held and in force', async () => {
    const lists = await Promise.all([0.5, 1, 19, 20].map(async (days) => namesOf(await tell(day(days), { kind: 'alliance', subject: alliance }))))
    expect(lists).toEqual([[], [`alliance ${alliance} 1`], [`alliance ${alliance} 1`], [`alliance ${alliance} 2`]])
    const rules = await Promise.all([0.5, 1, 11, 12].map(async (days) => namesOf(await tell(day(days), { kind: 'rules' }))))
    expect(rules).toEqual([[], ['rules sd-capital-circle/2021-1 1'], ['rules sd-capital-circle/2021-1 1'], ['rules sd-capital-circle/2021-1 2']])
  })

  it('are given together, with the neighbours’ manifests by the day on which they were taken', async () => {
    expect(namesOf(await tell(day(15), { kind: 'all' }, zibo))).toEqual([
      'manifest https://370300.comity.example 1',
      'manifest https://370100.comity.example 1',
      `alliance ${alliance} 1`,
      'rules sd-capital-circle/2021-1 2',
    ])
    expect(namesOf(await tell(day(20), { kind: 'all' }, zibo))).toContain('manifest https://370100.comity.example 3')
  })

  it('each answer is signed: the instant, when it is said, and the digest of what is given', async () => {
    const { files, signed, ...said } = await tell(day(12), { kind: 'rules' })
    expect(said).toEqual({
      asOf: day(12),
      saidAt: day(25),
      genesis: testInstant,
      kind: 'rules',
      subject: 'https://370100.comity.example',
      outcome: 'held',
    })
    const [{ content, ...file }] = files as readonly [AsOfAnswer['files'][number]]
    expect(file.digest).toBe(createHash('sha256').update(content).digest('base64url'))
    expect(await signedBy(jinan, signed)).toEqual({ iss: 'https://370100.comity.example', iat: secondsOf(day(25)), ...said, files: [file] })
  })

  it('before the node began there is a named answer, signed like the others; the future is refused', async () => {
    const answer = await tell(instantOf(genesis - 1), { kind: 'manifest' })
    expect(answer).toMatchObject({ outcome: 'before-genesis', genesis: testInstant, files: [] })
    expect(await signedBy(jinan, answer.signed)).toMatchObject({ outcome: 'before-genesis', files: [] })
    expect((await tell(testInstant, { kind: 'manifest' })).outcome).toBe('held')
    expect(await faultCodeOf(tell(instantOf(secondsOf(day(25)) + 1), { kind: 'manifest' }))).toBe('instant-in-future')
    expect((await tell(day(25), { kind: 'manifest' })).outcome).toBe('held')
  })
})

describe('a verdict as of an instant, in another city', () => {
  const told = async (record: IssuedRecord, days: number): Promise<string> => {
    const { verdicts } = await verifyAsOf(zibo.office, zibo.desk, day(days), [record.text], undefined)
    const { answer, checks } = verdicts[0]!
    const cause = checks.find((check) => check.answer === answer && check.reason !== undefined && check.answer !== 'yes')
    return cause === undefined ? answer : `${answer}: ${cause.reason}`
  }

  it('revocation reaches back and cancellation does not', async () => {
    expect([await told(revoked, 5), await told(revoked, 11)]).toEqual(['no: status-revoked', 'no: status-revoked'])
    expect([await told(cancelled, 5), await told(cancelled, 11)]).toEqual(['yes', 'no: status-cancelled'])
    expect([await told(lasting, 5), await told(lasting, 11)]).toEqual(['yes', 'yes'])
  })

  it('goes by the alliance list of that day', async () => {
    expect([await told(lasting, 0.5), await told(lasting, 19.9), await told(lasting, 20)]).toEqual([
      'cannot-tell: issuer-unnamed',
      'yes',
      'no: issuer-not-authorised',
    ])
    // Today's list, asked about the same day, is another question.
    const [today] = await verifyRecords(zibo.office, zibo.desk, [lasting.text], { at: day(5) })
    expect(today!.checks.find(({ id }) => id === 'authorised')).toMatchObject({ answer: 'no', source: { version: 2 } })
    const { verdicts } = await verifyAsOf(zibo.office, zibo.desk, day(5), [lasting.text], undefined)
    expect(verdicts[0]!.checks.find(({ id }) => id === 'authorised')).toMatchObject({ answer: 'yes', source: { version: 1 } })
    expect([verdicts[0]!.at, verdicts[0]!.policy]).toEqual([day(5), 'comity/1+as-of'])
  })

  it('goes by the rules that were held on that day, whatever day later ones name as their first', async () => {
    const recognition: RecognitionQuestion = { for: DivisionCode.parse('370300'), purpose: 'appointment', stated: { holderDishonestyRecordActive: false } }
    const versionAt = async (days: number) =>
      (await verifyAsOf(zibo.office, zibo.desk, day(days), [lasting.text], recognition)).verdicts[0]!.recognition!.carriedBy?.version
    expect([await versionAt(8), await versionAt(12)]).toEqual([1, 2])
  })

  it('knows of a key that was stolen, though the manifest of that day did not', async () => {
    const own = async (record: IssuedRecord, days: number) => {
      const { verdicts } = await verifyAsOf(jinan.office, jinan.desk, day(days), [record.text], undefined)
      return verdicts[0]!.checks.find(({ id }) => id === 'key-in-force')
    }
    expect((await tell(day(15), { kind: 'manifest' })).files[0]!.content.includes('compromised')).toBe(false)
    expect(await own(stolen, 15)).toMatchObject({ answer: 'no', reason: 'key-compromised' })
    expect(await own(lasting, 15)).toMatchObject({ answer: 'yes' })
  })

  it('is signed by its digest, and says nothing personal there', async () => {
    const { verdicts, signed, ...said } = await verifyAsOf(zibo.office, zibo.desk, day(5), [lasting.text, revoked.text], undefined)
    expect(said).toEqual({ asOf: day(5), saidAt: day(25) })
    expect(await signedBy(zibo, signed)).toEqual({
      iss: 'https://370300.comity.example',
      iat: secondsOf(day(25)),
      ...said,
      kind: 'verdict',
      verdicts: verdicts.map((verdict) => createHash('sha256').update(canonicalJson(verdict)).digest('base64url')),
    })
  })

  it('is the same each time it is asked for, and others are not mixed up with it', async () => {
    const ask = async (days: number) => canonicalJson((await verifyAsOf(zibo.office, zibo.desk, day(days), [lasting.text], undefined)).verdicts)
    const [first, other] = [await ask(5), await ask(20)]
    for (let days = 0; days < 12; days++) await ask(days)
    expect([await ask(5), await ask(20)]).toEqual([first, other])
  })

  it('is refused for the future and for before this node began, by name', async () => {
    const ask = (at: Instant) => faultCodeOf(verifyAsOf(zibo.office, zibo.desk, at, [lasting.text], undefined))
    expect([await ask(instantOf(genesis - 1)), await ask(instantOf(secondsOf(day(25)) + 1))]).toEqual(['instant-before-genesis', 'instant-in-future'])
  })
})

it('a trust registry query is answered by the list of the day that it names', async () => {
  const ask = async (time?: Instant) =>
    (
      await answerAuthorization(zibo.office, zibo.desk, {
        entity_id: 'did:web:370100.comity.example',
        authority_id: allianceIdentifier(alliance),
        action: 'issue',
        resource: vctOf('title'),
        ...(time === undefined ? {} : { context: { time } }),
      })
    ).authorized
  expect([await ask(day(5)), await ask(day(20)), await ask()]).toEqual([true, false, false])
  await expect(ask(day(0.5))).rejects.toThrow('question-unknown: authority_id')
})
