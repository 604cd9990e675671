import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'

import alliancesTable from '#codes/alliances.json' with { type: 'json' }
import { checkDraft } from '#core/credential/check-draft.ts'
import { families } from '#core/credential/families.ts'
import type { Draft, RecordClaims } from '#core/credential/family.ts'
import { issueRecord } from '#core/credential/issue-record.ts'
import { publicJwkOf, readPublicKeyBytes } from '#core/crypto/read-public-key.ts'
import type { PublicKey, RandomBytes, Signer } from '#core/crypto/engine.ts'
import { encodeUtf8 } from '#core/encoding/utf8.ts'
import type { JsonObject } from '#core/encoding/parse-json.ts'
import { signCompactJws } from '#core/encoding/parse-jws.ts'
import type { DivisionCode } from '#core/model/division-code.ts'
import { digestOf } from '#core/model/digest.ts'
import { familyIds, type FamilyId } from '#core/model/family-id.ts'
import { dayOf, instantOf, secondsOf, type Instant } from '#core/model/instant.ts'
import type { Localised } from '#core/model/localised.ts'
import type { PartialDate } from '#core/model/partial-date.ts'
import { RuleSet } from '#core/rules/rule-set.ts'
import type { StatusPeriod } from '#core/status/status-kinds.ts'
import { issueStatusListToken } from '#core/status/status-list-token.ts'
import { allianceListType, type AllianceAnchor, type AllianceList, type AllianceMember } from '#core/trust/alliance-list.ts'
import type { Anchors } from '#core/trust/anchors.ts'
import { assembleTrust, type RefusedFile, type Trust, type TrustFile, type TrustFiles } from '#core/trust/assemble-trust.ts'
import { freshnessType, type FreshnessStamp } from '#core/trust/freshness-stamp.ts'
import { manifestType, type KeyManifest, type keyUses } from '#core/trust/key-manifest.ts'
import { generalLimits } from '#core/trust/parse-general-jws.ts'
import type { Scope } from '#core/trust/scope.ts'
import { countersign, proposeSharedFile, type SharedFileType } from '#core/trust/sign-general-jws.ts'
import { ruleSetType, type SignedRuleSet } from '#core/trust/signed-rule-set.ts'
import { prepareRules } from '#core/verify/prepare-rules.ts'
import type { Rules } from '#core/verify/recognise.ts'
import { deflate, inflate, nodeEngine } from '#custody/engine-node.ts'
import { nodeSigner, publicBytesOfSeed } from '#custody/node-signer.ts'

/**
 * Cities of an alliance in memory: keys, signed files, assembled trust, records. Everything follows from a seed text, so that the same
 * call makes the same bytes in every run; never for anything but tests and benches.
 */

const hour = 3600
const day = 24 * hour
const year = 365 * day

export const testInstant = '2026-06-01T04:00:00Z' as Instant // well formed

/** SHA-256 of seed and counter, block after block: chance that is the same in every run. */
export function seededRandom(seed: string): RandomBytes {
  let counter = 0
  return (length) => {
    const blocks: Buffer[] = []
    for (let have = 0; have < length; have += 32) blocks.push(createHash('sha256').update(`${seed}\0${counter++}`).digest())
    return new Uint8Array(Buffer.concat(blocks).subarray(0, length))
  }
}

export interface TestKey {
  readonly public: PublicKey
  readonly jwk: { readonly kty: 'OKP'; readonly crv: 'Ed25519'; readonly x: string }
  readonly signer: Signer
}

export function makeTestKey(seed: string): TestKey {
  const secret = createHash('sha256').update(`key\0${seed}`).digest()
  const key = readPublicKeyBytes(publicBytesOfSeed(secret))
  const { x } = publicJwkOf(key)
  return { public: key, jwk: { kty: 'OKP', crv: 'Ed25519', x }, signer: nodeSigner(secret) }
}

export interface City {
  readonly division: DivisionCode
  readonly iss: string
  readonly name: Localised
  readonly authority: TestKey
  readonly issue: TestKey
  readonly status: TestKey
  readonly token: TestKey
}

