import { describe, expect, it } from 'vitest'

import { anchoredNames } from '#core/bundle/anchored-names.ts'
import { anchorsDigest, bundleLimits, makeBundle, packFile, readBundle, type BundleKind, type BundleLabel } from '#core/bundle/bundle.ts'
import { bundleSniff, looksLikeBundle } from '#core/bundle/bundle-sniff.ts'
import { checkBundle } from '#core/bundle/check-bundle.ts'
import { unpackSignedFile } from '#core/bundle/pack-signed-file.ts'
import { openWriter } from '#core/encoding/pieces.ts'
import { encodeBase64url } from '#core/encoding/base64url.ts'
import { encodeUtf8 } from '#core/encoding/utf8.ts'
import { Fault } from '#core/fault.ts'
import { instantOf } from '#core/model/instant.ts'
import type { StatusPeriod } from '#core/status/status-kinds.ts'
import type { TrustFiles } from '#core/trust/assemble-trust.ts'
import { shippedPolicy, type Policy, type Verdict } from '#core/verify/verdict.ts'
import { verify } from '#core/verify/verify.ts'
import { deflate, inflate, nodeEngine } from '#custody/engine-node.ts'

import { bundleOfFiles, packedFiles } from '../../support/bundle-of.ts'
import { putTogether, takeApart } from '../../support/craft-record.ts'
import { skillDraft, titleDraft } from '../../support/examples.ts'
import { faultOf } from '../../support/fault-of.ts'
import {
  assemble,
  fileOf,
  makeAlliance,
  makeShandong,
  makeTestKey,
  manifestKey,
  manifestPayload,
  signManifest,
  signStamp,
  signStatusList,
} from '../../support/make-alliance.ts'

const hour = 3600
const revoked: StatusPeriod = { kind: 'revoked', reason: 'fraud', from: 1_780_000_000 }
const circle = makeAlliance({ cities: ['370100', '370300'], history: { '370100': new Map([[2, [revoked]]]) } })
const jinan = circle.city('370100')
const made = bundleOfFiles(circle.files, { maker: jinan, iat: circle.iat })
const read = (bytes: Uint8Array) => readBundle(bytes, nodeEngine, inflate)

/** The trust that comes of a bundle's files under somebody's own anchors. */
const trustIn = (bytes: Uint8Array, anchors = circle.files.anchors) => assemble({ ...read(bytes).files, anchors })

const good = circle.issue('370100', 'title', titleDraft(), { idx: 1 })
const records = {
  good,
  changed: changed(good),
  revoked: circle.issue('370100', 'title', titleDraft(), { idx: 2 }),
  unlisted: makeAlliance({ cities: ['420100'] }).issue('420100', 'title', titleDraft()),
  skill: circle.issue('370300', 'skill', skillDraft(), { idx: 3 }),
} as const

/** Another grade written into it: the form is whole, the signature is not. */
function changed(record: string): string {
  const { header, payload, signature, disclosures } = takeApart(record)
  const forged = putTogether(header, { ...payload, number: '1' }, disclosures, { sign: () => Buffer.from(signature, 'base64url') })
  return forged
}

const judge = (record: string, { trust, rules }: Pick<ReturnType<typeof assemble>, 'trust' | 'rules'>, policy: Policy = shippedPolicy): Verdict =>
  verify(encodeUtf8(record), trust, rules, circle.at, policy, nodeEngine)

