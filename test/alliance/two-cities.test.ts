import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'

import { approveDraftRoute, createDraft } from '#contract/drafts.ts'
import type { TrustIndexEntry } from '#contract/public.ts'
import { draftRecognitionRoute } from '#contract/recognitions.ts'
import { changeStatusRoute } from '#contract/records.ts'
import { encodeBase64url } from '#core/encoding/base64url.ts'
import { secondsOf } from '#core/model/instant.ts'
import { issueStatusListToken } from '#core/status/status-list-token.ts'
import { deflate, nodeEngine } from '#custody/engine-node.ts'
import { closeKey } from '#registry/close-key.ts'
import { rotateKey } from '#registry/rotate-key.ts'
import { writeProposal } from '#core/trust/proposal.ts'
import { signatoryOf } from '#registry/open-signatory.ts'
import { propose } from '#registry/propose.ts'
import { signProposal } from '#registry/sign-proposal.ts'

import { formAlliances } from '../../scripts/demo/form-alliances.ts'
import { titleDraft } from '../support/examples.ts'
import { makeCity, manifestKey, manifestPayload, signManifest } from '../support/make-alliance.ts'
import { openCity, openWorld, type Answer, type City, type Verdict } from './open-cities.ts'

const hour = 3600
const day = 24 * hour
const world = openWorld()
const request = { actor: 'cli:test' }

// Of the capital circle Jinan, Zibo and Binzhou; of the blue zone Qingdao and Binzhou.
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

const revoke = (city: City, record: string) => city.call(changeStatusRoute, { as: 'drafter', params: { record }, body: { change: 'revoked', reason: 'fraud' } })

/** What is to be said of each check; that the time is unproven goes for every record as long as there is no log. */
const reasonsOf = ({ checks }: Verdict) =>
  checks
    .filter(({ id, answer, reason }) => id !== 'time' && (answer !== 'yes' || reason !== undefined))
    .map(({ id, answer, reason }) => `${id}: ${answer}, ${reason}`)

/** What a front answers at so many paths just now. */
async function copyOf({ front }: City, paths: readonly string[]): Promise<(path: string) => Answer | undefined> {
  const answers = new Map(
    await Promise.all(
      paths.map(async (path): Promise<[string, Answer]> => [path, { body: new Uint8Array(await (await fetch(`${front.url}/${path}`)).arrayBuffer()) }]),
    ),
  )
  return (path) => answers.get(path)
}

const digestOf = (bytes: Uint8Array | string): string => encodeBase64url(nodeEngine.sha256(Buffer.from(bytes)))

/** An index that offers one file; what it says of it decides nothing. */
const offering =
  (city: City, entry: Pick<TrustIndexEntry, 'kind' | 'subject' | 'version' | 'path'>, body: Uint8Array | string) =>
  (path: string): Answer | undefined => {
    if (path === 'trust/index.json') return { body: JSON.stringify({ iss: city.iss, files: [{ ...entry, digest: digestOf(body), own: false }] }) }
    return path === entry.path ? { body } : undefined
  }

