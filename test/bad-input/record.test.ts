import { createHmac } from 'node:crypto'

import { afterEach, describe, expect, it } from 'vitest'

import { canonicalJson } from '#core/encoding/canonical-json.ts'
import { encodeBase64url } from '#core/encoding/base64url.ts'
import type { JsonObject } from '#core/encoding/parse-json.ts'
import { signCompactJws } from '#core/encoding/parse-jws.ts'
import { encodeUtf8 } from '#core/encoding/utf8.ts'
import { instantOf } from '#core/model/instant.ts'
import { statusListType } from '#core/status/status-list-token.ts'
import type { Trust, TrustFile } from '#core/trust/assemble-trust.ts'
import { shippedPolicy, type Verdict } from '#core/verify/verdict.ts'
import { verify } from '#core/verify/verify.ts'
import { deflate, nodeEngine } from '#custody/engine-node.ts'
import { base64url, digestOfDisclosure, disclosureOf, jsonPart, putTogether, resign, takeApart, withDisclosures } from '../support/craft-record.ts'
import { skillDraft, titleDraft } from '../support/examples.ts'
import {
  alliancePayload,
  anchorsOf,
  fileOf,
  keysOf,
  makeAlliance,
  makeCity,
  makeTestKey,
  manifestKey,
  manifestPayload,
  memberOf,
  signAllianceList,
  signManifest,
  signStatusList,
  type City,
} from '../support/make-alliance.ts'

// Jinan may issue titles up to the intermediate level, in its own division.
const ordinary = { families: ['title' as const, 'skill' as const], divisions: ['370100' as never], levels: ['assistant', 'intermediate', 'senior'] }
const jinan = makeCity('370100')
const circle = makeAlliance({
  cities: ['370100', '370300', '370900'],
  alliances: { circle: [memberOf(jinan, { authorised: [ordinary] }), '370300', '370900'] },
})
const { iat, at, files, trust } = circle
const zibo = circle.city('370300')
const signer = jinan.issue.signer
const good = circle.issue('370100', 'title', titleDraft(), { idx: 5 })
const { header, payload, disclosures } = takeApart(good)
const [jwt] = good.split('~') as [string]
const tail = good.slice(jwt.length)

const ask = (evidence: string | Uint8Array, believed: Trust = trust, when = at): Verdict =>
  verify(typeof evidence === 'string' ? encodeUtf8(evidence) : evidence, believed, circle.rules, when, shippedPolicy, nodeEngine)

/** The verdict's answer and the first check that is not a yes: `no form base64url-malformed`. */
function told(verdict: Verdict): string {
  const open = verdict.checks.find((check) => check.answer === verdict.answer)
  return verdict.answer === 'yes' ? 'yes' : `${verdict.answer} ${open?.id} ${open?.reason}`
}

const stateOf = ({ authorities, alliances, ruleSets, keys, unheard }: Trust): string =>
  canonicalJson({
    authorities: [...authorities.values()].map(({ manifest, statusLists, ...rest }) => ({
      ...rest,
      key: rest.key.kid,
      vouchers: rest.vouchers.length,
      manifest: manifest?.digest,
      statusLists: [...statusLists.values()].map(({ digest, list }) => [digest, [...(list.history?.entries() ?? [])]]),
    })),
    alliances: alliances.map(({ payload: content }) => content),
    ruleSets,
    keys: [...keys.keys()],
    unheard,
  })
const before = stateOf(trust)

// Nothing that is handed in leaves a trace: the trust is what it was, and a good record is good.
afterEach(() => {
  expect(stateOf(trust)).toBe(before)
  expect(told(ask(good))).toBe('yes')
})

type Fixtures = readonly (readonly [name: string, evidence: string | Uint8Array, answer: string])[]

const headed = (changes: object, by = signer): string => putTogether({ ...header, ...changes }, payload, disclosures, by)
const hmac = (key: string | Uint8Array) => ({ sign: (message: Uint8Array) => createHmac('sha256', key).update(message).digest() })
const jwk = { ...makeTestKey('forger').jwk, kid: makeTestKey('forger').public.kid }