describe('a bundle', () => {
  it('holds every file as it was published, under the names that their own contents give', () => {
    const { files, label, policies } = read(made)
    const sorted = (of: TrustFiles['manifests']) => of.map(({ bytes }) => Buffer.from(bytes).toString()).toSorted()
    for (const kind of ['manifests', 'allianceLists', 'ruleSets', 'statusLists'] as const) expect(sorted(files[kind])).toEqual(sorted(circle.files[kind]))
    expect(Object.values(files).flatMap((of) => (of ?? []).map(({ name }) => name))).toEqual([
      'manifest https://370100.comity.example 1',
      'manifest https://370300.comity.example 1',
      'alliance circle 1',
      `status-list https://370100.comity.example/status/1 ${circle.iat}`,
      `status-list https://370300.comity.example/status/1 ${circle.iat}`,
    ])
    expect(label).toEqual({ iss: jinan.iss, iat: circle.iat, alliance: null, anchors: circle.files.anchors, body: label.body })
    expect(policies).toEqual([])
  })

  it('gives the verdicts that its files give, to the byte', () => {
    const shandong = makeShandong({ history: { '370100': new Map([[2, [revoked]]]) } })
    const bundle = bundleOfFiles(shandong.files, { maker: shandong.city('370300'), iat: shandong.iat })
    const fromBundle = assemble({ ...read(bundle).files, anchors: shandong.files.anchors })
    const expired = shandong.issue('370100', 'title', titleDraft(), { idx: 4, iat: shandong.iat - 9 })
    const asked: Policy = { ...shippedPolicy, recognition: { for: '370300' as never } } // six digits
    const own = {
      ...records,
      good: shandong.issue('370100', 'title', titleDraft(), { idx: 1 }),
      revoked: shandong.issue('370100', 'title', titleDraft(), { idx: 2 }),
      expired,
    }
    for (const [name, record] of Object.entries(own))
      for (const at of [shandong.at, instantOf(shandong.iat + 3 * 24 * hour), instantOf(shandong.iat + 500 * 24 * hour), instantOf(shandong.iat - 24 * hour)]) {
        const [one, other] = [shandong, fromBundle].map(({ trust, rules }) => verify(encodeUtf8(record), trust, rules, at, asked, nodeEngine))
        expect(JSON.stringify(other), `${name} at ${at}`).toBe(JSON.stringify(one))
      }
    expect(verify(encodeUtf8(own.good), fromBundle.trust, fromBundle.rules, shandong.at, asked, nodeEngine)).toMatchObject({
      answer: 'yes',
      recognition: { answer: 'yes' },
    })
    expect(fromBundle.refused).toEqual([])
  })

  it('holds the stamps by which a list is known to be the newest, so that it is as fresh as it was online', () => {
    const [list] = circle.trust.alliances
    const { iat } = circle
    const stamp = { alliance: 'circle', version: 1, digest: list!.digest, iat: iat + 50, ttl: 400 * 24 * hour }
    const files = {
      ...circle.files,
      freshness: [
        fileOf(
          'stamp',
          signStamp(
            stamp,
            [jinan, circle.city('370300')].map(({ authority }) => authority.signer),
          ),
        ),
      ],
    }
    const { trust, refused } = trustIn(bundleOfFiles(files, { maker: jinan, iat: iat + 60 }))
    expect([refused, trust.alliances[0]!.times]).toEqual([[], assemble(files).trust.alliances[0]!.times])
    expect(trust.alliances[0]!.times.iat).toBe(iat + 50)
  })

  it('is believed about nothing: under other anchors its files count for nothing', () => {
    expect(judge(records.good, trustIn(made, { authorities: [], alliances: [] })).answer).toBe('cannot-tell')
    const other = makeAlliance({ cities: ['370100', '370300'], seed: 'forger' })
    const forged = bundleOfFiles(other.files, { maker: other.city('370100'), iat: other.iat })
    expect(read(forged).label.anchors).toEqual(other.files.anchors)
    expect(judge(other.issue('370100', 'title', titleDraft()), trustIn(forged)).answer).toBe('cannot-tell')
  })

  it('is told from other files by its first bytes', () => {
    expect([looksLikeBundle(made.subarray(0, bundleSniff)), looksLikeBundle(encodeUtf8('comity-bundl')), looksLikeBundle(encodeUtf8(records.good))]).toEqual([
      true,
      false,
      false,
    ])
  })

  it('names its anchors by one digest, whatever the order of their members', () => {
    const { anchors } = read(made).label
    const digest = anchorsDigest(anchors, nodeEngine)
    expect(digest).toMatch(/^[\w-]{43}$/)
    expect(
      anchorsDigest(
        { alliances: anchors.alliances.map(({ alliance, version, digest: of }) => ({ digest: of, version, alliance })), authorities: [] },
        nodeEngine,
      ),
    ).toBe(digest)
    expect(anchorsDigest({ ...anchors, alliances: [] }, nodeEngine)).not.toBe(digest)
  })
})

