import { describe, expect, it } from 'vitest'

import { decodeBase64url } from '#core/encoding/base64url.ts'
import { instantOf, secondsOf } from '#core/model/instant.ts'
import { acceptManifest, type AcceptedManifest } from '#core/trust/key-manifest.ts'
import { didDocumentOf, sameUntil } from '#core/views/did-document.ts'
import { multikeyOf } from '#core/views/multikey.ts'
import { nodeEngine } from '#custody/engine-node.ts'
import { makeCity, makeTestKey, manifestKey, manifestPayload, signManifest, testInstant, type ManifestKey, type TestKey } from '../../support/make-alliance.ts'

const city = makeCity('370100')
const did = 'did:web:370100.comity.example'
const now = secondsOf(testInstant)
const day = 24 * 3600

interface Shown {
  readonly verificationMethod: readonly { readonly id: string; readonly type: string; readonly revoked?: string; readonly expires: string }[]
  readonly assertionMethod: readonly string[]
}

function manifestOf(keys: readonly ManifestKey[]): AcceptedManifest {
  const text = signManifest(manifestPayload(city, now - 3600, { keys: [...keys] }), city.authority.signer)
  return acceptManifest(text, { iss: city.iss, division: city.division, key: city.authority.public }, undefined, nodeEngine)
}

const shown = (keys: readonly ManifestKey[], at = testInstant): Shown => didDocumentOf(did, manifestOf(keys), at) as unknown as Shown
const namesOf = ({ public: key }: TestKey): readonly string[] => [`${did}#${key.kid}`, `${did}#${multikeyOf(key.x)}`]

describe('a multikey', () => {
  // From the did:key method specification, its example of an Ed25519 key.
  it('is what others write for the same key', () => {
    expect(multikeyOf(decodeBase64url('O2onvM62pC1io6jQKm8Nc2UyFXcd4kOmOsBIoYtZ2ik'))).toBe('z6MkiTBz1ymuepAQ4HEHYSF1H8quG5GLVVQR3djdX3mDooWp')
  })
})

describe('a DID document', () => {
  it('says all of a manifest that others can use', () => {
    const { issue } = city
    const multikey = multikeyOf(issue.public.x)
    const expires = '2031-05-31T03:00:00Z'
    expect(didDocumentOf(did, manifestOf([manifestKey(issue, 'issue', now - 3600)]), testInstant)).toEqual({
      '@context': ['https://www.w3.org/ns/did/v1', 'https://w3id.org/security/jwk/v1', 'https://w3id.org/security/multikey/v1'],
      id: did,
      alsoKnownAs: ['https://370100.comity.example'],
      verificationMethod: [
        {
          id: `${did}#${issue.public.kid}`,
          type: 'JsonWebKey',
          controller: did,
          expires,
          publicKeyJwk: { ...issue.jwk, kid: issue.public.kid, alg: 'Ed25519' },
        },
        { id: `${did}#${multikey}`, type: 'Multikey', controller: did, expires, publicKeyMultibase: multikey },
      ],
      assertionMethod: [`${did}#${issue.public.kid}`, `${did}#${multikey}`],
      service: [
        { id: `${did}#trqp`, type: 'TRQP', serviceEndpoint: 'https://370100.comity.example' },
        { id: `${did}#trust`, type: 'ComityTrustFiles', serviceEndpoint: 'https://370100.comity.example/trust/index.json' },
      ],
    })
  })

  it('shows the keys that make statements to everybody, and no others', () => {
    const log = makeTestKey('log')
    const { verificationMethod } = shown([
      manifestKey(city.issue, 'issue', now),
      manifestKey(city.status, 'status', now),
      manifestKey(city.token, 'token', now),
      manifestKey(log, 'log', now),
    ])
    expect(verificationMethod.map(({ id }) => id)).toEqual([...namesOf(city.issue), ...namesOf(city.status)])
  })

  it('keeps a key that was closed in good order, which asserts nothing from then on; a compromised one leaves', () => {
    const [ceased, stolen] = [makeTestKey('ceased'), makeTestKey('stolen')]
    const keys = [
      manifestKey(city.issue, 'issue', now),
      manifestKey(ceased, 'issue', now, { revoked: { at: now - day, reason: 'superseded' } }),
      manifestKey(stolen, 'issue', now, { revoked: { at: now - day, reason: 'compromised', compromisedSince: now - 3 * day } }),
    ]
    const { verificationMethod, assertionMethod } = shown(keys)
    expect(verificationMethod.map(({ id, revoked }) => [id, revoked])).toEqual([
      ...namesOf(city.issue).map((id) => [id, undefined]),
      ...namesOf(ceased).map((id) => [id, '2026-05-31T04:00:00Z']),
    ])
    expect(assertionMethod).toEqual(namesOf(city.issue))
  })

  it('names as assertion methods the keys that are in force at its own instant, and says until when it is the same', () => {
    const [past, coming] = [makeTestKey('past'), makeTestKey('coming')]
    const keys = [
      manifestKey(city.issue, 'issue', now, { nbf: now - 10 * day, exp: now + 100 * day }),
      manifestKey(past, 'issue', now, { nbf: now - 10 * day, exp: now }),
      manifestKey(coming, 'issue', now, { nbf: now + day, exp: now + 100 * day }),
    ]
    expect(shown(keys).assertionMethod).toEqual(namesOf(city.issue))
    expect(sameUntil(manifestOf(keys), testInstant)).toBe(now + day)
    expect(shown(keys, instantOf(now + day)).assertionMethod).toEqual([...namesOf(city.issue), ...namesOf(coming)])
    expect(shown(keys, instantOf(now - 1)).assertionMethod).toEqual([...namesOf(city.issue), ...namesOf(past)])
  })
})
