import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import circleRules from '#schema/rules/sd-capital-circle-2021-1.json' with { type: 'json' }
import { instantOf, secondsOf } from '#core/model/instant.ts'
import { digestOf } from '#core/model/digest.ts'
import { RuleSet } from '#core/rules/rule-set.ts'
import { nodeEngine } from '#custody/engine-node.ts'
import type { AllianceList } from '#core/trust/alliance-list.ts'
import type { TrustFile } from '#core/trust/assemble-trust.ts'
import { changeStatus } from '#registry/change-status.ts'
import { exportTrust } from '#registry/export-trust.ts'
import { holdTrust, joinAlliance, readAnchors, takeTrustFiles } from '#registry/held-trust.ts'
import { publishStatusLists } from '#registry/publish.ts'
import { rotateKey } from '#registry/rotate-key.ts'
import { listTrustSubjects, listTrustVersions } from '#storage/trust-objects.ts'
import { trustKinds } from '#storage/tables.ts'
import { titleDraft } from '../support/examples.ts'
import { faultCodeOf } from '../support/fault-code-of.ts'
import {
  alliancePayload,
  anchorOf,
  fileOf,
  makeCity,
  manifestPayload,
  memberOf,
  payloadDigest,
  ruleSetPayload,
  signAllianceList,
  signManifest,
  signRuleSet,
  signStatusList,
} from '../support/make-alliance.ts'
import { approver, formTestAlliance, issueRecordAt, openTestOffice, proposeAmong, takeFrom, type TestOffice } from '../support/open-test-office.ts'

// Zibo is an office; its neighbours of the alliance `circle` are made in memory, so that they can lie.
let zibo: TestOffice
const [tai, liao] = [makeCity('370900'), makeCity('371500')]
const signers = [tai, liao].map(({ authority }) => authority.signer)
let iat: number
let listFile: Uint8Array
let list: AllianceList

beforeAll(async () => {
  zibo = await openTestOffice({ division: '370300' })
  iat = secondsOf(zibo.office.clock())
  list = alliancePayload('circle', [memberOf(tai), memberOf(liao)], iat, { thresholds: { list: 2, rules: 2 } })
  listFile = signAllianceList(list, signers)
})
afterAll(() => zibo.close())

const take = async (...files: readonly TrustFile[]): Promise<readonly string[]> => {
  const { taken, known, refused } = await takeTrustFiles(zibo.office, files, 'cli:test')
  return [...taken.map((name) => `${name}: taken`), ...known.map((name) => `${name}: known`), ...refused.map(({ name, fault }) => `${name}: ${fault.code}`)]
}
const manifestOf = (changes: Parameters<typeof manifestPayload>[2] = {}, city = tai) => signManifest(manifestPayload(city, iat, changes), city.authority.signer)
const stored = async (): Promise<readonly string[]> => {
  const lines: string[] = []
  for (const kind of trustKinds)
    for (const { subject } of await listTrustSubjects(zibo.store.read, { kind }))
      for (const { version } of await listTrustVersions(zibo.store.read, { kind, subject })) lines.push(`${kind} ${subject} ${version}`)
  return lines
}
const seen = async (): Promise<unknown> => {
  const { trust, refused } = await holdTrust(zibo.office)
  return [
    [...trust.authorities.values()].map(({ iss, manifest, statusLists }) => [iss, manifest?.digest, [...statusLists.values()].map(({ digest }) => digest)]),
    trust.alliances.map(({ digest }) => digest),
    trust.ruleSets.map(({ digest }) => digest),
    refused,
  ]
}

describe('before an alliance is joined', () => {
  it('nothing of it is taken, so that nobody can lay in what would stand in the way later', async () => {
    const forged = signAllianceList({ ...list, ttl: 1 }, [makeCity('379999').authority.signer])
    expect(await take(fileOf('list', listFile), fileOf('forged', forged), fileOf('manifest', manifestOf()))).toEqual([
      'list: trust-issuer-unnamed',
      'forged: trust-issuer-unnamed',
      'manifest: trust-issuer-unnamed',
    ])
    expect(await stored()).toEqual([])
  })

  it('is joined by a digest that somebody told, and by nothing malformed', async () => {
    const join = (anchor: object) => faultCodeOf(joinAlliance(zibo.office, { actor: 'cli:test' }, anchor as never))
    expect(await join({ alliance: 'circle', version: 1, digest: 'short' })).toBe('request-malformed')
    expect(await join({ alliance: 'circle', version: 0, digest: payloadDigest(listFile) })).toBe('request-malformed')
    expect(await join({ ...anchorOf(list, listFile), extra: 1 })).toBe('request-malformed')
    expect((await readAnchors(zibo.store.read, zibo.office.authority)).alliances).toEqual([])
    expect(await join(anchorOf(list, listFile))).toBe('no fault')
    expect((await readAnchors(zibo.store.read, zibo.office.authority)).alliances).toEqual([anchorOf(list, listFile)])
  })
})

