import type { Engine } from '../crypto/engine.ts'
import { recordLimits, type JsonLimits, type JsonObject } from '../encoding/parse-json.ts'
import { parseCompactJwsBytes, type JoseHeader } from '../encoding/parse-jws.ts'
import { decodeUtf8, encodeUtf8 } from '../encoding/utf8.ts'
import { Fault } from '../fault.ts'
import { processDisclosures, readDisclosure, type Disclosure } from './process-disclosures.ts'

export const recordType = 'dc+sd-jwt'

/** Claims that decide whether and how a record counts. They are never a disclosure (SD-JWT VC, registered JWT claims; `iat` by our own profile). */
export const alwaysVisible: ReadonlySet<string> = new Set(['iss', 'iat', 'nbf', 'exp', 'cnf', 'vct', 'vct#integrity', 'status'])

/** A record taken apart. Nothing in it is trusted yet: check `signature` over `signingInput` with the key that the issuer's manifest names. */
export interface ParsedSdJwt {
  /** The issuer-signed part, as text. */
  readonly jwt: string
  readonly header: JoseHeader
  /** The visible claims, without `_sd` and `_sd_alg`. */
  readonly claims: JsonObject
  /** The claims that were disclosed. */
  readonly disclosed: JsonObject
  readonly signature: Uint8Array
  readonly signingInput: Uint8Array
  /** SHA-256 of the ASCII bytes of `jwt`: it names the record whatever is disclosed. */
  readonly digest: Uint8Array
  readonly disclosures: readonly Disclosure[]
  /** The key-binding JWT at the end, if there is one. It is not verified here. */
  readonly keyBinding?: string
}

/**
 * An SD-JWT of the SD-JWT VC profile (RFC 9901 §4, `typ: dc+sd-jwt`): strict, and with every disclosure referred to exactly once.
 * Faults: `sd-jwt-malformed`, `sd-jwt-hash-refused`, `disclosure-…`, `key-binding-unexpected`, `jws-…` and those of the encodings.
 */
export function parseSdJwt(input: string | Uint8Array, engine: Pick<Engine, 'sha256'>, limits: JsonLimits = recordLimits): ParsedSdJwt {
  if (input.length > limits.bytes) throw new Fault('bytes-too-many', { at: 'sd-jwt', detail: `${input.length} bytes, at most ${limits.bytes}` })
  const [text, bytes] = typeof input === 'string' ? [input, encodeUtf8(input)] : [decodeUtf8(input, 'sd-jwt'), input]
  const { jwt, jwtBytes, disclosures, keyBinding } = splitSdJwt(text, bytes, engine)
  const { header, payload, signature, signingInput } = parseCompactJwsBytes(jwt, jwtBytes, { typ: recordType, limits })
  for (const [index, { name }] of disclosures.entries()) {
    if (name !== null && alwaysVisible.has(name)) throw new Fault('disclosure-name-refused', { at: `disclosures/${index}` })
  }
  const { claims, disclosed } = processDisclosures(payload, disclosures)
  if (keyBinding !== undefined && claims['cnf'] === undefined) throw new Fault('key-binding-unexpected', { at: 'key-binding' })
  const parsed = { jwt, header, claims, disclosed, signature, signingInput, digest: engine.sha256(jwtBytes), disclosures }
  return keyBinding === undefined ? parsed : { ...parsed, keyBinding }
}

export interface SplitSdJwt {
  readonly jwt: string
  readonly jwtBytes: Uint8Array
  readonly disclosures: readonly Disclosure[]
  readonly keyBinding: string | undefined
}

/** `<jwt>~<disclosure>~…~[<key binding>]`, the disclosures read. `bytes` are the text's. */
export function splitSdJwt(text: string, bytes: Uint8Array, engine: Pick<Engine, 'sha256'>): SplitSdJwt {
  // Places in the text are places in the bytes.
  if (bytes.length !== text.length) throw new Fault('sd-jwt-malformed', { at: 'sd-jwt', detail: 'not ASCII' })
  const jwtEnd = text.indexOf('~')
  if (jwtEnd < 0) throw new Fault('sd-jwt-malformed', { at: 'sd-jwt', detail: 'no ~' })
  const disclosures: Disclosure[] = []
  let from = jwtEnd + 1
  for (let to = text.indexOf('~', from); to >= 0; to = text.indexOf('~', from)) {
    disclosures.push(readDisclosure(text.slice(from, to), bytes.subarray(from, to), disclosures.length, engine))
    from = to + 1
  }
  return { jwt: text.slice(0, jwtEnd), jwtBytes: bytes.subarray(0, jwtEnd), disclosures, keyBinding: from === text.length ? undefined : text.slice(from) }
}
