import type { Signer } from '../crypto/engine.ts'
import { encodeBase64url } from '../encoding/base64url.ts'
import type { JsonLimits } from '../encoding/parse-json.ts'
import { signCompactJws } from '../encoding/parse-jws.ts'
import { instantOf } from '../model/instant.ts'
import { sizeOf, statusAt, type Deflate, type StatusList } from '../status/status-list.ts'
import { statusValues, type StatusValue } from '../status/status-kinds.ts'
import type { AcceptedStatusList } from '../trust/assemble-trust.ts'
import { gzip } from './gzip.ts'

/** `revocation` is not reversible and `suspension` is (Bitstring Status List 1.0 §2.1, `statusPurpose`). */
export const statusPurposes = ['revocation', 'suspension'] as const
export type StatusPurpose = (typeof statusPurposes)[number]

/** 撤销, 吊销, 作废 and 注销 alike end a record for good: one bit cannot tell them apart. Our own list does. */
const setBy: Readonly<Record<StatusPurpose, readonly StatusValue[]>> = {
  revocation: [statusValues.invalid, statusValues.ceased],
  suspension: [statusValues.suspended],
}

/** Seconds for which a copy may be used: what the specification takes where nothing is said. The HTTP answer says the same. */
export const bitstringTtl = 300

/** §2.2: the uncompressed bitstring has at least 16 kB. A list of ours fills half of it. */
const leastBytes = 16 * 1024

const limits: JsonLimits = { bytes: 1024 * 1024, depth: 6 }

/**
 * One bit an entry, the first one leftmost (§2.2, `encodedList`; a token status list counts from the right): `u` for multibase base64url,
 * then GZIP. The indices are those of the list.
 */
export function encodeBitstring(list: StatusList, purpose: StatusPurpose, deflate: Deflate): string {
  const size = sizeOf(list)
  const bits = new Uint8Array(Math.max(leastBytes, Math.ceil(size / 8)))
  const values: readonly number[] = setBy[purpose]
  const perByte = 8 / list.bits
  for (let index = 0; index < size; index++) {
    // Whole bytes of zeros are passed over: nearly all of a list is that.
    if (index % perByte === 0 && list.bytes[index / perByte] === 0) index += perByte - 1
    else if (values.includes(statusAt(list, index))) bits[index >> 3]! |= 0x80 >> (index & 7)
  }
  return `u${encodeBase64url(gzip(bits, deflate))}`
}

export const bitstringUri = (listUri: string, purpose: StatusPurpose): string => `${listUri}/${purpose}`

/**
 * A status list of ours as a `BitstringStatusListCredential` (§2.2), secured as `vc+jwt` (Securing Verifiable Credentials using JOSE and COSE
 * §3.1.1) under the key that has signed the list itself. It says what the list says, from and until when the list says it, and no reasons.
 */
export function bitstringCredential(did: string, accepted: AcceptedStatusList, purpose: StatusPurpose, signer: Signer, deflate: Deflate): string {
  const id = bitstringUri(accepted.uri, purpose)
  const credential = {
    '@context': ['https://www.w3.org/ns/credentials/v2'],
    id,
    type: ['VerifiableCredential', 'BitstringStatusListCredential'],
    issuer: did,
    validFrom: instantOf(accepted.iat),
    validUntil: instantOf(accepted.exp),
    credentialSubject: {
      id: `${id}#list`,
      type: 'BitstringStatusList',
      statusPurpose: purpose,
      encodedList: encodeBitstring(accepted.list, purpose, deflate),
      ttl: bitstringTtl * 1000,
    },
  }
  // A verifier of this ecosystem finds the key through the DID document, by its URL there.
  return signCompactJws({ typ: 'vc+jwt', cty: 'vc' }, credential, { kid: `${did}#${signer.kid}`, sign: signer.sign }, limits)
}