describe('the maker of a bundle', () => {
  const check = (bytes: Uint8Array, at = circle.at, anchors = circle.files.anchors) => {
    const bundle = read(bytes)
    return checkBundle(bundle, assemble({ ...bundle.files, anchors }).trust, at, nodeEngine)
  }

  it('is known by its status key, and by nothing else', () => {
    expect(check(made)).toMatchObject({ maker: { iss: jinan.iss }, refused: [], ageSeconds: hour, stale: false })
    for (const signer of [jinan.issue.signer, jinan.token.signer, jinan.authority.signer, makeTestKey('forger').signer])
      expect(check(bundleOfFiles(circle.files, { maker: jinan, iat: circle.iat, signer })).maker).toBeUndefined()
    expect(check(bundleOfFiles(circle.files, { maker: jinan, iat: circle.iat, signer: circle.city('370300').status.signer })).maker).toBeUndefined()
    expect(check(made, circle.at, { authorities: [], alliances: [] }).maker).toBeUndefined()
  })

  it('is not who it says when the signature is of another key under its key’s name: nothing of the bundle is used', () => {
    const forger = { kid: jinan.status.signer.kid, sign: makeTestKey('forger').signer.sign }
    const { files } = circle
    const withoutRevocation = { ...files, statusLists: files.statusLists.slice(1) }
    expect(faultOf(() => check(bundleOfFiles(withoutRevocation, { maker: jinan, iat: circle.iat, signer: forger })))).toBe('bundle-signature-wrong')
  })

  it('is not known by a key that was not in force when it says that it was made', () => {
    const status = (changes: Parameters<typeof manifestKey>[3]) => {
      const payload = manifestPayload(jinan, circle.iat, {
        keys: [manifestKey(jinan.issue, 'issue', circle.iat), manifestKey(jinan.status, 'status', circle.iat, changes)],
      })
      const files = { ...circle.files, manifests: [{ name: 'm', bytes: encodeUtf8(signManifest(payload, jinan.authority.signer)) }] }
      return check(bundleOfFiles(files, { maker: jinan, iat: circle.iat })).maker?.iss
    }
    const { iat } = circle
    expect([
      status({}),
      status({ nbf: iat }),
      status({ nbf: iat + 1 }),
      status({ exp: iat }),
      status({ revoked: { at: iat + 1, reason: 'superseded' } }),
      status({ revoked: { at: iat, reason: 'superseded' } }),
      status({ revoked: { at: iat + 9, reason: 'compromised', compromisedSince: iat } }),
    ]).toEqual([jinan.iss, jinan.iss, undefined, undefined, jinan.iss, undefined, undefined])
  })

  it('has made something old once it is older than the shortest time to live of what is in it', () => {
    const at = (seconds: number) => check(made, instantOf(circle.iat + seconds))
    expect([at(12 * hour), at(12 * hour + 1), at(-5)].map(({ ageSeconds, stale }) => [ageSeconds, stale])).toEqual([
      [12 * hour, false],
      [12 * hour + 1, true],
      [0, false],
    ])
  })
})