export function makeCity(division: string, seed = 'comity'): City {
  const key = (use: string): TestKey => makeTestKey(`${seed}/${division}/${use}`)
  return {
    division: division as DivisionCode, // six digits, given by the test
    iss: `https://${division}.comity.example`,
    name: nameOf(division),
    authority: key('authority'),
    issue: key('issue'),
    status: key('status'),
    token: key('token'),
  }
}

const members = alliancesTable.alliances.flatMap((alliance) => alliance.members)
const nameOf = (division: string): Localised => {
  const known = members.find((member) => member.division === division)
  return known === undefined
    ? { zh: `${division}人力资源和社会保障局`, en: `${division} HRSS Bureau` }
    : { zh: known.organization, en: `${known.name.en} HRSS Bureau` }
}

export type ManifestKey = KeyManifest['keys'][number]

export function manifestKey(key: TestKey, use: (typeof keyUses)[number], iat: number, changes: Partial<ManifestKey> = {}): ManifestKey {
  return { jwk: key.jwk, kid: key.public.kid, use, nbf: iat - year, exp: iat + 5 * year, ...changes }
}

/** The keys that every city's manifest lists. */
export const keysOf = (city: City, iat: number): readonly ManifestKey[] => [
  manifestKey(city.issue, 'issue', iat, { scope: { families: [...familyIds], divisions: [city.division] } }),
  manifestKey(city.status, 'status', iat),
  manifestKey(city.token, 'token', iat),
]

export function manifestPayload(city: City, iat: number, changes: Partial<KeyManifest> = {}): KeyManifest {
  return { iss: city.iss, division: city.division, version: 1, prev: null, iat, ttl: 7 * day, exp: iat + 180 * day, keys: [...keysOf(city, iat)], ...changes }
}

export const signManifest = (payload: KeyManifest, signer: Signer): string =>
  signCompactJws({ typ: manifestType }, payload as unknown as JsonObject, signer, generalLimits) // a manifest is JSON

export interface StatusListChanges {
  readonly no?: number
  readonly sub?: string
  readonly iat?: number
  readonly ttl?: number
  readonly exp?: number
  readonly size?: number
}

/** `history`: periods by place. */
export function signStatusList(
  city: City,
  iat: number,
  history: ReadonlyMap<number, readonly StatusPeriod[]>,
  changes: StatusListChanges = {},
  key: TestKey = city.status,
): string {
  const { no = 1, ...rest } = changes
  return issueStatusListToken(
    { iss: city.iss, sub: `${city.iss}/status/${no}`, iat, ttl: 12 * hour, exp: iat + 14 * day, history, ...rest },
    key.signer,
    deflate,
  )
}

export const memberOf = (city: City, changes: Partial<AllianceMember> = {}): AllianceMember => ({
  division: city.division,
  name: city.name,
  iss: city.iss,
  authorityKey: city.authority.jwk,
  role: 'member',
  coversSubordinates: false,
  state: 'active',
  from: '2020-12-04',
  authorised: [{ families: [...familyIds], divisions: [city.division] }],
  addresses: [],
  ...changes,
})

export function alliancePayload(alliance: string, listed: readonly AllianceMember[], iat: number, changes: Partial<AllianceList> = {}): AllianceList {
  const voters = listed.filter(({ role, state }) => role === 'member' && state === 'active').length
  const twoThirds = Math.max(1, Math.ceil((voters * 2) / 3))
  const table = alliancesTable.alliances.find(({ id }) => id === alliance)
  return {
    alliance,
    name: table?.name ?? { zh: `联盟${alliance}`, en: `Alliance ${alliance}` },
    version: 1,
    prev: null,
    iat,
    ttl: 30 * day,
    exp: iat + 400 * day,
    thresholds: { list: twoThirds, rules: twoThirds },
    members: [...listed],
    ...changes,
  }
}

/** Signs a list or rule set by every signer, in their order. */
function signShared(typ: SharedFileType, payload: unknown, [first, ...others]: readonly Signer[]): Uint8Array {
  let file = proposeSharedFile(typ, payload, first)
  for (const signer of others) file = countersign(typ, file, signer)
  return file
}

export const signAllianceList = (payload: AllianceList, signers: readonly Signer[]): Uint8Array => signShared(allianceListType, payload, signers)

