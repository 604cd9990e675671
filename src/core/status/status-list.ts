import { decodeBase64url, encodeBase64url } from '../encoding/base64url.ts'
import { Fault } from '../fault.ts'
import { weighPeriods, type StatusAnswer, type StatusPeriod } from './status-kinds.ts'

/** ZLIB data format (RFC 1950). */
export type Deflate = (bytes: Uint8Array) => Uint8Array
/** Gives up with `bytes-too-many` as soon as more than `maxBytes` come out: a kilobyte can unpack to a megabyte. */
export type Inflate = (bytes: Uint8Array, maxBytes: number) => Uint8Array

export const statusBits = [1, 2, 4, 8] as const
export type StatusBits = (typeof statusBits)[number]

/** What happened to each entry, by its place. */
export type StatusHistory = ReadonlyMap<number, readonly StatusPeriod[]>

/** A Token Status List unpacked: statuses of `bits` bits, the first one in the lowest bits of the first byte (§4.1 of the specification). */
export interface StatusList {
  readonly bits: StatusBits
  readonly bytes: Uint8Array
  /** Our extension; `undefined` where the issuer doesn't publish it, and then the past is not known. */
  readonly history?: StatusHistory | undefined
}

/** The form inside a token. */
export interface EncodedStatusList {
  readonly bits: StatusBits
  readonly lst: string
}

/** Our lists: two bits for 2^16 records, 16 kB unpacked; so large that fetching one says nothing about which record was asked for. */
export const ourBits = 2
export const ourSize = 2 ** 16

/** Lists of others may be larger: 2^20 entries of 8 bits, as in the specification's test vectors. */
const mostBytes = 2 ** 20

export const sizeOf = ({ bits, bytes }: StatusList): number => (bytes.length * 8) / bits

/** A list of `size` entries, all 0 but those given. */
export function statusListOf(bits: StatusBits, size: number, entries: Iterable<readonly [index: number, value: number]>): StatusList {
  const bytes = new Uint8Array(Math.ceil((size * bits) / 8))
  for (const [index, value] of entries) {
    if (!Number.isInteger(index) || index < 0 || index >= size) throw new Fault('status-index-out-of-range', { at: `${index}`, detail: `${size} places` })
    if (!Number.isInteger(value) || value < 0 || value >= 2 ** bits)
      throw new Fault('status-list-malformed', { at: `${index}`, detail: 'value needs more bits' })
    const shift = (index * bits) & 7
    const at = (index * bits) >> 3
    bytes[at] = (bytes[at]! & ~((2 ** bits - 1) << shift)) | (value << shift)
  }
  return { bits, bytes }
}

/** The value at a place. A place that doesn't exist is a fault, never "valid". */
export function statusAt(list: StatusList, index: number): number {
  const { bits, bytes } = list
  if (!Number.isInteger(index) || index < 0 || index >= sizeOf(list)) {
    throw new Fault('status-index-out-of-range', { at: `${index}`, detail: `${sizeOf(list)} places` })
  }
  return (bytes[(index * bits) >> 3]! >> ((index * bits) & 7)) & (2 ** bits - 1)
}

/** The places whose value is not 0, rising. Fault: `status-list-malformed` where there are more than `most`. */
export function placesSet({ bits, bytes }: StatusList, most: number): readonly number[] {
  const places: number[] = []
  const perByte = 8 / bits
  for (let at = 0; at < bytes.length; at++) {
    // Whole bytes of zeros are passed over: nearly all of a list is that.
    if (bytes[at] === 0) continue
    for (let index = 0; index < perByte; index++) if (((bytes[at]! >> (index * bits)) & (2 ** bits - 1)) !== 0) places.push(at * perByte + index)
    if (places.length > most) throw new Fault('status-list-malformed', { at: 'status_list/lst', detail: 'too many places' })
  }
  return places
}

/** What the record at a place was at an instant (seconds since 1970), with the reason; `undefined` where the issuer publishes no history. */
export function statusAsOf(list: StatusList, index: number, at: number): StatusAnswer | undefined {
  statusAt(list, index)
  return list.history === undefined ? undefined : weighPeriods(list.history.get(index) ?? [], at)
}

export const encodeStatusList = ({ bits, bytes }: StatusList, deflate: Deflate): EncodedStatusList => ({ bits, lst: encodeBase64url(deflate(bytes)) })

export const decodeStatusList = ({ bits, lst }: EncodedStatusList, inflate: Inflate, maxBytes: number = mostBytes): StatusList => ({
  bits,
  bytes: inflate(decodeBase64url(lst, 'status_list/lst'), maxBytes),
})
