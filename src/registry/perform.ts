import type { JsonObject } from '#core/encoding/parse-json.ts'
import { secondsOf } from '#core/model/instant.ts'
import { appendAudits } from '#storage/audits.ts'
import { answer, begin } from '#storage/idempotency.ts'
import type { Writer } from '#storage/open-store.ts'
import type { Office } from './office.ts'
import { requestIndex } from './record-personal.ts'
import { refuseIdentityNumber } from './refuse-identity-number.ts'

/** Who asks for a change, and the key under which the same request gives the same answer again. */
export interface Request {
  /** A client's id, or `cli:<name>` at the machine itself. */
  readonly actor: string
  readonly idempotency?: { readonly key: string; readonly digest: Uint8Array } | undefined
}

/**
 * Runs a change in one transaction with the row that remembers its answer: a repeated request, whether its first try was answered
 * or not, changes nothing and is answered alike. The work may run again after contention, so it touches nothing but `tx`.
 */
export async function perform<Reply extends JsonObject>(
  office: Pick<Office, 'store' | 'clock' | 'vault'>,
  { actor, idempotency }: Request,
  work: (tx: Writer) => Promise<Reply>,
): Promise<Reply> {
  if (idempotency === undefined) return office.store.atomically(work)
  const key = keyOf(office, idempotency)
  const now = secondsOf(office.clock())
  return office.store.atomically(async (tx) => {
    const earlier = await begin(tx, { actor, ...key, at: now })
    if (earlier !== 'new') return JSON.parse(earlier.reply ?? '{}') as Reply // our own reply, stored below
    const reply = await work(tx)
    await answer(tx, { actor, key: key.key, status: 200, reply: JSON.stringify(reply) })
    return reply
  })
}

/** An Idempotency-Key as it is kept: nothing in it tells of whom the request was. */
export function keyOf({ vault }: Pick<Office, 'vault'>, { key, digest }: NonNullable<Request['idempotency']>): NonNullable<Request['idempotency']> {
  refuseIdentityNumber(key, 'idempotency-key')
  return { key, digest: requestIndex(vault, digest) }
}

export interface AuditEvent {
  readonly actor: string
  readonly action: string
  /** An id or a number, never a name or an identity number. */
  readonly subject: string
  readonly reason?: string | undefined
  readonly detail?: JsonObject | undefined
}

/** Who did what to which thing, when and why; in the transaction of the deed. Fault: `request-malformed` for a reason that tells an identity number. */
export async function audit(tx: Writer, office: Pick<Office, 'clock' | 'newId'>, { actor, action, subject, reason, detail }: AuditEvent): Promise<void> {
  refuseIdentityNumber(reason, 'reason')
  await appendAudits(tx, [{ id: office.newId(), at: secondsOf(office.clock()), actor, action, subject, reason: reason ?? null, detail: detail ?? null }])
}
