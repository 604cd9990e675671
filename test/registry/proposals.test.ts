import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import circleRules from '#schema/rules/sd-capital-circle-2021-1.json' with { type: 'json' }
import { Fault } from '#core/fault.ts'
import { secondsOf } from '#core/model/instant.ts'
import { freshnessAt } from '#core/trust/freshness.ts'
import { mergeProposals, readProposal, writeProposal, type Proposal } from '#core/trust/proposal.ts'
import { nodeEngine } from '#custody/engine-node.ts'
import { adoptDue, adoptProposal, handIn, stateOf } from '#registry/adopt-proposal.ts'
import { holdTrust, takeTrustFiles } from '#registry/held-trust.ts'
import { insertNewest, newKey } from '#registry/new-key.ts'
import { initialiseNode } from '#registry/initialise-node.ts'
import type { Office } from '#registry/office.ts'
import { openSignatory, signatoryOf } from '#registry/open-signatory.ts'
import { propose, proposeStamp } from '#registry/propose.ts'
import { keptProposal, keptProposals } from '#registry/show-proposal.ts'
import { signProposal } from '#registry/sign-proposal.ts'
import { encodeUtf8 } from '#core/encoding/utf8.ts'
import { setMeta } from '#storage/meta.ts'
import { closeSigningKey } from '#storage/signing-keys.ts'
import { listUnpublished } from '#storage/outbox.ts'
import { faultCodeOf } from '../support/fault-code-of.ts'
import { makeTestKey } from '../support/make-alliance.ts'
import { formTestAlliance, newNodeOf, openTestOffice, openTestParts, takeFrom, testPassphrase, type TestOffice } from '../support/open-test-office.ts'
import { createVault } from '#custody/vault.ts'

// Three offices of one alliance, each with its own key; two of them can carry nothing, all three must sign.
const alliance = 'sd-capital-circle'
const by = { actor: 'cli:secretary' }
const signed = { sign: true }
let jinan: TestOffice
let zibo: TestOffice
let binzhou: TestOffice

beforeAll(async () => {
  jinan = await openTestOffice({ division: '370100' })
  zibo = await openTestOffice({ division: '370300' })
  binzhou = await openTestOffice({ division: '371600' })
  await formTestAlliance([jinan.office, zibo.office, binzhou.office], alliance, circleRules)
})
afterAll(() => Promise.all([jinan.close(), zibo.close(), binzhou.close()]))

const listAt = async (office: Office) => (await holdTrust(office)).trust.alliances[0]!
const rulesAt = async (office: Office) => (await holdTrust(office)).trust.ruleSets.map(({ payload }) => `${payload.ruleSet.id}@${payload.ruleSet.version}`)
const issOf = ({ office }: TestOffice): string => office.authority.iss
const copyBy = ({ office }: TestOffice, file: Uint8Array): Promise<Uint8Array> => signProposal(signatoryOf(office), by, file).then(writeProposal)
const tellsLack = async (work: Promise<unknown>) => {
  try {
    await work
  } catch (fault) {
    if (fault instanceof Fault) return [fault.code, fault.findings.map(({ at }) => at)]
    throw fault
  }
  return 'no fault'
}