describe('algorithm tricks', () => {
  const fixtures: Fixtures = [
    ['none', headed({ alg: 'none' }), 'no form jws-algorithm-refused'],
    ['none, with no signature', `${jsonPart({ ...header, alg: 'none' })}.${jsonPart(payload)}.${tail}`, 'no form jws-algorithm-refused'],
    ['None', headed({ alg: 'None' }), 'no form jws-algorithm-refused'],
    ['no alg at all', headed({ alg: undefined }), 'no form jws-algorithm-refused'],
    ['a list of algs', headed({ alg: ['Ed25519'] }), 'no form jws-algorithm-refused'],
    [
      'HS256 with the public key as the secret',
      putTogether({ ...header, alg: 'HS256' }, payload, disclosures, hmac(jinan.issue.public.x)),
      'no form jws-algorithm-refused',
    ],
    [
      'HS256 with the public key as text',
      putTogether({ ...header, alg: 'HS256' }, payload, disclosures, hmac(jinan.issue.jwk.x)),
      'no form jws-algorithm-refused',
    ],
    ['a MAC under the name of Ed25519', putTogether(header, payload, disclosures, hmac(jinan.issue.public.x)), 'no form jws-malformed'],
    ['ES256', headed({ alg: 'ES256' }), 'no form jws-algorithm-refused'],
    ['a jwk of the forger’s own', headed({ jwk, kid: jwk.kid }, makeTestKey('forger').signer), 'no form jws-header-refused'],
    ['a jku', headed({ jku: 'https://370100.comity.example/jwks.json' }), 'no form jws-header-refused'],
    ['an x5c', headed({ x5c: ['MIIB'] }), 'no form jws-header-refused'],
    ['an x5u', headed({ x5u: 'https://370100.comity.example/x.pem' }), 'no form jws-header-refused'],
    ['an x5t', headed({ 'x5t#S256': 'abc' }), 'no form jws-header-refused'],
    ['crit', headed({ crit: ['exp'] }), 'no form jws-header-refused'],
    ['b64', headed({ b64: false }), 'no form jws-header-refused'],
    ['zip', headed({ zip: 'DEF' }), 'no form jws-header-refused'],
    ['no kid', headed({ kid: undefined }), 'no form jws-header-refused'],
    ['a kid that is a list', headed({ kid: [jinan.issue.public.kid] }), 'no form jws-header-refused'],
    ['a kid that climbs', headed({ kid: '../../370300' }), 'cannot-tell key manifest-older-than-record'],
    ['another type', headed({ typ: 'statuslist+jwt' }), 'no form jws-type-refused'],
    ['no type', headed({ typ: undefined }), 'no form jws-type-refused'],
    ['the older name of the same algorithm, which is none', headed({ alg: 'EdDSA' }), 'yes'],
    ['a signature of zeros', `${jwt.slice(0, jwt.lastIndexOf('.'))}.${encodeBase64url(new Uint8Array(64))}${tail}`, 'no signature signature-wrong'],
    ['a signature cut short', `${jwt.slice(0, -2)}${tail}`, 'no form jws-malformed'],
  ]
  it.each(fixtures)('%s', (_name, evidence, answer) => expect(told(ask(evidence))).toBe(answer))
})

describe('encodings', () => {
  const part = (position: number, change: (text: string) => string): string => {
    const parts = jwt.split('.')
    return parts.with(position, change(parts[position]!)).join('.') + tail
  }
  /** Sets a bit after the last byte: a lenient decoder reads the same bytes from another text. */
  const flipUnused = (text: string): string => {
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
    return text.slice(0, -1) + alphabet[alphabet.indexOf(text.at(-1)!) ^ 1]
  }
  const [first, ...others] = disclosures
  const fixtures: Fixtures = [
    ['padding', part(0, (text) => `${text}==`), 'no form base64url-malformed'],
    ['padding of a disclosure', [jwt, `${first}=`, ...others, ''].join('~'), 'no form base64url-malformed'],
    ['+ and / for - and _', part(1, (text) => `${text.slice(0, 40)}+/${text.slice(42)}`), 'no form base64url-malformed'],
    ['a flipped unused bit in the signature', part(2, flipUnused), 'no form base64url-malformed'],
    ['a blank inside', part(1, (text) => `${text.slice(0, 40)} ${text.slice(40)}`), 'no form base64url-malformed'],
    ['a line break inside', part(1, (text) => `${text.slice(0, 40)}\n${text.slice(40)}`), 'no form base64url-malformed'],
    ['a blank before', ` ${good}`, 'no form base64url-malformed'],
    ['blanks behind', `${good}  `, 'no form key-binding-unexpected'],
    ['a byte order mark', `\ufeff${good}`, 'no form sd-jwt-malformed'],
    ['full-width letters', good.replace('e', 'ｅ'), 'no form sd-jwt-malformed'],
    ['UTF-16', Buffer.from(good, 'utf16le'), 'cannot-tell form not-a-record'],
    ['bytes that are no UTF-8', Buffer.concat([Buffer.from(good), Buffer.from([0xc3, 0x28])]), 'no form text-not-utf8'],
    ['a NUL', `${good}\0`, 'no form key-binding-unexpected'],
    ['half of it, so that not even its shape is left', good.slice(0, jwt.length / 2), 'cannot-tell form not-a-record'],
    ['without its last tilde', good.slice(0, -1), 'no form key-binding-unexpected'],
    [
      'in JSON serialization',
      JSON.stringify({ payload: jsonPart(payload), protected: jsonPart(header), signature: jwt.split('.')[2] }),
      'cannot-tell form not-a-record',
    ],
    ['nothing', '', 'cannot-tell form not-a-record'],
    ['a PDF', '%PDF-1.7\n1 0 obj <<>> endobj', 'cannot-tell form not-a-record'],
    ['a sentence with a tilde', '请核验~谢谢', 'cannot-tell form not-a-record'],
  ]
  it.each(fixtures)('%s', (_name, evidence, answer) => expect(told(ask(evidence))).toBe(answer))
})

