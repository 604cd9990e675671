import { openBitReader, openBitWriter } from '../encoding/bits.ts'
import { openReader, openWriter } from '../encoding/pieces.ts'
import { decodeUtf8, encodeUtf8 } from '../encoding/utf8.ts'
import { Fault } from '../fault.ts'
import { statusKinds, type StatusKind, type StatusPeriod } from './status-kinds.ts'
import { placesSet, sizeOf, statusAt, type StatusHistory, type StatusList } from './status-list.ts'

// The past of a status list in as few bytes as it takes, since a token carries them in base64url twice over:
//
//   how many periods the list itself does not tell of, and the place of each, as the distance from the one before
//   how many grounds, and each: its kind doubled, one more if its periods have ended; its reason; of each number of its periods (the day and
//     the second of the day from which it counts; days and seconds that it lasted, if it has ended) the least one, and the bits that the others need above it
//   every period, by places: its ground (as many 1s as there are grounds before it, then a 0, which the last one does without), and its numbers
//
// A place whose bits are set has a period that nobody needs to name. Grounds come by how often they occur, then by kind and reason, so that for one
// list there is one spelling. With one record in a hundred revoked on some day of five years a revocation takes fourteen bits, and in
// columns that are compressed it would take fifteen.

const daySeconds = 86_400

/** As of `NumericDate`; periods of one list, of which our own have 65,536 places; grounds; bytes of a reason. */
const most = { time: 253_402_300_799, periods: 2 ** 18, grounds: 127, reasonBytes: 200, days: 2 ** 22 - 1 } as const

/** Periods of one kind and reason that have, or have not, ended are told alike. */
interface Ground {
  readonly kind: StatusKind
  readonly reason: string
  readonly ended: boolean
  /** How many periods there are of it. */
  often: number
}

const malformed = (at: string, detail?: string): Fault => new Fault('status-list-malformed', { at, detail })
const codeOf = ({ kind, ended }: Pick<Ground, 'kind' | 'ended'>): number => statusKinds.indexOf(kind) * 2 + (ended ? 1 : 0)
const widthOf = (value: number): number => 32 - Math.clz32(value)

/** A ground as it is written: of each number the least and the greatest value and the bits between them, and how many grounds come before it. */
interface WrittenGround extends Ground {
  readonly least: number[]
  readonly greatest: number[]
  readonly widths: number[]
  before: number
}

/**
 * @param history what happened at each place, and thereby its value in the list
 * @param list of the same instant
 * Faults: `status-list-malformed` for what no reader would take, `bytes-too-many`.
 */
export function packHistory(history: StatusHistory, list: StatusList): Uint8Array<ArrayBuffer> {
  const extra: number[] = []
  const grounds: WrittenGround[] = []
  const told: { readonly ground: WrittenGround; readonly numbers: readonly number[] }[] = []
  for (const place of [...history.keys()].sort((a, b) => a - b)) {
    let isTold = statusAt(list, place) !== 0
    for (const period of history.get(place)!) {
      if (!isTold) extra.push(place)
      isTold = false
      const numbers = numbersOf(period, place)
      const ground = groundOf(period, numbers, grounds)
      ground.often++
      for (let which = 0; which < numbers.length; which++) {
        ground.least[which] = Math.min(ground.least[which]!, numbers[which]!)
        ground.greatest[which] = Math.max(ground.greatest[which]!, numbers[which]!)
      }
      told.push({ ground, numbers })
    }
  }
  grounds.sort(byOccurrence)
  if (told.length > most.periods || grounds.length > most.grounds) throw new Fault('bytes-too-many', { at: 'history', detail: `${told.length} periods` })

  const writer = openWriter()
  writer.count(extra.length)
  for (const [index, place] of extra.entries()) writer.count(place - (extra[index - 1] ?? 0))
  writer.count(grounds.length)
  for (const [index, ground] of grounds.entries()) {
    ground.before = index
    writer.byte(codeOf(ground))
    writer.piece(reasonBytes(ground.reason))
    for (const [which, least] of ground.least.entries()) {
      const width = widthOf(ground.greatest[which]! - least)
      ground.widths.push(width)
      writer.count(least)
      writer.byte(width)
    }
  }
  const bits = openBitWriter()
  for (const { ground, numbers } of told) {
    for (let before = 0; before < ground.before; before++) bits.put(1, 1)
    if (ground.before < grounds.length - 1) bits.put(0, 1)
    for (let which = 0; which < numbers.length; which++) bits.put(numbers[which]! - ground.least[which]!, ground.widths[which]!)
  }
  writer.raw(bits.bytes())
  return writer.bytes()
}

const isSame = (a: Omit<Ground, 'often'>, b: Omit<Ground, 'often'>): boolean => a.kind === b.kind && a.reason === b.reason && a.ended === b.ended

const byOccurrence = (a: Ground, b: Ground): number => b.often - a.often || codeOf(a) - codeOf(b) || (a.reason < b.reason ? -1 : 1)

