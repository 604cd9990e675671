import { createServer, type RequestListener, type Server } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { approveDraftRoute, createDraft } from '#contract/drafts.ts'
import { verifyRoute } from '#contract/public.ts'
import { draftRecognitionRoute } from '#contract/recognitions.ts'
import { changeStatusRoute, presentRecord } from '#contract/records.ts'
import { joinAllianceRoute, refreshTrustRoute, takeTrustFile } from '#contract/trust.ts'
import { secondsOf } from '#core/model/instant.ts'
import type { AllianceMember } from '#core/trust/alliance-list.ts'
import { readAnchors } from '#registry/held-trust.ts'
import { agreedRuleSets, alliancePayload, anchorOf, ruleSetPayload, signAllianceList, signRuleSet } from '../support/make-alliance.ts'
import { titleDraft } from '../support/examples.ts'
import { openTestNode, type TestNode } from '../support/open-test-node.ts'

const alliance = 'sd-capital-circle'

let jinan: TestNode
let zibo: TestNode
let liar: Server
let lie: RequestListener = (_request, response) => void response.writeHead(500).end()
let liarUrl: string
let list: Uint8Array<ArrayBuffer>

const members = async (nodes: readonly TestNode[]): Promise<AllianceMember[]> =>
  Promise.all(
    nodes.map(async ({ office, url }) => {
      const { division, iss, name, authorityKey, authorised } = (await readAnchors(office.store.read, office.authority)).authorities[0]!
      return {
        division,
        iss,
        name,
        authorityKey,
        authorised,
        role: 'member' as const,
        coversSubordinates: false,
        state: 'active' as const,
        from: '2020-12-04',
        addresses: [url],
      }
    }),
  )

beforeAll(async () => {
  jinan = await openTestNode()
  zibo = await openTestNode({ division: '370300' })
  liar = createServer((request, response) => lie(request, response))
  await new Promise<void>((resolve) => liar.listen(0, '127.0.0.1', resolve))
  liarUrl = `http://127.0.0.1:${(liar.address() as { port: number }).port}`

  const iat = secondsOf(jinan.office.clock())
  const signers = await Promise.all([jinan, zibo].map(({ office }) => office.keyring.authority()))
  const binzhou = { division: '371600', iss: 'https://371600.comity.example', name: { zh: '滨州市人社局', en: 'Binzhou' } }
  const listed = [
    ...(await members([jinan, zibo])),
    { ...(await members([zibo]))[0]!, ...binzhou, authorityKey: { kty: 'OKP', crv: 'Ed25519', x: jinanKey }, addresses: [liarUrl] } as AllianceMember,
  ]
  const payload = alliancePayload(alliance, listed, iat, { thresholds: { list: 2, rules: 2 } })
  list = Uint8Array.from(signAllianceList(payload, signers))
  const rules = agreedRuleSets.filter((set) => set.alliance === alliance).map((set) => Uint8Array.from(signRuleSet(ruleSetPayload(set, iat), signers)))
  // Jinan gets the list and the rules by hand, Zibo only the anchor and the list: the rest it has to find.
  for (const node of [jinan, zibo]) {
    await node.call(joinAllianceRoute, { as: 'drafter', body: anchorOf(payload, list) })
    expect(await node.call(takeTrustFile, { as: 'drafter', body: list })).toEqual({ outcome: 'taken' })
  }
  for (const body of rules) await jinan.call(takeTrustFile, { as: 'drafter', body })
})
afterAll(async () => {
  await jinan.close()
  await zibo.close()
  liar.closeAllConnections()
  liar.close()
})

/** A sound key that none of the two nodes has (RFC 8032 §7.1, test 1). */
const jinanKey = '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo'

const refresh = async (node: TestNode) => (await node.call(refreshTrustRoute, { as: 'drafter', body: {} })).neighbours

