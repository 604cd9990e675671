import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { RuleSet } from '#core/rules/rule-set.ts'
import type { RefusedFile, Trust, TrustFile, TrustFiles } from '#core/trust/assemble-trust.ts'
import type { AllianceList } from '#core/trust/alliance-list.ts'
import { digestOf } from '#core/model/digest.ts'
import { nodeEngine } from '#custody/engine-node.ts'
import {
  agreedRuleSets,
  alliancePayload,
  anchorOf,
  anchorsOf,
  assemble,
  fileOf,
  keysOf,
  makeAlliance,
  makeCity,
  makeShandong,
  makeTestKey,
  manifestKey,
  manifestPayload,
  memberOf,
  ruleSetPayload,
  signAllianceList,
  signManifest,
  signRuleSet,
  signStatusList,
} from '../../support/make-alliance.ts'

const circle = makeAlliance({ cities: ['370100', '370300', '370900'] })
const { files, iat } = circle
const [jinan, zibo, taian] = ['370100', '370300', '370900'].map(circle.city) as [
  ReturnType<typeof makeCity>,
  ReturnType<typeof makeCity>,
  ReturnType<typeof makeCity>,
]
const signers = [jinan, zibo, taian].map(({ authority }) => authority.signer)

const told = (refused: readonly RefusedFile[]): readonly string[] => refused.map(({ name, fault }) => `${name}: ${fault.code}`)
/** What a verifier can see of its trust. */
const seen = (trust: Trust): unknown => ({
  authorities: [...trust.authorities.values()]
    .map(({ iss, division, key, vouchers, manifest, statusLists }) => ({
      iss,
      division,
      kid: key.kid,
      vouchers: vouchers.map((voucher) => (voucher.by === 'anchor' ? 'anchor' : voucher.list.payload.alliance)),
      manifest: manifest?.digest,
      statusLists: [...statusLists.values()].map(({ uri, digest }) => [uri, digest]),
    }))
    .toSorted((a, b) => (a.iss < b.iss ? -1 : 1)),
  alliances: trust.alliances.map(({ payload, digest }) => [payload.alliance, payload.version, digest]),
  ruleSets: trust.ruleSets.map(({ digest }) => digest).toSorted(),
  unheard: trust.unheard,
  keys: [...trust.keys.keys()].toSorted(),
})
const withMore = (more: Partial<Record<keyof Omit<TrustFiles, 'anchors'>, readonly TrustFile[]>>): TrustFiles => ({
  anchors: files.anchors,
  allianceLists: [...files.allianceLists, ...(more.allianceLists ?? [])],
  manifests: [...files.manifests, ...(more.manifests ?? [])],
  ruleSets: [...files.ruleSets, ...(more.ruleSets ?? [])],
  statusLists: [...files.statusLists, ...(more.statusLists ?? [])],
  freshness: more.freshness,
})

const ruleSet = (id: string, alliance: string, version = 1): RuleSet =>
  RuleSet.parse({ id, version, alliance, from: '2021-01-01', origin: 'sample', defaultMode: 'manual_review', rules: [] })