function groundOf({ kind, reason, until }: StatusPeriod, numbers: readonly number[], grounds: WrittenGround[]): WrittenGround {
  const ended = until !== undefined
  // There are a handful: to look through them is quicker than to make a name of three parts for each period.
  let ground = grounds.find((known) => isSame(known, { kind, reason, ended }))
  if (ground === undefined) grounds.push((ground = { kind, reason, ended, often: 0, least: [...numbers], greatest: [...numbers], widths: [], before: 0 }))
  return ground
}

const isTime = (time: number): boolean => Number.isInteger(time) && time >= 0 && time <= most.time

function numbersOf({ kind, from, until }: StatusPeriod, place: number): readonly number[] {
  if (!statusKinds.includes(kind) || !isTime(from) || (until !== undefined && (!isTime(until) || until < from))) throw malformed(`history/${place}`)
  const [day, second] = [Math.floor(from / daySeconds), from % daySeconds]
  return until === undefined ? [day, second] : [day, second, Math.floor((until - from) / daySeconds), (until - from) % daySeconds]
}

function reasonBytes(reason: string): Uint8Array {
  const bytes = encodeUtf8(reason)
  if (bytes.length > most.reasonBytes) throw malformed('history', 'a reason of too many bytes')
  return bytes
}

/** A ground as it is read, and what its numbers were seen to need: what could have been said shorter is refused. */
interface ReadGround extends Ground {
  readonly ranges: readonly { readonly least: number; readonly width: number; isReached: boolean; isNeeded: boolean }[]
}

/**
 * What `packHistory` has packed, by rising places. The bytes are an issuer's and may be anything: they are held against the list, whose own size
 * is bounded, and against what there may be of each thing. Fault: `status-list-malformed` with the place.
 */
export function unpackHistory(bytes: Uint8Array, list: StatusList): StatusHistory {
  const reader = openReader(bytes, 'history', malformed)
  const set = placesSet(list, most.periods)
  const extra: number[] = []
  for (let left = reader.count(most.periods), place = 0; left > 0; left--) {
    extra.push((place += reader.count(sizeOf(list))))
    if (place >= sizeOf(list)) throw malformed(`history/${place}`, 'no such place')
  }
  const places = extra.length === 0 ? set : [...set, ...extra].sort((a, b) => a - b)
  if (places.length > most.periods) throw malformed('history', 'too many periods')
  const grounds: ReadGround[] = []
  for (let left = reader.count(most.grounds); left > 0; left--) {
    const code = reader.byte()
    const kind = statusKinds[code >> 1]
    if (kind === undefined) throw malformed('history', `kind ${code >> 1}`)
    const reason = decodeUtf8(reader.piece(most.reasonBytes), 'history')
    const ended = (code & 1) === 1
    const ranges = Array.from({ length: ended ? 4 : 2 }, () => ({ least: reader.count(most.days), width: reader.byte(), isReached: false, isNeeded: false }))
    if (ranges.some(({ width }) => width > widthOf(most.days))) throw malformed('history', 'more bits than a time has')
    grounds.push({ kind, reason, ended, ranges, often: 0 })
  }
  const bits = openBitReader(reader.rest())
  const take = (width: number, place: number): number => {
    const value = bits.take(width)
    if (value === undefined) throw malformed(`history/${place}`, 'cut off')
    return value
  }
  const history = new Map<number, StatusPeriod[]>()
  for (const place of places) {
    let index = 0
    while (index < grounds.length - 1 && take(1, place) === 1) index++
    const ground = grounds[index]
    if (ground === undefined) throw malformed(`history/${place}`, 'missing')
    ground.often++
    const numbers = ground.ranges.map((range) => {
      const value = take(range.width, place)
      range.isReached ||= value === 0
      range.isNeeded ||= widthOf(value) === range.width
      return range.least + value
    })
    const period = periodOf(ground, numbers, `history/${place}`)
    const before = history.get(place)
    if (before === undefined) history.set(place, [period])
    else before.push(period)
  }
  if (!bits.isAtEnd()) throw malformed('history', 'bits behind the end')
  for (const [index, ground] of grounds.entries()) {
    if (ground.ranges.some(({ isReached, isNeeded }) => !isReached || !isNeeded)) throw malformed('history', 'longer than it needs to be')
    const isNew = grounds.findIndex((other) => isSame(other, ground)) === index
    if (!isNew || (index > 0 && byOccurrence(grounds[index - 1]!, ground) > 0)) throw malformed('history', 'grounds out of order')
  }
  return history
}

function periodOf({ kind, reason, ended }: Ground, [day, second, days, seconds]: readonly number[], at: string): StatusPeriod {
  const from = day! * daySeconds + second!
  const until = from + (days ?? 0) * daySeconds + (seconds ?? 0)
  if (second! >= daySeconds || (seconds ?? 0) >= daySeconds || until > most.time) throw malformed(at, 'no such time')
  return ended ? { kind, reason, from, until } : { kind, reason, from }
}
