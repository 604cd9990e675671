import { signingAlgorithm } from '../crypto/algorithms.ts'
import type { Signer } from '../crypto/engine.ts'
import { encodeBase64url } from '../encoding/base64url.ts'
import { parseJson, type JsonObject } from '../encoding/parse-json.ts'
import { serialise } from '../encoding/parse-jws.ts'
import { encodeUtf8 } from '../encoding/utf8.ts'
import { Fault } from '../fault.ts'
import { parseOrFault } from '../model/parse-or-fault.ts'
import { allianceListType, AllianceList } from './alliance-list.ts'
import { generalLimits, parseGeneralJws } from './parse-general-jws.ts'
import { ruleSetType, SignedRuleSet } from './signed-rule-set.ts'

/** The two kinds of file that several authorities sign. */
export type SharedFileType = typeof allianceListType | typeof ruleSetType

const schemas = { [allianceListType]: AllianceList, [ruleSetType]: SignedRuleSet } as const

/** A list or rule set as it is put before the members: complete, and signed by nobody but its proposer yet. */
export function proposeSharedFile(typ: SharedFileType, payload: unknown, proposer: Signer): Uint8Array {
  const checked = parseOrFault<unknown>(schemas[typ], payload, 'trust-malformed', 'payload') as JsonObject // its schema holds JSON only
  const payloadText = encodeBase64url(encodeUtf8(serialise(checked, generalLimits)))
  return encodeUtf8(JSON.stringify({ payload: payloadText, signatures: [signatureOf(typ, payloadText, proposer)] }))
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

/** Whether the bytes are an alliance list or a rule set, from the content's own members. */
export const sharedFileTypeOf = (payload: JsonObject): SharedFileType => (payload['ruleSet'] === undefined ? allianceListType : ruleSetType)