describe('a whole set of files', () => {
  it('makes a trust in which every city has its key, manifest and list, and nothing is refused', () => {
    expect(told(circle.refused)).toEqual([])
    expect(
      [...circle.trust.authorities.values()].map(({ division, manifest, statusLists }) => [division, manifest?.payload.version, [...statusLists.keys()]]),
    ).toEqual([
      ['370100', 1, ['https://370100.comity.example/status/1']],
      ['370300', 1, ['https://370300.comity.example/status/1']],
      ['370900', 1, ['https://370900.comity.example/status/1']],
    ])
    expect(circle.trust.unheard).toEqual([])
  })

  it('comes out the same whatever the order of its files', () => {
    const [first] = files.allianceLists
    const payload = circle.trust.alliances[0]!.payload
    const second: AllianceList = { ...payload, version: 2, prev: circle.trust.alliances[0]!.digest, ttl: 99 }
    const manifest = manifestPayload(jinan, iat)
    const next = { ...manifest, version: 2, prev: digestOf(Buffer.from(files.manifests[0]!.bytes).toString('utf8'), nodeEngine) }
    const all = withMore({
      allianceLists: [fileOf('second', signAllianceList(second, signers))],
      manifests: [fileOf('next', signManifest(next, jinan.authority.signer))],
      statusLists: [fileOf('later', signStatusList(jinan, iat + 60, new Map([[7, [{ kind: 'revoked', reason: 'fraud', from: iat }]]])))],
      ruleSets: [1, 2].map((version) => fileOf(`rules ${version}`, signRuleSet(ruleSetPayload(ruleSet('circle/1', 'circle', version), iat), signers))),
    })
    const expected = seen(assemble(all).trust)
    expect(first).toBeDefined()
    fc.assert(
      fc.property(
        fc.tuple(
          ...([all.allianceLists, all.manifests, all.ruleSets, all.statusLists] as const).map((list) =>
            fc.shuffledSubarray([...list], { minLength: list.length }),
          ),
        ),
        ([allianceLists, manifests, ruleSets, statusLists]) => {
          const shuffled = { anchors: all.anchors, allianceLists: allianceLists!, manifests: manifests!, ruleSets: ruleSets!, statusLists: statusLists! }
          expect(seen(assemble(shuffled).trust)).toEqual(expected)
        },
      ),
      { numRuns: 40 },
    )
  })
})