describe('a proposal', () => {
  let proposal: Proposal
  let file: Uint8Array

  it('follows the list in force, carries its rules over and is signed by whoever makes it', async () => {
    proposal = await propose(jinan.office, by, { alliance, changes: [{ change: 'set', thresholds: { list: 2, rules: 3 }, secretariat: '370100' }] }, signed)
    file = writeProposal(proposal)
    const held = await listAt(jinan.office)
    const rules = (await holdTrust(jinan.office)).trust.ruleSets[0]!
    expect(proposal.content).toEqual({
      ...held.payload,
      version: 2,
      prev: held.digest,
      iat: secondsOf(jinan.office.clock()),
      ttl: 30 * 86_400,
      exp: secondsOf(jinan.office.clock()) + 400 * 86_400,
      thresholds: { list: 2, rules: 3 },
      secretariat: '370100',
      ruleSets: [{ id: 'sd-capital-circle/2021-1', version: 1, digest: rules.digest }],
    })
    expect(proposal.signatures.map(({ kid }) => kid)).toEqual([(await jinan.office.keyring.authority()).kid])
  })

  it('is refused before anybody signs it when it could never be adopted', async () => {
    const held = (await listAt(jinan.office)).payload
    const { iat: _iat, ttl: _ttl, exp: _exp, version: _version, prev: _prev, ...content } = held
    const refused = (draft: object) => faultCodeOf(propose(jinan.office, by, draft as never, signed))
    expect(await refused({ ...content, version: 1 })).toBe('trust-rolled-back')
    expect(await refused({ ...content, version: 3 })).toBe('trust-chain-broken')
    expect(await refused({ ...content, version: 2, prev: 'A'.repeat(43) })).toBe('trust-chain-broken')
    expect(await refused({ alliance, changes: [{ change: 'set', thresholds: { list: 4, rules: 1 } }] })).toBe('trust-threshold-unreachable')
    expect(await refused({ alliance, changes: [{ change: 'leave', iss: issOf(zibo), until: '2026-06-01' }] })).toBe('trust-threshold-unreachable')
    // Each of three has two others to cosign its log; and where one of them leaves, one.
    const asking = (cosigners: number) => ({ change: 'set', thresholds: { list: 2, rules: 2, cosigners } })
    expect(await refused({ alliance, changes: [asking(3)] })).toBe('trust-cosigners-unreachable')
    expect(await refused({ alliance, changes: [asking(2), { change: 'leave', iss: issOf(zibo), until: '2026-06-01' }] })).toBe('trust-cosigners-unreachable')
    expect(await refused({ alliance, changes: [asking(2), { change: 'amend', iss: issOf(zibo), role: 'guidance' }] })).toBe('trust-cosigners-unreachable')
    expect(await refused({ alliance, changes: [{ change: 'suspend', iss: 'https://nobody.example' }] })).toBe('request-malformed')
    expect(await refused(circleRules)).toBe('trust-rolled-back')
    expect(await refused({ ...circleRules, version: 2, rules: [circleRules.rules[0], circleRules.rules[0]] })).toBe('request-malformed')
    expect(await refused({ alliance: 'other', changes: [{ change: 'suspend', iss: issOf(zibo) }] })).toBe('trust-missing')
  })

  it('is signed by each member once, on a copy of its own', async () => {
    expect(await faultCodeOf(signProposal(signatoryOf(jinan.office), by, file))).toBe('signature-repeated')
    expect(await faultCodeOf(signProposal(signatoryOf(zibo.office), by, Buffer.from('{}')))).toBe('jws-malformed')
    const copy = readProposal(await copyBy(zibo, file), nodeEngine)
    expect([copy.digest, copy.signatures.length]).toEqual([proposal.digest, 2])
  })

  it('is not adopted before both thresholds are met; the fault names who is missing, and what came in is kept', async () => {
    expect(await tellsLack(adoptProposal(jinan.office, by, [file]))).toEqual([
      'trust-threshold-missed',
      ['old/370300', 'old/371600', 'new/370300', 'new/371600'],
    ])
    expect(await tellsLack(adoptProposal(jinan.office, by, [await copyBy(binzhou, file)]))).toEqual(['trust-threshold-missed', ['old/370300', 'new/370300']])
    expect((await listAt(jinan.office)).payload.version).toBe(1)
    const view = await keptProposal(jinan.office, (await holdTrust(jinan.office)).trust, proposal.digest)
    expect([view.state, view.thresholds.map(({ of, signed: have, needed, met }) => [of, have.map(({ division }) => division), needed, met])]).toEqual([
      'open',
      [
        ['old', ['370100', '371600'], 3, false],
        ['new', ['370100', '371600'], 3, false],
      ],
    ])
  })

  it('is adopted when the parts that came from different hands make it whole', async () => {
    const part = readProposal(await copyBy(await reopenedAs(zibo), file), nodeEngine)
    const alone = writeProposal({ ...part, signatures: part.signatures.slice(-1) })
    const { outcome } = await adoptProposal(jinan.office, by, [alone])
    expect([outcome, (await listAt(jinan.office)).payload.version, await stateOf(jinan.store.read, proposal)]).toEqual(['adopted', 2, 'adopted'])
    expect((await adoptProposal(jinan.office, by, [file])).outcome).toBe('known')
    const deeds = (await jinan.audits()).filter(({ subject }) => subject === `alliance ${alliance} 2`).map(({ actor, action }) => `${actor} ${action}`)
    expect(deeds).toEqual([
      'cli:secretary propose',
      'cli:secretary add-signature',
      'cli:secretary add-signature',
      'cli:secretary add-signature',
      'cli:secretary adopt',
    ])
    expect((await takeFrom(zibo.office, jinan.office)).refused).toEqual([])
    expect([(await listAt(zibo.office)).payload.version, await rulesAt(zibo.office)]).toEqual([2, ['sd-capital-circle/2021-1@1']])
    await takeFrom(binzhou.office, jinan.office)
  })

  it('becomes a leaf of the log of whoever adopts it', async () => {
    const kinds = (await listUnpublished(jinan.store.read, { limit: 1000 })).filter(({ kind }) => kind === 'alliance' || kind === 'rules')
    expect(kinds.map(({ kind, digest }) => [kind, Buffer.from(digest).toString('base64url')])).toEqual([
      ['alliance', expect.any(String)],
      ['rules', expect.any(String)],
      ['alliance', proposal.digest],
    ])
  })

  it('cannot be put together with another, nor poisoned by a signature that somebody changed', async () => {
    const [one, two] = [
      await propose(jinan.office, by, { alliance, changes: [{ change: 'set', secretariat: null }] }, signed),
      await propose(jinan.office, by, { alliance, changes: [{ change: 'set', secretariat: '370300' }] }, signed),
    ]
    expect(await faultCodeOf(adoptProposal(jinan.office, by, [writeProposal(one), writeProposal(two)]))).toBe('proposal-differs')
    const forged = writeProposal({ ...one, signatures: [{ ...one.signatures[0]!, signature: two.signatures[0]!.signature }] })
    expect(await faultCodeOf(adoptProposal(zibo.office, by, [forged]))).toBe('signature-wrong')
    expect(await faultCodeOf(handIn(zibo.office, by, forged))).toBe('signature-wrong')
    const kept = await keptProposals(zibo.office, (await holdTrust(zibo.office)).trust, 10)
    expect(kept.map(({ proposal: { kind, version } }) => `${kind} ${version}`).toSorted()).toEqual(['alliance 1', 'alliance 2', 'rules 1'])
  })
})