describe('files from others', () => {
  it('are taken when they lead back to the anchor, and known when they come again', async () => {
    const files = [fileOf('status', signStatusList(tai, iat, new Map())), fileOf('manifest', manifestOf()), fileOf('list', listFile)]
    expect(await take(...files)).toEqual(['status: taken', 'manifest: taken', 'list: taken'])
    expect(await take(...files)).toEqual(['status: known', 'manifest: known', 'list: known'])
    expect(await stored()).toEqual([
      'manifest https://370900.comity.example 1',
      'alliance circle 1',
      `status-list https://370900.comity.example/status/1 ${iat}`,
    ])
    const events = (await zibo.audits()).filter(({ action }) => action === 'take-trust')
    expect(events.map(({ actor, subject, detail }) => [actor, subject, (detail as { readonly version: number }).version])).toEqual(
      expect.arrayContaining([
        ['cli:test', 'alliance circle', 1],
        ['cli:test', 'manifest https://370900.comity.example', 1],
      ]),
    )
  })

  describe('that are bad', () => {
    let before: unknown
    let kept: readonly string[]
    beforeEach(async () => {
      before = await seen()
      kept = await stored()
    })

    const stranger = makeCity('370200')
    it.each<readonly [string, () => TrustFile, string]>([
      ['no file at all', () => fileOf('bad', ''), 'json-malformed'],
      ['a picture', () => fileOf('bad', new Uint8Array([0x89, 0x50, 0x4e, 0x47])), 'text-not-utf8'],
      ['a manifest of a stranger', () => fileOf('bad', manifestOf({}, stranger)), 'trust-issuer-unnamed'],
      ['another manifest of the same version', () => fileOf('bad', manifestOf({ ttl: 5 })), 'trust-forked'],
      ['a manifest without its keys', () => fileOf('bad', manifestOf({ version: 7, keys: manifestPayload(tai, iat).keys.slice(1) })), 'trust-key-dropped'],
      [
        'another status list of the same second',
        () => fileOf('bad', signStatusList(tai, iat, new Map([[1, [{ kind: 'revoked', reason: 'fraud', from: iat }]]]))),
        'trust-forked',
      ],
      ['an older status list', () => fileOf('bad', signStatusList(tai, iat - 1, new Map())), 'trust-rolled-back'],
      [
        'an alliance list with too few signatures',
        () => fileOf('bad', signAllianceList({ ...list, version: 2, prev: payloadDigest(listFile) }, signers.slice(0, 1))),
        'trust-threshold-missed',
      ],
      ['another first list', () => fileOf('bad', signAllianceList({ ...list, ttl: 5 }, signers)), 'trust-forked'],
      [
        'a rule set with too few signatures',
        () => fileOf('bad', signRuleSet(ruleSetPayload(RuleSet.parse({ ...circleRules, id: 'circle/1', alliance: 'circle' }), iat), signers.slice(0, 1))),
        'trust-threshold-missed',
      ],
      [
        'the node’s own manifest by somebody else',
        () =>
          fileOf(
            'bad',
            signManifest({ ...manifestPayload(tai, iat), iss: 'https://370300.comity.example', division: '370300' as never, version: 9 }, tai.authority.signer),
          ),
        'trust-signer-unknown',
      ],
    ])('%s: named, and nothing is changed', async (_what, file, code) => {
      expect(await take(file())).toEqual([`bad: ${code}`])
      expect([await seen(), await stored()]).toEqual([before, kept])
    })

    it('take no good one with them, not even under one name', async () => {
      const good = signStatusList(tai, iat + 10, new Map())
      expect(
        await take(
          fileOf('same', signStatusList(tai, iat - 1, new Map())),
          fileOf('same', manifestOf({ ttl: 5 })),
          fileOf('same', good),
          fileOf('same', 'nonsense'),
        ),
      ).toEqual(['same: taken', 'same: text-not-utf8', 'same: trust-rolled-back', 'same: trust-forked'])
      expect(await stored()).toEqual([...kept, `status-list https://370900.comity.example/status/1 ${iat + 10}`])
    })
  })

  it('do not bar the way to honest status lists by a date far ahead', async () => {
    const day = 24 * 3600
    const listOf = (ahead: number) => fileOf(`list ${ahead}`, signStatusList(tai, iat + ahead, new Map()))
    expect(await take(listOf(day + 1), listOf(60 * day))).toEqual([`list ${day + 1}: trust-from-future`, `list ${60 * day}: trust-from-future`])
    expect(await take(listOf(7200), listOf(7201))).toEqual(['list 7200: taken', 'list 7201: taken'])
  })

  it('that are older than what is held never displace it', async () => {
    const second = manifestPayload(tai, iat, { version: 2, prev: digestOf(manifestOf(), nodeEngine) })
    expect(await take(fileOf('second', signManifest(second, tai.authority.signer)))).toEqual(['second: taken'])
    expect(await take(fileOf('first', manifestOf()))).toEqual(['first: trust-rolled-back'])
    expect((await holdTrust(zibo.office)).trust.authorities.get(tai.iss)!.manifest!.payload.version).toBe(2)
  })
})

