import type { Request } from 'express'
import { ipKeyGenerator, rateLimit, type RateLimitRequestHandler } from 'express-rate-limit'

import type { Throttle } from '#contract/route.ts'
import { Fault } from '#core/fault.ts'

/** Requests a minute from one address. */
export type Limits = Readonly<Record<Throttle, number>>

/** `claim` and `token` can be tried; `verify`, `witness` and `certificate`, which takes a hundred times as long, are only kept from being flooded. */
export const usualLimits: Limits = { verify: 60_000, claim: 30, certificate: 120, token: 120, witness: 600 }

export const throttleSeconds = 60

/** No headers say how many tries are left: an answer must not depend on what was asked before. */
export const openThrottle = (limit: number): RateLimitRequestHandler =>
  rateLimit({
    windowMs: throttleSeconds * 1000,
    limit,
    standardHeaders: false,
    legacyHeaders: false,
    keyGenerator: addressOf,
    validate: false, // what it would look for is settled by `addressOf`
    handler: (_request, _response, next) => next(new Fault('requests-too-many')),
  })

/** The caller's address; of IPv6 the network, since one caller has a whole network of addresses. Proxies are only looked through where one has spoken. */
function addressOf(request: Request): string {
  const address = request.headers['x-forwarded-for'] === undefined ? request.socket.remoteAddress : request.ip
  if (address === undefined) return 'unknown'
  return address.includes(':') ? ipKeyGenerator(address) : address
}