/** As after a restart: what it knows is in the store alone. */
const reopenedAs = async (office: TestOffice): Promise<TestOffice> => ({ ...office, office: await office.reopened() })

describe('handed in to a node', () => {
  it('a proposal waits for signatures and is adopted with the last of them, whoever brings it', async () => {
    const proposal = await propose(zibo.office, by, { alliance, changes: [{ change: 'set', chair: '370300' }] }, { sign: false })
    expect(proposal.signatures).toEqual([])
    expect(await handIn(jinan.office, by, writeProposal(proposal))).toMatchObject({ state: 'open', added: 0 })
    const copies = await Promise.all([jinan, zibo].map((office) => copyBy(office, writeProposal(proposal))))
    expect(await handIn(jinan.office, by, copies[0]!)).toMatchObject({ state: 'open', added: 0 }) // its own node has kept it when it signed
    expect(await handIn(jinan.office, by, copies[1]!)).toMatchObject({ state: 'open', added: 1 })
    expect(await handIn(jinan.office, by, copies[1]!)).toMatchObject({ state: 'open', added: 0 })
    // The rules that it carries over need all three.
    const last = await copyBy(binzhou, writeProposal(proposal))
    expect(await handIn(jinan.office, by, last)).toMatchObject({ state: 'adopted', added: 1 })
    expect((await listAt(jinan.office)).payload).toMatchObject({ version: 3, chair: '370300' })
    for (const office of [zibo, binzhou]) await takeFrom(office.office, jinan.office)
  })

  it('a signature of nobody who has a say is refused, and so is a proposal for an alliance that is not known', async () => {
    const stranger = await openTestOffice({ division: '370200' })
    const proposal = await propose(zibo.office, by, { alliance, changes: [{ change: 'set', chair: null }] }, signed)
    const strange = await copyBy(stranger, writeProposal(proposal))
    expect(await faultCodeOf(handIn(jinan.office, by, strange))).toBe('trust-signer-unknown')
    expect(await faultCodeOf(handIn(stranger.office, by, writeProposal(await propose(zibo.office, by, { ...circleRules, version: 2 }, signed))))).toBe(
      'trust-signer-unknown',
    )
    await stranger.close()
  })

  it('what became due while nobody handed in anything is adopted by the node itself, once', async () => {
    const proposal = await propose(binzhou.office, by, { alliance, changes: [{ change: 'set', secretariat: '371600' }] }, signed)
    const copies = await Promise.all([jinan, zibo].map((office) => copyBy(office, writeProposal(proposal))))
    const whole = mergeProposals([proposal, ...copies.map((copy) => readProposal(copy, nodeEngine))] as [Proposal, ...Proposal[]])
    const next = { ...whole, signatures: whole.signatures }
    // Zibo holds an older list when the signatures of the next but one come in.
    await adoptProposal(jinan.office, by, [writeProposal(next)])
    const after = await propose(jinan.office, by, { alliance, changes: [{ change: 'set', secretariat: null }] }, signed)
    const afterCopies = await Promise.all([zibo, binzhou].map((office) => copyBy(office, writeProposal(after))))
    for (const copy of afterCopies) expect(await handIn(zibo.office, by, copy)).toMatchObject({ state: 'open' })
    expect((await listAt(zibo.office)).payload.version).toBe(3)
    expect(await adoptDue(zibo.office)).toEqual([])
    expect((await handIn(zibo.office, by, writeProposal(next))).state).toBe('adopted')
    expect((await adoptDue(zibo.office)).map(({ version }) => version)).toEqual([5])
    expect(await adoptDue(zibo.office)).toEqual([])
    expect((await listAt(zibo.office)).payload.version).toBe(5)
    for (const office of [jinan, binzhou]) await takeFrom(office.office, zibo.office)
  })

  it('a proposal whose place another has taken is over', async () => {
    const [mine, theirs] = [
      await propose(jinan.office, by, { alliance, changes: [{ change: 'set', chair: null }] }, signed),
      await propose(zibo.office, by, { alliance, changes: [{ change: 'set', chair: '371600' }] }, signed),
    ]
    const copies = await Promise.all([jinan, binzhou].map((office) => copyBy(office, writeProposal(theirs))))
    expect((await adoptProposal(jinan.office, by, copies)).outcome).toBe('adopted')
    const { trust } = await holdTrust(jinan.office)
    expect(await keptProposal(jinan.office, trust, mine.digest)).toMatchObject({ state: 'superseded', thresholds: [], changes: [] })
    expect(await tellsLack(adoptProposal(jinan.office, by, [writeProposal(mine)]))).toEqual(['trust-forked', []])
    expect(await faultCodeOf(keptProposal(jinan.office, trust, 'A'.repeat(43)))).toBe('proposal-unknown')
    for (const office of [zibo, binzhou]) await takeFrom(office.office, jinan.office)
  })
})

