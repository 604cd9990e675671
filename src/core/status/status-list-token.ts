import { z } from 'zod'

import type { Engine, PublicKey, Signer } from '../crypto/engine.ts'
import { decodeBase64url, encodeBase64url } from '../encoding/base64url.ts'
import type { JsonLimits, JsonObject, JsonValue } from '../encoding/parse-json.ts'
import { parseCompactJws, signCompactJws } from '../encoding/parse-jws.ts'
import { Fault } from '../fault.ts'
import { digestOf } from '../model/digest.ts'
import { parseOrFault } from '../model/parse-or-fault.ts'
import { packHistory, unpackHistory } from './pack-history.ts'
import { weighPeriods } from './status-kinds.ts'
import { decodeStatusList, encodeStatusList, ourBits, ourSize, statusAt, statusListOf } from './status-list.ts'
import type { Deflate, Inflate, StatusHistory, StatusList } from './status-list.ts'

export const statusListType = 'statuslist+jwt'

const limits: JsonLimits = { bytes: 8 * 1024 * 1024, depth: 6 }

const NumericDate = z.int().min(0).max(253_402_300_799)

/**
 * Token Status List §5.1. `exp` and `ttl` are required here: without them nobody can say how old is too old. `history`, our extension beside them, is
 * base64url of what `pack-history.ts` packs; it is read when the list has been.
 */
const Claims = z.object({
  iss: z.string().optional(),
  sub: z.string().min(1).max(160),
  iat: NumericDate,
  exp: NumericDate,
  ttl: z.int().min(1),
  status_list: z.object({ bits: z.union([z.literal(1), z.literal(2), z.literal(4), z.literal(8)]), lst: z.string() }),
})

export interface StatusListToken {
  readonly iss: string | undefined
  /** The URI that records name in `status.status_list.uri`. */
  readonly sub: string
  readonly iat: number
  readonly exp: number
  /** Seconds after `iat` within which nobody needs a newer copy. */
  readonly ttl: number
  readonly list: StatusList
  /** SHA-256 of the token's text. */
  readonly digest: string
}

/**
 * A status list token under the key that the issuer's manifest names for it. The signature is checked first. Then list and
 * history must say the same: every entry that is not 0 has its reason, and every history ends in the entry's value at `iat`.
 */
export function readStatusListToken(text: string, key: PublicKey, engine: Engine, inflate: Inflate): StatusListToken {
  const { header, payload, signingInput, signature } = parseCompactJws(text, { typ: statusListType, limits })
  if (header.kid !== key.kid || !engine.verify(key, signingInput, signature)) throw new Fault('signature-wrong', { at: 'status-list' })
  const { iss, sub, iat, exp, ttl, status_list } = parseOrFault(Claims, payload, 'status-list-malformed', 'status-list')
  const list = decodeStatusList(status_list, inflate)
  const history = readHistory(payload['history'], list)
  if (history !== undefined) checkCoherence(list, history, iat)
  return { iss, sub, iat, exp, ttl, list: { ...list, history }, digest: digestOf(text, engine) }
}

export interface StatusListDraft {
  readonly iss?: string | undefined
  readonly sub: string
  readonly iat: number
  readonly exp: number
  readonly ttl: number
  /** Every entry that ever had a status, by its place. The entries' values are what this says for `iat`. */
  readonly history: StatusHistory
  readonly size?: number | undefined
}

export function issueStatusListToken({ history, size = ourSize, iss, ...claims }: StatusListDraft, signer: Signer, deflate: Deflate): string {
  const values = Array.from(history, ([index, periods]): [number, number] => [index, weighPeriods(periods, claims.iat).value])
  const list = statusListOf(ourBits, size, values)
  const { bits, lst } = encodeStatusList(list, deflate)
  const past = encodeBase64url(packHistory(history, list))
  const payload: JsonObject = { ...(iss === undefined ? {} : { iss }), ...claims, status_list: { bits, lst }, history: past }
  return signCompactJws({ typ: statusListType }, payload, signer, limits)
}

function readHistory(value: JsonValue | undefined, list: StatusList): StatusHistory | undefined {
  if (value === undefined) return undefined
  if (typeof value !== 'string') throw new Fault('status-list-malformed', { at: 'history' })
  return unpackHistory(decodeBase64url(value, 'history'), list)
}

/** That every entry which is not 0 has a past, the history's own form sees to: it is told for those. */
function checkCoherence(list: StatusList, history: StatusHistory, iat: number): void {
  for (const [index, periods] of history) {
    if (statusAt(list, index) !== weighPeriods(periods, iat).value)
      throw new Fault('status-list-malformed', { at: `history/${index}`, detail: 'list and history differ' })
  }
}
