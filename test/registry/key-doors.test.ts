import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { encodeBase64url } from '#core/encoding/base64url.ts'
import type { JsonObject } from '#core/encoding/parse-json.ts'
import { Fault } from '#core/fault.ts'
import { acceptAllianceList } from '#core/trust/alliance-list.ts'
import type { Anchors } from '#core/trust/anchors.ts'
import { acceptManifest } from '#core/trust/key-manifest.ts'
import { nodeEngine } from '#custody/engine-node.ts'
import { insertNewest } from '#registry/new-key.ts'
import { registerClient } from '#registry/register-client.ts'
import { listSigningKeys } from '#storage/signing-keys.ts'
import smallOrder from '../vectors/ed25519/small-order.json' with { type: 'json' }
import { faultCodeOf } from '../support/fault-code-of.ts'
import {
  alliancePayload,
  anchorOf,
  assemble,
  keysOf,
  makeAlliance,
  makeCity,
  makeTestKey,
  manifestPayload,
  memberOf,
  signAllianceList,
  signManifest,
} from '../support/make-alliance.ts'
import { openTestOffice, type TestOffice } from '../support/open-test-office.ts'

const iat = 1_780_000_000
const jinan = makeCity('370100')
const zibo = makeCity('370300')
const circle = makeAlliance({ cities: ['370100', '370300'] })

let node: TestOffice
beforeAll(async () => {
  node = await openTestOffice()
})
afterAll(() => node.close())

const jwkOf = (hex: string) => ({ kty: 'OKP' as const, crv: 'Ed25519' as const, x: encodeBase64url(Buffer.from(hex, 'hex')) })

/** What a verifier would let in with a key of that spelling. Each answers with the fault's code. */
const doors: Readonly<Record<string, (hex: string) => unknown>> = {
  'a manifest': (hex) => {
    const [first, ...others] = keysOf(jinan, iat)
    const text = signManifest(manifestPayload(jinan, iat, { keys: [{ ...first!, jwk: jwkOf(hex) }, ...others] }), jinan.authority.signer)
    return acceptManifest(text, { iss: jinan.iss, division: jinan.division, key: jinan.authority.public }, undefined, nodeEngine)
  },
  'an alliance list': (hex) => {
    const payload = alliancePayload('circle', [memberOf(jinan), memberOf(zibo, { authorityKey: jwkOf(hex) })], iat)
    const file = signAllianceList(payload, [jinan.authority.signer])
    return acceptAllianceList(file, anchorOf(payload, file), nodeEngine)
  },
  'an anchor': (hex) => assemble({ ...circle.files, anchors: { ...circle.files.anchors, authorities: [anchored(jinan.iss, jwkOf(hex))] } }),
  'a client': (hex) => registerClient(node.office, { actor: 'cli:test' }, { ...client('weak'), keys: [jwkOf(hex)] }),
}

const anchored = (iss: string, authorityKey: ReturnType<typeof jwkOf>): Anchors['authorities'][number] => ({
  division: jinan.division,
  name: jinan.name,
  iss,
  authorityKey,
  authorised: [{ families: ['title'], divisions: [jinan.division] }],
})
const client = (id: string) => ({ id, name: id, kind: 'officer' as const, keys: [] as JsonObject[], duties: ['read' as const] })

/** The key of RFC 8032 §7.1 test 1 with a point of order 8 added; and spellings that are past the field or have a sign on x = 0. */
const others = [
  ['mixed order', 'cdb267ce40c5cd45306fa5d2f29731459387dbf9eb933b7bd5aed9a765b88d4d'],
  ['y past the field', `f0${'ff'.repeat(30)}7f`],
  ['a sign on x = 0', `01${'00'.repeat(30)}80`],
  ['no point of the curve', `02${'00'.repeat(31)}`],
] as const

describe.each(Object.entries(doors))('through %s', (_door, enter) => {
  it.each([...smallOrder.encodings.map((hex) => ['small order', hex] as const), ...others])('no key of %s enters: %s', async (_what, hex) => {
    const code = await faultCodeOf((async () => enter(hex))())
    expect(code).toBe('key-weak')
  })
})

describe('one key', () => {
  it('has one client: whoever held two names could approve what they have drafted', async () => {
    const register = (id: string, ...keys: readonly JsonObject[]) => faultCodeOf(registerClient(node.office, { actor: 'cli:test' }, { ...client(id), keys }))
    const [one, two] = [makeTestKey('one').jwk, makeTestKey('two').jwk] as unknown as readonly [JsonObject, JsonObject] // plain JSON
    expect(await register('first', one)).toBe('no fault')
    expect(await register('second', two, one)).toBe('key-repeated')
    expect(await register('second', two, two)).toBe('key-repeated')
    expect(await register('second', (await listSigningKeys(node.store.read, {}))[0]!.jwk)).toBe('key-repeated')
    expect(await register('second', two)).toBe('no fault')
  })

  it('has one authority among the anchors, and one authority one key', () => {
    const assembled = (authorities: Anchors['authorities']): string => {
      try {
        assemble({ ...circle.files, anchors: { ...circle.files.anchors, authorities } })
      } catch (error) {
        if (error instanceof Fault) return `${error.code} ${error.at}`
        throw error
      }
      return 'no fault'
    }
    const [own, other] = [jinan.authority.jwk, zibo.authority.jwk].map((jwk) => ({ kty: jwk.kty, crv: jwk.crv, x: jwk.x })) as [
      ReturnType<typeof jwkOf>,
      ReturnType<typeof jwkOf>,
    ]
    expect(assembled([anchored(jinan.iss, own), anchored(zibo.iss, other)])).toBe('no fault')
    expect(assembled([anchored(jinan.iss, own), anchored(zibo.iss, own)])).toBe('key-repeated anchors/authorities/1')
    expect(assembled([anchored(jinan.iss, own), anchored(jinan.iss, other)])).toBe('key-repeated anchors/authorities/1')
  })

  it('has one use in the node itself, even if a device gives the same one twice', async () => {
    const [key] = await listSigningKeys(node.store.read, {})
    expect(await faultCodeOf(node.store.atomically((tx) => insertNewest(tx, [key!])))).toBe('key-repeated')
    const fresh = { ...key!, kid: 'another' }
    expect(await faultCodeOf(node.store.atomically((tx) => insertNewest(tx, [fresh, { ...fresh, use: 'status' }])))).toBe('key-repeated')
  })
})