describe('JSON', () => {
  const raw = (text: string): string => putTogether(header, base64url(text), disclosures, signer)
  const whole = JSON.stringify(payload)
  const deep = (levels: number): string => `${whole.slice(0, -1)},"x":${'['.repeat(levels)}${']'.repeat(levels)}}`
  const fixtures: Fixtures = [
    ['a member twice', raw(`${whole.slice(0, -1)},"level":"full_senior"}`), 'no form json-member-repeated'],
    ['a member twice, once escaped', raw(String.raw`${whole.slice(0, -1)},"\u006cevel":"full_senior"}`), 'no form json-member-repeated'],
    [
      'a member twice in the header',
      putTogether(base64url(`{"alg":"Ed25519",${JSON.stringify(header).slice(1)}`), payload, disclosures, signer),
      'no form json-member-repeated',
    ],
    ['__proto__', raw(`${whole.slice(0, -1)},"__proto__":{"level":"full_senior"}}`), 'no form json-member-forbidden'],
    ['200 levels', raw(deep(200)), 'no form json-too-deep'],
    ['200,000 levels', raw(deep(200_000)), 'cannot-tell form bytes-too-many'],
    ['8 MB', raw(`${whole.slice(0, -1)},"x":"${'x'.repeat(8 * 1024 * 1024)}"}`), 'cannot-tell form bytes-too-many'],
    ['8 MB of tildes', '~'.repeat(8 * 1024 * 1024), 'cannot-tell form bytes-too-many'],
    ['60 kB of tildes', '~'.repeat(60_000), 'cannot-tell form not-a-record'],
    ['60 kB of tildes behind a record', good + '~'.repeat(60_000 - good.length), 'no form json-malformed'],
    ['a disclosure of 200,000 levels', `${good}${base64url('['.repeat(40_000))}~`, 'no form json-too-deep'],
    ['a list for a payload', putTogether(header, base64url('[]'), disclosures, signer), 'no form jws-malformed'],
    ['a number that no double holds', raw(`${whole.slice(0, -1)},"x":1e999}`), 'no form json-malformed'],
    ['something behind it', raw(`${whole}{}`), 'no form json-malformed'],
  ]
  it.each(fixtures)('%s', (_name, evidence, answer) => expect(told(ask(evidence))).toBe(answer))
})

