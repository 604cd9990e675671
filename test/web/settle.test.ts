import { describe, expect, it } from 'vitest'

import { nobleEngine } from '#core/crypto/engine-noble.ts'
import { verifyWithWebCrypto } from '#core/crypto/engine-webcrypto.ts'
import { encodeUtf8 } from '#core/encoding/utf8.ts'
import { assembleTrust } from '#core/trust/assemble-trust.ts'
import { shippedPolicy } from '#core/verify/verdict.ts'
import { verify } from '#core/verify/verify.ts'
import { inflate as nodeInflate } from '#custody/engine-node.ts'
import { settle, type CheckLater } from '#web/judge/settle.ts'
import { inflate } from '#web/trust/inflate.ts'

import { resign } from '../support/craft-record.ts'
import { exampleDrafts, titleDraft } from '../support/examples.ts'
import { fileOf, makeAlliance, makeShandong, makeTestKey, manifestPayload, signManifest } from '../support/make-alliance.ts'

const { trust, rules, at, issue, city, files, iat } = makeAlliance({ cities: ['370100', '370300'] })
const good = issue('370100', 'title', titleDraft())

const changed = (text: string, place: number): string => `${text.slice(0, place)}${text[place] === 'A' ? 'B' : 'A'}${text.slice(place + 1)}`

const inputs: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    Object.entries(exampleDrafts).map(([family, draft]) => [`a ${family} record`, issue('370100', family as keyof typeof exampleDrafts, draft())]),
  ), // the ids of the table
  'one with its payload changed': changed(good, 400),
  'one with its signature changed': changed(good, good.indexOf('~') - 20),
  'one signed by a key that nobody lists': resign(good, makeTestKey('stranger').signer, {}),
  'one signed by the status key': resign(good, city('370100').status.signer, {}),
  "one signed by another city's key": resign(good, city('370300').issue.signer, {}),
  "one that names the issuer's key and is signed by another": resign(good, makeTestKey('stranger').signer, {
    header: { kid: city('370100').issue.public.kid },
  }),
  'one of an issuer that nobody names': resign(good, makeTestKey('stranger').signer, { payload: { iss: 'https://elsewhere.example' } }),
  "one of an unnamed issuer under a listed city's key id": resign(good, makeTestKey('stranger').signer, {
    header: { kid: city('370100').issue.public.kid },
    payload: { iss: 'https://elsewhere.example' },
  }),
  'half of one': good.slice(0, 500),
  'no record': 'a shopping list',
}

describe('a verdict by a platform that checks later', () => {
  it.each(Object.entries(inputs))('is that of a synchronous engine for %s', async (_name, text) => {
    const evidence = encodeUtf8(text)
    const later = await settle((engine) => verify(evidence, trust, rules, at, shippedPolicy, engine))
    expect(later).toEqual(verify(evidence, trust, rules, at, shippedPolicy, nobleEngine))
  })

  it('takes no signature for good that has not been checked, though it looks on as if it were', async () => {
    const answers: boolean[] = []
    const told = await settle(
      (engine) => {
        const first = engine.verify(city('370100').issue.public, encodeUtf8('a'), new Uint8Array(64))
        const second = first && engine.verify(city('370100').issue.public, encodeUtf8('b'), new Uint8Array(64))
        answers.push(second)
        return second
      },
      async () => false,
    )
    expect([told, answers]).toEqual([false, [true, false]])
  })

  it('throws what the work throws of checked signatures, and not what it throws of unchecked ones', async () => {
    const work = (engine: { readonly verify: typeof nobleEngine.verify }): string => {
      if (engine.verify(city('370100').issue.public, encodeUtf8('a'), new Uint8Array(64))) throw new Error('believed what was not checked')
      throw new Error('the signature is wrong')
    }
    await expect(settle(work, async () => false)).rejects.toThrow('the signature is wrong')
  })

  it('asks once for what is asked for many times, and apart for each key, message and signature', async () => {
    const asked: string[] = []
    const check: CheckLater = async (key, message, signature) => {
      asked.push(`${key.kid.slice(0, 4)} ${new TextDecoder().decode(message)} ${signature[0]}`)
      return true
    }
    const [one, other] = [city('370100').issue.public, city('370300').issue.public]
    const signature = (first: number): Uint8Array => Uint8Array.of(first, ...new Uint8Array(63))
    await settle((engine) => {
      for (let again = 0; again < 3; again++)
        for (const key of [one, other]) for (const message of ['a', 'b']) for (const first of [1, 2]) engine.verify(key, encodeUtf8(message), signature(first))
    }, check)
    expect(asked.length).toBe(8)
    expect(new Set(asked).size).toBe(8)
  })
})

describe('trust assembled by a platform that checks later', () => {
  const names = (found: ReturnType<typeof assembleTrust>) => ({
    authorities: [...found.trust.authorities].map(([iss, { manifest, statusLists }]) => [iss, manifest?.digest, [...statusLists.keys()]]),
    alliances: found.trust.alliances.map(({ digest }) => digest),
    ruleSets: found.trust.ruleSets.map(({ digest }) => digest),
    refused: found.refused.map(({ name, fault }) => [name, fault.code]),
  })

  it('is that of a synchronous engine, over two alliances with their rules', async () => {
    const shandong = makeShandong()
    const later = await settle((engine) => assembleTrust(shandong.files, engine, inflate))
    expect(later.refused).toEqual([])
    expect(names(later)).toEqual(names({ trust: shandong.trust, refused: shandong.refused }))
  })

  it('refuses the same files for the same reasons', async () => {
    const forged = fileOf('forged', signManifest(manifestPayload(city('370300'), iat, { version: 2 }), makeTestKey('stranger').signer))
    const damaged = fileOf('damaged', changed(Buffer.from(files.manifests[0]!.bytes).toString(), 300))
    const given = {
      ...files,
      manifests: [...files.manifests, forged, damaged],
      statusLists: [...files.statusLists, fileOf('cut', Buffer.from(files.statusLists[0]!.bytes).subarray(0, 200))],
    }
    const later = await settle((engine) => assembleTrust(given, engine, inflate))
    const atOnce = assembleTrust(given, nobleEngine, nodeInflate)
    expect(names(later)).toEqual(names(atOnce))
    expect(later.refused.length).toBe(3)
  })

  it('checks with WebCrypto where there is one', async () => {
    expect(await verifyWithWebCrypto(city('370100').issue.public, encodeUtf8('a'), city('370100').issue.signer.sign(encodeUtf8('a')))).toBe(true)
  })
})
