import { describe, expect, it } from 'vitest'

import { encodeUtf8 } from '#core/encoding/utf8.ts'
import { faultTexts } from '#core/fault-texts.ts'
import { familyIds } from '#core/model/family-id.ts'
import { instantOf, type Instant } from '#core/model/instant.ts'
import type { StatusPeriod } from '#core/status/status-kinds.ts'
import type { Trust, TrustFiles } from '#core/trust/assemble-trust.ts'
import type { KeyManifest } from '#core/trust/key-manifest.ts'
import { ownReasons, verdictReasonTexts, type VerdictReason } from '#core/verify/reason-texts.ts'
import { checkIds, shippedPolicy, type Policy, type Verdict } from '#core/verify/verdict.ts'
import { verify } from '#core/verify/verify.ts'
import { deflate, nodeEngine } from '#custody/engine-node.ts'
import { base64url, digestOfDisclosure, disclosureOf, jsonPart, putTogether, resign, takeApart, withDisclosures } from '../../support/craft-record.ts'
import { qualificationDraft, recognitionDraft, titleDraft } from '../../support/examples.ts'
import {
  alliancePayload,
  anchorsOf,
  fileOf,
  keysOf,
  makeAlliance,
  makeShandong,
  makeTestKey,
  manifestKey,
  manifestPayload,
  memberOf,
  signAllianceList,
  signManifest,
  signStatusList,
  type TestAlliance,
} from '../../support/make-alliance.ts'
import { encodeStatusList, statusListOf } from '#core/status/status-list.ts'
import { signCompactJws } from '#core/encoding/parse-jws.ts'
import { statusListType } from '#core/status/status-list-token.ts'
import type { JsonObject } from '#core/encoding/parse-json.ts'

const day = 24 * 3600
const circle = makeAlliance({ cities: ['370100', '370300'] })
const { iat, at, files } = circle
const jinan = circle.city('370100')
const zibo = circle.city('370300')
const signer = jinan.issue.signer
const record = circle.issue('370100', 'title', titleDraft(), { idx: 5 })
const uri = `${jinan.iss}/status/1`

const after = (seconds: number): Instant => instantOf(iat + 3600 + seconds)
const demanding: Policy = { id: 'test/fresh-and-logged', logProof: 'required', acceptStale: false }
const freshOnly: Policy = { ...shippedPolicy, id: 'test/fresh', acceptStale: false }

interface Question {
  readonly trust?: Trust
  readonly rules?: TestAlliance['rules']
  readonly at?: Instant
  readonly policy?: Policy
}

const ask = (evidence: string | Uint8Array, question: Question = {}): Verdict =>
  verify(typeof evidence === 'string' ? encodeUtf8(evidence) : evidence, question.trust ?? circle.trust, question.rules ?? circle.rules, question.at ?? at, question.policy ?? shippedPolicy, nodeEngine)

const trustOf = (changes: Partial<TrustFiles>): Trust => circle.reassemble(changes).trust
const replaced = (list: TrustFiles['manifests'], position: number, content: string | Uint8Array) => list.with(position, fileOf('changed', content))

const manifestTrust = (changes: Partial<KeyManifest>): Trust => trustOf({ manifests: replaced(files.manifests, 0, signManifest(manifestPayload(jinan, iat, changes), jinan.authority.signer)) })
const keyTrust = (changes: Parameters<typeof manifestKey>[3]): Trust => manifestTrust({ keys: [manifestKey(jinan.issue, 'issue', iat, changes), ...keysOf(jinan, iat).slice(1)] })
const statusTrust = (periods: readonly StatusPeriod[], changes: Parameters<typeof signStatusList>[3] = {}): Trust =>
  trustOf({ statusLists: replaced(files.statusLists, 0, signStatusList(jinan, changes.iat ?? iat, new Map(periods.length === 0 ? [] : [[5, periods]]), changes)) })
