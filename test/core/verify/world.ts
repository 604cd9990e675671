import { encodeUtf8 } from '#core/encoding/utf8.ts'
import type { JsonObject } from '#core/encoding/parse-json.ts'
import { signCompactJws } from '#core/encoding/parse-jws.ts'
import { instantOf, type Instant } from '#core/model/instant.ts'
import type { StatusPeriod } from '#core/status/status-kinds.ts'
import { statusListType } from '#core/status/status-list-token.ts'
import { encodeStatusList, statusListOf } from '#core/status/status-list.ts'
import type { Trust, TrustFiles } from '#core/trust/assemble-trust.ts'
import type { KeyManifest } from '#core/trust/key-manifest.ts'
import { shippedPolicy, type Policy, type Verdict } from '#core/verify/verdict.ts'
import { verify } from '#core/verify/verify.ts'
import { deflate, nodeEngine } from '#custody/engine-node.ts'
import { qualificationDraft, recognitionDraft, titleDraft } from '../../support/examples.ts'
import {
  alliancePayload,
  anchorsOf,
  fileOf,
  keysOf,
  makeAlliance,
  makeTestKey,
  manifestKey,
  manifestPayload,
  memberOf,
  signAllianceList,
  signManifest,
  signStatusList,
  type TestAlliance,
} from '../../support/make-alliance.ts'

// Two cities, a record of the first, and ways to bend what a verifier holds of them.

export const day = 24 * 3600
export const circle = makeAlliance({ cities: ['370100', '370300'] })
export const { iat, at, files } = circle
export const jinan = circle.city('370100')
export const zibo = circle.city('370300')
export const signer = jinan.issue.signer
export const record = circle.issue('370100', 'title', titleDraft(), { idx: 5 })
export const uri = `${jinan.iss}/status/1`

export const after = (seconds: number): Instant => instantOf(iat + 3600 + seconds)
export const demanding: Policy = { id: 'test/fresh-and-logged', logProof: 'required', acceptStale: false }
export const freshOnly: Policy = { ...shippedPolicy, id: 'test/fresh', acceptStale: false }

export interface Question {
  readonly trust?: Trust
  readonly rules?: TestAlliance['rules']
  readonly at?: Instant
  readonly policy?: Policy
}

export const ask = (evidence: string | Uint8Array, question: Question = {}): Verdict =>
  verify(
    typeof evidence === 'string' ? encodeUtf8(evidence) : evidence,
    question.trust ?? circle.trust,
    question.rules ?? circle.rules,
    question.at ?? at,
    question.policy ?? shippedPolicy,
    nodeEngine,
  )

export const trustOf = (changes: Partial<TrustFiles>): Trust => circle.reassemble(changes).trust
export const replaced = (list: TrustFiles['manifests'], position: number, content: string | Uint8Array) => list.with(position, fileOf('changed', content))

export const manifestTrust = (changes: Partial<KeyManifest>): Trust =>
  trustOf({ manifests: replaced(files.manifests, 0, signManifest(manifestPayload(jinan, iat, changes), jinan.authority.signer)) })
export const keyTrust = (changes: Parameters<typeof manifestKey>[3]): Trust =>
  manifestTrust({ keys: [manifestKey(jinan.issue, 'issue', iat, changes), ...keysOf(jinan, iat).slice(1)] })
export const statusTrust = (periods: readonly StatusPeriod[], changes: Parameters<typeof signStatusList>[3] = {}): Trust =>
  trustOf({
    statusLists: replaced(files.statusLists, 0, signStatusList(jinan, changes.iat ?? iat, new Map(periods.length === 0 ? [] : [[5, periods]]), changes)),
  })
export const memberTrust = (changes: Parameters<typeof memberOf>[1], listChanges: Parameters<typeof alliancePayload>[3] = {}): Trust => {
  const list = signAllianceList(
    alliancePayload('circle', [memberOf(jinan, changes), memberOf(zibo)], iat, { thresholds: { list: 1, rules: 1 }, ...listChanges }),
    [zibo.authority.signer],
  )
  const allianceLists = [fileOf('list', list)]
  return trustOf({ anchors: anchorsOf(allianceLists), allianceLists })
}
/** Another alliance, which knows another key of Jinan's. */
export const disputedTrust = (): Trust => {
  const other = alliancePayload('other', [memberOf(zibo), memberOf(jinan, { authorityKey: makeTestKey('impostor').jwk })], iat, {
    thresholds: { list: 1, rules: 1 },
  })
  const allianceLists = [...files.allianceLists, fileOf('other', signAllianceList(other, [zibo.authority.signer]))]
  return trustOf({ anchors: anchorsOf(allianceLists), allianceLists })
}
/** A list without our history: what another software might publish. */
export const bareTrust = (value: number, listed = iat): Trust => {
  const { bits, lst } = encodeStatusList(statusListOf(2, 2 ** 17, [[5, value]]), deflate)
  const payload: JsonObject = { iss: jinan.iss, sub: uri, iat: listed, exp: listed + 14 * day, ttl: 12 * 3600, status_list: { bits, lst } }
  return trustOf({
    statusLists: replaced(files.statusLists, 0, signCompactJws({ typ: statusListType }, payload, jinan.status.signer, { bytes: 2 ** 20, depth: 6 })),
  })
}

export const recognised = recognitionDraft({
  body: { source: { iss: zibo.iss, family: 'title', number: '1', digest: 'A'.repeat(43), status: { status_list: { idx: 9, uri: `${zibo.iss}/status/1` } } } },
})
export const recognition = circle.issue('370100', 'recognition', recognised, { idx: 6 })
export const sourceTrust = (periods: readonly StatusPeriod[]): Trust =>
  trustOf({ statusLists: replaced(files.statusLists, 1, signStatusList(zibo, iat, new Map([[9, periods]]))) })

export const registered = circle.issue(
  '370100',
  'qualification',
  qualificationDraft({ body: { registration: { number: 'R1', from: '2020-06-01', until: '2026-05-31' } } }),
  { idx: 7 },
)
export const imported = circle.issue('370100', 'title', titleDraft(), { idx: 8, imported: { on: '2026-05-30' as never, checked: ['dates', 'codes'] } })
