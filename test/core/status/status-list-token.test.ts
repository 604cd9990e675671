import { describe, expect, it } from 'vitest'

import { readPublicKey } from '#core/crypto/read-public-key.ts'
import type { JsonObject } from '#core/encoding/parse-json.ts'
import { signCompactJws } from '#core/encoding/parse-jws.ts'
import { encodeStatusList, sizeOf, statusAsOf, statusAt, statusListOf } from '#core/status/status-list.ts'
import { packHistory, unpackHistory } from '#core/status/pack-history.ts'
import { issueStatusListToken, readStatusListToken, statusListType } from '#core/status/status-list-token.ts'
import type { StatusPeriod } from '#core/status/status-kinds.ts'
import { deflate, inflate, nodeEngine } from '#custody/engine-node.ts'
import { makeKey } from '#custody/make-key.ts'
import { nodeSigner } from '#custody/node-signer.ts'
import { faultOf } from '../../support/fault-of.ts'

const { jwk, seed } = makeKey()
const key = readPublicKey(jwk)
const signer = nodeSigner(seed)
const other = makeKey()

const claims = { sub: 'https://hrss.jinan.example/authority/status/1', iat: 1_763_769_600, exp: 1_764_374_400, ttl: 3600 }
const history: ReadonlyMap<number, readonly StatusPeriod[]> = new Map([
  [7, [{ kind: 'suspended', reason: 'investigation', from: 1_763_000_000, until: 1_763_100_000 }]],
  [42, [{ kind: 'revoked', reason: 'fraud', from: 1_763_200_000 }]],
  [
    51_234,
    [
      { kind: 'suspended', reason: 'investigation', from: 1_763_000_000, until: 1_763_100_000 },
      { kind: 'cancelled', reason: 'holder-died', from: 1_763_300_000 },
    ],
  ],
  [65_535, [{ kind: 'suspended', reason: 'investigation', from: 1_763_500_000 }]],
])
const text = issueStatusListToken({ ...claims, history }, signer, deflate)
const read = (token: string) => readStatusListToken(token, key, nodeEngine, inflate)
const token = (payload: JsonObject, typ = statusListType): string => signCompactJws({ typ }, payload, signer)
const list = { ...encodeStatusList(statusListOf(2, 16, [[3, 1]]), deflate) }
/** A history as it stands in a token, whatever the list beside it says. */
const packed = (told: Readonly<Record<number, readonly StatusPeriod[]>>, values: readonly (readonly [number, number])[] = [[3, 1]], size = 16): string => {
  const entries = Object.entries(told).map(([place, periods]): [number, readonly StatusPeriod[]] => [Number(place), periods])
  return Buffer.from(packHistory(new Map(entries), statusListOf(2, size, values))).toString('base64url')
}
const revoked: StatusPeriod = { kind: 'revoked', reason: 'fraud', from: 1 }
const past = packed({ 3: [revoked] })