const memberTrust = (changes: Parameters<typeof memberOf>[1], listChanges: Parameters<typeof alliancePayload>[3] = {}): Trust => {
  const list = signAllianceList(alliancePayload('circle', [memberOf(jinan, changes), memberOf(zibo)], iat, { thresholds: { list: 1, rules: 1 }, ...listChanges }), [zibo.authority.signer])
  const allianceLists = [fileOf('list', list)]
  return trustOf({ anchors: anchorsOf(allianceLists), allianceLists })
}
/** A list without our history: what another software might publish. */
const bareTrust = (value: number, listed = iat): Trust => {
  const { bits, lst } = encodeStatusList(statusListOf(2, 2 ** 17, [[5, value]]), deflate)
  const payload: JsonObject = { iss: jinan.iss, sub: uri, iat: listed, exp: listed + 14 * day, ttl: 12 * 3600, status_list: { bits, lst } }
  return trustOf({ statusLists: replaced(files.statusLists, 0, signCompactJws({ typ: statusListType }, payload, jinan.status.signer, { bytes: 2 ** 20, depth: 6 })) })
}

const recognised = recognitionDraft({
  body: { source: { iss: zibo.iss, family: 'title', number: '1', digest: 'A'.repeat(43), status: { status_list: { idx: 9, uri: `${zibo.iss}/status/1` } } } },
})
const recognition = circle.issue('370100', 'recognition', recognised, { idx: 6 })
const sourceTrust = (periods: readonly StatusPeriod[]): Trust => trustOf({ statusLists: replaced(files.statusLists, 1, signStatusList(zibo, iat, new Map([[9, periods]]))) })

const { header, payload, disclosures } = takeApart(record)
const nested = (depth: number): string => `${'['.repeat(depth)}${']'.repeat(depth)}`
const registered = circle.issue('370100', 'qualification', qualificationDraft({ body: { registration: { number: 'R1', from: '2020-06-01', until: '2026-05-31' } } }), { idx: 7 })
const imported = circle.issue('370100', 'title', titleDraft(), { idx: 8, imported: { on: '2026-05-30' as never, checked: ['dates', 'codes'] } })

/** What the record is, and what is asked; the check that decides; its answer and reason; the verdict's answer. */
type Case = readonly [what: string, evidence: string | Uint8Array, question: Question, check: string, expected: string, answer: Verdict['answer']]

const suspended: StatusPeriod = { kind: 'suspended', reason: 'investigation', from: iat - 100 }

