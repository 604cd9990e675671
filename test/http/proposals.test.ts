import request from 'supertest'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { listAudit } from '#contract/audit.ts'
import { addSignatures, createProposal, getProposal, listProposalsRoute } from '#contract/proposals.ts'
import { allianceFile, readiness } from '#contract/public.ts'
import { joinAllianceRoute, takeTrustFile } from '#contract/trust.ts'
import { secondsOf } from '#core/model/instant.ts'
import { allianceListType, type AllianceList } from '#core/trust/alliance-list.ts'
import { countersign } from '#core/trust/sign-general-jws.ts'
import { readAnchors } from '#registry/held-trust.ts'
import { signatoryOf } from '#registry/open-signatory.ts'
import { signProposal } from '#registry/sign-proposal.ts'
import { writeProposal } from '#core/trust/proposal.ts'
import { alliancePayload, makeCity, makeTestKey, memberOf, payloadDigest, signAllianceList } from '../support/make-alliance.ts'
import { openTestNode, type TestNode } from '../support/open-test-node.ts'

// Jinan runs a node; its neighbours of the alliance have keys only.
let node: TestNode
const [zibo, taian] = [makeCity('370300'), makeCity('370900')]
let jinanMember: AllianceList['members'][number]

interface File {
  readonly payload: string
  readonly signatures: { readonly protected: string; readonly signature: string }[]
}
const fileOf = (bytes: Uint8Array): File => JSON.parse(Buffer.from(bytes).toString('utf8')) as File
const bytesOf = (file: File): Uint8Array => Buffer.from(JSON.stringify(file))
const signedBy = (file: File, ...signers: readonly ReturnType<typeof makeCity>[]): File => {
  let bytes = bytesOf(file)
  for (const { authority } of signers) bytes = countersign(allianceListType, bytes, authority.signer)
  return fileOf(bytes)
}
const divisions = (voters: readonly { readonly division: string }[]): readonly string[] => voters.map(({ division }) => division)

beforeAll(async () => {
  node = await openTestNode({ clients: { keeper: ['trust'], auditor: ['audit'], drafter: ['draft'] } })
  const { iss, division, name, authorityKey } = (await readAnchors(node.office.store.read, node.office.authority)).authorities[0]!
  jinanMember = memberOf(makeCity(division), { iss, name, authorityKey })
  const iat = secondsOf(node.office.clock())
  const list = alliancePayload('circle', [jinanMember, memberOf(zibo), memberOf(taian)], iat, { thresholds: { list: 2, rules: 2 } })
  const bytes = signAllianceList(
    list,
    [zibo, taian].map(({ authority }) => authority.signer),
  )
  await node.call(joinAllianceRoute, { as: 'keeper', body: { alliance: 'circle', version: 1, digest: payloadDigest(bytes) } })
  await node.call(takeTrustFile, { as: 'keeper', body: bytes })
})
afterAll(() => node.close())

