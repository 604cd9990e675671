import { describe, expect, it } from 'vitest'

import { Fault } from '#core/fault.ts'
import { RuleSet } from '#core/rules/rule-set.ts'
import { acceptAllianceList, allianceListType, type AcceptedAllianceList, type AllianceList } from '#core/trust/alliance-list.ts'
import { freshnessType } from '#core/trust/freshness-stamp.ts'
import { mergeProposals, readProposal, writeProposal, type Proposal } from '#core/trust/proposal.ts'
import { countersign, proposeSharedFile } from '#core/trust/sign-general-jws.ts'
import { acceptRuleSet, ruleSetType, type AcceptedRuleSet } from '#core/trust/signed-rule-set.ts'
import { checkAdoption, weighProposal } from '#core/trust/weigh-proposal.ts'
import { nodeEngine } from '#custody/engine-node.ts'
import { faultOf } from '../../support/fault-of.ts'
import {
  alliancePayload,
  anchorOf,
  makeCity,
  memberOf,
  payloadDigest,
  ruleSetPayload,
  signAllianceList,
  signRuleSet,
  type City,
} from '../../support/make-alliance.ts'

const iat = 1_780_000_000
const cities = ['370100', '370300', '370900', '371500', '371400'].map((division) => makeCity(division))
const [jinan, zibo, taian, liaocheng, dezhou] = cities as unknown as readonly [City, City, City, City, City]
const signersOf = (...signing: readonly City[]) => signing.map(({ authority }) => authority.signer)

// Four members, three of whom must sign; Dezhou is to join.
const founders = [jinan, zibo, taian, liaocheng].map((city) => memberOf(city))
const payload = alliancePayload('circle', founders, iat, { thresholds: { list: 3, rules: 3 } })
const firstFile = signAllianceList(payload, signersOf(jinan, zibo, taian))
const held = acceptAllianceList(firstFile, anchorOf(payload, firstFile), nodeEngine)
const second = (changes: Partial<AllianceList> = {}): AllianceList => ({
  ...payload,
  version: 2,
  prev: held.digest,
  members: [...founders, memberOf(dezhou)],
  thresholds: { list: 4, rules: 4 },
  ...changes,
})
const unsigned = (list: AllianceList = second()): Proposal => readProposal(proposeSharedFile(allianceListType, list), nodeEngine)
const signedBy = (proposal: Proposal, ...signing: readonly City[]): Proposal => {
  let file = writeProposal(proposal)
  for (const signer of signersOf(...signing)) file = countersign(proposal.kind === 'rules' ? ruleSetType : allianceListType, file, signer)
  return readProposal(file, nodeEngine)
}
const adoption = (proposal: Proposal, on: Parameters<typeof checkAdoption>[1] = held, sets: readonly AcceptedRuleSet[] = []): string =>
  faultOf(() => checkAdoption(proposal, on, sets, nodeEngine))

describe('copies of a proposal', () => {
  const proposal = unsigned()
  const [one, two, three] = [signedBy(proposal, jinan), signedBy(proposal, zibo, taian), signedBy(proposal, taian, dezhou)]

  it('are put together, and a key that signed two of them has signed once', () => {
    const merged = mergeProposals([one, two, three])
    expect(merged.signatures.map(({ kid }) => kid)).toEqual([jinan, zibo, taian, dezhou].map(({ authority }) => authority.public.kid))
    expect(adoption(merged)).toBe('no fault')
    expect(mergeProposals([proposal]).signatures).toEqual([])
  })

  it('are of one content', () => {
    expect(faultOf(() => mergeProposals([one, signedBy(unsigned(second({ ttl: 5 })), zibo)]))).toBe('proposal-differs')
  })

  it('are refused when one key stands twice in one of them', () => {
    const file = JSON.parse(Buffer.from(writeProposal(one)).toString('utf8')) as { readonly signatures: unknown[] }
    file.signatures.push(file.signatures[0])
    expect(faultOf(() => readProposal(Buffer.from(JSON.stringify(file)), nodeEngine))).toBe('signature-repeated')
  })

  it('may be signed by nobody yet, and are refused when they are no proposal', () => {
    expect([proposal.signatures, proposal.kind, proposal.subject, proposal.version, proposal.alliance]).toEqual([[], 'alliance', 'circle', 2, 'circle'])
    expect(proposal.digest).toBe(payloadDigest(writeProposal(proposal)))
    for (const [bytes, code] of [
      [Buffer.from('{}'), 'jws-malformed'],
      [Buffer.from('{"payload":"e30","signatures":[]}'), 'trust-malformed'],
    ] as const)
      expect(faultOf(() => readProposal(bytes, nodeEngine))).toBe(code)
    const law = RuleSet.parse({ id: 'law/1', version: 1, alliance: null, from: '2021-01-01', origin: 'law', defaultMode: 'manual_review', rules: [] })
    expect(faultOf(() => readProposal(signRuleSet(ruleSetPayload(law, iat), signersOf(jinan)), nodeEngine))).toBe('trust-malformed')
  })
})