const cases: readonly Case[] = [
  ['a photograph', Buffer.from('89504e470d0a1a0a0000', 'hex'), {}, 'form', 'cannot-tell not-a-record', 'cannot-tell'],
  ['a city that nobody names', record, { trust: makeAlliance({ cities: ['370900'] }).trust }, 'issuer', 'cannot-tell issuer-unnamed', 'cannot-tell'],
  ['no manifest', record, { trust: trustOf({ manifests: files.manifests.slice(1) }) }, 'key', 'cannot-tell manifest-missing', 'cannot-tell'],
  ['a manifest past its expiry', record, { at: after(180 * day) }, 'key', 'cannot-tell manifest-expired', 'cannot-tell'],
  ['a manifest past its time to live', record, { at: after(8 * day) }, 'key', 'yes manifest-stale', 'yes'],
  ['the same for whoever wants fresh files', record, { at: after(8 * day), policy: freshOnly }, 'key', 'cannot-tell manifest-stale', 'cannot-tell'],
  ['a key that the manifest may not have heard of', circle.issue('370100', 'title', titleDraft(), { signer: makeTestKey('new').signer, idx: 5 }), {}, 'key', 'cannot-tell manifest-older-than-record', 'cannot-tell'],
  ['a key that a younger manifest does not list', circle.issue('370100', 'title', titleDraft(), { signer: makeTestKey('new').signer, iat: iat - 1, idx: 5 }), {}, 'key', 'no key-not-listed', 'no'],
  ['a key of another city', circle.issue('370100', 'title', titleDraft(), { signer: zibo.issue.signer, idx: 5 }), {}, 'key', 'no key-not-listed', 'no'],
  ['a key for status lists', circle.issue('370100', 'title', titleDraft(), { signer: jinan.status.signer, idx: 5 }), {}, 'key', 'no key-use-differs', 'no'],
  ['another content under the signature', record.replace(jsonPart(payload), jsonPart({ ...payload, level: 'full_senior' })), {}, 'signature', 'no signature-wrong', 'no'],
  ['another issuer under a known key', record.replace(jsonPart(payload), jsonPart({ ...payload, iss: 'https://370101.comity.example' })), {}, 'signature', 'no signature-wrong', 'no'],
  ['a family of the future', resign(record, signer, { payload: { vct: 'https://comity.example/vct/title/2' } }), {}, 'content', 'cannot-tell family-unknown', 'cannot-tell'],
  ['signed content that does not fit its family', resign(record, signer, { payload: { level: 'supreme' } }), {}, 'content', 'no content-refused', 'no'],
  ['no time of signing', resign(record, signer, { payload: { iat: undefined } }), {}, 'content', 'no content-refused', 'no'],
  ['a time of signing that is a text', resign(record, signer, { payload: { iat: String(iat) } }), {}, 'content', 'no content-refused', 'no'],
  ['no proof of time, which is not asked for', record, {}, 'time', 'yes time-unproven', 'yes'],
  ['no proof of time, which is asked for', record, { policy: demanding }, 'time', 'cannot-tell time-unproven', 'cannot-tell'],
  ['a record from the future', record, { at: instantOf(iat - 61) }, 'time', 'no record-from-future', 'no'],
  ['a record from a clock a minute ahead', record, { at: instantOf(iat - 60) }, 'time', 'yes time-unproven', 'yes'],
  ['signed before the key was in force', record, { trust: keyTrust({ nbf: iat + 1 }) }, 'key-in-force', 'no key-outside-window', 'no'],
  ['signed in the first second of the key', record, { trust: keyTrust({ nbf: iat }) }, 'key-in-force', 'yes', 'yes'],
  ['signed when the key had ended', record, { trust: keyTrust({ exp: iat }) }, 'key-in-force', 'no key-outside-window', 'no'],
  ['signed in the last second of a key that has ended', record, { trust: keyTrust({ exp: iat + 1 }) }, 'key-in-force', 'cannot-tell key-not-in-force', 'cannot-tell'],
  ['signed with a key that was closed before', record, { trust: keyTrust({ revoked: { at: iat, reason: 'superseded' } }) }, 'key-in-force', 'no key-outside-window', 'no'],
  ['signed with a key that was closed since', record, { trust: keyTrust({ revoked: { at: iat + 1, reason: 'superseded' } }) }, 'key-in-force', 'cannot-tell key-not-in-force', 'cannot-tell'],
  ['signed with a key that is closed later than asked about', record, { trust: keyTrust({ revoked: { at: iat + 7200, reason: 'superseded' } }) }, 'key-in-force', 'yes', 'yes'],
  ['signed after the key was stolen', record, { trust: keyTrust({ revoked: { at: iat + 100, reason: 'compromised', compromisedSince: iat } }) }, 'key-in-force', 'no key-compromised', 'no'],
  ['said to be signed before the key was stolen', record, { trust: keyTrust({ revoked: { at: iat + 100, reason: 'compromised', compromisedSince: iat + 1 } }) }, 'key-in-force', 'cannot-tell key-not-in-force', 'cannot-tell'],
  ['closed, and compromised only later', record, { trust: keyTrust({ revoked: { at: iat + 100, reason: 'compromised', compromisedSince: iat + 9999 } }) }, 'key-in-force', 'cannot-tell key-not-in-force', 'cannot-tell'],
  ['outside the key’s scope', record, { trust: keyTrust({ scope: { families: ['title'], levels: ['assistant'] } }) }, 'key-scope', 'no key-scope-exceeded', 'no'],
  ['outside what the member may issue', record, { trust: memberTrust({ authorised: [{ families: ['skill'] }] }) }, 'authorised', 'no issuer-not-authorised', 'no'],
  ['by a member with no authority at all', record, { trust: memberTrust({ authorised: [] }) }, 'authorised', 'no issuer-not-authorised', 'no'],
  ['by a member without named divisions, for its own', record, { trust: memberTrust({ authorised: [{ families: ['title'] }] }) }, 'authorised', 'yes', 'yes'],
  ['signed before its city was a member', record, { trust: memberTrust({ from: '2026-06-02' }) }, 'authorised', 'no issuer-not-authorised', 'no'],
  ['signed when its city had left', record, { trust: memberTrust({ state: 'left', until: '2026-06-01' }) }, 'authorised', 'no issuer-not-authorised', 'no'],
  ['by a city that has left since', record, { trust: memberTrust({ state: 'left', until: '2026-06-02' }), at: '2026-06-02T04:00:00Z' as Instant }, 'authorised', 'cannot-tell issuer-no-longer-authorised', 'cannot-tell'],
  ['by a city that leaves tomorrow', record, { trust: memberTrust({ until: '2026-06-02' }) }, 'authorised', 'yes', 'yes'],
  ['by a suspended city, nobody says since when', record, { trust: memberTrust({ state: 'suspended' }) }, 'authorised', 'cannot-tell issuer-no-longer-authorised', 'cannot-tell'],
  ['an alliance list past its expiry', record, { trust: memberTrust({}, { ttl: 10, exp: iat + 3600 }) }, 'authorised', 'cannot-tell alliance-list-expired', 'cannot-tell'],
  ['an expired list that would say no', record, { trust: memberTrust({ authorised: [] }, { ttl: 10, exp: iat + 3600 }) }, 'authorised', 'cannot-tell alliance-list-expired', 'cannot-tell'],
  ['an alliance list past its time to live', record, { trust: memberTrust({}, { ttl: 3599 }) }, 'authorised', 'yes alliance-list-stale', 'yes'],
  ['the same for whoever wants fresh files', record, { trust: memberTrust({ authorised: [] }, { ttl: 3599 }), policy: freshOnly }, 'authorised', 'cannot-tell alliance-list-stale', 'cannot-tell'],
  ['a record whose time is over', resign(record, signer, { payload: { exp: iat + 3600 } }), {}, 'validity', 'no record-expired', 'no'],
  ['a record whose time is nearly over', resign(record, signer, { payload: { exp: iat + 3601 } }), {}, 'validity', 'yes', 'yes'],
  ['a status list of somebody else', resign(record, signer, { payload: { status: { status_list: { idx: 5, uri: `${zibo.iss}/status/1` } } } }), {}, 'status', 'no status-uri-foreign', 'no'],
  ['no status list', record, { trust: trustOf({ statusLists: files.statusLists.slice(1) }) }, 'status', 'cannot-tell status-list-missing', 'cannot-tell'],
  ['a status list past its expiry', record, { at: after(14 * day) }, 'status', 'cannot-tell status-list-expired', 'cannot-tell'],
  ['a status list past its time to live', record, { at: after(13 * 3600) }, 'status', 'yes status-list-stale', 'yes'],
  ['the same for whoever wants fresh files', record, { at: after(13 * 3600), policy: freshOnly }, 'status', 'cannot-tell status-list-stale', 'cannot-tell'],
  ['a place past the end of the list', record, { trust: statusTrust([], { size: 4 }) }, 'status', 'cannot-tell status-index-out-of-range', 'cannot-tell'],
  ['an instant before the list', record, { trust: statusTrust([], { iat: iat + 9999 }) }, 'status', 'yes status-before-list', 'yes'],
  ['an instant before a list without history', record, { trust: bareTrust(0, iat + 9999) }, 'status', 'cannot-tell status-before-list', 'cannot-tell'],
  ['a list without history', record, { trust: bareTrust(0) }, 'status', 'yes', 'yes'],
  ['a list that does not say why', record, { trust: bareTrust(1) }, 'status', 'no status-unexplained', 'no'],
  ['suspended', record, { trust: statusTrust([suspended]) }, 'status', 'no status-suspended', 'no'],
  ['suspended, by a list that has expired', record, { trust: statusTrust([suspended]), at: after(14 * day) }, 'status', 'cannot-tell status-list-expired', 'cannot-tell'],
  ['suspended, by a stale list', record, { trust: statusTrust([suspended]), at: after(13 * 3600) }, 'status', 'no status-suspended', 'no'],
  ['reinstated', record, { trust: statusTrust([{ ...suspended, until: iat - 50 }]) }, 'status', 'yes', 'yes'],
  ['revoked', record, { trust: statusTrust([{ kind: 'revoked', reason: 'fraud', from: iat }]) }, 'status', 'no status-revoked', 'no'],
  ['revoked, by a list that has expired', record, { trust: statusTrust([{ kind: 'revoked', reason: 'fraud', from: iat }]), at: after(14 * day) }, 'status', 'no status-revoked', 'no'],
  ['withdrawn as a penalty', record, { trust: statusTrust([{ kind: 'penalty', reason: 'violation', from: iat }]) }, 'status', 'no status-penalty', 'no'],
  ['cancelled', record, { trust: statusTrust([{ kind: 'cancelled', reason: 'holder-request', from: iat }]) }, 'status', 'no status-cancelled', 'no'],
  ['voided', record, { trust: statusTrust([{ kind: 'voided', reason: 'lost', from: iat }]) }, 'status', 'no status-voided', 'no'],
  ['a recognition of a record in force', recognition, {}, 'source', 'yes', 'yes'],
  ['a recognition of a record that was revoked', recognition, { trust: sourceTrust([{ kind: 'revoked', reason: 'fraud', from: iat }]) }, 'source', 'no source-revoked', 'no'],
  ['a recognition of a record withdrawn as a penalty', recognition, { trust: sourceTrust([{ kind: 'penalty', reason: 'violation', from: iat }]) }, 'source', 'no source-revoked', 'no'],
  ['a recognition of a record that was cancelled', recognition, { trust: sourceTrust([{ kind: 'cancelled', reason: 'deceased', from: iat }]) }, 'source', 'yes status-cancelled', 'yes'],
  ['a recognition of a record whose issuer nobody names', resign(recognition, signer, { payload: { source: { ...(recognised.body['source'] as object), iss: 'https://other.example' } } }), {}, 'source', 'cannot-tell issuer-unnamed', 'cannot-tell'],
  ['a recognition that points at somebody else’s list', resign(recognition, signer, { payload: { source: { ...(recognised.body['source'] as object), status: { status_list: { idx: 5, uri } } } } }), {}, 'source', 'no status-uri-foreign', 'no'],
  ['a recognition of a record whose list is missing', recognition, { trust: trustOf({ statusLists: files.statusLists.slice(0, 1) }) }, 'source', 'cannot-tell status-list-missing', 'cannot-tell'],

  ['too many bytes', 'A'.repeat(100_000), {}, 'form', 'cannot-tell bytes-too-many', 'cannot-tell'],
  ['a record that is not UTF-8', Buffer.concat([Buffer.from(record), Buffer.from([0xff])]), {}, 'form', 'no text-not-utf8', 'no'],
  ['two parts', `${record.split('.').slice(0, 2).join('.')}~`, {}, 'form', 'no jws-malformed', 'no'],
  ['characters beyond ASCII', `${record}证~`, {}, 'form', 'no sd-jwt-malformed', 'no'],
  ['padding', record.replace('~', '==~'), {}, 'form', 'no base64url-malformed', 'no'],
  ['no algorithm', putTogether({ ...header, alg: 'none' }, payload, disclosures, signer), {}, 'form', 'no jws-algorithm-refused', 'no'],
  ['a key of the token’s own', putTogether({ ...header, jwk: jinan.issue.jwk }, payload, disclosures, signer), {}, 'form', 'no jws-header-refused', 'no'],
  ['another type', putTogether({ ...header, typ: 'JWT' }, payload, disclosures, signer), {}, 'form', 'no jws-type-refused', 'no'],
  ['a payload that is no JSON', putTogether(header, base64url('{'), disclosures, signer), {}, 'form', 'no json-malformed', 'no'],
  ['a member twice', putTogether(header, base64url(`{"iss":"${jinan.iss}","iss":"${zibo.iss}"}`), disclosures, signer), {}, 'form', 'no json-member-repeated', 'no'],
  ['a member that would change its object', putTogether(header, base64url(`{"__proto__":{"iss":"x"}}`), disclosures, signer), {}, 'form', 'no json-member-forbidden', 'no'],
  ['a deep payload', putTogether(header, base64url(`{"a":${nested(1000)}}`), disclosures, signer), {}, 'form', 'no json-too-deep', 'no'],
  ['half a character', putTogether(header, base64url(String.raw`{"a":"\ud800"}`), disclosures, signer), {}, 'form', 'no json-surrogate-lone', 'no'],
  ['another hash', resign(record, signer, { payload: { _sd_alg: 'sha-512' } }), {}, 'form', 'no sd-jwt-hash-refused', 'no'],
  ['a disclosure without a salt', withDisclosures(record, signer, [jsonPart([1, 'name', {}])]), {}, 'form', 'no disclosure-malformed', 'no'],
  ['a disclosure of another record', `${record}${disclosureOf('name', { name: '别人' })}~`, {}, 'form', 'no disclosure-unreferenced', 'no'],
  ['a disclosure twice', `${record}${disclosures[0]}~`, {}, 'form', 'no disclosure-repeated', 'no'],
  ['a disclosure named _sd', withDisclosures(record, signer, [disclosureOf('_sd', [digestOfDisclosure('x')])]), {}, 'form', 'no disclosure-name-refused', 'no'],
  ['a claim in the shadow of a disclosure', withDisclosures(record, signer, [disclosureOf('level', 'full_senior')]), {}, 'form', 'no disclosure-claim-collides', 'no'],
  ['a binding to no key', `${record}abc`, {}, 'form', 'no key-binding-unexpected', 'no'],
  ['a binding to a key', `${resign(record, signer, { payload: { cnf: { jwk: jinan.token.jwk } } })}${record.split('~')[0]}`, {}, 'form', 'cannot-tell key-binding-unsupported', 'cannot-tell'],
]

