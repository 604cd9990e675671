import { gzipSync } from 'node:zlib'

import { readBundle } from '#core/bundle/bundle.ts'
import { checkBundle } from '#core/bundle/check-bundle.ts'
import { encodeUtf8 } from '#core/encoding/utf8.ts'
import { publishedPeriods } from '#core/status/periods-of.ts'
import type { StatusPeriod } from '#core/status/status-kinds.ts'
import { reasonsOf, type StatusChange } from '#core/status/status-reasons.ts'
import { ourSize, type StatusHistory } from '#core/status/status-list.ts'
import { issueStatusListToken } from '#core/status/status-list-token.ts'
import type { TrustFiles } from '#core/trust/assemble-trust.ts'
import { shippedPolicy } from '#core/verify/verdict.ts'
import { verify } from '#core/verify/verify.ts'
import { deflateList, inflate, nodeEngine } from '#custody/engine-node.ts'
import { lifetimes, statusListPath } from '#registry/publish.ts'
import { chanceOf, type Chance } from '../scripts/ledger/chance.ts'
import { bundleOfFiles } from '../test/support/bundle-of.ts'
import {
  agreedRuleSets,
  alliancePayload,
  anchorsOf,
  assemble,
  fileOf,
  keysOf,
  makeAlliance,
  makeTestKey,
  manifestKey,
  manifestPayload,
  memberOf,
  signAllianceList,
  signManifest,
} from '../test/support/make-alliance.ts'
import { titleDraft } from './drafts.ts'
import { atLeast, atMost, micros, millis, perSecond, whole, type Line } from './line.ts'
import { clocked, interleave, median, rateAgainst, rounds } from './measure.ts'

const id = 'sd-capital-circle'
const divisions = ['370100', '370300', '370500', '370900', '371400', '371500', '371600'] as const
const records = 10_000_000
const share = 0.01
const lists = Math.ceil(records / divisions.length / ourSize)
const perList = Math.round((records * share) / divisions.length / lists)

const alliance = makeAlliance({ cities: divisions, alliances: { [id]: divisions }, ruleSets: agreedRuleSets.filter((set) => set.alliance === id) })
const { iat, at, city } = alliance

/** Second of a decision in the office hours of the last five years: decisions are made by people, one by one. */
function decidedAt(chance: Chance): number {
  const midnight = iat - ((iat + 8 * 3600) % 86_400)
  const [week, weekday] = [chance.between(1, 5 * 52), chance.between(0, 4)]
  return midnight - (week * 7 + weekday) * 86_400 + chance.between(8.5 * 3600, 17.5 * 3600)
}

/** What became of one in a hundred records of a list, and where they stand. */
function historyOf(change: StatusChange, seed: number): ReadonlyMap<number, readonly StatusPeriod[]> {
  const chance = chanceOf(seed, 1)
  const history = new Map<number, readonly StatusPeriod[]>()
  const reasons = reasonsOf(change)
  while (history.size < perList)
    history.set(
      chance.between(0, ourSize - 1),
      publishedPeriods([{ kind: change, reason: reasons[chance.between(0, reasons.length - 1)]!, effectiveAt: decidedAt(chance) }]),
    )
  return new Map([...history].sort(([a], [b]) => a - b))
}

/** As a node signs it. */
function listOf(division: (typeof divisions)[number], no: number, history: StatusHistory): string {
  const { iss, status } = city(division)
  const { ttl, exp } = lifetimes.statusList
  return issueStatusListToken({ iss, sub: `${iss}/${statusListPath(no)}`, iat, ttl, exp: iat + exp, history }, status.signer, deflateList)
}