describe('a file that does not lead back to an anchor', () => {
  const stranger = makeCity('370200')
  const strangers = alliancePayload('strangers', [memberOf(stranger)], iat)
  const late = manifestPayload(jinan, iat, { keys: [...keysOf(jinan, iat), manifestKey(makeTestKey('future status'), 'status', iat, { nbf: iat + 1000 })] })
  const closed = manifestKey(makeTestKey('closed status'), 'status', iat, { revoked: { at: iat - 10, reason: 'superseded' } })
  const cases: readonly (readonly [string, Parameters<typeof withMore>[0], string])[] = [
    [
      'a manifest of nobody',
      { manifests: [fileOf('bad', signManifest(manifestPayload(stranger, iat), stranger.authority.signer))] },
      'bad: trust-issuer-unnamed',
    ],
    [
      'a manifest under a stranger’s key',
      { manifests: [fileOf('bad', signManifest(manifestPayload(jinan, iat, { version: 2 }), stranger.authority.signer))] },
      'bad: trust-signer-unknown',
    ],
    [
      'a manifest without an issuer',
      { manifests: [fileOf('bad', signManifest({ ...manifestPayload(jinan, iat), iss: 1 as unknown as string }, jinan.authority.signer))] },
      'bad: trust-malformed',
    ],
    ['a manifest that is no text', { manifests: [fileOf('bad', new Uint8Array([0xff, 0xfe, 0]))] }, 'bad: text-not-utf8'],
    ['a status list in the place of a manifest', { manifests: [{ ...files.statusLists[0]!, name: 'bad' }] }, 'bad: jws-type-refused'],
    ['a list that is no JSON', { allianceLists: [fileOf('bad', '{"payload":')] }, 'bad: json-malformed'],
    [
      'a list of an alliance that no anchor names',
      { allianceLists: [fileOf('bad', signAllianceList(strangers, [stranger.authority.signer]))] },
      'bad: trust-issuer-unnamed',
    ],
    [
      'a rule set of an alliance that no anchor names',
      { ruleSets: [fileOf('bad', signRuleSet(ruleSetPayload(ruleSet('strangers/1', 'strangers'), iat), [stranger.authority.signer]))] },
      'bad: trust-issuer-unnamed',
    ],
    [
      'a rule set signed by too few',
      { ruleSets: [fileOf('bad', signRuleSet(ruleSetPayload(ruleSet('circle/1', 'circle'), iat), signers.slice(0, 1)))] },
      'bad: trust-threshold-missed',
    ],
    [
      'a rule set under the name of another alliance',
      { ruleSets: [fileOf('bad', signRuleSet(ruleSetPayload(ruleSet('neighbours/1', 'circle'), iat), signers))] },
      'bad: trust-issuer-differs',
    ],
    [
      'a status list under a key that nobody lists',
      { statusLists: [fileOf('bad', signStatusList(jinan, iat + 1, new Map(), {}, makeTestKey('nobody')))] },
      'bad: trust-signer-unknown',
    ],
    [
      'a status list under an issuing key',
      { statusLists: [fileOf('bad', signStatusList(jinan, iat + 1, new Map(), {}, jinan.issue))] },
      'bad: key-use-differs',
    ],
    [
      'another city’s status list',
      { statusLists: [fileOf('bad', signStatusList(jinan, iat + 1, new Map(), { sub: `${zibo.iss}/status/1` }))] },
      'bad: trust-issuer-differs',
    ],
    [
      'a status list whose address only begins like its issuer’s',
      { statusLists: [fileOf('bad', signStatusList(jinan, iat + 1, new Map(), { sub: `${jinan.iss}.evil.example/status/1` }))] },
      'bad: trust-issuer-differs',
    ],
    ['a status list that is older than the one held', { statusLists: [fileOf('bad', signStatusList(jinan, iat - 1, new Map()))] }, 'bad: trust-rolled-back'],
    [
      'another status list of the same second',
      { statusLists: [fileOf('bad', signStatusList(jinan, iat, new Map([[3, [{ kind: 'revoked', reason: 'fraud', from: iat }]]])))] },
      'bad: trust-forked',
    ],
  ]

  it.each(cases)('is named, and takes nothing with it: %s', (_what, more, expected) => {
    const { trust, refused } = assemble(withMore(more))
    expect(told(refused)).toEqual([expected])
    expect(seen(trust)).toEqual(seen(circle.trust))
  })

  it('is a status list from before its key was in force, or after it was closed', () => {
    const future = { ...jinan, status: makeTestKey('future status') }
    const gone = { ...jinan, status: makeTestKey('closed status') }
    const manifests = [fileOf('manifest', signManifest({ ...late, keys: [...late.keys, closed] }, jinan.authority.signer)), ...files.manifests.slice(1)]
    const { refused } = assemble({
      ...files,
      manifests,
      statusLists: [
        fileOf('too early', signStatusList(future, iat + 999, new Map(), { no: 2 })),
        fileOf('too late', signStatusList(gone, iat, new Map(), { no: 3 })),
      ],
    })
    expect(told(refused)).toEqual(['too early: key-outside-window', 'too late: key-revoked'])
  })

  it('is an edited status list', () => {
    const text = signStatusList(jinan, iat + 1, new Map())
    const other = signStatusList(jinan, iat + 1, new Map([[3, [{ kind: 'revoked', reason: 'fraud', from: iat }]]]))
    const glued = [...other.split('.').slice(0, 2), text.split('.')[2]].join('.')
    expect(told(assemble(withMore({ statusLists: [fileOf('bad', glued)] })).refused)).toEqual(['bad: signature-wrong'])
  })
})

describe('versions', () => {
  const payload = circle.trust.alliances[0]!.payload
  const { digest } = circle.trust.alliances[0]!
  const list = (changes: Partial<AllianceList>) => signAllianceList({ ...payload, ...changes }, signers)
  const second = list({ version: 2, prev: digest })

  it('of a list lead from the anchor to the newest', () => {
    const { trust, refused } = assemble(withMore({ allianceLists: [fileOf('second', second)] }))
    expect([told(refused), trust.alliances[0]!.payload.version]).toEqual([[], 2])
  })

  it('of a list that are missing stop the chain where it is whole', () => {
    const third = list({ version: 3, prev: 'A'.repeat(43) })
    const { trust, refused } = assemble(withMore({ allianceLists: [fileOf('third', third)] }))
    expect([told(refused), trust.alliances[0]!.payload.version]).toEqual([['third: trust-chain-broken'], 1])
  })

  it('of a list before the anchor count for nothing: nothing leads back to them', () => {
    const later = anchorOf({ alliance: 'circle', version: 2 }, second)
    const { trust, refused } = assemble({ ...withMore({ allianceLists: [fileOf('second', second)] }), anchors: { authorities: [], alliances: [later] } })
    expect([told(refused), trust.alliances[0]!.payload.version]).toEqual([['alliances/circle-1.json: trust-rolled-back'], 2])
  })

  it('of a list that is missing altogether are told as unheard, and their cities are nobody’s', () => {
    const { trust } = assemble({ ...files, allianceLists: [] })
    expect([trust.unheard, trust.authorities.size, trust.ruleSets]).toEqual([['circle'], 0, []])
  })

  it('of one list with two contents: the first stands, the second is named', () => {
    const fork = fileOf('fork', list({ version: 2, prev: digest, ttl: 5 }))
    const { trust, refused } = assemble(withMore({ allianceLists: [fileOf('second', second), fork] }))
    expect([told(refused), trust.alliances[0]!.payload.ttl]).toEqual([['fork: trust-forked'], payload.ttl])
  })

  it('of one rule set with two contents: the second is named', () => {
    const rules = (ttl: number) => signRuleSet(ruleSetPayload(ruleSet('circle/1', 'circle'), iat, { ttl }), signers)
    const { trust, refused } = assemble(withMore({ ruleSets: [fileOf('one', rules(10)), fileOf('one again', rules(10)), fileOf('other', rules(20))] }))
    expect([told(refused), trust.ruleSets.length]).toEqual([['other: trust-forked'], 1])
  })
})