describe('disclosures', () => {
  const name = disclosureOf('name', { name: '孙远敏' })
  const identity = disclosures.findIndex((text) => Buffer.from(text, 'base64url').toString('utf8').includes('"identity"'))
  const edited = base64url(Buffer.from(disclosures[identity]!, 'base64url').toString('utf8').replace('370113199604192288', '370113199604192261'))
  const fixtures: Fixtures = [
    ['that nothing refers to', `${good}${disclosureOf('name', { name: '别人' })}~`, 'no form disclosure-unreferenced'],
    ['of another record', `${good}${circle.issue('370100', 'title', titleDraft(), { idx: 6 }).split('~')[1]}~`, 'no form disclosure-unreferenced'],
    ['twice', `${good}${disclosures[0]}~`, 'no form disclosure-repeated'],
    ['edited', [jwt, ...disclosures.with(identity, edited), ''].join('~'), 'no form disclosure-unreferenced'],
    ['in another order, which says nothing', [jwt, ...disclosures.toReversed(), ''].join('~'), 'yes'],
    ['withheld, which is the holder’s right', `${jwt}~`, 'yes'],
    ['named _sd', withDisclosures(good, signer, [disclosureOf('_sd', [digestOfDisclosure(name)]), name]), 'no form disclosure-name-refused'],
    ['named ...', withDisclosures(good, signer, [disclosureOf('...', 'x')]), 'no form disclosure-name-refused'],
    ['named __proto__', withDisclosures(good, signer, [disclosureOf('__proto__', { level: 'full_senior' })]), 'no form disclosure-name-refused'],
    ['that would shadow a claim', withDisclosures(good, signer, [disclosureOf('level', 'full_senior')]), 'no form disclosure-claim-collides'],
    ['that would replace the issuer', withDisclosures(good, signer, [disclosureOf('iss', zibo.iss)], { iss: undefined }), 'no form disclosure-name-refused'],
    ['that would replace the status', withDisclosures(good, signer, [disclosureOf('status', {})], { status: undefined }), 'no form disclosure-name-refused'],
    ['that hides a visible claim', withDisclosures(good, signer, [disclosureOf('level', 'intermediate')], { level: undefined }), 'no content content-refused'],
    ['of a group that the family does not have', withDisclosures(good, signer, [disclosureOf('religion', 'x')]), 'no content content-refused'],
    ['of one name under two digests', withDisclosures(good, signer, [name, disclosureOf('name', { name: '另一人' })]), 'no form disclosure-claim-collides'],
    [
      'whose digest stands twice',
      withDisclosures(good, signer, [name], { _sd: [digestOfDisclosure(name), digestOfDisclosure(name)] }),
      'no form disclosure-repeated',
    ],
    ['with four parts', withDisclosures(good, signer, [jsonPart(['salt', 'name', {}, 1])]), 'no form disclosure-malformed'],
    ['that are empty', `${jwt}~~`, 'no form json-malformed'],
    ['hashed otherwise', resign(good, signer, { payload: { _sd_alg: 'md5' } }), 'no form sd-jwt-hash-refused'],
  ]
  it.each(fixtures)('%s', (_name, evidence, answer) => expect(told(ask(evidence))).toBe(answer))
})