/** Seven cities with logs and witnesses, as their nodes would publish them. */
function filesWith(change: StatusChange): TrustFiles {
  const members = divisions.map((division) => memberOf(city(division), { addresses: [`https://hrss-${division}.example`] }))
  const list = alliancePayload(id, members, iat, { thresholds: { list: 5, rules: 5, cosigners: 3 } })
  const allianceLists = [
    fileOf(
      'list',
      signAllianceList(
        list,
        divisions.map((division) => city(division).authority.signer),
      ),
    ),
  ]
  const manifests = divisions.map((division) => {
    const keys = (['log', 'witness'] as const).map((use) => manifestKey(makeTestKey(`${use}/${division}`), use, iat))
    return fileOf(
      division,
      signManifest(manifestPayload(city(division), iat, { keys: [...keysOf(city(division), iat), ...keys] }), city(division).authority.signer),
    )
  })
  const statusLists = divisions.flatMap((division, which) =>
    Array.from({ length: lists }, (_, no) => {
      const history = historyOf(change, which * lists + no + 1)
      return fileOf(`${division}/${no + 1}`, listOf(division, no + 1, history))
    }),
  )
  return { anchors: anchorsOf(allianceLists), allianceLists, manifests, ruleSets: alliance.files.ruleSets, statusLists }
}

const kilobytes = (bytes: number): string => `${(bytes / 1000).toFixed(0)} kB`

/** What a verifier without a network carries about, and whether it pays for that in speed. */
export async function offlineBundle(): Promise<readonly Line[]> {
  const files = filesWith('revoked')
  const pack = (given: TrustFiles): Uint8Array => bundleOfFiles(given, { maker: city(divisions[0]), iat, label: { alliance: id } })
  const bundle = pack(files)
  const others = filesWith('cancelled')
  const served = [...files.allianceLists, ...files.manifests, ...files.ruleSets, ...files.statusLists]
  const gzipped = served.reduce((sum, { bytes }) => sum + gzipSync(bytes, { level: 9 }).length, 0)
  const size = {
    work: `offline bundle: seven cities, ${whole(records)} records in ${lists * divisions.length} lists, 1 % revoked`,
    limit: `as served ${kilobytes(served.reduce((sum, { bytes }) => sum + bytes.length, 0))}, gzipped ${kilobytes(gzipped)}`,
    ours: kilobytes(bundle.length),
  }
  const other = pack(others).length

  const online = assemble(files)
  const open = () => {
    const read = readBundle(bundle, nodeEngine, inflate)
    const assembled = assemble({ ...read.files, anchors: files.anchors })
    if (checkBundle(read, assembled.trust, at, nodeEngine).maker === undefined || assembled.refused.length > 0) throw new Error('the bundle is not proven')
    return assembled
  }
  const offline = open()
  const costs = { opened: [] as number[], assembled: [] as number[] }
  for (let round = 0; round < rounds; round++) {
    costs.opened.push((await clocked(() => void open())).cpu)
    costs.assembled.push((await clocked(() => void assemble(files))).cpu)
  }

  const taken = online.trust.authorities.get(city(divisions[0]).iss)!.statusLists.get(`${city(divisions[0]).iss}/status/1`)!.list.history!
  const free = Array.from({ length: 1000 }, (_, place) => place).filter((place) => !taken.has(place))
  const evidence = Array.from({ length: 64 }, (_, index) => encodeUtf8(alliance.issue(divisions[0], 'title', titleDraft(index), { idx: free[index]! })))
  const run =
    ({ trust, rules }: typeof online) =>
    (times: number): void => {
      for (let index = 0; index < times; index++)
        if (verify(evidence[index % evidence.length]!, trust, rules, at, shippedPolicy, nodeEngine).answer !== 'yes')
          throw new Error('a good record was refused')
    }
  const cost = await interleave({ online: run(online), offline: run(offline) })
  const ours = median(cost.offline.cpu)
  return [
    { ...size, value: bundle.length / 1000, bar: atMost(400, 'kB') },
    { ...size, work: 'the same, 1 % cancelled instead: there each second counts', ours: kilobytes(other), value: other / 1000 },
    {
      work: 'verify one record in core from the bundle',
      limit: `from the files as served ${micros(median(cost.online.cpu))}`,
      ours: micros(ours),
      perCpuSecond: perSecond(ours),
      value: rateAgainst(cost.offline.cpu, cost.online.cpu),
      bar: atLeast(1, '× online'),
    },
    {
      work: 'open the bundle, once: unpack it and check every signature in it',
      limit: `check the files alone ${millis(median(costs.assembled) / 1000)}`,
      ours: millis(median(costs.opened) / 1000),
      value: median(costs.opened.map((opened, round) => opened / costs.assembled[round]!)),
    },
  ]
}
