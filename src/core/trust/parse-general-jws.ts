import { z } from 'zod'

import type { Engine, PublicKey } from '../crypto/engine.ts'
import { decodeBase64url } from '../encoding/base64url.ts'
import { asObject, parseJson, type JsonLimits, type JsonObject } from '../encoding/parse-json.ts'
import { readJoseHeader } from '../encoding/parse-jws.ts'
import { encodeUtf8 } from '../encoding/utf8.ts'
import { Fault } from '../fault.ts'
import { parseOrFault } from '../model/parse-or-fault.ts'

/** JWS General JSON Serialization (RFC 7515 §7.2.1), narrowed: every header is protected, nothing stands outside the signatures. */
export const GeneralJws = z.strictObject({
  payload: z.string(),
  // None yet: a proposal. Whatever is to count has a threshold of one or more.
  signatures: z.array(z.strictObject({ protected: z.string(), signature: z.string() })).max(200),
})

export interface GeneralJws {
  readonly payload: JsonObject
  /** The payload as it was signed: base64url text. Its digest names the object's content whoever signed it. */
  readonly payloadText: string
  readonly signatures: readonly { readonly kid: string; readonly signature: Uint8Array; readonly signingInput: Uint8Array }[]
}

export const generalLimits: JsonLimits = { bytes: 4 * 1024 * 1024, depth: 16 }

export function parseGeneralJws(bytes: Uint8Array, typ: string, limits: JsonLimits = generalLimits): GeneralJws {
  const { payload: payloadText, signatures } = parseOrFault(GeneralJws, parseJson(bytes, limits), 'jws-malformed', 'jws')
  const payload = asObject(parseJson(decodeBase64url(payloadText, 'payload'), limits, 'payload'), 'jws-malformed', 'payload')
  return {
    payload,
    payloadText,
    signatures: signatures.map((entry, index) => {
      const at = `signatures/${index}`
      return {
        kid: readJoseHeader(entry.protected, typ, at).kid,
        signature: decodeBase64url(entry.signature, at),
        signingInput: encodeUtf8(`${entry.protected}.${payloadText}`),
      }
    }),
  }
}

/**
 * The keys among `known` that signed. Each counts once: one that appears twice is refused, since somebody tried to be counted
 * twice; a wrong signature under a known key is refused, since the file was changed; a key that is not known counts for nothing.
 */
export function signersOf(jws: GeneralJws, known: ReadonlyMap<string, PublicKey>, engine: Engine): ReadonlySet<string> {
  const signers = new Set<string>()
  const seen = new Set<string>()
  for (const [index, { kid, signature, signingInput }] of jws.signatures.entries()) {
    const at = `signatures/${index}`
    if (seen.has(kid)) throw new Fault('signature-repeated', { at })
    seen.add(kid)
    const key = known.get(kid)
    if (key === undefined) continue
    if (!engine.verify(key, signingInput, signature)) throw new Fault('signature-wrong', { at })
    signers.add(kid)
  }
  return signers
}
