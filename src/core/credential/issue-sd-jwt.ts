import type { Engine, RandomBytes, Signer } from '../crypto/engine.ts'
import { encodeBase64url, encodeBase64urlBytes } from '../encoding/base64url.ts'
import type { JsonObject, JsonValue } from '../encoding/parse-json.ts'
import { serialise, signingInputOf, withSignature } from '../encoding/parse-jws.ts'
import { decodeUtf8, encodeUtf8 } from '../encoding/utf8.ts'
import { Fault } from '../fault.ts'
import { alwaysVisible, recordType } from './parse-sd-jwt.ts'
import { reservedNames } from './process-disclosures.ts'

export interface SdJwtContent {
  /** Always visible. */
  readonly claims: JsonObject
  /** Each can be withheld by its holder, and erased. They stand at the top level and are one block each. */
  readonly disclosures: Readonly<Record<string, JsonValue>>
  /** Members of the protected header beside `alg`, `typ` and `kid`. */
  readonly header?: JsonObject | undefined
}

const saltBytes = 16 // 128 bits (RFC 9901 §9.3)

/** A record that waits for its signature. */
export interface UnsignedSdJwt {
  /** What is signed. */
  readonly input: Uint8Array
  /** The disclosures as they follow the signed part, tildes included. */
  readonly tail: string
}

/** A record signed: `<jwt>~<disclosure>~…~` (RFC 9901 §5, SD-JWT VC profile). */
export function issueSdJwt(content: SdJwtContent, signer: Signer, engine: Pick<Engine, 'sha256'>, random: RandomBytes): string {
  const unsigned = composeSdJwt(content, signer.kid, engine, random)
  return withSignatureOf(unsigned, signer.sign(unsigned.input))
}

export const withSignatureOf = ({ input, tail }: UnsignedSdJwt, signature: Uint8Array): string => withSignature(input, signature) + tail

export function composeSdJwt(
  { claims, disclosures, header }: SdJwtContent,
  kid: string,
  { sha256 }: Pick<Engine, 'sha256'>,
  random: RandomBytes,
): UnsignedSdJwt {
  const names = Object.keys(disclosures)
  const salts = random(saltBytes * names.length)
  if (salts.length !== saltBytes * names.length) throw new RangeError('the source of chance gave too few bytes')
  const digests: string[] = []
  let tail = '~'
  for (const [index, name] of names.entries()) {
    if (reservedNames.has(name) || alwaysVisible.has(name)) throw new Fault('disclosure-name-refused', { at: name })
    if (Object.hasOwn(claims, name)) throw new Fault('disclosure-claim-collides', { at: name })
    const salt = encodeBase64url(salts.subarray(index * saltBytes, (index + 1) * saltBytes))
    const content = serialise([salt, name, refuseDigests(disclosures[name]!, name)])
    const disclosure = encodeBase64urlBytes(encodeUtf8(content))
    digests.push(encodeBase64url(sha256(disclosure)))
    tail += decodeUtf8(disclosure) + '~'
  }
  refuseDigests(claims, 'claims')
  // Sorted by digest, so that their order says nothing about which claim is which (RFC 9901 §4.2.4.1).
  const payload = names.length === 0 ? claims : { ...claims, _sd: digests.toSorted(), _sd_alg: 'sha-256' }
  return { input: signingInputOf({ ...header, typ: recordType }, payload, kid), tail }
}

/** Claims that would be taken for digests by whoever parses the record (RFC 9901 §4.1). */
function refuseDigests(value: JsonValue, at: string): JsonValue {
  if (value === null || typeof value !== 'object') return value
  if (Array.isArray(value)) for (const element of value as readonly JsonValue[]) refuseDigests(element, at)
  else {
    for (const name of Object.keys(value)) {
      if (reservedNames.has(name)) throw new Fault('disclosure-name-refused', { at: `${at}/${name}` })
      refuseDigests((value as JsonObject)[name]!, at) // neither null nor array nor primitive
    }
  }
  return value
}
