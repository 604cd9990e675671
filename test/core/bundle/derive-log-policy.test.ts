import { describe, expect, it } from 'vitest'

import { readBundle } from '#core/bundle/bundle.ts'
import { checkBundle } from '#core/bundle/check-bundle.ts'
import { deriveLogPolicies } from '#core/bundle/derive-log-policy.ts'
import { readCosignatures } from '#core/log/cosignature.ts'
import { quorumTime, readLogPolicy } from '#core/log/log-policy.ts'
import { readLogProof } from '#core/log/log-proof.ts'
import { parseSignedNote } from '#core/log/signed-note.ts'
import { encodeUtf8 } from '#core/encoding/utf8.ts'
import { makeBundle, packFile } from '#core/bundle/bundle.ts'
import { deflate, inflate, nodeEngine } from '#custody/engine-node.ts'

import { at, circle, divisions, iat, proofOf, trustWith, type Changes } from '../verify/logged-world.ts'
import { packedFiles } from '../../support/bundle-of.ts'
import { makeTestKey } from '../../support/make-alliance.ts'

const policiesOf = (changes: Changes = {}) => deriveLogPolicies(trustWith(changes), nodeEngine)
const origin = '370100.comity.example/log'
const ofJinan = (changes: Changes = {}) => policiesOf(changes).find(({ log }) => log === origin)

describe('the log policy of an alliance', () => {
  it('names the log, the other members’ witnesses and how many of them, in the form of C2SP', () => {
    const policy = ofJinan()!
    expect(policy.alliance).toBe('circle')
    expect(policy.text.split('\n').map((line) => line.replaceAll(/\+[0-9a-f]{8}\+[A-Za-z0-9+/=]+/g, '+…'))).toEqual([
      'log 370100.comity.example/log+…',
      'witness 370300.comity.example/witness 370300.comity.example/witness+…',
      'witness 371600.comity.example/witness 371600.comity.example/witness+…',
      'witness 370200.comity.example/witness 370200.comity.example/witness+…',
      'witness 370700.comity.example/witness 370700.comity.example/witness+…',
      'group alliance/circle 2 370300.comity.example/witness 371600.comity.example/witness 370200.comity.example/witness 370700.comity.example/witness',
      'quorum alliance/circle',
      '',
    ])
  })

  it('says of a proof what verify says of it', () => {
    const proven = proofOf({ cosigned: { '370300': 50, '371600': 20, '370200': 90, '370100': 5 } })
    const { text } = ofJinan()!
    const policy = readLogPolicy(text)
    const note = parseSignedNote(readLogProof(encodeUtf8(proven)).checkpoint)
    const cosignatures = readCosignatures(
      note,
      policy.witnesses.map(({ key }) => key),
      nodeEngine,
    )
    // Its own word, five seconds after, is nobody's here.
    expect(quorumTime(policy, cosignatures)! - iat).toBe(50)
  })

  it('is none where no number was agreed on, where too few could ever cosign, and of a city without a log', () => {
    expect(policiesOf().map(({ log }) => log)).toEqual([origin])
    expect([policiesOf({ cosigners: null }), policiesOf({ cosigners: 5 }), policiesOf({ cosigners: 4 }).length]).toEqual([[], [], 1])
  })

  it('counts no witness whose key was closed, and nobody who is no active member', () => {
    const witnesses = (changes: Changes) => readLogPolicy(ofJinan(changes)!.text).witnesses.map(({ name }) => name.slice(0, 6))
    expect(witnesses({ witness: { '370300': { revoked: { at: iat + 9, reason: 'superseded' } } } })).toEqual(['371600', '370200', '370700'])
    expect(witnesses({ members: { '370200': { state: 'suspended' } } })).toEqual(['370300', '371600', '370700'])
    expect(witnesses({ members: { '370700': { role: 'guidance' } } })).toEqual(['370300', '371600', '370200'])
  })

  it('gives a city one voice, however many witness keys it has', () => {
    const trust = trustWith()
    const zibo = trust.authorities.get('https://370300.comity.example')!
    const second = makeTestKey('second')
    const keys = new Map([
      ...zibo.manifest!.keys,
      [second.public.kid, { key: second.public, use: 'witness', scope: undefined, nbf: 0, exp: iat * 2, revoked: undefined } as const],
    ])
    const authorities = new Map([...trust.authorities, [zibo.iss, { ...zibo, manifest: { ...zibo.manifest!, keys } }]])
    const policy = readLogPolicy(deriveLogPolicies({ ...trust, authorities }, nodeEngine)[0]!.text)
    const zibos = policy.witnesses.filter(({ key }) => key.name.startsWith('370300'))
    const seen = (from: typeof policy.witnesses, seconds: number) => from.map(({ key }) => ({ key, at: iat + seconds }))
    expect(zibos.length).toBe(2)
    expect(quorumTime(policy, seen(zibos, 5))).toBeUndefined()
    expect(quorumTime(policy, [...seen(zibos, 5), ...seen(policy.witnesses.slice(-1), 8)])).toBe(iat + 8)
  })

  it('says where logs are read and witnesses asked, below each one’s first address', () => {
    const address = 'https://hrss.zibo.example'
    const { text } = ofJinan({ members: { '370300': { addresses: [address] }, '370100': { addresses: ['https://a.example', 'https://b.example'] } } })!
    const { logs, witnesses } = readLogPolicy(text)
    expect([logs[0]!.url, witnesses[0]!.url, witnesses[1]!.url]).toEqual(['https://a.example/log', `${address}/log`, undefined])
  })

  it('is in the bundle, and refused there where it says otherwise than list and manifests', () => {
    const jinan = circle.city(divisions[0])
    const trust = trustWith()
    const make = (text: string) =>
      makeBundle(
        { iss: jinan.iss, iat, alliance: null, anchors: circle.files.anchors },
        [...packedFiles(circle.files), packFile('log-policy', encodeUtf8(text), { deflate, inflate })],
        jinan.status.signer,
        nodeEngine,
      )
    const { text } = ofJinan()!
    const check = (given: string) =>
      checkBundle(readBundle(make(given), nodeEngine, inflate), trust, at, nodeEngine).refused.map(({ name, fault }) => [name, fault.code])
    expect(check(text)).toEqual([])
    expect(readBundle(make(text), nodeEngine, inflate).policies).toEqual([{ alliance: 'circle', log: origin, text }])
    expect(check(text.replace('circle 2 ', 'circle 1 '))).toEqual([['log-policy circle 370100.comity.example/log', 'bundle-policy-differs']])
  })
})
