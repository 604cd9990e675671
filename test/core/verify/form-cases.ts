import { base64url, digestOfDisclosure, disclosureOf, jsonPart, putTogether, resign, takeApart, withDisclosures } from '../../support/craft-record.ts'
import type { Case } from './cases.ts'
import { jinan, record, signer, zibo } from './world.ts'

const { header, payload, disclosures } = takeApart(record)
const nested = (depth: number): string => `${'['.repeat(depth)}${']'.repeat(depth)}`

/** What parsing refuses: one case for each of its reasons. */
export const formCases: readonly Case[] = [
  ['too many bytes', 'A'.repeat(100_000), {}, 'form', 'cannot-tell bytes-too-many', 'cannot-tell'],
  ['a record that is not UTF-8', Buffer.concat([Buffer.from(record), Buffer.from([0xff])]), {}, 'form', 'no text-not-utf8', 'no'],
  ['two parts', `${record.split('.').slice(0, 2).join('.')}~`, {}, 'form', 'no jws-malformed', 'no'],
  ['characters beyond ASCII', `${record}证~`, {}, 'form', 'no sd-jwt-malformed', 'no'],
  ['padding', record.replace('~', '==~'), {}, 'form', 'no base64url-malformed', 'no'],
  ['no algorithm', putTogether({ ...header, alg: 'none' }, payload, disclosures, signer), {}, 'form', 'no jws-algorithm-refused', 'no'],
  ['a key of the token’s own', putTogether({ ...header, jwk: jinan.issue.jwk }, payload, disclosures, signer), {}, 'form', 'no jws-header-refused', 'no'],
  ['another type', putTogether({ ...header, typ: 'JWT' }, payload, disclosures, signer), {}, 'form', 'no jws-type-refused', 'no'],
  ['a payload that is no JSON', putTogether(header, base64url('{'), disclosures, signer), {}, 'form', 'no json-malformed', 'no'],
  [
    'a member twice',
    putTogether(header, base64url(`{"iss":"${jinan.iss}","iss":"${zibo.iss}"}`), disclosures, signer),
    {},
    'form',
    'no json-member-repeated',
    'no',
  ],
  [
    'a member that would change its object',
    putTogether(header, base64url(`{"__proto__":{"iss":"x"}}`), disclosures, signer),
    {},
    'form',
    'no json-member-forbidden',
    'no',
  ],
  ['a deep payload', putTogether(header, base64url(`{"a":${nested(1000)}}`), disclosures, signer), {}, 'form', 'no json-too-deep', 'no'],
  ['half a character', putTogether(header, base64url(String.raw`{"a":"\ud800"}`), disclosures, signer), {}, 'form', 'no json-surrogate-lone', 'no'],
  ['another hash', resign(record, signer, { payload: { _sd_alg: 'sha-512' } }), {}, 'form', 'no sd-jwt-hash-refused', 'no'],
  ['a disclosure without a salt', withDisclosures(record, signer, [jsonPart([1, 'name', {}])]), {}, 'form', 'no disclosure-malformed', 'no'],
  ['a disclosure of another record', `${record}${disclosureOf('name', { name: '别人' })}~`, {}, 'form', 'no disclosure-unreferenced', 'no'],
  ['a disclosure twice', `${record}${disclosures[0]}~`, {}, 'form', 'no disclosure-repeated', 'no'],
  ['a disclosure named _sd', withDisclosures(record, signer, [disclosureOf('_sd', [digestOfDisclosure('x')])]), {}, 'form', 'no disclosure-name-refused', 'no'],
  [
    'a claim in the shadow of a disclosure',
    withDisclosures(record, signer, [disclosureOf('level', 'full_senior')]),
    {},
    'form',
    'no disclosure-claim-collides',
    'no',
  ],
  ['a binding to no key', `${record}abc`, {}, 'form', 'no key-binding-unexpected', 'no'],
  [
    'a binding to a key',
    `${resign(record, signer, { payload: { cnf: { jwk: jinan.token.jwk } } })}${record.split('~')[0]}`,
    {},
    'form',
    'cannot-tell key-binding-unsupported',
    'cannot-tell',
  ],
]