describe('who has signed', () => {
  const divisions = (voters: readonly { readonly division: string }[]) => voters.map(({ division }) => division)
  const told = (proposal: Proposal) =>
    weighProposal(proposal, held, nodeEngine).thresholds.map(({ of, version, needed, met, signed, missing }) => [
      `${of} v${version}: ${signed.length}/${needed} ${met ? 'met' : 'open'}`,
      divisions(signed),
      divisions(missing),
    ])

  it('is told for the list in force and for the proposed one', () => {
    expect(told(signedBy(unsigned(), jinan, zibo, dezhou))).toEqual([
      ['old v1: 2/3 open', ['370100', '370300'], ['370900', '371500']],
      ['new v2: 3/4 open', ['370100', '370300', '371400'], ['370900', '371500']],
    ])
    expect(told(signedBy(unsigned(), jinan, zibo, taian))).toEqual([
      ['old v1: 3/3 met', ['370100', '370300', '370900'], ['371500']],
      ['new v2: 3/4 open', ['370100', '370300', '370900'], ['371500', '371400']],
    ])
  })

  it('is told for the proposed one alone where none is in force', () => {
    expect(weighProposal(unsigned(), undefined, nodeEngine).thresholds.map(({ of }) => of)).toEqual(['new'])
  })

  it('names keys that have no say, and lets none of them count', () => {
    const weighed = weighProposal(signedBy(unsigned(), jinan, makeCity('370200')), held, nodeEngine)
    expect([weighed.strangers.length, weighed.met]).toEqual([1, false])
  })

  it('refuses a file in which a signature was changed', () => {
    const [first] = signedBy(unsigned(), jinan).signatures
    const other = signedBy(unsigned(second({ ttl: 5 })), jinan).signatures[0]!
    const changed = { ...unsigned(), signatures: [{ ...first!, signature: other.signature }] }
    expect(faultOf(() => weighProposal(changed, held, nodeEngine))).toBe('signature-wrong')
  })
})