describe('a node that asks its neighbours', () => {
  it('finds their keys, status lists and rules, and verifies their records', async () => {
    const { draft } = await jinan.call(createDraft, { as: 'drafter', body: { family: 'title', draft: titleDraft() } })
    const { record } = await jinan.call(approveDraftRoute, { as: 'approver', params: { draft }, body: {} })
    const { text } = await jinan.call(presentRecord, { as: 'approver', params: { record }, body: {} })
    const ask = async () => {
      const reply = await zibo.call(verifyRoute, { body: { record: text, for: '370300' } })
      if (!('verdict' in reply)) throw new Error('one was asked for')
      return reply.verdict
    }
    expect((await ask()).answer).toBe('cannot-tell')
    const reports = await refresh(zibo)
    expect(reports.map(({ division, outcome, refused }) => [division, outcome, refused])).toEqual([
      ['370100', 'fresh', []],
      ['371600', 'unreachable', []],
    ])
    expect(reports[0]!.taken).toBeGreaterThanOrEqual(3)
    const verdict = await ask()
    expect([verdict.answer, verdict.recognition!.answer, verdict.recognition!.mode]).toEqual(['yes', 'yes', 'verify_and_record'])

    const { draft: recognition, mode } = await zibo.call(draftRecognitionRoute, {
      as: 'drafter',
      body: { record: text, stated: { holderDishonestyRecordActive: false } },
    })
    expect(mode).toBe('verify_and_record')
    const { record: recognised } = await zibo.call(approveDraftRoute, { as: 'approver', params: { draft: recognition }, body: {} })
    const { text: its } = await zibo.call(presentRecord, { as: 'approver', params: { record: recognised }, body: {} })
    const own = await zibo.call(verifyRoute, { body: { record: its } })
    expect('verdict' in own && own.verdict.checks.at(-1)).toMatchObject({ id: 'source', answer: 'yes' })

    jinan.pass(2)
    zibo.pass(2)
    await jinan.call(changeStatusRoute, { as: 'drafter', params: { record }, body: { change: 'revoked', reason: 'fraud' } })
    expect((await refresh(zibo))[0]).toMatchObject({ outcome: 'fresh', taken: 1 })
    expect((await ask()).checks.at(-1)).toMatchObject({ id: 'status', answer: 'no', reason: 'status-revoked' })
    const fallen = await zibo.call(verifyRoute, { body: { record: its } })
    expect('verdict' in fallen && fallen.verdict.checks.at(-1)).toMatchObject({ id: 'source', answer: 'no', reason: 'source-revoked' })
    expect(await refresh(zibo)).toMatchObject([{ outcome: 'fresh', taken: 0 }, { outcome: 'unreachable' }])
  })

  it('passes on what it holds of others, so that one that is down is not missed', async () => {
    const index = (await (await fetch(`${zibo.url}/trust/index.json`)).json()) as { files: { own: boolean; kind: string; subject: string; path: string }[] }
    const held = index.files.filter(({ own, subject }) => !own && subject.startsWith('https://370100.'))
    expect(held.map(({ kind }) => kind).toSorted()).toEqual(['manifest', 'status-list'])
    for (const { path } of index.files) {
      const answer = await fetch(`${zibo.url}/${path}`)
      expect([path, answer.status]).toEqual([path, 200])
      expect((await fetch(`${zibo.url}/${path}`, { headers: { 'if-none-match': answer.headers.get('etag')! } })).status).toBe(304)
    }
  })

  const heldBefore = async (): Promise<unknown> => {
    const { trust, refused } = await zibo.desk.current()
    return [
      [...trust.authorities.values()].map(({ iss, manifest, statusLists }) => [iss, manifest?.digest, [...statusLists.values()].map(({ digest }) => digest)]),
      trust.alliances.map(({ digest }) => digest),
      trust.ruleSets.map(({ digest }) => digest),
      refused,
    ]
  }

  const indexOf = (...files: object[]) => JSON.stringify({ iss: 'https://371600.comity.example', files })
  const claimed = (changes: object) => ({
    kind: 'manifest',
    subject: 'https://370100.comity.example',
    version: 99,
    digest: 'A'.repeat(43),
    own: false,
    path: 'trust/held/x',
    ...changes,
  })

  it.each<[string, RequestListener, object]>([
    [
      'a redirect',
      (_request, response) => void response.writeHead(302, { location: '/elsewhere' }).end(),
      { outcome: 'unreachable', problem: 'neighbour-unreachable' },
    ],
    ['a page', (_request, response) => void response.end('<html></html>'), { outcome: 'unreachable', problem: 'json-malformed' }],
    [
      'rubbish for a manifest',
      (request, response) => void response.end(request.url === '/trust/index.json' ? indexOf(claimed({})) : 'rubbish'),
      { outcome: 'refused', taken: 0, refused: [{ path: 'trust/held/x', code: expect.any(String) }] },
    ],
    [
      'nothing for a status list',
      (request, response) =>
        void response.end(
          request.url === '/trust/index.json'
            ? indexOf(claimed({ kind: 'status-list', subject: 'https://370100.comity.example/status/1', version: 4_000_000_000 }))
            : '',
        ),
      { outcome: 'refused', taken: 0 },
    ],
    [
      'a list cut short',
      (request, response) =>
        void response.end(request.url === '/trust/index.json' ? indexOf(claimed({ kind: 'alliance', subject: alliance, version: 2 })) : list.subarray(0, 500)),
      { outcome: 'refused', taken: 0 },
    ],
    [
      'the list with a member more',
      (request, response) =>
        void response.end(request.url === '/trust/index.json' ? indexOf(claimed({ kind: 'alliance', subject: alliance, version: 2 })) : changedList()),
      { outcome: 'refused', taken: 0, refused: [{ path: 'trust/held/x', code: 'trust-forked' }] },
    ],
  ])('believes nothing of %s, and keeps what it has', async (_name, listener, expected) => {
    const before = await heldBefore()
    lie = listener
    expect((await refresh(zibo)).find(({ division }) => division === '371600')).toMatchObject(expected)
    expect(await heldBefore()).toEqual(before)
    lie = (_request, response) => void response.writeHead(500).end()
  })

  it('does not go back to an older list', async () => {
    const iat = secondsOf(jinan.office.clock())
    const signers = await Promise.all([jinan, zibo].map(({ office }) => office.keyring.authority()))
    const { payload, digest } = (await zibo.desk.current()).trust.alliances[0]!
    const second = signAllianceList({ ...payload, version: 2, prev: digest, iat }, signers)
    await zibo.call(takeTrustFile, { as: 'drafter', body: Uint8Array.from(second) })
    expect(await zibo.call(takeTrustFile, { as: 'drafter', body: list })).toEqual({ outcome: 'known' })
    expect((await zibo.desk.current()).trust.alliances[0]!.payload.version).toBe(2)
    const other = signAllianceList({ ...payload, version: 2, prev: digest, iat, chair: payload.members[0]!.division }, signers)
    await expect(zibo.call(takeTrustFile, { as: 'drafter', body: Uint8Array.from(other) })).rejects.toMatchObject({ code: 'trust-forked' })
    // Jinan learns of the new version from Zibo, with what the old one named still there.
    expect((await refresh(jinan)).find(({ division }) => division === '370300')).toMatchObject({ outcome: 'fresh' })
    expect((await jinan.desk.current()).trust.alliances[0]!.payload.version).toBe(2)
  })

  it('takes no file that leads back to no anchor', async () => {
    const iat = secondsOf(jinan.office.clock())
    const stranger = signAllianceList(alliancePayload('strangers', await members([jinan]), iat), [await jinan.office.keyring.authority()])
    await expect(jinan.call(takeTrustFile, { as: 'drafter', body: Uint8Array.from(stranger) })).rejects.toMatchObject({ code: 'trust-issuer-unnamed' })
    expect((await jinan.desk.current()).trust.alliances.map(({ payload }) => payload.alliance)).toEqual([alliance])
  })

  function changedList(): Buffer {
    const file = JSON.parse(Buffer.from(list).toString('utf8')) as { payload: string; signatures: unknown[] }
    const payload = JSON.parse(Buffer.from(file.payload, 'base64url').toString('utf8')) as object
    return Buffer.from(JSON.stringify({ ...file, payload: Buffer.from(JSON.stringify({ ...payload, chair: '370100' })).toString('base64url') }))
  }
})
