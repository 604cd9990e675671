import { z } from 'zod'

import type { Engine, PublicKey, Signer } from '../crypto/engine.ts'
import type { JsonLimits, JsonObject, JsonValue } from '../encoding/parse-json.ts'
import { parseCompactJws, signCompactJws } from '../encoding/parse-jws.ts'
import { Fault } from '../fault.ts'
import { digestOf } from '../model/digest.ts'
import { parseOrFault } from '../model/parse-or-fault.ts'
import { isStatusKind, weighPeriods, type StatusPeriod } from './status-kinds.ts'
import { decodeStatusList, encodeStatusList, ourBits, ourSize, sizeOf, statusAt, statusListOf } from './status-list.ts'
import type { Deflate, Inflate, StatusHistory, StatusList } from './status-list.ts'

export const statusListType = 'statuslist+jwt'

const limits: JsonLimits = { bytes: 8 * 1024 * 1024, depth: 6 }

const NumericDate = z.int().min(0).max(253_402_300_799)

/** Token Status List §5.1. `exp` and `ttl` are required here: without them nobody can say how old is too old. */
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
  const list: StatusList = { ...decodeStatusList(status_list, inflate), history: readHistory(payload['history']) }
  checkCoherence(list, iat)
  return { iss, sub, iat, exp, ttl, list, digest: digestOf(text, engine) }
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
  const past: Record<string, JsonValue> = {}
  for (const [index, periods] of history)
    past[index] = periods.map(({ kind, reason, from, until }) => [kind, reason, from, ...(until === undefined ? [] : [until])])
  const { bits, lst } = encodeStatusList(list, deflate)
  const payload: JsonObject = { ...(iss === undefined ? {} : { iss }), ...claims, status_list: { bits, lst }, history: past }
  return signCompactJws({ typ: statusListType }, payload, signer, limits)
}

function readHistory(value: JsonValue | undefined): StatusHistory | undefined {
  if (value === undefined) return undefined
  if (value === null || typeof value !== 'object' || Array.isArray(value)) throw malformed('history')
  const history = new Map<number, readonly StatusPeriod[]>()
  for (const [place, periods] of Object.entries(value as JsonObject)) {
    const at = `history/${place}`
    if (!/^(0|[1-9]\d{0,8})$/.test(place) || !Array.isArray(periods)) throw malformed(at)
    const list = periods as readonly JsonValue[] // Array.isArray loses the element type of a readonly array
    history.set(
      Number(place),
      list.map((period) => readPeriod(period, at)),
    )
  }
  return history
}

function readPeriod(value: JsonValue, at: string): StatusPeriod {
  if (!Array.isArray(value) || value.length < 3 || value.length > 4) throw malformed(at)
  const [kind, reason, from, until] = value as readonly JsonValue[] // as above
  if (!isStatusKind(kind) || typeof reason !== 'string' || !isSeconds(from)) throw malformed(at)
  if (until === undefined) return { kind, reason, from }
  if (!isSeconds(until) || until < from) throw malformed(at)
  return { kind, reason, from, until }
}

const isSeconds = (value: JsonValue | undefined): value is number => typeof value === 'number' && Number.isSafeInteger(value) && value >= 0

const malformed = (at: string): Fault => new Fault('status-list-malformed', { at })

function checkCoherence(list: StatusList, iat: number): void {
  const { history } = list
  if (history === undefined) return
  for (const [index, periods] of history) {
    if (statusAt(list, index) !== weighPeriods(periods, iat).value)
      throw new Fault('status-list-malformed', { at: `history/${index}`, detail: 'list and history differ' })
  }
  const perByte = 8 / list.bits
  for (let index = 0; index < sizeOf(list); index++) {
    // Whole bytes of zeros are passed over: nearly all of a list is that.
    if (index % perByte === 0 && list.bytes[index / perByte] === 0) index += perByte - 1
    else if (statusAt(list, index) !== 0 && !history.has(index)) throw new Fault('status-list-malformed', { at: `history/${index}`, detail: 'missing' })
  }
}