describe('a stamp', () => {
  it('keeps list and rules fresh, by the secretariat alone or by as many as the list asks for, and reaches the neighbours', async () => {
    const fresh = async (office: Office) => {
      const { trust } = await holdTrust(office)
      const at = office.clock()
      return [freshnessAt(trust.alliances[0]!.times, at), freshnessAt(trust.ruleSets[0]!.times, at)]
    }
    for (const office of [jinan, zibo, binzhou]) office.advance(31 * 86_400)
    expect(await fresh(zibo.office)).toEqual(['stale', 'stale'])
    const stamp = await proposeStamp(zibo.office, by, alliance, signed)
    expect(await tellsLack(adoptProposal(zibo.office, by, [writeProposal(stamp)]))).toEqual([
      'trust-threshold-missed',
      ['freshness/370100', 'freshness/371600'],
    ])
    await adoptProposal(zibo.office, by, [await copyBy(jinan, writeProposal(stamp))])
    expect(await fresh(zibo.office)).toEqual(['fresh', 'fresh'])
    expect((await takeFrom(binzhou.office, zibo.office)).refused).toEqual([])
    expect(await fresh(binzhou.office)).toEqual(['fresh', 'fresh'])
    expect(await stateOf(zibo.store.read, stamp)).toBe('adopted')
    expect(await stateOf(zibo.store.read, { ...stamp, version: stamp.version - 1, digest: 'A'.repeat(43) })).toBe('superseded')
    expect(await stateOf(zibo.store.read, { ...stamp, version: stamp.version + 1, digest: 'A'.repeat(43) })).toBe('open')
    expect(await stateOf(zibo.store.read, { ...stamp, subject: `${alliance}/1` })).toBe('superseded')
    expect(await faultCodeOf(proposeStamp(zibo.office, by, 'other', signed))).toBe('trust-missing')
  })

  it('is not taken when it is older than the one held, or from the future', async () => {
    const take = async (office: Office, proposal: Proposal) =>
      (await takeTrustFiles(office, [{ name: 'stamp', bytes: writeProposal(proposal) }], 'cli:test')).refused.map(({ fault }) => fault.code)
    const stampOf = async (seconds: number): Promise<Proposal> => {
      jinan.advance(seconds)
      const stamp = await proposeStamp(jinan.office, by, alliance, signed)
      jinan.advance(-seconds)
      return readProposal(await copyBy(zibo, writeProposal(stamp)), nodeEngine)
    }
    expect(await take(binzhou.office, await stampOf(-1))).toEqual(['trust-rolled-back'])
    expect(await take(binzhou.office, await stampOf(301))).toEqual(['trust-from-future'])
    expect(await take(binzhou.office, await stampOf(300))).toEqual([])
  })
})