describe('bytes that were changed', () => {
  // One city alone: every byte is tried, and each time its keys and signatures are checked.
  const lone = makeAlliance({ cities: ['370100'], history: { '370100': new Map([[2, [revoked]]]) } })
  const small = bundleOfFiles(lone.files, { maker: lone.city('370100'), iat: lone.iat })
  const doubtful = [changed(lone.issue('370100', 'title', titleDraft(), { idx: 1 })), lone.issue('370100', 'title', titleDraft(), { idx: 2 }), records.unlisted]
  const tells = (bytes: Uint8Array): readonly string[] => {
    try {
      const bundle = read(bytes)
      const assembled = assemble({ ...bundle.files, anchors: lone.files.anchors })
      checkBundle(bundle, assembled.trust, lone.at, nodeEngine)
      return doubtful.map((record) => judge(record, assembled).answer)
    } catch (fault) {
      if (fault instanceof Fault) return [fault.code]
      throw fault
    }
  }
  const untouched = ['no', 'no', 'cannot-tell']

  it('never turn a no or cannot-tell into a yes, wherever one is', () => {
    expect(tells(small)).toEqual(untouched)
    const answers = new Map<string, number>()
    for (const [at, byte] of small.entries())
      for (const answer of new Set(tells(small.with(at, byte ^ (1 << (at % 8)))))) answers.set(answer, (answers.get(answer) ?? 0) + 1)
    expect(answers.get('yes')).toBeUndefined()
    // All but what says only who made it is found by the digest.
    expect(answers.get('bundle-damaged')! > small.length - 2000).toBe(true)
  })

  it('never do so either when whoever changed them has put the digests right and signed it under a key of his own', () => {
    const packed = packedFiles(lone.files)
    const label = { iss: lone.city('370100').iss, iat: lone.iat, alliance: null, anchors: lone.files.anchors }
    expect(tells(makeBundle(label, packed, makeTestKey('forger').signer, nodeEngine))).toEqual(untouched)
    const kinds = { manifest: 'manifests', alliance: 'allianceLists', rules: 'ruleSets', 'status-list': 'statusLists', freshness: 'freshness' } as const
    let [unreadable, read] = [0, 0]
    for (const { kind, packed: bytes } of packed) {
      if (kind === 'log-policy') continue
      const before = unpackSignedFile(bytes, inflate)
      const others = (lone.files[kinds[kind]] ?? []).filter((file) => Buffer.compare(file.bytes, before) !== 0)
      for (const [at, byte] of bytes.entries()) {
        const spoilt = bytes.with(at, byte ^ (1 << (at % 8)))
        if (faultOf(() => unpackSignedFile(spoilt, inflate)) !== 'no fault') {
          unreadable++
          continue
        }
        const after = unpackSignedFile(spoilt, inflate)
        // What comes out as it was cannot change anything.
        if (Buffer.compare(after, before) === 0) continue
        read++
        const assembled = assemble({ ...lone.files, [kinds[kind]]: [...others, { name: 'spoilt', bytes: after }] })
        for (const record of doubtful) expect(judge(record, assembled).answer, `${kind} byte ${at}`).not.toBe('yes')
      }
    }
    expect([unreadable > 100, read > 300]).toEqual([true, true])
  })
})

