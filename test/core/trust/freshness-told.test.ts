import { describe, expect, it } from 'vitest'

import { instantOf } from '#core/model/instant.ts'
import { sourceOf } from '#core/trust/freshness.ts'

const file = { iat: 1_780_000_000, ttl: 3600, exp: 1_780_086_400, version: 3 }
const at = (seconds: number) => sourceOf('manifest', 'https://370100.comity.example', file, 'digest', instantOf(file.iat + seconds))
const said = { kind: 'manifest', id: 'https://370100.comity.example', version: 3, digest: 'digest', issuedAt: '2026-05-28T20:26:40Z' }

describe('what a verdict says of a file', () => {
  it('is that of the instant asked about, whichever was asked before', () => {
    const fresh = { ...said, ageSeconds: 60, freshness: 'fresh' }
    const stale = { ...said, ageSeconds: 3601, freshness: 'stale' }
    const expired = { ...said, ageSeconds: 86_400, freshness: 'expired' }
    const younger = { ...said, ageSeconds: 0, freshness: 'fresh' }
    expect([60, 60, 3601, 86_400, 60, -10, 3601].map(at)).toEqual([fresh, fresh, stale, expired, fresh, younger, stale])
  })
})
