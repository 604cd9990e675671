import { createHash } from 'node:crypto'
import { join } from 'node:path'

import Database from 'better-sqlite3'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'

import { createDraft } from '#contract/drafts.ts'
import { bodyLimits, type Route } from '#contract/route.ts'
import { allRoutes } from '#contract/routes.ts'
import { joinAllianceRoute, takeTrustFile } from '#contract/trust.ts'
import { encodeBase64url } from '#core/encoding/base64url.ts'
import { signCompactJws } from '#core/encoding/parse-jws.ts'
import { digestOf } from '#core/model/digest.ts'
import { secondsOf } from '#core/model/instant.ts'
import { statusListType } from '#core/status/status-list-token.ts'
import type { AllianceList } from '#core/trust/alliance-list.ts'
import { deflate, nodeEngine } from '#custody/engine-node.ts'
import { readGauges } from '#registry/gauges.ts'
import { titleDraft } from '../support/examples.ts'
import {
  alliancePayload,
  anchorOf,
  keysOf,
  makeCity,
  makeTestKey,
  manifestKey,
  manifestPayload,
  memberOf,
  signAllianceList,
  signManifest,
  signStatusList,
} from '../support/make-alliance.ts'
import { freshKey, openTestNode, type TestNode } from '../support/open-test-node.ts'

let node: TestNode
let iat: number
let list: AllianceList
const [tai, liao] = [makeCity('370900'), makeCity('371500')]
const manifest = (changes: Parameters<typeof manifestPayload>[2], city = tai) => signManifest(manifestPayload(tai, iat, changes), city.authority.signer)
const signers = [tai, liao].map(({ authority }) => authority.signer)

beforeAll(async () => {
  node = await openTestNode({ division: '370300', limits: { claim: 10_000, token: 10_000 } })
  iat = secondsOf(node.office.clock())
  list = alliancePayload('circle', [memberOf(tai), memberOf(liao)], iat, { thresholds: { list: 2, rules: 2 } })
  const file = signAllianceList(list, signers)
  const { alliance, version, digest } = anchorOf(list, file)
  await node.call(joinAllianceRoute, { as: 'drafter', body: { alliance, version, digest } })
  for (const bytes of [file, manifest({}), manifest({ version: 2, prev: digestOf(manifest({}), nodeEngine) }), signStatusList(tai, iat + 30, new Map())])
    expect(await hand(bytes)).toEqual([200, 'taken'])
  // What was taken is a leaf of the node's log a moment later: nothing is to change by itself while it is looked at.
  await vi.waitFor(async () => expect((await readGauges(node.office, node.desk)).outbox).toBe(0), 10_000)
})
afterAll(() => node.close())

/** Everything that the node's database holds, in 32 bytes, but for the keys of writes that were begun: a refused one may be tried again under its key. */
function state(): string {
  const db = new Database(join(node.data, 'comity.db'), { readonly: true })
  try {
    const hash = createHash('sha256')
    for (const name of db
      .prepare("select name from sqlite_master where type = 'table' and name <> 'idempotency' order by name")
      .pluck()
      .all() as readonly string[])
      for (const row of db
        .prepare(`select * from "${name}"`)
        .raw()
        .all()
        .map((cells) => JSON.stringify(cells))
        .toSorted())
        hash.update(`${name} ${row}\n`)
    return hash.digest('hex')
  } finally {
    db.close()
  }
}

interface Sent {
  readonly type?: string
  readonly key?: string | undefined
}

async function send({ method, path, scope }: Route, body: string | Uint8Array<ArrayBuffer>, { type = 'application/json', key = freshKey() }: Sent = {}) {
  const token: Record<string, string> = scope === undefined ? {} : { authorization: `Bearer ${await node.token('drafter')}` }
  const filled = path
    .replace('{family}', 'title')
    .replace('{digest}', 'A'.repeat(43))
    .replace(/\{\w+\*?\}/g, '01890a5d-ac96-774b-bcce-b302099a8057')
  const query = path === '/imports' ? '?family=title&dryRun=true' : ''
  const headers = { ...token, 'content-type': type, ...(key === '' ? {} : { 'idempotency-key': key }) }
  const answer = await fetch(`${node.url}${filled}${query}`, { method: method.toUpperCase(), headers, body })
  return { status: answer.status, body: (await answer.json()) as Readonly<Record<string, unknown>> }
}

/** A good request after it succeeds, and changes something. */
async function stillWell(): Promise<void> {
  const before = state()
  expect(await node.call(createDraft, { as: 'drafter', body: { family: 'title', draft: titleDraft() } })).toMatchObject({ draft: expect.any(String) })
  expect(state()).not.toBe(before)
}

const writes: readonly Route[] = allRoutes.filter(({ idempotent }) => idempotent === true)
const ofJson = writes.filter(({ contentType }) => contentType === undefined)