export const signStamp = (payload: FreshnessStamp, signers: readonly Signer[]): Uint8Array => signShared(freshnessType, payload, signers)

export const signRuleSet = (payload: SignedRuleSet, signers: readonly Signer[]): Uint8Array => signShared(ruleSetType, payload, signers)

export const ruleSetPayload = (ruleSet: RuleSet, iat: number, changes: Partial<SignedRuleSet> = {}): SignedRuleSet => ({
  iat,
  ttl: 30 * day,
  exp: iat + 400 * day,
  ruleSet,
  ...changes,
})

/** The digest that an anchor names: of the payload as it was signed. */
export const payloadDigest = (file: Uint8Array): string =>
  digestOf((JSON.parse(Buffer.from(file).toString('utf8')) as { readonly payload: string }).payload, nodeEngine)

export const anchorOf = (payload: Pick<AllianceList, 'alliance' | 'version'>, file: Uint8Array): AllianceAnchor => ({
  alliance: payload.alliance,
  version: payload.version,
  digest: payloadDigest(file),
})

const rulesFolder = new URL('../../schema/rules/', import.meta.url)

/** Every rule set of `schema/rules` that an alliance agrees on. */
export const agreedRuleSets: readonly RuleSet[] = readdirSync(rulesFolder)
  .filter((name) => name.endsWith('.json'))
  .map((name) => RuleSet.parse(JSON.parse(readFileSync(new URL(name, rulesFolder), 'utf8'))))
  .filter(({ alliance }) => alliance !== null)

export interface AllianceOptions {
  /** Division codes. Without `alliances` they are the members of one alliance, `circle`, without rules. */
  readonly cities: readonly string[]
  /** The id of each alliance and the cities that belong to it, as they are listed; or whole members, for other roles and dates. */
  readonly alliances?: Readonly<Record<string, readonly (string | AllianceMember)[]>> | undefined
  readonly ruleSets?: readonly RuleSet[] | undefined
  /** Everything is signed an hour before. */
  readonly at?: Instant | undefined
  readonly seed?: string | undefined
  /** Periods by city and place in its list 1. */
  readonly history?: Readonly<Record<string, ReadonlyMap<number, readonly StatusPeriod[]>>> | undefined
}

export interface IssueChanges {
  readonly iat?: number
  readonly idx?: number
  readonly uri?: string
  readonly imported?: RecordClaims['imported']
  readonly signer?: Signer
}

export interface TestAlliance {
  readonly at: Instant
  /** When files and records are signed: an hour before `at`. */
  readonly iat: number
  readonly cities: Readonly<Record<string, City>>
  readonly city: (division: string) => City
  readonly files: TrustFiles
  readonly trust: Trust
  readonly rules: Rules
  readonly refused: readonly RefusedFile[]
  /** Signs a draft after its check, as a node does. The place in the status list counts up from 0 for each city. */
  readonly issue: (division: string, family: FamilyId, draft: Draft, changes?: IssueChanges) => string
  /** The trust of the same files with some of them changed. */
  readonly reassemble: (changes: Partial<TrustFiles>) => { readonly trust: Trust; readonly rules: Rules; readonly refused: readonly RefusedFile[] }
}

export const fileOf = (name: string, content: string | Uint8Array): TrustFile => ({ name, bytes: typeof content === 'string' ? encodeUtf8(content) : content })

