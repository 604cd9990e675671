import { describe, expect, it } from 'vitest'

import { faultTexts } from '#core/fault-texts.ts'
import { familyIds } from '#core/model/family-id.ts'
import { instantOf } from '#core/model/instant.ts'
import { ownReasons, verdictReasonTexts, type VerdictReason } from '#core/verify/reason-texts.ts'
import { checkIds, shippedPolicy, type Policy, type Verdict } from '#core/verify/verdict.ts'
import { resign } from '../../support/craft-record.ts'
import { titleDraft } from '../../support/examples.ts'
import {
  alliancePayload,
  anchorsOf,
  fileOf,
  keysOf,
  makeShandong,
  manifestKey,
  manifestPayload,
  memberOf,
  signAllianceList,
  signManifest,
} from '../../support/make-alliance.ts'
import { cases } from './cases.ts'
import { formCases } from './form-cases.ts'
import { ask, day, files, iat, imported, jinan, recognition, record, registered, replaced, signer, trustOf, zibo } from './world.ts'
import { ask as askLogged, other as otherLogged, proofOf, trustWith } from './logged-world.ts'

const deciding = (verdict: Verdict, id: string): string => {
  const check = verdict.checks.find((candidate) => candidate.id === id)
  return check === undefined ? 'none' : [check.answer, check.reason].filter((part) => part !== undefined).join(' ')
}

describe('a verdict on', () => {
  it.each([...cases, ...formCases])('%s', (_what, evidence, question, id, expected, answer) => {
    const verdict = ask(evidence, question)
    expect([deciding(verdict, id), verdict.answer]).toEqual([expected, answer])
    // What was not signed is not shown.
    const signed = verdict.checks.some((check) => check.id === 'content' && check.answer === 'yes')
    expect(verdict.record !== null).toBe(signed)
  })

  it('a record whose alliance list is missing, while another city’s anchor names it: nobody knows what the list would say', () => {
    const lonely = {
      division: jinan.division,
      name: jinan.name,
      iss: jinan.iss,
      authorityKey: jinan.authority.jwk,
      authorised: [{ families: ['skill' as const] }],
    }
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
    expect(ask(registered, { at: instantOf(Date.parse('2026-05-31T15:59:59Z') / 1000) }).notes).not.toContainEqual({
      code: 'registration-expired',
      datum: '2026-05-31',
    })
    expect([ask(imported).answer, ask(registered).answer]).toEqual(['yes', 'yes'])
  })
})

it('gives every reason that it has, and no other', () => {
  const reached = new Set<VerdictReason>()
  const note = ({ checks, notes }: Verdict): void => {
    for (const { reason } of checks) if (reason !== undefined) reached.add(reason)
    for (const { code } of notes) reached.add(code)
  }
  for (const [, evidence, question] of [...cases, ...formCases]) note(ask(evidence, question))
  for (const evidence of [imported, registered]) note(ask(evidence))
  const lonely = {
    division: jinan.division,
    name: jinan.name,
    iss: jinan.iss,
    authorityKey: jinan.authority.jwk,
    authorised: [{ families: ['skill' as const] }],
  }
  note(ask(record, { trust: trustOf({ anchors: { authorities: [lonely], alliances: files.anchors.alliances }, allianceLists: [] }) }))
  // Proofs of time: of another record, spoilt, with too few cosignatures, and where nobody has agreed how many are enough.
  const logged = { trust: trustWith() }
  for (const [proof, trust] of [
    [proofOf({ of: otherLogged }), logged.trust],
    [`${proofOf()}x`, logged.trust],
    [proofOf(), logged.trust],
    [proofOf(), trustWith({ cosigners: null })],
  ] as const)
    note(askLogged(proof, trust))
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
  for (const [, evidence, question] of [...cases, ...formCases]) {
    const ids = ask(evidence, question).checks.map(({ id }) => id)
    expect(ids).toEqual(checkIds.filter((id) => ids.includes(id)))
  }
  expect(ask(recognition).checks.map(({ id }) => id)).toEqual([...checkIds])
})
