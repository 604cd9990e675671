import { readPublicKey } from '#core/crypto/read-public-key.ts'
import type { JsonObject } from '#core/encoding/parse-json.ts'
import { Fault } from '#core/fault.ts'
import { secondsOf } from '#core/model/instant.ts'
import { duties, type Duty } from '#core/model/duty.ts'
import { changeClient, findClient, insertClients, listClients, type Client } from '#storage/clients.ts'
import type { Writer } from '#storage/open-store.ts'
import { findSigningKey } from '#storage/signing-keys.ts'
import type { Office } from './office.ts'
import { audit, perform, type Request } from './perform.ts'

export interface NewClient {
  readonly id: string
  readonly name: string
  readonly kind: 'officer' | 'system'
  /** Public keys (Ed25519 JWK) that the client signs its assertions with. */
  readonly keys: readonly JsonObject[]
  readonly duties: readonly Duty[]
}

/** Lets an officer or a business system in, with the duties that it may carry out and no others. */
export async function registerClient(
  office: Office,
  request: Request,
  { id, name, kind, keys, duties: wanted }: NewClient,
): Promise<{ readonly client: string }> {
  const kids = keys.map((jwk, index) => readPublicKey(jwk, `keys/${index}`).kid)
  const jwks = { keys: keys.map((jwk, index) => ({ ...jwk, kid: kids[index]! })) }
  const unknown = wanted.find((duty) => !duties.includes(duty))
  if (unknown !== undefined) throw new Fault('request-malformed', { at: 'duties', detail: duties.join(', ') })
  return perform(office, request, async (tx) => {
    if ((await findClient(tx, { id })) !== undefined) throw new Fault('client-exists', { at: id })
    await refuseKnownKeys(tx, kids)
    await insertClients(tx, [{ id, name, kind, jwks, duties: [...wanted], state: 'active', createdAt: secondsOf(office.clock()) }])
    await audit(tx, office, { actor: request.actor, action: 'register-client', subject: id, detail: { duties: [...wanted] } })
    return { client: id }
  })
}

/** Whoever holds one key under two names could approve what they have drafted; and a key of the node has a use already. */
async function refuseKnownKeys(tx: Writer, kids: readonly string[]): Promise<void> {
  const others = new Set((await listClients(tx, {})).flatMap(({ jwks }) => (jwks['keys'] as readonly { readonly kid: string }[]).map(({ kid }) => kid))) // written above alone
  for (const [index, kid] of kids.entries())
    if (kids.indexOf(kid) !== index || others.has(kid) || (await findSigningKey(tx, { kid })) !== undefined)
      throw new Fault('key-repeated', { at: `keys/${index}` })
}

/** Shuts a client out from its next request on; what it did stays attributed to it. */
export async function closeClient(office: Office, request: Request, id: string, reason: string): Promise<{ readonly client: string }> {
  return perform(office, request, async (tx) => {
    const client = await findClient(tx, { id })
    if (client === undefined) throw new Fault('client-unknown', { at: id })
    await changeClient(tx, { ...client, state: 'closed' })
    await audit(tx, office, { actor: request.actor, action: 'close-client', subject: id, reason })
    return { client: id }
  })
}

export const clientsOf = ({ store }: Pick<Office, 'store'>): Promise<readonly Client[]> => listClients(store.read, {})
