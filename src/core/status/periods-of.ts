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