describe('a file that is no bundle', () => {
  const label: Omit<BundleLabel, 'body'> = { iss: jinan.iss, iat: circle.iat, alliance: null, anchors: circle.files.anchors }
  const text = Buffer.from(made).toString('latin1')
  const [head, jws] = text.split('\n') as [string, string] // two lines before the body
  const relabelled = (line: string): Uint8Array => Buffer.from(text.replace(jws, line), 'latin1')
  const packed = packedFiles(circle.files)
  const make = (files: typeof packed) => makeBundle(label, files, jinan.status.signer, nodeEngine)
  const zlib = { deflate, inflate }
  const raw = (kind: BundleKind, content: string) => packFile(kind, encodeUtf8(content), zlib)
  /** A bundle over a body of the test's own making. */
  const bodied = (write: (writer: ReturnType<typeof openWriter>) => void): Uint8Array => {
    const writer = openWriter()
    write(writer)
    const bytes = writer.bytes()
    const whole = { ...label, body: { digest: encodeBase64url(nodeEngine.sha256(bytes)), length: bytes.length } }
    const crafted = putTogether({ alg: 'Ed25519', kid: jinan.status.signer.kid, typ: 'comity-bundle+jwt' }, whole, [], jinan.status.signer).slice(0, -1)
    return Buffer.concat([Buffer.from(`${head}\n${crafted}\n`), bytes])
  }

  it.each<readonly [string, Uint8Array, string]>([
    ['nothing', new Uint8Array(0), 'bundle-malformed'],
    ['a record', encodeUtf8(records.good), 'bundle-malformed'],
    ['another version', encodeUtf8(`comity-bundle/2\n${text}`), 'bundle-version-unknown'],
    ['a first line alone', encodeUtf8('comity-bundle/1\n'), 'bundle-malformed'],
    ['an empty label', encodeUtf8('comity-bundle/1\n\n'), 'jws-malformed'],
    ['a label that is no JWS', relabelled('a.b'), 'jws-malformed'],
    ['a record as label', relabelled(records.good.split('~')[0]!), 'jws-type-refused'],
    ['a status list as label', relabelled(signStatusList(jinan, circle.iat, new Map())), 'jws-type-refused'],
    ['a body cut off', made.slice(0, -1), 'bundle-damaged'],
    ['a body that goes on', Uint8Array.of(...made, 0), 'bundle-damaged'],
    ['no body', made.slice(0, head.length + jws.length + 2), 'bundle-damaged'],
    ['too many bytes', new Uint8Array(bundleLimits.bytes + 1), 'bytes-too-many'],
    ['too many files', bodied((writer) => writer.count(bundleLimits.files + 1)), 'bundle-malformed'],
    ['fewer files than it says', bodied((writer) => writer.count(1)), 'bundle-malformed'],
    [
      'a count with a zero in front',
      bodied((writer) => {
        writer.byte(0x80)
        writer.byte(0)
      }),
      'bundle-malformed',
    ],
    [
      'a file of no kind',
      bodied((writer) => {
        writer.count(1)
        writer.byte(9)
      }),
      'bundle-malformed',
    ],
    [
      'a file longer than the body',
      bodied((writer) => {
        writer.count(1)
        writer.byte(0)
        writer.count(1000)
      }),
      'bundle-malformed',
    ],
    ['a file twice', make([...packed, packed[0]!]), 'bundle-file-repeated'],
    ['a file as another kind', make([{ ...packed[0]!, kind: 'manifest' }]), 'bundle-malformed'],
    ['a path', make([raw('manifest', '../../etc/passwd')]), 'json-malformed'],
    ['a policy of no log', make([raw('log-policy', 'quorum none\n')]), 'bundle-malformed'],
    ['a policy that is none', make([raw('log-policy', 'hello')]), 'log-policy-malformed'],
  ])('is refused, with its code: %s', (_name, bytes, code) => {
    expect(faultOf(() => read(bytes))).toBe(code)
  })

  it('is refused where it unpacks to more than a device should hold', () => {
    const big = (no: number) =>
      raw(
        'manifest',
        putTogether(
          { alg: 'Ed25519', kid: 'k', typ: 'comity-manifest+jwt' },
          { iss: `${no}`, version: 1, pad: 'A'.repeat(2_900_000) },
          [],
          jinan.status.signer,
        ).slice(0, -1),
      )
    const bundle = make(Array.from({ length: 18 }, (_, no) => big(no)))
    expect(bundle.length).toBeLessThan(100_000)
    expect(faultOf(() => read(bundle))).toBe('bytes-too-many')
  })

  it('is refused with members that are not of it, and without those that are', () => {
    const relabel = (change: object): string => {
      const { header, payload } = takeApart(`${jws}~`)
      return putTogether(header, { ...payload, ...change }, [], jinan.status.signer).slice(0, -1)
    }
    for (const change of [{ more: 1 }, { iss: 'http://a' }, { iat: -1 }, { alliance: '../x' }, { alliance: undefined }, { anchors: null }, { body: null }])
      expect(
        faultOf(() => read(relabelled(relabel(change)))),
        JSON.stringify(change),
      ).toBe('bundle-malformed')
    expect(faultOf(() => read(relabelled(relabel({ body: { digest: 'A'.repeat(43), length: 1 } }))))).toBe('bundle-damaged')
  })
})

describe('the alliances that a bundle asks to trust', () => {
  const { label, files } = read(made)
  const name = { zh: '联盟circle', en: 'Alliance circle' }
  const [anchor] = label.anchors.alliances
  const named = (anchors: object): readonly unknown[] => [
    ...anchoredNames({ label: { ...label, anchors: { ...label.anchors, alliances: [{ ...anchor!, ...anchors }] } }, files }, nodeEngine),
  ]

  it('are called as the very list calls them that the confirmed digest is of', () => {
    expect(named({})).toEqual([['circle', name]])
  })

  it('have no name where the list is another’s, or not there, or no list', () => {
    expect(named({ digest: jinan.authority.public.kid })).toEqual([])
    expect(named({ alliance: 'another' })).toEqual([])
    const bytes = encodeUtf8('{"payload":"e30","signatures":[]}')
    expect([
      ...anchoredNames(
        {
          label,
          files: {
            ...files,
            allianceLists: [
              { name: 'x', bytes },
              { name: 'y', bytes: bytes.subarray(1) },
            ],
          },
        },
        nodeEngine,
      ),
    ]).toEqual([])
  })
})