describe('adoption', () => {
  const lackOf = (proposal: Proposal) => {
    try {
      checkAdoption(proposal, held, [], nodeEngine)
    } catch (fault) {
      if (fault instanceof Fault) return { code: fault.code, detail: fault.detail, findings: fault.findings.map(({ at, code }) => `${at} ${code}`) }
    }
    return undefined
  }

  it('is refused with the threshold that is not met, of the old list or the new, and with those who are missing', () => {
    expect(lackOf(signedBy(unsigned(), jinan, zibo, dezhou))).toEqual({
      code: 'trust-threshold-missed',
      detail:
        'old (list v1): 2 of 3, missing 1 of 370900 泰安市人力资源和社会保障局, 371500 聊城市人力资源和社会保障局; ' +
        'new (list v2): 3 of 4, missing 1 of 370900 泰安市人力资源和社会保障局, 371500 聊城市人力资源和社会保障局',
      findings: ['old/370900 signature-missing', 'old/371500 signature-missing', 'new/370900 signature-missing', 'new/371500 signature-missing'],
    })
    // Enough of the old voters, too few of the new.
    expect(lackOf(signedBy(unsigned(), jinan, zibo, taian))).toEqual({
      code: 'trust-threshold-missed',
      detail: 'new (list v2): 3 of 4, missing 1 of 371500 聊城市人力资源和社会保障局, 371400 德州市人力资源和社会保障局',
      findings: ['new/371500 signature-missing', 'new/371400 signature-missing'],
    })
  })

  it('is not carried by new keys alone, nor by old ones alone', () => {
    const replaced = second({ members: [jinan, dezhou, makeCity('370500')].map((city) => memberOf(city)), thresholds: { list: 2, rules: 2 } })
    expect(lackOf(signedBy(unsigned(replaced), dezhou, makeCity('370500')))?.findings.map((finding) => finding.slice(0, 10))).toEqual([
      'old/370100',
      'old/370300',
      'old/370900',
      'old/371500',
    ])
    expect(lackOf(signedBy(unsigned(replaced), zibo, taian, liaocheng))?.findings.map((finding) => finding.slice(0, 3))).toEqual(['new', 'new', 'new'])
    expect(adoption(signedBy(unsigned(replaced), jinan, zibo, taian, dezhou))).toBe('no fault')
  })

  it.each<readonly [string, Partial<AllianceList>, string]>([
    ['a version that is skipped', { version: 3 }, 'trust-chain-broken'],
    ['another list of the version in force', { version: 1, prev: null }, 'trust-forked'],
    ['a list that follows from another', { prev: 'A'.repeat(43) }, 'trust-chain-broken'],
    [
      'a list of too few voters for its own threshold',
      { members: [memberOf(jinan), memberOf(zibo)], thresholds: { list: 3, rules: 1 } },
      'trust-threshold-unreachable',
    ],
    [
      'a list whose members have left',
      { members: founders.map((member) => ({ ...member, state: 'left' as const })), thresholds: { list: 1, rules: 1 } },
      'trust-threshold-unreachable',
    ],
    ['a threshold that nobody can meet for stamps', { thresholds: { list: 3, rules: 3, freshness: 6 } }, 'trust-threshold-unreachable'],
  ])('is refused of %s', (_what, changes, code) => {
    expect(adoption(signedBy(unsigned(second(changes)), jinan, zibo, taian, liaocheng, dezhou))).toBe(code)
  })

  it('is refused of a list without thresholds, or with none at all', () => {
    for (const thresholds of [undefined, { list: 0, rules: 1 }, { list: 1 }, { list: 1, rules: 1, cosigners: 0 }])
      expect(faultOf(() => unsigned(second({ thresholds: thresholds as never })))).toBe('trust-malformed')
  })

  it('never goes back to a version that is over', () => {
    const next = acceptAllianceList(writeProposal(signedBy(unsigned(), jinan, zibo, taian, liaocheng)), held, nodeEngine)
    expect(adoption(readProposal(firstFile, nodeEngine), next)).toBe('trust-rolled-back')
  })

  it('of a first list asks for the anchor that an officer has set', () => {
    const first = readProposal(firstFile, nodeEngine)
    expect(adoption(first, anchorOf(payload, firstFile))).toBe('no fault')
    expect(adoption(first, { ...anchorOf(payload, firstFile), digest: 'A'.repeat(43) })).toBe('trust-anchor-differs')
    expect(faultOf(() => checkAdoption(first, undefined, [], nodeEngine))).toBe('trust-issuer-unnamed')
  })
})

