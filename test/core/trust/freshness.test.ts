import { expect, it } from 'vitest'

import { instantOf } from '#core/model/instant.ts'
import { ageAt, freshnessAt } from '#core/trust/freshness.ts'

const file = { iat: 1_780_000_000, ttl: 100, exp: 1_780_000_500 }

it('is fresh up to its last second, stale until its expiry, and expired from then on', () => {
  const at = (offset: number) => freshnessAt(file, instantOf(file.iat + offset))
  expect([-50, 0, 100, 101, 499, 500, 9999].map(at)).toEqual(['fresh', 'fresh', 'fresh', 'stale', 'stale', 'expired', 'expired'])
})

it('expires in time even where it would be fresh for longer', () => {
  expect(freshnessAt({ iat: 1000, ttl: 900, exp: 1500 }, instantOf(1500))).toBe('expired')
})

it('has no age before it was made', () => {
  expect([-1, 0, 1, 3600].map((offset) => ageAt(file, instantOf(file.iat + offset)))).toEqual([0, 0, 1, 3600])
})
