import { describe, expect, it } from 'vitest'

import { RuleSet } from '#core/rules/rule-set.ts'
import { acceptAllianceList } from '#core/trust/alliance-list.ts'
import { peekTrustFile } from '#core/trust/peek-trust-file.ts'
import { acceptRuleSet, type AcceptedRuleSet, type SignedRuleSet } from '#core/trust/signed-rule-set.ts'
import { Fault } from '#core/fault.ts'
import { nodeEngine } from '#custody/engine-node.ts'
import { faultOf } from '../../support/fault-of.ts'
import {
  alliancePayload,
  anchorOf,
  makeCity,
  makeTestKey,
  manifestPayload,
  memberOf,
  ruleSetPayload,
  signAllianceList,
  signManifest,
  signRuleSet,
  signStatusList,
} from '../../support/make-alliance.ts'

const iat = 1_780_000_000
const cities = ['370100', '370300', '370900'].map((division) => makeCity(division))
const signers = cities.map(({ authority }) => authority.signer)
const list = alliancePayload(
  'circle',
  cities.map((city) => memberOf(city)),
  iat,
  { thresholds: { list: 3, rules: 2 } },
)
const listFile = signAllianceList(list, signers)
const accepted = acceptAllianceList(listFile, anchorOf(list, listFile), nodeEngine)

const ruleSet = (changes: object = {}): RuleSet =>
  RuleSet.parse({ id: 'circle/1', version: 2, alliance: 'circle', from: '2021-01-01', origin: 'sample', defaultMode: 'manual_review', rules: [], ...changes })
const sign = (changes: object = {}, by = signers.slice(0, 2), times: Partial<SignedRuleSet> = {}): Uint8Array =>
  signRuleSet(ruleSetPayload(ruleSet(changes), iat, times), by)
const fault = (file: Uint8Array, held?: AcceptedRuleSet): string => faultOf(() => acceptRuleSet(file, accepted, held, nodeEngine))

describe('a rule set', () => {
  it('speaks for its alliance when as many have signed as the list in force demands', () => {
    expect(acceptRuleSet(sign(), accepted, undefined, nodeEngine).payload.ruleSet).toEqual(ruleSet())
    expect(fault(sign({}, signers.slice(0, 1)))).toBe('trust-threshold-missed')
    expect(fault(sign({}, [signers[0]!, makeTestKey('nobody').signer]))).toBe('trust-threshold-missed')
  })

  it('speaks for no other, and not for the law', () => {
    expect(fault(sign({ alliance: 'other' }))).toBe('trust-issuer-differs')
    expect(fault(sign({ alliance: null }))).toBe('trust-issuer-differs')
  })

  it('is followed by later versions only, and never by another of its own', () => {
    const held = acceptRuleSet(sign(), accepted, undefined, nodeEngine)
    expect(fault(sign({ version: 3 }), held)).toBe('no fault')
    expect(fault(sign(), held)).toBe('no fault')
    expect(fault(sign({ version: 1 }), held)).toBe('trust-rolled-back')
    expect(fault(sign({ note: 'other' }), held)).toBe('trust-forked')
    expect(fault(sign({ id: 'circle/other', version: 1 }), held)).toBe('no fault')
  })
})

describe('the label of a trust file', () => {
  const labelled = (bytes: Uint8Array | string): unknown => {
    const peek = peekTrustFile(Buffer.from(bytes), nodeEngine)
    return peek instanceof Fault ? peek.code : [peek.kind, peek.subject, peek.version]
  }

  it('is read without believing it', () => {
    expect(labelled(listFile)).toEqual(['alliance', 'circle', 1])
    expect(labelled(sign())).toEqual(['rules', 'circle/1', 2])
    expect(labelled(signManifest(manifestPayload(cities[0]!, iat), makeTestKey('nobody').signer))).toEqual(['manifest', 'https://370100.comity.example', 1])
    expect(labelled(`${signStatusList(cities[0]!, iat, new Map())}\n`)).toEqual(['status-list', 'https://370100.comity.example/status/1', iat])
  })

  it('has one digest whoever signed it', () => {
    const digest = (bytes: Uint8Array): string => {
      const peek = peekTrustFile(bytes, nodeEngine)
      return peek instanceof Fault ? peek.code : Buffer.from(peek.digest).toString('hex')
    }
    expect(digest(sign({}, signers))).toBe(digest(sign({}, signers.slice(1))))
    expect(digest(sign({}, signers))).not.toBe(digest(sign({ version: 3 }, signers)))
  })

  it.each([
    ['nothing', '', 'json-malformed'],
    ['half a list', '{"payload":', 'json-malformed'],
    ['a list without content', '{}', 'jws-malformed'],
    ['a record', 'eyJhbGciOiJFZDI1NTE5Iiwia2lkIjoiYSIsInR5cCI6ImRjK3NkLWp3dCJ9.e30.AA', 'jws-type-refused'],
  ])('is a fault, not an end, where there is %s', (_what, bytes, code) => expect(labelled(bytes)).toBe(code))
})