describe('a status list token', () => {
  it('gives back what was issued, with the reasons and the past', () => {
    const got = read(text)
    expect({ ...got, list: undefined, digest: undefined }).toEqual({ ...claims, iss: undefined, list: undefined, digest: undefined })
    expect(got.list.history).toEqual(history)
    expect([0, 7, 42, 51_234, 65_535].map((index) => statusAt(got.list, index))).toEqual([0, 0, 1, 3, 2])
    expect(statusAsOf(got.list, 51_234, 1_763_050_000)?.value).toBe(2)
    expect(statusAsOf(got.list, 51_234, 1_763_300_000)).toEqual({ value: 3, period: { kind: 'cancelled', reason: 'holder-died', from: 1_763_300_000 } })
    expect(got.digest).toBe(Buffer.from(nodeEngine.sha256(Buffer.from(text))).toString('base64url'))
  })

  it('is what the specification calls a Status List Token', () => {
    const [header, payload] = text.split('.').map((part) => Buffer.from(part, 'base64url').toString())
    expect(JSON.parse(header!)).toEqual({ typ: 'statuslist+jwt', alg: 'Ed25519', kid: key.kid })
    const { status_list, history: published, ...rest } = JSON.parse(payload!) as Record<string, unknown>
    expect(rest).toEqual(claims)
    expect(Object.keys(status_list as object)).toEqual(['bits', 'lst'])
    expect(typeof published).toBe('string')
    expect(unpackHistory(Buffer.from(published as string, 'base64url'), read(text).list)).toEqual(history)
  })

  it('of another issuer, without history, is read; its past is not known', () => {
    const got = read(token({ ...claims, iss: 'https://zibo.example', status_list: list }))
    expect([got.iss, statusAt(got.list, 3), statusAsOf(got.list, 3, 1)]).toEqual(['https://zibo.example', 1, undefined])
  })

  it('is the same bytes for the same content', () => {
    expect(issueStatusListToken({ ...claims, history: new Map([...history].reverse()) }, signer, deflate)).toBe(text)
  })

  it.each([
    ['another key', () => readStatusListToken(text, readPublicKey(other.jwk), nodeEngine, inflate), 'signature-wrong'],
    [
      'another key under our key’s name',
      () => read(signCompactJws({ typ: statusListType }, { ...claims, status_list: list }, { ...nodeSigner(other.seed), kid: key.kid })),
      'signature-wrong',
    ],
    [
      'our signature under another key’s name',
      () => read(signCompactJws({ typ: statusListType }, { ...claims, status_list: list }, { ...signer, kid: other.kid })),
      'signature-wrong',
    ],
    ['another type', () => read(token({ ...claims, status_list: list }, 'dc+sd-jwt')), 'jws-type-refused'],
    ['no exp', () => read(token({ sub: claims.sub, iat: 1, ttl: 1, status_list: list })), 'status-list-malformed'],
    ['a ttl of 0', () => read(token({ ...claims, ttl: 0, status_list: list })), 'status-list-malformed'],
    ['a width of three bits', () => read(token({ ...claims, status_list: { ...list, bits: 3 } })), 'status-list-malformed'],
    ['no list', () => read(token({ ...claims })), 'status-list-malformed'],
    ['a list without a reason', () => read(token({ ...claims, status_list: list, history: 'AAA' })), 'status-list-malformed'],
    [
      'a list that its history contradicts',
      () => read(token({ ...claims, status_list: list, history: packed({ 3: [{ ...revoked, kind: 'suspended' }] }) })),
      'status-list-malformed',
    ],
    [
      'a list whose history is of another instant',
      () => read(token({ ...claims, status_list: list, history: packed({ 3: [{ ...revoked, kind: 'voided', from: claims.iat + 1 }] }) })),
      'status-list-malformed',
    ],
    [
      'a history of a place that is 0',
      () => read(token({ ...claims, status_list: list, history: packed({ 3: [revoked], 4: [revoked] }) })),
      'status-list-malformed',
    ],
    [
      'a history beyond the list',
      () => read(token({ ...claims, status_list: list, history: packed({ 3: [revoked], 16: [revoked] }, [[3, 1]], 32) })),
      'status-list-malformed',
    ],
    ['a history that is cut off', () => read(token({ ...claims, status_list: list, history: past.slice(0, -4) })), 'status-list-malformed'],
    ['a history that goes on', () => read(token({ ...claims, status_list: list, history: `${past}AAAA` })), 'status-list-malformed'],
    ['a history spelt otherwise', () => read(token({ ...claims, status_list: list, history: `${past}=` })), 'base64url-malformed'],
    ['a history that is an array', () => read(token({ ...claims, status_list: list, history: [] })), 'status-list-malformed'],
    ['a history that is an object', () => read(token({ ...claims, status_list: list, history: { 3: [['revoked', 'fraud', 1]] } })), 'status-list-malformed'],
    [
      'a bomb',
      () => read(token({ ...claims, status_list: { bits: 2, lst: Buffer.from(deflate(new Uint8Array(40_000_000))).toString('base64url') } })),
      'bytes-too-many',
    ],
  ])('with %s is refused', (_, work, code) => {
    expect(faultOf(work)).toBe(code)
    expect(faultOf(() => read(token({ ...claims, status_list: list, history: past })))).toBe('no fault')
  })

  it('with one character changed is refused', () => {
    const [header, payload, signature] = text.split('.') as [string, string, string]
    for (const at of [0, 10, Math.floor(payload.length / 2), payload.length - 2]) {
      const changed = payload.slice(0, at) + (payload[at] === 'A' ? 'B' : 'A') + payload.slice(at + 1)
      expect(faultOf(() => read(`${header}.${changed}.${signature}`))).not.toBe('no fault')
    }
  })

  it('of a list of twice as many places, as they were opened before, is issued and read alike', () => {
    const large = new Map([...history, [131_071, [revoked]]])
    const got = read(issueStatusListToken({ ...claims, history: large, size: 2 ** 17 }, signer, deflate))
    expect([sizeOf(got.list), statusAt(got.list, 131_071), statusAt(got.list, 131_070)]).toEqual([131_072, 1, 0])
    expect(got.list.history).toEqual(large)
  })

  it('cannot be issued for a place that does not exist', () => {
    expect(faultOf(() => issueStatusListToken({ ...claims, history: new Map([[65_536, []]]) }, signer, deflate))).toBe('status-index-out-of-range')
  })
})