describe('a machine that holds only the authority key', () => {
  it('signs, though nothing else of a node could be opened there', async () => {
    const offline = await openTestParts({ seed: 'offline' })
    const { sealedMaster, vault } = createVault(testPassphrase)
    const { division, name, iss } = newNodeOf('370900')
    const authority = { division: division as never, name, iss }
    const made = () => newKey({ vault, device: undefined }, { use: 'authority', custody: 'vault', authority, now: secondsOf(offline.parts.clock()) })
    const key = await made()
    await offline.store.atomically(async (tx) => {
      await setMeta(tx, 'authority', encodeUtf8(JSON.stringify(authority)))
      await setMeta(tx, 'vault', sealedMaster)
      await insertNewest(tx, [key])
    })
    expect(await faultCodeOf(openSignatory(offline.parts, 'wrong passphrase here'))).toBe('passphrase-wrong')
    const proposal = await propose(jinan.office, by, { alliance, changes: [{ change: 'set', chair: null }] }, { sign: false })
    const copy = await signProposal(await openSignatory(offline.parts, testPassphrase), by, writeProposal(proposal))
    expect(copy.signatures.map(({ kid }) => kid)).toEqual([key.kid])
    const unsound = { ...(proposal.content as object), chair: '110000' }
    const file = Buffer.from(JSON.stringify({ payload: Buffer.from(JSON.stringify(unsound)).toString('base64url'), signatures: [] }))
    expect(await faultCodeOf(signProposal(await openSignatory(offline.parts, testPassphrase), by, file))).toBe('trust-organ-unfit')
    const closing = { kid: key.kid, closedAt: 1, closedReason: 'ceased', compromisedSince: null }
    expect(await offline.store.atomically((tx) => closeSigningKey(tx, closing))).toBe(true)
    expect(await faultCodeOf((await openSignatory(offline.parts, testPassphrase)).authorityKey())).toBe('key-outside-window')
    const next = await made()
    await offline.store.atomically((tx) => insertNewest(tx, [next]))
    expect((await (await openSignatory(offline.parts, testPassphrase)).authorityKey()).kid).not.toBe(key.kid)
    offline.advance(21 * 365 * 86_400)
    expect(await faultCodeOf((await openSignatory(offline.parts, testPassphrase)).authorityKey())).toBe('key-outside-window')
    await offline.close()
  })

  it('is no machine without a node', async () => {
    const empty = await openTestParts({ seed: 'empty' })
    expect(await faultCodeOf(openSignatory(empty.parts, testPassphrase))).toBe('node-not-initialised')
    await initialiseNode(empty.parts, newNodeOf('370900'), 'cli:test')
    expect(await faultCodeOf(openSignatory(empty.parts, testPassphrase))).toBe('no fault')
    await empty.close()
  })
})