describe('anchors', () => {
  const impostor = makeTestKey('impostor')
  const forged = { ...memberOf(jinan), authorityKey: impostor.jwk }
  const other = signAllianceList(alliancePayload('other', [memberOf(zibo), forged], iat, { thresholds: { list: 1, rules: 1 } }), [zibo.authority.signer])
  const others = [fileOf('other', other)]
  const ofJinan = ({ trust }: { readonly trust: Trust }) => {
    const { key, vouchers } = trust.authorities.get(jinan.iss)!
    return [key.kid, vouchers.map((voucher) => (voucher.by === 'anchor' ? 'anchor' : voucher.list.payload.alliance))]
  }

  const ofBoth = (lists: readonly TrustFile[], more: Partial<TrustFiles> = {}) =>
    assemble({ ...files, allianceLists: lists, anchors: anchorsOf(lists), ...more })
  const ownAnchor = {
    division: jinan.division,
    name: jinan.name,
    iss: jinan.iss,
    authorityKey: jinan.authority.jwk,
    authorised: [{ families: ['title' as const] }],
  }

  it('that name two lists with different keys for one city let neither key count, in whatever order, and raise an alarm', () => {
    const both = [...files.allianceLists, ...others]
    for (const lists of [both, both.toReversed()]) {
      const { trust, refused } = ofBoth(lists)
      const authority = trust.authorities.get(jinan.iss)!
      expect([authority.disputed, authority.vouchers, authority.manifest, authority.statusLists.size]).toEqual([true, [], undefined, 0])
      expect(told(refused)).toEqual(['manifests/370100-1.jwt: trust-issuer-disputed', 'status/370100-1.jwt: trust-signer-unknown'])
      expect(trust.keys.has(jinan.issue.public.kid)).toBe(false)
      const { kind, division, claims } = trust.alarms[0]!
      expect([trust.alarms.length, kind, division, claims.toSorted((a, b) => (a.by < b.by ? -1 : 1))]).toEqual([
        1,
        'key-disputed',
        '370100',
        [
          { by: 'circle', version: 1, iss: jinan.iss, division: '370100', kid: jinan.authority.public.kid },
          { by: 'other', version: 1, iss: jinan.iss, division: '370100', kid: impostor.public.kid },
        ],
      ])
      // The others of both lists are as they were.
      expect(trust.authorities.get(zibo.iss)!.vouchers.length).toBe(2)
      expect(trust.authorities.get(taian.iss)!.manifest).toBeDefined()
    }
  })

  it('of the verifier itself stand against any list, and the contradiction is an alarm all the same', () => {
    const both = [...others, ...files.allianceLists]
    const { trust, refused } = ofBoth(both, { anchors: { authorities: [ownAnchor], alliances: anchorsOf(both).alliances } })
    expect(ofJinan({ trust })).toEqual([jinan.authority.public.kid, ['anchor', 'circle']])
    expect([told(refused), trust.authorities.get(jinan.iss)!.disputed]).toEqual([[], false])
    expect(trust.alarms.map(({ kind, division, claims }) => [kind, division, claims.map(({ by }) => by)])).toEqual([
      ['key-disputed', '370100', ['anchor', 'other', 'circle']],
    ])
  })

  it('take another place of one issuer for a contradiction, too', () => {
    const moved = signAllianceList(
      alliancePayload('other', [memberOf(zibo), memberOf(jinan, { division: taian.division })], iat, { thresholds: { list: 1, rules: 1 } }),
      [zibo.authority.signer],
    )
    const { trust } = ofBoth([...files.allianceLists, fileOf('other', moved)])
    expect([trust.authorities.get(jinan.iss)!.disputed, trust.alarms.map(({ kind }) => kind)]).toEqual([true, ['key-disputed', 'city-doubled']])
  })

  it('let a list name the old key of a member that has left it: that is no contradiction', () => {
    const gone = { ...forged, state: 'left' as const, until: '2025-01-01' }
    const list = signAllianceList(alliancePayload('other', [memberOf(zibo), gone], iat, { thresholds: { list: 1, rules: 1 } }), [zibo.authority.signer])
    const { trust } = ofBoth([fileOf('other', list), ...files.allianceLists])
    expect([ofJinan({ trust }), trust.alarms]).toEqual([[jinan.authority.public.kid, ['circle']], []])
  })

  it('of two alliances that know different bureaus of one city raise an alarm, and both bureaus stand', () => {
    const twin = { ...memberOf(makeCity('370100', 'twin')), iss: 'https://twin.example' }
    const list = (member: typeof twin) =>
      fileOf('other', signAllianceList(alliancePayload('other', [memberOf(zibo), member], iat, { thresholds: { list: 1, rules: 1 } }), [zibo.authority.signer]))
    const { trust } = ofBoth([...files.allianceLists, list(twin)])
    expect(trust.alarms.map(({ kind, division, claims }) => [kind, division, claims.map(({ iss }) => iss)])).toEqual([
      ['city-doubled', '370100', [jinan.iss, twin.iss]],
    ])
    expect([trust.authorities.get(jinan.iss)!.manifest?.payload.version, trust.authorities.get(twin.iss)!.disputed]).toEqual([1, false])
    // A park in the city is not the city, and neither is an authority whose records are merely accepted.
    for (const changes of [{ kind: 'park' as const, authorised: [] }, { role: 'accepted' as const }])
      expect(ofBoth([...files.allianceLists, list({ ...twin, ...changes })]).trust.alarms).toEqual([])
  })

  it('let a city that lists another’s status key as its own take nothing from it', () => {
    const greedy = signManifest(manifestPayload(jinan, iat, { keys: [...keysOf(jinan, iat), manifestKey(zibo.status, 'status', iat)] }), jinan.authority.signer)
    const { trust, refused } = assemble({ ...files, manifests: [fileOf('greedy', greedy), ...files.manifests.slice(1)] })
    expect(told(refused)).toEqual([])
    expect([...trust.authorities.get(zibo.iss)!.statusLists.keys()]).toEqual([`${zibo.iss}/status/1`])
  })
})

it('both Shandong alliances and their signed sample rules assemble, and Binzhou and Dongying are vouched for by both', () => {
  const { trust, refused } = makeShandong()
  expect(told(refused)).toEqual([])
  expect(trust.ruleSets.map(({ payload }) => payload.ruleSet.id).toSorted()).toEqual(['jiaodong-blue-zone/2022-1', 'sd-capital-circle/2021-1'])
  const twice = [...trust.authorities.values()].filter(({ vouchers }) => vouchers.length === 2).map(({ division }) => division)
  expect(twice.toSorted()).toEqual(['370000', '370500', '371600'])
  expect(trust.alarms).toEqual([])
})

it('every sample rule set of the alliances bears its alliance’s name', () => {
  expect(agreedRuleSets.filter(({ id, alliance }) => !(id.startsWith(`${alliance}/`) || id.startsWith(`${alliance}-`)))).toEqual([])
})
