import { gunzipSync } from 'node:zlib'

import { importJWK, jwtVerify } from 'jose'
import { describe, expect, it } from 'vitest'

import type { StatusPeriod } from '#core/status/status-kinds.ts'
import { statusAt, statusListOf } from '#core/status/status-list.ts'
import { bitstringCredential, encodeBitstring, type StatusPurpose } from '#core/views/bitstring-status-list.ts'
import { deflate } from '#custody/engine-node.ts'
import { makeAlliance } from '../../support/make-alliance.ts'

/** The Bitstring Expansion Algorithm (§3.4) and a look at one place (§3.2), by parts that are not ours. */
function expand(encodedList: string): { readonly bytes: number; readonly set: readonly number[] } {
  expect(encodedList[0]).toBe('u')
  const bits = gunzipSync(Buffer.from(encodedList.slice(1), 'base64url'))
  const text = Array.from(bits, (byte) => byte.toString(2).padStart(8, '0')).join('')
  return { bytes: bits.length, set: [...text.matchAll(/1/g)].map(({ index }) => index) }
}

const periods: Readonly<Record<string, StatusPeriod>> = {
  suspended: { kind: 'suspended', reason: 'investigation', from: 1 },
  revoked: { kind: 'revoked', reason: 'fraud', from: 1 },
  penalty: { kind: 'penalty', reason: 'violation', from: 1 },
  cancelled: { kind: 'cancelled', reason: 'deceased', from: 1 },
  voided: { kind: 'voided', reason: 'lost', from: 1 },
}

const history = new Map<number, readonly StatusPeriod[]>([
  [0, [periods['revoked']!]],
  [1, [periods['suspended']!]],
  [6, [{ ...periods['suspended']!, until: 2 }]],
  [7, [periods['cancelled']!]],
  [8, [periods['suspended']!, periods['revoked']!]],
  [4711, [periods['penalty']!]],
  [65_535, [periods['voided']!]],
])

const alliance = makeAlliance({ cities: ['370100'], history: { '370100': history } })
const city = alliance.city('370100')
const accepted = alliance.trust.authorities.get(city.iss)!.statusLists.get(`${city.iss}/status/1`)!

describe('the bitstring of a status list', () => {
  it.each<[StatusPurpose, readonly number[]]>([
    ['revocation', [0, 7, 8, 4711, 65_535]],
    ['suspension', [1]],
  ])('%s has the bits of the records that it concerns, at their own indices, in 16 kB', (purpose, set) => {
    expect(expand(encodeBitstring(accepted.list, purpose, deflate))).toEqual({ bytes: 16_384, set })
  })

  it.each([65_536, 131_072])('says the same as the list for every entry of a list with all values in all of %i places', (size) => {
    const entries = Array.from({ length: 4096 }, (_, index): [number, number] => [(index * 40_503) % size, (index >> 2) % 4])
    const list = statusListOf(2, size, entries)
    const revoked = new Set(expand(encodeBitstring(list, 'revocation', deflate)).set)
    const suspended = new Set(expand(encodeBitstring(list, 'suspension', deflate)).set)
    for (const [index] of entries) {
      const value = statusAt(list, index)
      expect([index, revoked.has(index), suspended.has(index)]).toEqual([index, value === 1 || value === 3, value === 2])
    }
    expect(revoked.size + suspended.size).toBe(3072)
  })

  it('is never shorter than 16 kB, however short the list', () => {
    expect(expand(encodeBitstring(statusListOf(1, 64, [[63, 1]]), 'revocation', deflate))).toEqual({ bytes: 16_384, set: [63] })
  })
})

describe('a status list as a W3C credential', () => {
  it('is a vc+jwt that others verify, and says from and until when', async () => {
    const token = bitstringCredential('did:web:370100.comity.example', accepted, 'revocation', city.status.signer, deflate)
    const { protectedHeader, payload } = await jwtVerify(token, await importJWK(city.status.jwk, 'Ed25519'), { typ: 'vc+jwt' })
    expect(protectedHeader).toEqual({ typ: 'vc+jwt', cty: 'vc', alg: 'Ed25519', kid: `did:web:370100.comity.example#${city.status.public.kid}` })
    const { credentialSubject, ...rest } = payload as { readonly credentialSubject: { readonly encodedList: string } }
    expect(rest).toEqual({
      '@context': ['https://www.w3.org/ns/credentials/v2'],
      id: 'https://370100.comity.example/status/1/revocation',
      type: ['VerifiableCredential', 'BitstringStatusListCredential'],
      issuer: 'did:web:370100.comity.example',
      validFrom: '2026-06-01T03:00:00Z',
      validUntil: '2026-06-15T03:00:00Z',
    })
    expect(credentialSubject).toEqual({
      id: 'https://370100.comity.example/status/1/revocation#list',
      type: 'BitstringStatusList',
      statusPurpose: 'revocation',
      encodedList: encodeBitstring(accepted.list, 'revocation', deflate),
      ttl: 300_000,
    })
  })

  it('is the same bytes each time, so that caches hold', () => {
    const make = () => bitstringCredential('did:web:370100.comity.example', accepted, 'suspension', city.status.signer, deflate)
    expect(make()).toBe(make())
  })
})