describe('cities of an alliance', () => {
  it('see a revocation when they have refreshed, and not before', async () => {
    const { record, text } = await jinan.issueTitle()
    expect(await zibo.verdictOn(text)).toMatchObject({ answer: 'yes' })
    await revoke(jinan, record)
    expect(await jinan.verdictOn(text)).toMatchObject({ answer: 'no' })
    expect(await zibo.verdictOn(text)).toMatchObject({ answer: 'yes' })
    expect((await zibo.refresh()).get('370100')).toMatchObject({ outcome: 'fresh', taken: 1, refused: [] })
    const verdict = await zibo.verdictOn(text)
    expect([verdict.answer, reasonsOf(verdict)]).toEqual(['no', ['status: no, status-revoked']])
  })

  it('do not go back to a status list from before the revocation, whoever serves it and whatever it is called', async () => {
    const { record, text } = await jinan.issueTitle()
    const before = await copyOf(jinan, ['trust/index.json', 'status/1'])
    await revoke(jinan, record)
    await zibo.refresh()
    const revoked = async () => expect(await zibo.verdictOn(text)).toMatchObject({ answer: 'no' })

    jinan.front.lie(before)
    expect((await zibo.refresh()).get('370100')).toMatchObject({ outcome: 'fresh', taken: 0 })
    await revoked()
    const old = before('status/1')!.body!
    const newer = { kind: 'status-list', subject: `${jinan.iss}/status/1`, version: secondsOf(world.now()) + 1000, path: 'status/1' } as const
    jinan.front.lie(offering(jinan, newer, old))
    expect((await zibo.refresh()).get('370100')).toMatchObject({ outcome: 'refused', taken: 0, refused: [{ path: 'status/1', code: 'trust-rolled-back' }] })
    await revoked()
    binzhou.front.lie(offering(binzhou, newer, old))
    expect((await zibo.refresh()).get('371600')).toMatchObject({ outcome: 'refused', taken: 0, refused: [{ path: 'status/1', code: 'trust-rolled-back' }] })
    await revoked()
  })

  it('believe a lying neighbour nothing about another, and hear the others as before', async () => {
    const { record, text } = await jinan.issueTitle()
    await revoke(jinan, record)
    await zibo.refresh()
    // Later than what Zibo holds: lists of one second are dated one after the other.
    const now = secondsOf(world.now())
    const iat = now + 60
    const [subject, path] = [`${jinan.iss}/status/1`, 'status/1']
    // Everything valid again, signed by Binzhou's own status key; by a key of nobody's; a manifest of Jinan that brings in such a key.
    const stranger = makeCity('370100', 'stranger')
    const list = { iss: jinan.iss, sub: subject, iat, exp: now + day, ttl: hour, history: new Map() }
    const manifest = signManifest(
      manifestPayload(stranger, now, { iss: jinan.iss, version: 2, keys: [manifestKey(stranger.issue, 'issue', now)] }),
      stranger.authority.signer,
    )
    const lies: readonly [(path: string) => Answer | undefined, object][] = [
      [
        offering(binzhou, { kind: 'status-list', subject, version: iat, path }, issueStatusListToken(list, binzhou.office().keyring.status, deflate)),
        { outcome: 'refused', taken: 0, refused: [{ path, code: 'trust-issuer-differs' }] },
      ],
      [
        offering(binzhou, { kind: 'status-list', subject, version: iat, path }, issueStatusListToken(list, stranger.status.signer, deflate)),
        { outcome: 'refused', taken: 0, refused: [{ path, code: 'trust-signer-unknown' }] },
      ],
      [
        offering(binzhou, { kind: 'manifest', subject: jinan.iss, version: 2, path: 'trust/held/x' }, manifest),
        { outcome: 'refused', taken: 0, refused: [{ path: 'trust/held/x', code: 'trust-signer-unknown' }] },
      ],
      [() => ({ status: 302, headers: { location: `${jinan.front.url}/trust/index.json` } }), { outcome: 'unreachable', problem: 'neighbour-unreachable' }],
      [() => ({ status: 500 }), { outcome: 'unreachable', problem: 'neighbour-unreachable' }],
      [() => ({ body: 'x'.repeat(9 * 1024 * 1024) }), { outcome: 'unreachable', problem: 'bytes-too-many' }],
      [
        () => ({
          body: JSON.stringify({
            iss: binzhou.iss,
            files: [{ kind: 'rules', subject: 'x', version: 1, digest: digestOf('x'), own: true, path: 'trust/../../clients' }],
          }),
        }),
        { outcome: 'unreachable', problem: 'service-answer-malformed' },
      ],
    ]
    for (const [lie, report] of lies) {
      binzhou.front.lie(lie)
      const reports = await zibo.refresh()
      expect(reports.get('371600')).toMatchObject(report)
      expect(reports.get('370100')).toMatchObject({ outcome: 'fresh' })
      expect(await zibo.verdictOn(text)).toMatchObject({ answer: 'no' })
    }
    binzhou.front.tellTheTruth()
    expect((await zibo.refresh()).get('371600')).toMatchObject({ outcome: 'fresh', refused: [] })
  })

  it('learn from one neighbour what another that is down had published', async () => {
    const { record, text } = await jinan.issueTitle()
    await revoke(jinan, record)
    await binzhou.refresh()
    await jinan.front.goDown()
    try {
      expect(await zibo.verdictOn(text)).toMatchObject({ answer: 'yes' })
      const reports = await zibo.refresh()
      expect(reports.get('370100')).toMatchObject({ outcome: 'unreachable', taken: 0, problem: 'neighbour-unreachable' })
      expect(reports.get('371600')).toMatchObject({ outcome: 'fresh', taken: 1 })
      expect(await zibo.verdictOn(text)).toMatchObject({ answer: 'no' })
    } finally {
      await jinan.front.comeUp()
    }
    expect((await zibo.refresh()).get('370100')).toMatchObject({ outcome: 'fresh' })
  })

  it('verify on while a neighbour is down, with a warning when its data grow stale, and cannot tell when they have expired; recognition then needs a reason', async () => {
    const { text } = await jinan.issueTitle()
    for (const city of cities()) await city.refresh()
    const body = { record: text, purpose: 'appointment', stated: { holderDishonestyRecordActive: false } } as const
    await jinan.front.goDown()
    try {
      world.pass(13 * hour)
      await Promise.all([zibo, binzhou, qingdao].map((city) => city.publish()))
      expect((await zibo.refresh()).get('370100')).toMatchObject({ outcome: 'unreachable' })
      const stale = await zibo.verdictOn(text)
      expect([stale.answer, reasonsOf(stale)]).toEqual(['yes', ['status: yes, status-list-stale']])
      await expect(zibo.call(draftRecognitionRoute, { as: 'drafter', body })).rejects.toMatchObject({ code: 'recognition-stale-trust', at: 'staleReason' })
      const { draft } = await zibo.call(draftRecognitionRoute, { as: 'drafter', body: { ...body, staleReason: '济南节点检修，已电话核实' } })
      expect(await zibo.call(approveDraftRoute, { as: 'approver', params: { draft }, body: {} })).toMatchObject({
        registration: expect.stringMatching(/^\d{4}-000001$/),
      })

      world.pass(14 * day)
      const expired = await zibo.verdictOn(text)
      expect(expired.answer).toBe('cannot-tell')
      expect(reasonsOf(expired)).toContain('status: cannot-tell, status-list-expired')
      await expect(zibo.call(draftRecognitionRoute, { as: 'drafter', body: { ...body, staleReason: '济南节点检修' } })).rejects.toMatchObject({
        code: 'recognition-not-possible',
      })
    } finally {
      await jinan.front.comeUp()
    }
    await Promise.all(cities().map((city) => city.publish()))
    expect((await zibo.refresh()).get('370100')).toMatchObject({ outcome: 'fresh' })
    const fresh = await zibo.verdictOn(text)
    expect([fresh.answer, reasonsOf(fresh)]).toEqual(['yes', []])
    expect(await zibo.call(draftRecognitionRoute, { as: 'drafter', body })).toMatchObject({ mode: 'verify_and_record' })
  })

  it('take a rotated key when they have refreshed; until then they cannot tell; what the old key signed stays good', async () => {
    const old = await jinan.issueTitle()
    const { kid } = await rotateKey(jinan.office(), request, 'issue')
    await jinan.restart()
    expect(jinan.office().keyring.issue.kid).toBe(kid)
    const young = await jinan.issueTitle()
    const unheard = await zibo.verdictOn(young.text)
    expect([unheard.answer, reasonsOf(unheard)[0]]).toEqual(['cannot-tell', 'key: cannot-tell, manifest-older-than-record'])
    await zibo.refresh()
    for (const { text } of [old, young]) expect(await zibo.verdictOn(text)).toMatchObject({ answer: 'yes' })
  })

  it('refuse what a compromised key has signed since, and keep what other keys have signed', async () => {
    const honest = await jinan.issueTitle()
    const { kid: other } = await rotateKey(jinan.office(), request, 'issue')
    await jinan.restart()
    world.pass(hour)
    const since = world.now()
    const stolen = await jinan.issueTitle()
    await zibo.refresh()
    for (const { text } of [honest, stolen]) expect(await zibo.verdictOn(text)).toMatchObject({ answer: 'yes' })

    await closeKey(jinan.office(), request, other, { reason: 'compromised', compromisedSince: since })
    // The process that still has the key open may not sign with it any more.
    const { body, personal } = titleDraft()
    const { draft } = await jinan.call(createDraft, { as: 'drafter', body: { family: 'title', draft: { body, personal } } as never }) // an example of the family
    await expect(jinan.call(approveDraftRoute, { as: 'approver', params: { draft }, body: {} })).rejects.toMatchObject({ code: 'key-revoked' })
    await jinan.restart()
    expect(jinan.office().keyring.issue.kid).not.toBe(other)
    expect(await jinan.call(approveDraftRoute, { as: 'approver', params: { draft }, body: {} })).toMatchObject({ number: expect.any(String) })

    await zibo.refresh()
    const verdict = await zibo.verdictOn(stolen.text)
    expect([verdict.answer, reasonsOf(verdict)]).toEqual(['no', ['key-in-force: no, key-compromised']])
    expect(await zibo.verdictOn(honest.text)).toMatchObject({ answer: 'yes' })
  })

  it('follow the next list of the alliance when enough have signed it, and never go back', async () => {
    const { text } = await binzhou.issueTitle()
    await zibo.refresh()
    expect(await zibo.verdictOn(text)).toMatchObject({ answer: 'yes' })
    const listPath = 'trust/alliances/sd-capital-circle'
    const first = await copyOf(jinan, ['trust/index.json', `${listPath}/1.json`])
    // Binzhou is shut out.
    const draft = { alliance: 'sd-capital-circle', changes: [{ change: 'suspend', iss: binzhou.iss }] }
    const proposal = await propose(jinan.office(), request, draft, { sign: true })
    const proposed = writeProposal(proposal)
    const entry = { kind: 'alliance', subject: 'sd-capital-circle', version: 2, path: `${listPath}/2.json` } as const

    jinan.front.lie(offering(jinan, entry, proposed))
    expect((await zibo.refresh()).get('370100')).toMatchObject({
      outcome: 'refused',
      refused: [{ path: `${listPath}/2.json`, code: 'trust-threshold-missed' }],
    })
    expect(await zibo.verdictOn(text)).toMatchObject({ answer: 'yes' })

    jinan.front.lie(offering(jinan, entry, writeProposal(await signProposal(signatoryOf(zibo.office()), request, proposed))))
    expect((await zibo.refresh()).get('370100')).toMatchObject({ outcome: 'fresh', taken: 1 })
    // Since when it is out the list does not say, and the record may be from before: that is for a person to find out.
    const shutOut = async () => {
      const verdict = await zibo.verdictOn(text)
      expect([verdict.answer, reasonsOf(verdict)]).toEqual(['cannot-tell', ['authorised: cannot-tell, issuer-no-longer-authorised']])
    }
    await shutOut()

    jinan.front.lie(first)
    await zibo.refresh()
    await shutOut()
    // Qingdao, which shares another alliance with Binzhou, is told nothing by this one.
    await qingdao.refresh()
    expect(await qingdao.verdictOn(text)).toMatchObject({ answer: 'yes' })
  })
})
