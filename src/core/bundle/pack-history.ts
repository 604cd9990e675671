import { decodeUtf8, encodeUtf8 } from '../encoding/utf8.ts'
import { Fault } from '../fault.ts'
import { isStatusKind } from '../status/status-kinds.ts'
import { malformed, readColumn, writeColumn, type PieceReader, type PieceWriter } from './pieces.ts'
import type { Deflate, Inflate, StatusBits } from '../status/status-list.ts'

// A status list's history as its token writes it: {"17":[["revoked","fraud",1780000000]],"90":[["suspended","investigation",1780000000,1780086400]]},
// places rising. Nearly every place is one whose bits are set, so the list itself says which; what is left are a kind with its reason and
// times, each a column of its own, since what is alike then stands together.

/** Kind and reason as they stand in the text, the time from which it counts, and the one until which, if it has ended. */
interface Period {
  readonly ground: string
  readonly from: number
  readonly until: number | undefined
}

/** Places of one list, and periods of one list; our own have 2^17 places. */
const most = { places: 2 ** 20, periods: 2 ** 20, grounds: 127, groundBytes: 200 } as const

const periodPattern = /\[("[a-z-]+","[^"\\]*"),(0|[1-9]\d{0,11})(?:,(0|[1-9]\d{0,11}))?\]/y
const placePattern = /(?:^\{|,)"(0|[1-9]\d{0,8})":\[/y

/** The times of a day's beginning in the bureaus' zone (UTC+8) have the same second of the day, and need no room. */
const [daySeconds, zone] = [86_400, 8 * 3600]
const planes = 6

/** The history's text as columns; false where it is not written as our own lists write it, and then nothing was written. */
export function packHistory(writer: PieceWriter, text: string, set: readonly number[], deflate: Deflate): boolean {
  const places = readHistoryText(text)
  if (places === undefined) return false
  const inList = new Set(set)
  const extra = [...places.keys()].filter((place) => !inList.has(place))
  const periods = [...places.values()].flat()
  const grounds = [...new Set(periods.map(({ ground }) => ground))]
  const counts = Array.from(places.values(), ({ length }) => length)
  if (places.size !== set.length + extra.length || grounds.length > most.grounds || counts.some((count) => count > 255)) return false
  writer.count(extra.length)
  for (const [index, place] of extra.entries()) writer.count(place - (extra[index - 1] ?? -1) - 1)
  writeColumn(writer, Uint8Array.from(counts), deflate)
  writer.count(grounds.length)
  for (const ground of grounds) writer.piece(encodeUtf8(ground))
  const groundOf = new Map(grounds.map((ground, index) => [ground, index]))
  writeColumn(
    writer,
    Uint8Array.from(periods, ({ ground, until }) => groundOf.get(ground)! * 2 + (until === undefined ? 0 : 1)),
    deflate,
  )
  writeTimes(
    writer,
    periods.map(({ from }) => from),
    deflate,
  )
  writeTimes(
    writer,
    periods.flatMap(({ until }) => until ?? []),
    deflate,
  )
  return true
}

/** The text again. `set`: places of the list that are not 0, rising. Faults: `bundle-malformed`, `bytes-too-many`, those of `inflate`. */
export function unpackHistory(reader: PieceReader, set: readonly number[], mostBytes: number, inflate: Inflate): string {
  const extra: number[] = []
  for (let left = reader.count(most.places); left > 0; left--) extra.push((extra.at(-1) ?? -1) + 1 + reader.count(2 ** 30))
  const places = [...set, ...extra].sort((a, b) => a - b)
  if (places.length > most.places) throw malformed('history', 'too many places')
  const counts = readColumn(reader, places.length, inflate)
  const periods = counts.reduce((sum, count) => sum + count, 0)
  if (periods > most.periods) throw malformed('history', 'too many periods')
  const grounds: string[] = []
  for (let left = reader.count(most.grounds); left > 0; left--) grounds.push(decodeUtf8(reader.piece(most.groundBytes), 'history'))
  const codes = readColumn(reader, periods, inflate)
  const from = readTimes(reader, periods, inflate)
  const until = readTimes(
    reader,
    codes.reduce((sum, code) => sum + (code & 1), 0),
    inflate,
  )
  const texts: string[] = []
  let length = 0
  let [next, nextUntil] = [0, 0]
  for (const [at, place] of places.entries()) {
    const listed: string[] = []
    for (let left = counts[at]!; left > 0; left--, next++) {
      const ground = grounds[codes[next]! >> 1]
      if (ground === undefined) throw malformed('history', 'no such ground')
      listed.push(`[${ground},${from[next]}${(codes[next]! & 1) === 0 ? '' : `,${until[nextUntil++]}`}]`)
    }
    const text = `"${place}":[${listed.join(',')}]`
    length += text.length + 1
    // A few bytes of columns can stand for many of text.
    if (length > mostBytes) throw new Fault('bytes-too-many', { at: 'history', detail: `at most ${mostBytes} bytes` })
    texts.push(text)
  }
  return `{${texts.join(',')}}`
}

/** The places of a list whose value is not 0, rising. */
export function placesSet(bits: StatusBits, bytes: Uint8Array): readonly number[] {
  const places: number[] = []
  const perByte = 8 / bits
  for (let at = 0; at < bytes.length; at++) {
    if (bytes[at] === 0) continue
    for (let index = 0; index < perByte; index++) if (((bytes[at]! >> (index * bits)) & (2 ** bits - 1)) !== 0) places.push(at * perByte + index)
    if (places.length > most.places) throw malformed('status-list', 'too many places')
  }
  return places
}

/** Undefined for anything that is not spelt as our own lists spell it. */
function readHistoryText(text: string): ReadonlyMap<number, readonly Period[]> | undefined {
  const places = new Map<number, readonly Period[]>()
  if (text === '{}') return places
  let [at, last] = [0, -1]
  while (text[at] !== '}') {
    placePattern.lastIndex = at
    const opened = placePattern.exec(text)
    const place = Number(opened?.[1] ?? -1)
    if (opened === null || place <= last) return undefined
    last = place
    at = placePattern.lastIndex
    const periods: Period[] = []
    while (text[at] !== ']') {
      if (periods.length > 0 && text[at++] !== ',') return undefined
      periodPattern.lastIndex = at
      const [, ground, from, until] = periodPattern.exec(text) ?? []
      if (ground === undefined || !isStatusKind(ground.slice(1, ground.indexOf('"', 1)))) return undefined
      at = periodPattern.lastIndex
      periods.push({ ground, from: Number(from), until: until === undefined ? undefined : Number(until) })
    }
    at++
    places.set(place, periods)
  }
  return at === text.length - 1 ? places : undefined
}

function writeTimes(writer: PieceWriter, times: readonly number[], deflate: Deflate): void {
  for (let plane = 0; plane < planes; plane++)
    writeColumn(
      writer,
      Uint8Array.from(times, (time) => planeOf(time, plane)),
      deflate,
    )
}

/** Three bytes of the day, three of the second of the day, the lowest first. */
function planeOf(time: number, plane: number): number {
  const shifted = time + zone
  const value = plane < 3 ? Math.floor(shifted / daySeconds) : shifted % daySeconds
  return (value >> ((plane % 3) * 8)) & 255
}

function readTimes(reader: PieceReader, count: number, inflate: Inflate): readonly number[] {
  const columns = Array.from({ length: planes }, () => readColumn(reader, count, inflate))
  return Array.from({ length: count }, (_, index) => {
    const at = (plane: number): number => columns[plane]![index]!
    return (at(0) + at(1) * 256 + at(2) * 65_536) * daySeconds + at(3) + at(4) * 256 + at(5) * 65_536 - zone
  })
}