const deciding = (verdict: Verdict, id: string): string => {
  const check = verdict.checks.find((candidate) => candidate.id === id)
  return check === undefined ? 'none' : [check.answer, check.reason].filter((part) => part !== undefined).join(' ')
}

describe('a verdict on', () => {
  it.each(cases)('%s', (_what, evidence, question, id, expected, answer) => {
    const verdict = ask(evidence, question)
    expect([deciding(verdict, id), verdict.answer]).toEqual([expected, answer])
    // What was not signed is not shown.
    const signed = verdict.checks.some((check) => check.id === 'content' && check.answer === 'yes')
    expect(verdict.record !== null).toBe(signed)
  })

  it('a record whose alliance list is missing, while another city’s anchor names it: nobody knows what the list would say', () => {
    const lonely = { division: jinan.division, name: jinan.name, iss: jinan.iss, authorityKey: jinan.authority.jwk, authorised: [{ families: ['skill' as const] }] }
    const trust = trustOf({ anchors: { authorities: [lonely], alliances: files.anchors.alliances }, allianceLists: [] })
    expect([deciding(ask(record, { trust }), 'authorised'), ask(record, { trust }).answer]).toEqual(['cannot-tell alliance-list-missing', 'cannot-tell'])
    const alone = trustOf({ anchors: { authorities: [lonely], alliances: [] }, allianceLists: [] })
    expect(deciding(ask(record, { trust: alone }), 'authorised')).toBe('no issuer-not-authorised')
    const generous = { ...lonely, authorised: [{ families: [...familyIds] }] }
    expect(deciding(ask(record, { trust: trustOf({ anchors: { authorities: [generous], alliances: [] }, allianceLists: [] }) }), 'authorised')).toBe('yes')
  })

  it('a record of a neighbour’s division by a city that is authorised without naming any', () => {
    const foreign = resign(record, signer, { payload: { division: '370300' } })
    const open = { scope: { families: [...familyIds] } }
    const keys = [manifestKey(jinan.issue, 'issue', iat, open), ...keysOf(jinan, iat).slice(1)]
    const manifests = replaced(files.manifests, 0, signManifest(manifestPayload(jinan, iat, { keys }), jinan.authority.signer))
    const listed = (changes: Parameters<typeof memberOf>[1]) => {
      const list = signAllianceList(alliancePayload('circle', [memberOf(jinan, changes), memberOf(zibo)], iat), [jinan.authority.signer, zibo.authority.signer])
      const allianceLists = [fileOf('list', list)]
      return trustOf({ manifests, anchors: anchorsOf(allianceLists), allianceLists })
    }
    expect(deciding(ask(foreign, { trust: listed({ authorised: [{ families: ['title'] }] }) }), 'authorised')).toBe('no issuer-not-authorised')
    expect(deciding(ask(foreign, { trust: listed({ authorised: [{ families: ['title'], divisions: ['370300' as never] }] }) }), 'authorised')).toBe('yes')
    const below = resign(record, signer, { payload: { division: '370102' } })
    expect(deciding(ask(below, { trust: listed({ authorised: [{ families: ['title'] }] }) }), 'authorised')).toBe('no issuer-not-authorised')
    expect(deciding(ask(below, { trust: listed({ authorised: [{ families: ['title'] }], coversSubordinates: true }) }), 'authorised')).toBe('yes')
  })

  it('a record with a line end behind it, as editors leave one', () => {
    expect(ask(`${record}\n`)).toEqual(ask(record))
    expect(ask(`${record}\r\n`)).toEqual(ask(record))
    expect(ask(`${record}\n\n`).answer).toBe('no')
    expect(ask(` ${record}`).answer).toBe('no')
  })

  it('a record that is marked: what changes no answer stands in the notes', () => {
    expect(ask(imported).notes).toEqual([{ code: 'time-unproven' }, { code: 'imported', datum: '2026-05-30' }])
    expect(ask(registered).notes).toEqual([{ code: 'time-unproven' }, { code: 'registration-expired', datum: '2026-05-31' }])
    expect(ask(registered, { at: instantOf(Date.parse('2026-05-31T15:59:59Z') / 1000) }).notes).not.toContainEqual({ code: 'registration-expired', datum: '2026-05-31' })
    expect([ask(imported).answer, ask(registered).answer]).toEqual(['yes', 'yes'])
  })
})