describe('a member', () => {
  const others = async (draft: object): Promise<void> => {
    const proposal = await propose(jinan.office, by, draft as never, signed)
    await adoptProposal(jinan.office, by, await Promise.all([zibo, binzhou].map((office) => copyBy(office, writeProposal(proposal)))))
    for (const office of [zibo, binzhou]) await takeFrom(office.office, jinan.office)
  }

  it('that leaves does not take the rules with it, and cannot carry anything any more', async () => {
    await others({
      alliance,
      changes: [
        { change: 'set', thresholds: { list: 2, rules: 2 }, chair: null },
        { change: 'leave', iss: issOf(binzhou), until: '2026-07-01' },
      ],
    })
    expect(await rulesAt(zibo.office)).toEqual(['sd-capital-circle/2021-1@1'])
    // The stamp of the list before is over, and is not told as a file that is refused.
    expect((await holdTrust(zibo.office)).refused).toEqual([])
    const rules = await propose(jinan.office, by, { ...circleRules, version: 2 }, signed)
    expect(await tellsLack(adoptProposal(jinan.office, by, [await copyBy(binzhou, writeProposal(rules))]))).toEqual([
      'trust-threshold-missed',
      ['rules/370300'],
    ])
    expect((await adoptProposal(jinan.office, by, [await copyBy(zibo, writeProposal(rules))])).outcome).toBe('adopted')
    expect(await rulesAt(jinan.office)).toEqual(['sd-capital-circle/2021-1@1', 'sd-capital-circle/2021-1@2'])
  })

  it('that gets another authority key speaks by the new one from then on', async () => {
    const key = makeTestKey('new zibo').jwk
    const proposal = await propose(jinan.office, by, { alliance, changes: [{ change: 'amend', iss: issOf(zibo), authorityKey: key }] }, signed)
    // Zibo's old key agrees under the old list; the new list asks for the new key, which this office does not have.
    expect(await tellsLack(adoptProposal(jinan.office, by, [await copyBy(zibo, writeProposal(proposal))]))).toEqual(['trust-threshold-missed', ['new/370300']])
  })
})

describe('a number of cosigners', () => {
  it('may be as large as the other full members are many, and no larger', async () => {
    const { office, close } = await openTestOffice({ division: '370100' })
    try {
      await formTestAlliance([office], alliance, circleRules)
      const own = (await listAt(office)).payload.members[0]!
      const other = { ...own, division: '370300', iss: 'https://370300.comity.example', authorityKey: makeTestKey('370300').jwk }
      const third = { ...own, division: '371600', iss: 'https://371600.comity.example', authorityKey: makeTestKey('371600').jwk }
      const proposed = (cosigners: number, ...members: readonly object[]) => {
        const joining = members.map((member) => ({ change: 'join', member }))
        return faultCodeOf(
          propose(office, by, { alliance, changes: [...joining, { change: 'set', thresholds: { list: 1, rules: 1, cosigners } }] } as never, signed),
        )
      }
      expect(await proposed(1)).toBe('trust-cosigners-unreachable')
      expect(await proposed(1, other)).toBe('no fault')
      expect(await proposed(2, other, third)).toBe('no fault')
      expect(await proposed(2, other, { ...third, role: 'guidance' })).toBe('trust-cosigners-unreachable')
    } finally {
      await close()
    }
  })
})
