import { requestToken } from '#contract/request-token.ts'
import type { Duty } from '#core/model/duty.ts'
import type { Signer } from '#core/crypto/engine.ts'
import { makeKey } from '#custody/make-key.ts'
import { nodeSigner } from '#custody/node-signer.ts'
import type { Office } from '#registry/office.ts'
import { registerClient } from '#registry/register-client.ts'

export interface BenchClient {
  readonly id: string
  readonly signer: Signer
}

/** Lets a client in with a key of its own. */
export async function addClient(office: Office, id: string, duties: readonly Duty[]): Promise<BenchClient> {
  const { jwk, seed } = makeKey()
  await registerClient(office, { actor: 'bench' }, { id, name: id, kind: 'officer', keys: [{ kty: jwk.kty, crv: jwk.crv, x: jwk.x }], duties })
  return { id, signer: nodeSigner(seed) }
}

/** A token of the running node, in the way in which its clients get one. */
export async function tokenOf(
  { id, signer }: BenchClient,
  { authority, clock, random }: Pick<Office, 'authority' | 'clock' | 'random'>,
  base: string,
): Promise<string> {
  const { token } = await requestToken({ base, audience: authority.iss, client: id, signer, clock, random }, fetch)
  return token
}