export const anchorsOf = (lists: readonly TrustFile[]): Anchors => ({
  authorities: [],
  alliances: lists.map(({ bytes }) => {
    const { payload } = JSON.parse(Buffer.from(bytes).toString('utf8')) as { readonly payload: string }
    return anchorOf(JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')) as AllianceList, bytes)
  }),
})

export function assemble(files: TrustFiles): { readonly trust: Trust; readonly rules: Rules; readonly refused: readonly RefusedFile[] } {
  const { trust, refused } = assembleTrust(files, nodeEngine, inflate)
  return { trust, rules: prepareRules(trust.ruleSets, nodeEngine), refused }
}

export function makeAlliance({
  cities: divisions,
  alliances = { circle: divisions },
  ruleSets = [],
  at = testInstant,
  seed = 'comity',
  history = {},
}: AllianceOptions): TestAlliance {
  const iat = secondsOf(at) - hour
  const cities = Object.fromEntries(divisions.map((division) => [division, makeCity(division, seed)]))
  const city = (division: string): City => {
    const found = cities[division]
    if (found === undefined) throw new RangeError(`no city ${division}`)
    return found
  }
  const lists = Object.entries(alliances).map(([id, listed]) => {
    const entries = listed.map((entry) => (typeof entry === 'string' ? memberOf(city(entry)) : entry))
    const voting = entries
      .filter(({ role, state }) => role === 'member' && state === 'active')
      .flatMap(({ division }) => (cities[division] === undefined ? [] : [city(division)]))
    const signers = voting.map(({ authority }) => authority.signer)
    return { id, signers, file: signAllianceList(alliancePayload(id, entries, iat), signers) }
  })
  const signersOf = (alliance: string | null): readonly Signer[] => {
    const found = lists.find(({ id }) => id === alliance)
    if (found === undefined) throw new RangeError(`no alliance ${alliance}`)
    return found.signers
  }
  const allianceLists = lists.map(({ id, file }) => fileOf(`alliances/${id}-1.json`, file))
  const files: TrustFiles = {
    anchors: anchorsOf(allianceLists),
    allianceLists,
    manifests: Object.values(cities).map((each) => fileOf(`manifests/${each.division}-1.jwt`, signManifest(manifestPayload(each, iat), each.authority.signer))),
    ruleSets: ruleSets.map((ruleSet) =>
      fileOf(`rules/${ruleSet.id.replaceAll('/', '_')}-${ruleSet.version}.json`, signRuleSet(ruleSetPayload(ruleSet, iat), signersOf(ruleSet.alliance))),
    ),
    statusLists: Object.values(cities).map((each) => fileOf(`status/${each.division}-1.jwt`, signStatusList(each, iat, history[each.division] ?? new Map()))),
  }
  const random = seededRandom(`${seed}/salts`)
  const places = new Map<string, number>()
  const issue: TestAlliance['issue'] = (division, family, draft, { iat: signedAt = iat, idx, uri, imported, signer } = {}) => {
    const { iss, name, issue: key, division: code } = city(division)
    const place = places.get(division) ?? 0
    places.set(division, place + 1)
    const scope: Scope = { families: [...familyIds], divisions: [code] }
    const checked = checkDraft(families[family], draft, { today: dayOf(instantOf(signedAt)) as PartialDate, scope, division })
    const envelope = {
      iss,
      iat: signedAt,
      division: code,
      issuedBy: name.zh,
      number: draft.number ?? `${division}-${family}-${String(place + 1).padStart(6, '0')}`,
      status: { status_list: { idx: idx ?? place, uri: uri ?? `${iss}/status/1` } },
      ...(imported === undefined ? {} : { imported }),
    }
    return issueRecord(checked, envelope, signer ?? key.signer, nodeEngine, random)
  }
  return { at, iat, cities, city, files, ...assemble(files), issue, reassemble: (changes) => assemble({ ...files, ...changes }) }
}

/** Both Shandong alliances with all their members, and the rule sets that they agreed on, from `schema/`. */
export function makeShandong(options: Partial<AllianceOptions> = {}): TestAlliance {
  const ids = ['sd-capital-circle', 'jiaodong-blue-zone']
  const seed = options.seed ?? 'comity'
  const tables = alliancesTable.alliances.filter(({ id }) => ids.includes(id))
  const cities = [...new Set(tables.flatMap((table) => table.members.map(({ division }) => division)))]
  const entry = ({ division, role, coversSubordinates, from }: (typeof members)[number]): AllianceMember =>
    memberOf(makeCity(division, seed), { role: role as AllianceMember['role'], coversSubordinates, from }) // roles are checked where the table is tested
  return makeAlliance({
    cities,
    alliances: Object.fromEntries(tables.map((table) => [table.id, table.members.map(entry)])),
    ruleSets: agreedRuleSets.filter(({ alliance }) => ids.includes(alliance!)),
    ...options,
  })
}
