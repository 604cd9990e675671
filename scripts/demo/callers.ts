import { randomBytes, randomUUID } from 'node:crypto'

import { callRoute, type Call, type Fetch } from '#contract/client.ts'
import { requestToken } from '#contract/request-token.ts'
import type { ReplyOf, Route } from '#contract/route.ts'
import type { Duty } from '#core/model/duty.ts'
import { instantOf } from '#core/model/instant.ts'
import { makeKey } from '#custody/make-key.ts'
import { nodeSigner } from '#custody/node-signer.ts'
import { registerClient } from '../../src/registry/register-client.ts'
import type { Office } from '../../src/registry/office.ts'

/** Somebody who calls a node over HTTP: an officer, with a key of their own and a token when one is needed. */
export interface Caller {
  readonly call: <R extends Route>(route: R, call: Omit<Call<R>, 'base' | 'token' | 'idempotencyKey'>) => Promise<ReplyOf<R>>
}

// The platform's fetch takes more than the client asks of it, and gives more.
export const platformFetch: Fetch = (url, init) => fetch(url, init)

/** Lets an officer in at a node's office, and gives them the means to call it at `base`. */
export async function engageOfficer(
  office: Office,
  { id, name, duties }: { readonly id: string; readonly name: string; readonly duties: readonly Duty[] },
  base: string,
): Promise<Caller> {
  const { jwk, seed } = makeKey()
  await registerClient(office, { actor: 'cli:demo' }, { id, name, kind: 'officer', keys: [{ kty: jwk.kty, crv: jwk.crv, x: jwk.x }], duties })
  const signer = nodeSigner(seed)
  const audience = office.authority.iss
  let held: { readonly token: string; readonly until: number } | undefined
  return {
    call: async (route, call) => {
      if (held === undefined || held.until < Date.now()) {
        const clock = () => instantOf(Math.floor(Date.now() / 1000))
        const { token, seconds } = await requestToken(
          { base, audience, client: id, signer, clock, random: (length) => new Uint8Array(randomBytes(length)) },
          platformFetch,
        )
        held = { token, until: Date.now() + (seconds - 30) * 1000 }
      }
      // The members that this function adds are those that the parameter leaves out.
      return callRoute(
        route,
        { ...call, base, token: held.token, ...('idempotent' in route ? { idempotencyKey: randomUUID() } : {}) } as unknown as Call<typeof route>,
        platformFetch,
      )
    },
  }
}
