import { describe, expect, it } from 'vitest'

import { dayAt, dayBegins } from '#core/model/bureau-day.ts'
import { periodsOf, publishedPeriods, type RecordedChange } from '#core/status/periods-of.ts'
import { weighPeriods } from '#core/status/status-kinds.ts'

const at = (text: string): number => Date.parse(text) / 1000
const changes: readonly RecordedChange[] = [
  { kind: 'suspended', reason: 'investigation', effectiveAt: at('2026-03-02T09:30:01+08:00') },
  { kind: 'reinstated', reason: 'cleared', effectiveAt: at('2026-03-04T16:00:00+08:00') },
  { kind: 'cancelled', reason: 'holder-request', effectiveAt: at('2026-04-01T11:11:11+08:00') },
  { kind: 'revoked', reason: 'fraud', effectiveAt: at('2026-05-05T00:30:00+08:00') },
]

describe('what a list tells of a record’s past', () => {
  it('is a reinstatement as the end of the suspension before it, and all else in its order', () => {
    expect(periodsOf(changes)).toEqual([
      { kind: 'suspended', reason: 'investigation', from: at('2026-03-02T09:30:01+08:00'), until: at('2026-03-04T16:00:00+08:00') },
      { kind: 'cancelled', reason: 'holder-request', from: at('2026-04-01T11:11:11+08:00') },
      { kind: 'revoked', reason: 'fraud', from: at('2026-05-05T00:30:00+08:00') },
    ])
  })

  it('is of a revocation the day where the bureaus are, and of everything else the second', () => {
    expect(publishedPeriods(changes)).toEqual([...periodsOf(changes).slice(0, 2), { kind: 'revoked', reason: 'fraud', from: at('2026-05-05T00:00:00+08:00') }])
  })

  it('answers alike at every instant, whether it tells the day or the second', () => {
    for (let then = at('2026-03-01T00:00:00+08:00'); then < at('2026-05-08T00:00:00+08:00'); then += 1799) {
      const [told, recorded] = [weighPeriods(publishedPeriods(changes), then), weighPeriods(periodsOf(changes), then)]
      expect([told.value, told.period?.kind]).toEqual([recorded.value, recorded.period?.kind])
      const before = changes.slice(0, 3)
      expect(weighPeriods(publishedPeriods(before), then)).toEqual(weighPeriods(periodsOf(before), then))
    }
  })

  it('never names a second that no list can', () => {
    expect([dayBegins(0), dayBegins(5), dayBegins(16 * 3600), dayAt(dayBegins(at('2026-05-05T23:59:59+08:00')))]).toEqual([0, 0, 16 * 3600, '2026-05-05'])
  })
})
