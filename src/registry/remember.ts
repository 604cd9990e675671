import type { JsonObject } from '#core/encoding/parse-json.ts'
import { secondsOf } from '#core/model/instant.ts'
import { answer, begin } from '#storage/idempotency.ts'
import type { Office } from './office.ts'
import { keyOf, type Request } from './perform.ts'

/**
 * `perform` for a change that cannot be one transaction and may happen twice without harm: fetching from neighbours, taking a file
 * that is here already. The answer is remembered after the change; if we die between the two, the repetition does it again.
 */
export async function remember<Reply extends JsonObject>(
  office: Pick<Office, 'store' | 'clock' | 'vault'>,
  { actor, idempotency }: Request,
  work: () => Promise<Reply>,
): Promise<Reply> {
  if (idempotency === undefined) return work()
  const key = keyOf(office, idempotency)
  const earlier = await office.store.atomically((tx) => begin(tx, { actor, ...key, at: secondsOf(office.clock()) }))
  if (earlier !== 'new' && earlier.reply !== null) return JSON.parse(earlier.reply) as Reply // our own reply, stored below
  const reply = await work()
  await office.store.atomically((tx) => answer(tx, { actor, key: key.key, status: 200, reply: JSON.stringify(reply) }))
  return reply
}