describe('who signed', () => {
  const listless = makeAlliance({ cities: ['370200'], seed: 'elsewhere' })
  const named = (iss: string): string => resign(good, signer, { payload: { iss } })
  const fixtures: Fixtures = [
    ['a city that no list names, perfectly signed', listless.issue('370200', 'title', titleDraft()), 'cannot-tell issuer issuer-unnamed'],
    [
      'a forger in the name of a city',
      circle.issue('370100', 'title', titleDraft(), { signer: makeTestKey('forger').signer }),
      'cannot-tell key manifest-older-than-record',
    ],
    ['city B in the name of city A', circle.issue('370100', 'title', titleDraft(), { signer: zibo.issue.signer, idx: 5 }), 'no key key-not-listed'],
    [
      'city B under the key id of city A',
      circle.issue('370100', 'title', titleDraft(), { signer: { ...zibo.issue.signer, kid: signer.kid }, idx: 5 }),
      'no signature signature-wrong',
    ],
    ['the authority key itself', circle.issue('370100', 'title', titleDraft(), { signer: jinan.authority.signer, iat: iat - 1 }), 'no key key-not-listed'],
    ['the status key', circle.issue('370100', 'title', titleDraft(), { signer: jinan.status.signer }), 'no key key-use-differs'],
    ['the right key over a neighbour’s division', resign(good, signer, { payload: { division: '370300' } }), 'no key-scope key-scope-exceeded'],
    [
      'the right key over a level that its city may not issue',
      circle.issue('370100', 'title', titleDraft({ body: { title: '高级工程师', level: 'associate_senior' } })),
      'no authorised issuer-not-authorised',
    ],
    [
      'the right key over a family that its city may not issue',
      resign(good, signer, { payload: { vct: 'https://comity.example/vct/honour/1' } }),
      'cannot-tell content family-unknown',
    ],
    ['an issuer with a name and password', named('https://370100.comity.example@evil.example'), 'cannot-tell issuer issuer-unnamed'],
    ['an issuer before an at sign', named('https://user:pass@370100.comity.example'), 'cannot-tell issuer issuer-unnamed'],
    ['an issuer with a trailing dot', named('https://370100.comity.example.'), 'cannot-tell issuer issuer-unnamed'],
    ['an issuer with a trailing slash', named('https://370100.comity.example/'), 'cannot-tell issuer issuer-unnamed'],
    ['an issuer in capitals', named('HTTPS://370100.COMITY.EXAMPLE'), 'cannot-tell issuer issuer-unnamed'],
    ['an issuer in look-alike letters', named('https://370100.сomity.example'), 'cannot-tell issuer issuer-unnamed'],
    ['an issuer with the port that goes without saying', named('https://370100.comity.example:443'), 'cannot-tell issuer issuer-unnamed'],
    ['an issuer without TLS', named('http://370100.comity.example'), 'cannot-tell issuer issuer-unnamed'],
    ['an issuer that is an object', resign(good, signer, { payload: { iss: { url: jinan.iss } } }), 'cannot-tell issuer issuer-unnamed'],
    ['no issuer', resign(good, signer, { payload: { iss: undefined } }), 'cannot-tell issuer issuer-unnamed'],
    ['a record from the future', circle.issue('370100', 'title', titleDraft(), { iat: iat + 2 * 3600, idx: 5 }), 'no time record-from-future'],
    ['a record of 1970', resign(good, signer, { payload: { iat: 0 } }), 'no key-in-force key-outside-window'],
    ['a time that is no whole number', resign(good, signer, { payload: { iat: iat + 0.5 } }), 'no content content-refused'],
    ['a time beyond all calendars', resign(good, signer, { payload: { iat: Number.MAX_SAFE_INTEGER } }), 'no content content-refused'],
    ['unknown members among the claims', resign(good, signer, { payload: { admin: true } }), 'no content content-refused'],
    [
      'an unknown member deep inside',
      resign(good, signer, { payload: { status: { status_list: { idx: 5, uri: `${jinan.iss}/status/1`, bits: 1 } } } }),
      'no content content-refused',
    ],
    ['two records glued together', good + good, 'no form base64url-malformed'],
    ['two records on two lines', `${good}\n${good}`, 'no form base64url-malformed'],
    [
      'the claims of one under the signature of another',
      `${jwt.slice(0, jwt.lastIndexOf('.'))}.${circle.issue('370100', 'skill', skillDraft()).split('~')[0]!.split('.')[2]}${tail}`,
      'no signature signature-wrong',
    ],
  ]
  it.each(fixtures)('%s', (_name, evidence, answer) => expect(told(ask(evidence))).toBe(answer))
})

describe('where its status stands', () => {
  const pointing = (idx: number, uri: string): string => resign(good, signer, { payload: { status: { status_list: { idx, uri } } } })
  const own = `${jinan.iss}/status/1`
  const fixtures: Fixtures = [
    ['in the list of another issuer', pointing(5, `${zibo.iss}/status/1`), 'no status status-uri-foreign'],
    ['at an address that only begins like its issuer’s', pointing(5, `${jinan.iss}.evil.example/status/1`), 'no status status-uri-foreign'],
    ['in a list that nobody holds', pointing(5, `${jinan.iss}/status/2`), 'cannot-tell status status-list-missing'],
    ['in its list by another spelling', pointing(5, `${jinan.iss}/status/../status/1`), 'cannot-tell status status-list-missing'],
    ['at a place past the end', pointing(131_072, own), 'no content content-refused'],
    ['at a place before the beginning', pointing(-1, own), 'no content content-refused'],
    ['at half a place', pointing(0.5, own), 'no content content-refused'],
    ['nowhere', resign(good, signer, { payload: { status: undefined } }), 'no content content-refused'],
  ]
  it.each(fixtures)('%s', (_name, evidence, answer) => expect(told(ask(evidence))).toBe(answer))

  it('past the end of a short list', () => {
    const short = circle.reassemble({ statusLists: [fileOf('short', signStatusList(jinan, iat, new Map(), { size: 4 }))] })
    expect(told(ask(good, short.trust))).toBe('cannot-tell status status-index-out-of-range')
  })
})