const refused: readonly (readonly [name: string, code: string, body: string | Uint8Array<ArrayBuffer>, sent: Sent])[] = [
  ['a member twice', 'json-member-repeated', '{"a":1,"a":2}', {}],
  ['a member that nobody knows', 'request-malformed', '{"__unheard_of":1}', {}],
  ['a prototype', 'json-member-forbidden', '{"__proto__":{"draft":"x"}}', {}],
  ['sixty thousand levels', 'json-too-deep', '['.repeat(60_000), {}],
  ['half a JSON text', 'json-malformed', '{"draft":', {}],
  ['half a character', 'json-surrogate-lone', String.raw`{"a":"\ud800"}`, {}],
  ['bytes that are no UTF-8', 'text-not-utf8', Uint8Array.of(0x7b, 0xff, 0x7d), {}],
  ['another type', 'content-type-refused', '{}', { type: 'text/plain' }],
  ['UTF-7', 'content-type-refused', '{}', { type: 'application/json; charset=utf-7' }],
  ['no key', 'idempotency-key-missing', '{}', { key: '' }],
]

describe('a write of JSON', () => {
  it.each(refused)('with %s is refused at every address, and leaves the node as it was', async (_name, code, body, sent) => {
    const before = state()
    for (const route of ofJson) expect([route.id, (await send(route, body, sent)).body['code']]).toEqual([route.id, code])
    expect(state()).toBe(before)
    await stillWell()
  })

  it('larger than it may be is refused at every address, and leaves the node as it was', async () => {
    const before = state()
    for (const route of writes) {
      const bytes = new Uint8Array(bodyLimits[route.limit ?? 'default'] + 1)
      // The answer may be there before all is sent, and the connection is closed with it.
      const answer = await send(route, bytes, { type: route.contentType?.[0] ?? 'application/json' }).catch(() => undefined)
      if (answer !== undefined) expect([route.id, answer.body['code']]).toEqual([route.id, 'bytes-too-many'])
    }
    expect(state()).toBe(before)
    await stillWell()
  })
})

const hand = async (file: Uint8Array | string): Promise<readonly [status: number, told: unknown]> => {
  const { status, body } = await send(takeTrustFile, Uint8Array.from(Buffer.from(file)), { type: 'application/octet-stream' })
  return [status, body['outcome'] ?? body['code']]
}

describe('a trust file', () => {
  const weak = { kty: 'OKP' as const, crv: 'Ed25519' as const, x: encodeBase64url(Buffer.from([1, ...new Uint8Array(31)])) }
  const second = () => digestOf(manifest({ version: 2, prev: digestOf(manifest({}), nodeEngine) }), nodeEngine)
  const next = () => ({ ...list, version: 2, prev: anchorOf(list, signAllianceList(list, signers)).digest })
  const bomb = () => {
    const lst = encodeBase64url(deflate(new Uint8Array(64 * 1024 * 1024)))
    const claims = { iss: tai.iss, sub: `${tai.iss}/status/1`, iat: iat + 60, exp: iat + 1000, ttl: 100, status_list: { bits: 2, lst } }
    return signCompactJws({ typ: statusListType }, claims, tai.status.signer, { bytes: 2 ** 22, depth: 6 })
  }
  const twice = () => {
    const signed = JSON.parse(Buffer.from(signAllianceList(next(), signers.slice(0, 1))).toString('utf8')) as { signatures: unknown[] }
    return JSON.stringify({ ...signed, signatures: [signed.signatures[0], signed.signatures[0]] })
  }

  it.each<[string, () => Uint8Array | string, string]>([
    [
      'with a weak key',
      () => manifest({ version: 3, prev: second(), keys: [...keysOf(tai, iat), { ...manifestKey(makeTestKey('w'), 'issue', iat), jwk: weak }] }),
      'key-weak',
    ],
    ['that is older than the one that is held', () => manifest({}), 'trust-rolled-back'],
    ['that follows from none', () => manifest({ version: 3, prev: null }), 'trust-chain-broken'],
    ['that drops a key', () => manifest({ version: 3, prev: second(), keys: keysOf(tai, iat).slice(1) }), 'trust-key-dropped'],
    ['of somebody else under its name', () => manifest({ version: 3, prev: second() }, liao), 'trust-signer-unknown'],
    ['of a stranger', () => signManifest(manifestPayload(makeCity('379999'), iat), makeCity('379999').authority.signer), 'trust-issuer-unnamed'],
    ['with k−1 signatures', () => signAllianceList(next(), signers.slice(0, 1)), 'trust-threshold-missed'],
    ['with one signature twice', twice, 'signature-repeated'],
    ['that is a status list of before', () => signStatusList(tai, iat, new Map()), 'trust-rolled-back'],
    ['that unpacks to more than a list can hold', bomb, 'bytes-too-many'],
    ['of 5 MB', () => `{"payload":"${'A'.repeat(5 * 1024 * 1024)}"}`, 'bytes-too-many'],
    ['nested without end', () => `{"payload":${'['.repeat(200_000)}`, 'json-too-deep'],
    ['that is none', () => '{}', 'jws-malformed'],
  ])('%s is refused by name, and leaves the node as it was', async (_name, make, code) => {
    const before = state()
    expect((await hand(make()))[1]).toBe(code)
    expect(state()).toBe(before)
    await stillWell()
  })
})
