import type { Engine } from '../crypto/engine.ts'
import { decodeBase64url } from '../encoding/base64url.ts'
import { asObject, asText, parseJson, type JsonObject } from '../encoding/parse-json.ts'
import { parseCompactJws, readJoseHeader } from '../encoding/parse-jws.ts'
import { decodeUtf8, encodeUtf8 } from '../encoding/utf8.ts'
import { Fault } from '../fault.ts'
import { statusListType } from '../status/status-list-token.ts'
import { allianceListType } from './alliance-list.ts'
import { manifestType } from './key-manifest.ts'
import { generalLimits } from './parse-general-jws.ts'
import { sharedFileTypeOf } from './sign-general-jws.ts'
import { ruleSetType } from './signed-rule-set.ts'

export type TrustFileKind = 'manifest' | 'alliance' | 'rules' | 'status-list' | 'freshness'

/** What a file says it is, before anything of it has been checked: enough to file it, no more. */
export interface TrustFilePeek {
  readonly kind: TrustFileKind
  readonly subject: string
  readonly version: number
  /** Digest of the content, whoever signed it. */
  readonly digest: Uint8Array
}

/** Reads the label of a signed trust file; a fault is given back and not thrown, since one bad file must not stop the others. */
export function peekTrustFile(bytes: Uint8Array, engine: Pick<Engine, 'sha256'>): TrustFilePeek | Fault {
  try {
    return bytes[0] === openingBrace ? peekGeneral(bytes, engine) : peekCompact(decodeUtf8(bytes, 'file').replace(/\r?\n$/, ''), engine)
  } catch (fault) {
    if (fault instanceof Fault) return fault
    throw fault
  }
}

const openingBrace = 0x7b

function peekCompact(text: string, engine: Pick<Engine, 'sha256'>): TrustFilePeek {
  const typ = typOf(text.slice(0, text.indexOf('.')))
  if (typ !== manifestType && typ !== statusListType) throw new Fault('jws-type-refused', { at: 'header/typ' })
  const { payload } = parseCompactJws(text, { typ, limits: generalLimits })
  const digest = engine.sha256(encodeUtf8(text))
  return typ === manifestType
    ? { kind: 'manifest', subject: asText(payload['iss'], 'trust-malformed', 'iss'), version: numberOf(payload, 'version'), digest }
    : { kind: 'status-list', subject: asText(payload['sub'], 'trust-malformed', 'sub'), version: numberOf(payload, 'iat'), digest }
}

function peekGeneral(bytes: Uint8Array, engine: Pick<Engine, 'sha256'>): TrustFilePeek {
  const outer = asObject(parseJson(bytes, generalLimits), 'jws-malformed', 'jws')
  const payloadText = asText(outer['payload'], 'jws-malformed', 'payload')
  const payload = asObject(parseJson(decodeBase64url(payloadText, 'payload'), generalLimits, 'payload'), 'jws-malformed', 'payload')
  const digest = engine.sha256(encodeUtf8(payloadText))
  const typ = sharedFileTypeOf(payload)
  if (typ !== ruleSetType) {
    const alliance = asText(payload['alliance'], 'trust-malformed', 'alliance')
    const version = numberOf(payload, 'version')
    // Stamps of one version of a list follow on one another by their time.
    return typ === allianceListType
      ? { kind: 'alliance', subject: alliance, version, digest }
      : { kind: 'freshness', subject: `${alliance}/${version}`, version: numberOf(payload, 'iat'), digest }
  }
  const ruleSet = asObject(payload['ruleSet'] ?? null, 'trust-malformed', 'ruleSet')
  return { kind: 'rules', subject: asText(ruleSet['id'], 'trust-malformed', 'id'), version: numberOf(ruleSet, 'version'), digest }
}

function typOf(header: string): string {
  for (const typ of [manifestType, statusListType, allianceListType, ruleSetType]) {
    try {
      return readJoseHeader(header, typ).typ
    } catch (fault) {
      if (!(fault instanceof Fault) || fault.code !== 'jws-type-refused') throw fault
    }
  }
  throw new Fault('jws-type-refused', { at: 'header/typ' })
}

function numberOf(object: JsonObject, member: string): number {
  const value = object[member]
  if (typeof value !== 'number' || !Number.isSafeInteger(value)) throw new Fault('trust-malformed', { at: member })
  return value
}