describe('trust files', () => {
  const others = (list: readonly TrustFile[], ...mine: readonly TrustFile[]): readonly TrustFile[] => [...mine, ...list.slice(1)]
  const manifest = (changes: Parameters<typeof manifestPayload>[2], by: City = jinan) =>
    fileOf('manifest', signManifest(manifestPayload(jinan, iat, changes), by.authority.signer))
  const judged = (changes: Parameters<typeof circle.reassemble>[0], when = at): readonly string[] => {
    const { trust: believed, refused } = circle.reassemble(changes)
    return [told(ask(good, believed, when)), ...refused.map(({ fault }) => fault.code)]
  }
  const weak = { kty: 'OKP' as const, crv: 'Ed25519' as const, x: encodeBase64url(Buffer.from([1, ...new Uint8Array(31)])) }

  it('with a weak key are refused whole', () => {
    const keys = [...keysOf(jinan, iat), { ...manifestKey(makeTestKey('w'), 'issue', iat), jwk: weak }]
    expect(judged({ manifests: others(files.manifests, manifest({ keys })) })).toEqual(['cannot-tell key manifest-missing', 'key-weak', 'trust-signer-unknown'])
  })

  it('with a key outside its window', () => {
    const keys = [manifestKey(jinan.issue, 'issue', iat, { nbf: iat + 1 }), ...keysOf(jinan, iat).slice(1)]
    expect(judged({ manifests: others(files.manifests, manifest({ keys })) })).toEqual(['no key-in-force key-outside-window'])
  })

  it('that are stale are a note, and past their expiry no basis', () => {
    const day = 24 * 3600
    expect(judged({}, instantOf(iat + 8 * day))).toEqual(['yes'])
    expect(ask(good, trust, instantOf(iat + 8 * day)).notes.map(({ code }) => code)).toEqual(['manifest-stale', 'time-unproven', 'status-list-stale'])
    expect(judged({}, instantOf(iat + 15 * day))).toEqual(['cannot-tell status status-list-expired'])
    expect(judged({}, instantOf(iat + 181 * day))[0]).toBe('cannot-tell key manifest-expired')
  })

  it('that are rolled back change nothing', () => {
    const revoked = new Map([[5, [{ kind: 'revoked' as const, reason: 'fraud', from: iat }]]])
    const newer = fileOf('newer', signStatusList(jinan, iat + 60, revoked))
    const clean = fileOf('older', signStatusList(jinan, iat, new Map()))
    const rest = files.statusLists.slice(1)
    expect(judged({ statusLists: [newer, clean, ...rest] })).toEqual(['no status status-revoked', 'trust-rolled-back'])
    expect(judged({ statusLists: [clean, newer, ...rest] })).toEqual(['no status status-revoked'])
  })

  it('with k−1 signatures, or one key twice, name nobody', () => {
    const payloadOf = alliancePayload('circle', [memberOf(jinan), memberOf(zibo), memberOf(circle.city('370900'))], iat)
    const few = fileOf('few', signAllianceList(payloadOf, [jinan.authority.signer]))
    expect(judged({ anchors: anchorsOf([few]), allianceLists: [few] }).slice(0, 2)).toEqual(['cannot-tell issuer issuer-unnamed', 'trust-threshold-missed'])
    const signed = JSON.parse(Buffer.from(few.bytes).toString('utf8')) as { signatures: unknown[] }
    signed.signatures.push(signed.signatures[0])
    const twice = fileOf('twice', JSON.stringify(signed))
    expect(judged({ anchors: anchorsOf([twice]), allianceLists: [twice] }).slice(0, 2)).toEqual(['cannot-tell issuer issuer-unnamed', 'signature-repeated'])
  })

  it('that unpack to more than a list can hold are refused', () => {
    const bomb = encodeBase64url(deflate(new Uint8Array(64 * 1024 * 1024)))
    const claims: JsonObject = { iss: jinan.iss, sub: `${jinan.iss}/status/1`, iat, exp: iat + 1000, ttl: 100, status_list: { bits: 2, lst: bomb } }
    const list = signCompactJws({ typ: statusListType }, claims, jinan.status.signer, { bytes: 2 ** 22, depth: 6 })
    expect(bomb.length).toBeLessThan(100_000)
    expect(judged({ statusLists: others(files.statusLists, fileOf('bomb', list)) })).toEqual(['cannot-tell status status-list-missing', 'bytes-too-many'])
  })

  it('of 5 MB, or nested without end, are refused', () => {
    const large = fileOf('large', `{"payload":"${'A'.repeat(5 * 1024 * 1024)}"}`)
    const deep = fileOf('deep', '['.repeat(200_000))
    const { refused, trust: believed } = circle.reassemble({ allianceLists: [large, deep, ...files.allianceLists] })
    expect(refused.map(({ fault }) => fault.code)).toEqual(['bytes-too-many', 'json-too-deep'])
    expect(told(ask(good, believed))).toBe('yes')
  })
})
