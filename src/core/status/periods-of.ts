import { dayBegins } from '../model/bureau-day.ts'
import type { StatusPeriod } from './status-kinds.ts'
import type { StatusChange } from './status-reasons.ts'

/** A change as it was recorded. `effectiveAt`: seconds since 1970, since when it counts. */
export interface RecordedChange {
  readonly kind: StatusChange
  readonly reason: string
  readonly effectiveAt: number
}

/** Changes in the order in which they were recorded → periods: a reinstatement ends the suspension before it. */
export function periodsOf(changes: readonly RecordedChange[]): readonly StatusPeriod[] {
  const periods: StatusPeriod[] = []
  for (const { kind, reason, effectiveAt } of changes) {
    if (kind !== 'reinstated') periods.push({ kind, reason, from: effectiveAt })
    else {
      const open = periods.findLastIndex((period) => period.kind === 'suspended' && period.until === undefined)
      if (open >= 0) periods[open] = { ...periods[open]!, until: effectiveAt }
    }
  }
  return periods
}

/**
 * The same as everybody may read it. A 撤销 counts from the beginning, whenever it was decided, so no answer hangs on its second: the list tells the
 * day. Seconds would be a third of what an offline bundle weighs, and tell who worked when.
 */
export const publishedPeriods = (changes: readonly RecordedChange[]): readonly StatusPeriod[] =>
  periodsOf(changes).map((period) => (period.kind === 'revoked' ? { ...period, from: dayBegins(period.from) } : period))