describe('the API of governance', () => {
  let digest = ''
  let file: File

  it('takes a draft, which nobody has signed, and tells what it changes and who is missing', async () => {
    const changes = [{ change: 'suspend', iss: taian.iss }]
    const made = await node.call(createProposal, { as: 'keeper', body: { draft: { alliance: 'circle', changes } } })
    expect(made).toMatchObject({ kind: 'alliance', alliance: 'circle', subject: 'circle', version: 2, state: 'open', added: 0 })
    digest = made.digest
    const shown = await node.call(getProposal, { as: 'keeper', params: { digest } })
    expect(shown).toMatchObject({ proposedBy: 'keeper', met: false, file: { signatures: [] } })
    expect(shown.changes).toEqual([
      { code: 'member-suspended', at: taian.iss, text: { zh: '泰安市人力资源和社会保障局（370900）暂停', en: 'Tai’an HRSS Bureau (370900) is suspended' } },
    ])
    expect(shown.thresholds.map(({ of, version, needed, met, signed, missing }) => [of, version, needed, met, divisions(signed), divisions(missing)])).toEqual([
      ['old', 1, 2, false, [], ['370100', '370300', '370900']],
      ['new', 2, 2, false, [], ['370100', '370300']],
    ])
    file = shown.file
  })

  it('adopts it by itself with the signature that meets both thresholds', async () => {
    const { signatures } = signedBy(file, zibo)
    const first = await node.call(addSignatures, { as: 'keeper', params: { digest }, body: { signatures } })
    expect(first).toMatchObject({ state: 'open', added: 1, met: false })
    expect(await node.call(addSignatures, { as: 'keeper', params: { digest }, body: { signatures } })).toMatchObject({ state: 'open', added: 0 })
    // Taian may agree under the old list to being suspended; the new list does not count it.
    const old = signedBy(file, taian)
    const second = await node.call(addSignatures, { as: 'keeper', params: { digest }, body: { signatures: old.signatures } })
    expect(second.thresholds.map(({ of, met }) => [of, met])).toEqual([
      ['old', true],
      ['new', false],
    ])
    const own = await signProposal(signatoryOf(node.office), { actor: 'cli:keyholder' }, bytesOf(file))
    const last = await node.call(addSignatures, { as: 'keeper', params: { digest }, body: { signatures: fileOf(writeProposal(own)).signatures } })
    expect(last).toMatchObject({ state: 'adopted', met: true })
    const adopted = await node.call(allianceFile, { params: { alliance: 'circle', version: '2' } })
    expect(payloadDigest(adopted)).toBe(digest)
    expect((await node.call(listProposalsRoute, { as: 'keeper', query: { state: 'adopted' } })).proposals.map((proposal) => proposal.digest)).toEqual([digest])
    expect((await node.call(listProposalsRoute, { as: 'keeper', query: { state: 'open' } })).proposals).toEqual([])
  })

  it('answers a repeated request alike, and notes who did what', async () => {
    const ask = () =>
      node.token('keeper').then((token) =>
        request(node.server)
          .post('/proposals')
          .set({ authorization: `Bearer ${token}`, 'idempotency-key': 'proposal-once' })
          .send({ draft: { alliance: 'circle', changes: [{ change: 'set', chair: '370100' }] } }),
      )
    const [one, two] = [await ask(), await ask()]
    expect([one.status, two.status, two.body]).toEqual([200, 200, one.body])
    const { items } = await node.call(listAudit, { as: 'auditor', query: {} })
    expect(items.filter(({ subject }) => subject.startsWith('alliance circle')).map(({ actor, action, subject }) => `${actor}: ${action} ${subject}`)).toEqual([
      'keeper: take-trust alliance circle',
      'keeper: propose alliance circle 2',
      'keeper: add-signature alliance circle 2',
      'keeper: add-signature alliance circle 2',
      'cli:keyholder: add-signature alliance circle 2',
      'keeper: take-trust alliance circle',
      'keeper: adopt alliance circle 2',
      'keeper: propose alliance circle 3',
    ])
  })

  it('refuses what cannot be', async () => {
    const code = (work: Promise<unknown>) =>
      work.then(
        () => 'no fault',
        (fault: { readonly code: string }) => fault.code,
      )
    const post = (body: object) => code(node.call(createProposal, { as: 'keeper', body: body as never }))
    expect(await post({ draft: { alliance: 'circle', changes: [{ change: 'set', thresholds: { list: 3, rules: 1 } }] } })).toBe('trust-threshold-unreachable')
    expect(await post({ draft: { alliance: 'circle' } })).toBe('request-malformed')
    expect(await post({ payload: 'e30', signatures: [] })).toBe('trust-malformed')
    const foreign = fileOf(signAllianceList(alliancePayload('circle', [memberOf(zibo)], 1), [taian.authority.signer]))
    expect(await post(foreign)).toBe('trust-signer-unknown')
    const open = await node.call(listProposalsRoute, { as: 'keeper', query: { state: 'open' } })
    const params = { digest: open.proposals[0]!.digest }
    const { file: waiting } = await node.call(getProposal, { as: 'keeper', params })
    const add = (signatures: File['signatures'], to = params) => code(node.call(addSignatures, { as: 'keeper', params: to, body: { signatures } }))
    expect(await add(signedBy(file, zibo).signatures)).toBe('signature-wrong')
    expect(await add(signedBy(waiting, taian).signatures)).toBe('trust-signer-unknown')
    const [twice] = signedBy(waiting, zibo).signatures
    expect(await add([twice!, twice!])).toBe('signature-repeated')
    expect(await add([], { digest: 'A'.repeat(43) })).toBe('proposal-unknown')
    expect(await code(node.call(getProposal, { as: 'keeper', params: { digest: 'A'.repeat(43) } }))).toBe('proposal-unknown')
    expect(await code(node.call(listProposalsRoute, { as: 'drafter', query: {} }))).toBe('duty-missing')
    expect(await code(node.call(addSignatures, { params, body: { signatures: [] } }))).toBe('token-missing')
  })
})

it('two lists with different keys for one city are an alarm in readiness and metrics', async () => {
  const other = alliancePayload('other', [memberOf(taian), memberOf(zibo, { authorityKey: makeTestKey('impostor').jwk })], secondsOf(node.office.clock()), {
    thresholds: { list: 1, rules: 1 },
  })
  const bytes = signAllianceList(other, [taian.authority.signer])
  const before = await request(node.server).get('/metrics')
  expect(before.text).toContain('comity_alarms{kind="key-disputed"} 0')
  await node.call(joinAllianceRoute, { as: 'keeper', body: { alliance: 'other', version: 1, digest: payloadDigest(bytes) } })
  await node.call(takeTrustFile, { as: 'keeper', body: bytes })
  expect(await node.call(readiness, {})).toMatchObject({ ready: true, alarms: 1 })
  expect((await request(node.server).get('/metrics')).text).toContain('comity_alarms{kind="key-disputed"} 1')
})