it('gives every reason that it has, and no other', () => {
  const reached = new Set<VerdictReason>()
  const note = ({ checks, notes }: Verdict): void => {
    for (const { reason } of checks) if (reason !== undefined) reached.add(reason)
    for (const { code } of notes) reached.add(code)
  }
  for (const [, evidence, question] of cases) note(ask(evidence, question))
  for (const evidence of [imported, registered]) note(ask(evidence))
  const lonely = { division: jinan.division, name: jinan.name, iss: jinan.iss, authorityKey: jinan.authority.jwk, authorised: [{ families: ['skill' as const] }] }
  note(ask(record, { trust: trustOf({ anchors: { authorities: [lonely], alliances: files.anchors.alliances }, allianceLists: [] }) }))
  // Rules grow old as everything else does.
  const shandong = makeShandong()
  const asked: Policy = { ...shippedPolicy, recognition: { for: '370300' as never } }
  for (const age of [31, 401]) {
    const later = makeShandong({ at: instantOf(iat + 3600 + age * day), ruleSets: [] })
    const trust = { ...later.trust, ruleSets: shandong.trust.ruleSets }
    note(ask(later.issue('370100', 'title', titleDraft()), { trust, rules: shandong.rules, at: later.at, policy: asked }))
  }
  const parsing = [
    'base64url-malformed',
    'bytes-too-many',
    'disclosure-claim-collides',
    'disclosure-malformed',
    'disclosure-name-refused',
    'disclosure-repeated',
    'disclosure-unreferenced',
    'json-malformed',
    'json-member-forbidden',
    'json-member-repeated',
    'json-surrogate-lone',
    'json-too-deep',
    'jws-algorithm-refused',
    'jws-header-refused',
    'jws-malformed',
    'jws-type-refused',
    'key-binding-unexpected',
    'sd-jwt-hash-refused',
    'sd-jwt-malformed',
    'status-index-out-of-range',
    'text-not-utf8',
  ]
  expect([...reached].toSorted()).toEqual([...new Set([...ownReasons, ...parsing])].toSorted())
  for (const reason of reached) expect(verdictReasonTexts[reason].zh).not.toBe('')
  expect(Object.keys(faultTexts)).toEqual(expect.arrayContaining(parsing))
})

it('makes its checks in the order of the design, each once', () => {
  for (const [, evidence, question] of cases) {
    const ids = ask(evidence, question).checks.map(({ id }) => id)
    expect(ids).toEqual(checkIds.filter((id) => ids.includes(id)))
  }
  expect(ask(recognition).checks.map(({ id }) => id)).toEqual([...checkIds])
})
