import { isAlgorithm, signatureBytes, signingAlgorithm } from '../crypto/algorithms.ts'
import type { Signer } from '../crypto/engine.ts'
import { Fault } from '../fault.ts'
import { decodeBase64url, decodeBase64urlBytes, encodeBase64url, encodeBase64urlBytes } from './base64url.ts'
import { asObject, parseJson, recordLimits, type JsonLimits, type JsonObject } from './parse-json.ts'
import { decodeUtf8, encodeUtf8 } from './utf8.ts'

/** A protected header that has been read: nothing in it can change what the signature means or which key checks it. */
export interface JoseHeader extends JsonObject {
  readonly alg: string
  readonly kid: string
  readonly typ: string
}

export interface CompactJws {
  readonly header: JoseHeader
  readonly payload: JsonObject
  readonly signature: Uint8Array
  /** What was signed: the ASCII bytes of the first two parts and the dot between them (RFC 7515 §5.2). */
  readonly signingInput: Uint8Array
}

export interface JwsExpectation {
  /** The only media type that will do (RFC 8725 §3.11): an object of one kind must never pass for another. */
  readonly typ: string
  readonly limits?: JsonLimits | undefined
}

const headerLimits: JsonLimits = { bytes: 2048, depth: 4 }

/**
 * JWS compact serialization (RFC 7515 §7.1), strictly: three canonical base64url parts, strict JSON, an algorithm of the table, the
 * type that the caller expects, a key identifier. The signature is NOT checked: `engine.verify(key, signingInput, signature)` is.
 * Faults: `jws-malformed`, `jws-header-refused`, `jws-algorithm-refused`, `jws-type-refused`, and those of the encodings.
 */
export const parseCompactJws = (text: string, expected: JwsExpectation): CompactJws => parseCompactJwsBytes(text, encodeUtf8(text), expected)

/** The same for a text whose bytes are at hand. `signingInput` is a view of them. */
export function parseCompactJwsBytes(text: string, bytes: Uint8Array, { typ, limits = recordLimits }: JwsExpectation): CompactJws {
  // A third again as many characters as bytes, and something for header and signature.
  const longest = Math.ceil((limits.bytes * 4) / 3) + 4096
  if (bytes.length > longest) throw new Fault('bytes-too-many', { at: 'jws', detail: `${bytes.length} bytes, at most ${longest}` })
  // From here on places in the text are places in the bytes.
  if (bytes.length !== text.length) throw new Fault('jws-malformed', { at: 'jws', detail: 'not ASCII' })
  const firstDot = text.indexOf('.')
  const secondDot = text.indexOf('.', firstDot + 1)
  if (firstDot < 1 || secondDot < 0 || text.includes('.', secondDot + 1)) throw new Fault('jws-malformed', { at: 'jws', detail: 'not three parts' })
  const header = readJoseHeader(text.slice(0, firstDot), typ)
  const payloadBytes = decodeBase64urlBytes(bytes.subarray(firstDot + 1, secondDot), 'payload')
  const payload = asObject(parseJson(payloadBytes, limits, 'payload'), 'jws-malformed', 'payload')
  const signature = decodeBase64urlBytes(bytes.subarray(secondDot + 1), 'signature')
  if (signature.length !== signatureBytes) throw new Fault('jws-malformed', { at: 'signature', detail: `${signature.length} bytes` })
  return { header, payload, signature, signingInput: bytes.subarray(0, secondDot) }
}

// Every record that a key signs has the same header. Bounded, and keyed by our own spelling of the text: a slice of an input would
// keep that whole input alive.
const known = new Map<string, JoseHeader>()
const mostKnown = 256

/** One protected header, as base64url text. */
export function readJoseHeader(text: string, typ: string, at = 'header'): JoseHeader {
  let header = known.get(text)
  if (header === undefined) {
    const bytes = decodeBase64url(text, at)
    header = Object.freeze(checkHeader(asObject(parseJson(bytes, headerLimits, at), 'jws-malformed', at), at))
    if (known.size >= mostKnown) for (const oldest of known.keys()) if (known.delete(oldest)) break
    known.set(encodeBase64url(bytes), header)
  }
  if (header.typ !== typ) throw new Fault('jws-type-refused', { at: `${at}/typ`, detail: `${typ} expected` })
  return header
}

/**
 * Members by which a forger would bring his own key, have bytes read differently, or demand an extension (RFC 7515 §4.1, RFC 7797).
 * An unknown member without such power is ignored, as RFC 7515 §4 wants it.
 */
const refusedMembers = new Set(['crit', 'b64', 'jwk', 'jku', 'x5c', 'x5u', 'zip', 'enc', 'cty'])

function checkHeader(header: JsonObject, at: string): JoseHeader {
  for (const name of Object.keys(header)) {
    if (refusedMembers.has(name) || name.startsWith('x5t')) throw new Fault('jws-header-refused', { at: `${at}/${name}` })
  }
  const { alg, kid, typ } = header
  if (!isAlgorithm(alg)) throw new Fault('jws-algorithm-refused', { at: `${at}/alg` })
  if (typeof kid !== 'string' || kid === '') throw new Fault('jws-header-refused', { at: `${at}/kid`, detail: 'missing' })
  if (typeof typ !== 'string') throw new Fault('jws-type-refused', { at: `${at}/typ`, detail: 'missing' })
  return { ...header, alg, kid, typ }
}

/** Header and payload signed, as compact text. */
export function signCompactJws(header: { readonly typ: string } & JsonObject, payload: JsonObject, signer: Signer, limits: JsonLimits = recordLimits): string {
  const input = signingInputOf(header, payload, signer.kid, limits)
  return withSignature(input, signer.sign(input))
}

/**
 * What is signed of a header and a payload (RFC 7515 §5.1). `alg` and `kid` are the signer's; the header given says the type and no more than it
 * needs. What our own parser would refuse is not signed.
 */
export function signingInputOf(header: { readonly typ: string } & JsonObject, payload: JsonObject, kid: string, limits: JsonLimits = recordLimits): Uint8Array {
  const protectedText = JSON.stringify({ ...header, alg: signingAlgorithm, kid })
  const headerBytes = encodeBase64urlBytes(encodeUtf8(protectedText))
  const payloadBytes = encodeBase64urlBytes(encodeUtf8(serialise(payload, limits)))
  const input = new Uint8Array(headerBytes.length + 1 + payloadBytes.length)
  input.set(headerBytes)
  input[headerBytes.length] = 0x2e // .
  input.set(payloadBytes, headerBytes.length + 1)
  return input
}

/** The compact text of what was signed. */
export const withSignature = (input: Uint8Array, signature: Uint8Array): string => `${decodeUtf8(input)}.${encodeBase64url(signature)}`

/** Our own value as JSON text, which `parseJson` will take. The careful look is only for texts in which there is something to see. */
export function serialise(value: JsonObject | readonly unknown[], limits: JsonLimits = recordLimits): string {
  const text = JSON.stringify(value)
  // At most three bytes a UTF-16 unit; `\ud` is how a lone surrogate is written.
  if (text.length * 3 > limits.bytes || text.includes('\\ud') || text.includes('__proto__')) parseJson(encodeUtf8(text), limits, 'payload')
  return text
}