describe('rule sets', () => {
  const rules = (version: number) =>
    RuleSet.parse({ id: 'circle/1', version, alliance: 'circle', from: '2021-01-01', origin: 'sample', defaultMode: 'manual_review', rules: [] })
  const proposalOf = (version: number, ...signing: readonly City[]): Proposal =>
    signedBy(readProposal(proposeSharedFile(ruleSetType, ruleSetPayload(rules(version), iat)), nodeEngine), ...signing)
  const accepted = (proposal: Proposal, list: AcceptedAllianceList = held): AcceptedRuleSet =>
    acceptRuleSet(writeProposal(proposal), list, undefined, nodeEngine)

  it('need as many voters as the list in force asks for', () => {
    expect(adoption(proposalOf(1, jinan, zibo))).toBe('trust-threshold-missed')
    expect(adoption(proposalOf(1, jinan, zibo, liaocheng))).toBe('no fault')
    expect(adoption(proposalOf(1, jinan, zibo, dezhou))).toBe('trust-threshold-missed')
    expect(adoption(proposalOf(1, jinan, zibo, taian), anchorOf(payload, firstFile))).toBe('trust-missing')
  })

  it('never go back, and have one content a version', () => {
    const sets = [accepted(proposalOf(1, jinan, zibo, taian)), accepted(proposalOf(2, jinan, zibo, taian))]
    expect(adoption(proposalOf(1, jinan, zibo, taian), held, sets)).toBe('trust-rolled-back')
    const other = signRuleSet(ruleSetPayload(rules(2), iat, { ttl: 5 }), signersOf(jinan, zibo, taian))
    expect(adoption(readProposal(other, nodeEngine), held, sets)).toBe('trust-forked')
    expect(adoption(proposalOf(3, jinan, zibo, taian), held, sets)).toBe('no fault')
  })

  it('stay in force when a member leaves that had signed them, if the next list carries them over', () => {
    const signed = proposalOf(1, jinan, zibo, taian)
    const left = [memberOf(jinan), memberOf(zibo), memberOf(taian, { state: 'left', until: '2026-06-01' }), memberOf(liaocheng)]
    const without = { members: left, thresholds: { list: 2, rules: 3 } }
    const next = (changes: Partial<AllianceList>, ...signing: readonly City[]) =>
      acceptAllianceList(writeProposal(signedBy(unsigned(second({ ...without, ...changes })), ...signing)), held, nodeEngine)
    expect(faultOf(() => accepted(signed, next({}, jinan, zibo, taian)))).toBe('trust-threshold-missed')
    const ruleSets = [{ id: 'circle/1', version: 1, digest: signed.digest }]
    expect(accepted(signed, next({ ruleSets }, jinan, zibo, liaocheng)).digest).toBe(signed.digest)
    // Carrying over is signing again: it takes as many as a rule set does.
    expect(faultOf(() => next({ ruleSets }, jinan, zibo, taian))).toBe('trust-threshold-missed')
    const others = [{ id: 'circle/1', version: 1, digest: 'A'.repeat(43) }]
    expect(faultOf(() => accepted(signed, next({ ruleSets: others }, jinan, zibo, liaocheng)))).toBe('trust-threshold-missed')
  })
})

describe('stamps', () => {
  const stamp = { alliance: 'circle', version: 1, digest: held.digest, iat: iat + 60, ttl: 60 }
  const file = (...signing: readonly City[]): Proposal => {
    let bytes = proposeSharedFile(freshnessType, stamp)
    for (const signer of signersOf(...signing)) bytes = countersign(freshnessType, bytes, signer)
    return readProposal(bytes, nodeEngine)
  }

  it('tell who is missing, too', () => {
    expect([adoption(file(jinan, zibo)), adoption(file(jinan, zibo, taian))]).toEqual(['trust-threshold-missed', 'no fault'])
    expect(weighProposal(file(jinan), held, nodeEngine).thresholds).toMatchObject([{ of: 'freshness', needed: 3, met: false }])
    expect([file().subject, file().version]).toEqual(['circle/1', iat + 60])
  })

  it('are met by the secretariat alone', () => {
    const kept = { ...payload, secretariat: jinan.division }
    const bytes = signAllianceList(kept, signersOf(jinan, zibo, taian))
    const list = acceptAllianceList(bytes, anchorOf(kept, bytes), nodeEngine)
    expect(weighProposal(file(jinan), list, nodeEngine).met).toBe(true)
    expect(weighProposal(file(zibo), list, nodeEngine).met).toBe(false)
  })
})
