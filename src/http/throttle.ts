import { rateLimit, type RateLimitRequestHandler } from 'express-rate-limit'

import type { Throttle } from '#contract/route.ts'
import { Fault } from '#core/fault.ts'

/** Requests a minute from one address. */
export type Limits = Readonly<Record<Throttle, number>>

/** `claim` and `token` can be tried; `verify` is only kept from being flooded. */
export const usualLimits: Limits = { verify: 60_000, claim: 30, token: 120 }

const minute = 60_000

/** No headers say how many tries are left: an answer must not depend on what was asked before. */
export const openThrottle = (limit: number): RateLimitRequestHandler =>
  rateLimit({
    windowMs: minute,
    limit,
    standardHeaders: false,
    legacyHeaders: false,
    handler: (_request, response, next) => {
      response.setHeader('Retry-After', String(minute / 1000))
      next(new Fault('requests-too-many'))
    },
  })
