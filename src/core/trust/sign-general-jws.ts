import { signingAlgorithm } from '../crypto/algorithms.ts'
import type { Signer } from '../crypto/engine.ts'
import { encodeBase64url } from '../encoding/base64url.ts'
import { parseJson, type JsonObject } from '../encoding/parse-json.ts'
import { serialise } from '../encoding/parse-jws.ts'
import { encodeUtf8 } from '../encoding/utf8.ts'
import { Fault } from '../fault.ts'
import { parseOrFault } from '../model/parse-or-fault.ts'
import { allianceListType, AllianceList } from './alliance-list.ts'
import { freshnessType, FreshnessStamp } from './freshness-stamp.ts'
import { generalLimits, parseGeneralJws } from './parse-general-jws.ts'
import { ruleSetType, SignedRuleSet } from './signed-rule-set.ts'

/** The kinds of file that several authorities sign. */
export type SharedFileType = typeof allianceListType | typeof ruleSetType | typeof freshnessType

/** By the kind that a file is filed under. */
export const sharedFileTypes = { alliance: allianceListType, rules: ruleSetType, freshness: freshnessType } as const

const schemas = { [allianceListType]: AllianceList, [ruleSetType]: SignedRuleSet, [freshnessType]: FreshnessStamp } as const

/** A list, rule set or stamp as it is put before the members: complete, and signed by nobody yet, or by its proposer alone. */
export function proposeSharedFile(typ: SharedFileType, payload: unknown, proposer?: Signer): Uint8Array {
  const checked = parseOrFault<unknown>(schemas[typ], payload, 'trust-malformed', 'payload') as JsonObject // its schema holds JSON only
  const payloadText = encodeBase64url(encodeUtf8(serialise(checked, generalLimits)))
  return encodeUtf8(JSON.stringify({ payload: payloadText, signatures: proposer === undefined ? [] : [signatureOf(typ, payloadText, proposer)] }))
}

/** The same bytes of content with one more signature. A signer that has signed already is refused (`signature-repeated`). */
export function countersign(typ: SharedFileType, bytes: Uint8Array, signer: Signer): Uint8Array {
  const { signatures, payload } = parseGeneralJws(bytes, typ)
  parseOrFault<unknown>(schemas[typ], payload, 'trust-malformed', 'payload')
  if (signatures.some(({ kid }) => kid === signer.kid)) throw new Fault('signature-repeated', { at: 'signatures', detail: signer.kid })
  const file = parseJson(bytes, generalLimits) as unknown as { readonly payload: string; readonly signatures: readonly object[] } // parsed strictly above
  return encodeUtf8(JSON.stringify({ payload: file.payload, signatures: [...file.signatures, signatureOf(typ, file.payload, signer)] }))
}

function signatureOf(typ: SharedFileType, payloadText: string, signer: Signer): { readonly protected: string; readonly signature: string } {
  const header = encodeBase64url(encodeUtf8(JSON.stringify({ alg: signingAlgorithm, kid: signer.kid, typ })))
  return { protected: header, signature: encodeBase64url(signer.sign(encodeUtf8(`${header}.${payloadText}`))) }
}

/** Which of them a content is, from its own members. */
export const sharedFileTypeOf = (payload: JsonObject): SharedFileType =>
  payload['ruleSet'] !== undefined ? ruleSetType : payload['members'] === undefined && payload['digest'] !== undefined ? freshnessType : allianceListType
