import type { JsonObject } from '../encoding/parse-json.ts'
import { instantOf, secondsOf, type Instant } from '../model/instant.ts'
import { periodsOf, type RecordedChange } from '../status/periods-of.ts'
import { statusValues, weighPeriods } from '../status/status-kinds.ts'
import { encodeStatusList, ourBits, statusListOf, type Deflate } from '../status/status-list.ts'

/**
 * Whose knowledge of the instant is asked for. `now`: what counts for that instant by everything that has been recorded since, so that a record
 * revoked later is not valid then either (行政许可法 art. 69), and one cancelled later still is (art. 70). `then`: what was said on that day.
 */
export const knowledge = ['now', 'then'] as const
export type Knowledge = (typeof knowledge)[number]

/** A change with the place of its record and the second in which it was recorded. */
export interface PlacedChange extends RecordedChange {
  readonly statusIndex: number
  readonly recordedAt: number
}

/**
 * A status list as of an instant, made from the changes: two bits a record as in the list itself, and beside them for each that is not valid at
 * that instant its kind, reason code and effective time. Not a status list token: one that is signed today and dated then would be a lie.
 *
 * @param list what it is called and how many places it has
 * @param changes all of the list, those of one record in the order in which they were recorded
 */
export function statusAsOfInstant(
  list: { readonly uri: string; readonly places: number },
  changes: readonly PlacedChange[],
  at: Instant,
  known: Knowledge,
  deflate: Deflate,
): JsonObject {
  const { uri, places } = list
  const then = secondsOf(at)
  const heard = known === 'now' ? changes : changes.filter(({ recordedAt }) => recordedAt <= then)
  const answers = Array.from(
    Map.groupBy(heard, ({ statusIndex }) => statusIndex),
    ([index, of]) => ({ index, ...weighPeriods(periodsOf(of), then) }),
  )
  const standing = answers.filter(({ value }) => value !== statusValues.valid)
  const { bits, lst } = encodeStatusList(
    statusListOf(
      ourBits,
      places,
      standing.map(({ index, value }): [number, number] => [index, value]),
    ),
    deflate,
  )
  const reasons = standing.flatMap(({ index, period }) =>
    period === undefined ? [] : [[index, [period.kind, period.reason, instantOf(period.from)]] as const],
  )
  return { uri, asOf: at, known, bits, lst, reasons: Object.fromEntries(reasons) }
}