describe('offices among themselves', () => {
  let jinan: TestOffice
  let binzhou: TestOffice
  beforeAll(async () => {
    jinan = await openTestOffice({ division: '370100' })
    binzhou = await openTestOffice({ division: '371600' })
    await formTestAlliance([jinan.office, binzhou.office], 'sd-capital-circle', circleRules)
  })
  afterAll(() => Promise.all([jinan.close(), binzhou.close()]))

  it('follow one another’s new keys and status changes', async () => {
    const { id } = await issueRecordAt(jinan.office, 'title', titleDraft())
    for (const node of [jinan, binzhou]) node.advance(60)
    await rotateKey(jinan.office, { actor: 'cli:test' }, 'issue')
    await changeStatus(jinan.office, approver, { id }, { change: 'suspended', reason: 'investigation' })
    expect(await takeFrom(binzhou.office, jinan.office)).toMatchObject({ refused: [] })
    const held = (await holdTrust(binzhou.office)).trust.authorities.get(jinan.office.authority.iss)!
    expect([held.manifest!.payload.version, [...held.statusLists.values()][0]!.list.history!.size]).toEqual([2, 1])
  })

  it('take two lists that were published within one second', async () => {
    const one = await exportTrust(jinan.office)
    await publishStatusLists(jinan.office, 'all')
    const two = await exportTrust(jinan.office)
    const lists = (files: readonly TrustFile[]) => files.filter(({ name }) => name.includes('370100') && name.startsWith('status/'))
    expect((await takeTrustFiles(binzhou.office, lists(one), 'cli:test')).refused).toEqual([])
    const { taken, refused } = await takeTrustFiles(binzhou.office, lists(two), 'cli:test')
    expect([taken.length, refused]).toEqual([1, []])
  })

  it('export what a verifier needs, and it assembles anew', async () => {
    const names = (await exportTrust(binzhou.office)).map(({ name }) => name.replace(/-\d+\./, '-N.'))
    expect(names).toEqual([
      'anchors.json',
      'manifests/371600.comity.example-N.jwt',
      'manifests/370100.comity.example-N.jwt',
      'alliances/sd-capital-circle-N.json',
      'rules/sd-capital-circle_2021-1-N.json',
      'status/371600.comity.example_status_1-N.jwt',
      'status/370100.comity.example_status_1-N.jwt',
    ])
  })

  it('that join by a later list let the earlier ones be', async () => {
    const held = (await holdTrust(binzhou.office)).trust.alliances[0]!
    const by = { actor: 'cli:secretary' }
    const { iat: _iat, ttl: _ttl, exp: _exp, version: _version, prev: _prev, ...draft } = held.payload
    const second = await proposeAmong([binzhou.office, jinan.office], draft)
    await joinAlliance(binzhou.office, by, { alliance: held.payload.alliance, version: 2, digest: payloadDigest(second) })
    expect((await takeTrustFiles(binzhou.office, [fileOf('second', second)], 'cli:test')).taken).toEqual(['second'])
    const { trust, refused } = await holdTrust(binzhou.office)
    expect([trust.alliances[0]!.payload.version, refused]).toEqual([2, []])
    const first = (await exportTrust(jinan.office)).find(({ name }) => name === 'alliances/sd-capital-circle-1.json')!
    expect((await takeTrustFiles(binzhou.office, [first], 'cli:test')).refused.map(({ fault }) => fault.code)).toEqual(['trust-rolled-back'])
  })
})

describe('the trust desk', () => {
  it('gives the same trust while nothing has changed, and the new one as soon as something has', async () => {
    const first = await zibo.desk.current()
    expect(await zibo.desk.current()).toBe(first)
    zibo.advance(60)
    await publishStatusLists(zibo.office, 'all')
    zibo.desk.changed()
    const second = await zibo.desk.current()
    expect(second).not.toBe(first)
    expect(second.trust.authorities.get(zibo.office.authority.iss)!.statusLists.size).toBe(1)
    expect(instantOf(iat)).toBe('2026-06-01T04:00:00Z')
  })
})
