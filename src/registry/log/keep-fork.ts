import { encodeUtf8 } from '#core/encoding/utf8.ts'
import { forkProofText } from '#core/log/fork-proof.ts'
import { secondsOf } from '#core/model/instant.ts'
import { insertMisbehaviour } from '#storage/misbehaviours.ts'
import type { Writer } from '#storage/open-store.ts'
import type { Office } from '../office.ts'
import { audit } from '../perform.ts'

/** Keeps the proof that a city has signed two histories of its log. Both heads have been verified by the caller. */
export async function keepFork(
  tx: Writer,
  office: Pick<Office, 'engine' | 'clock' | 'newId'>,
  { origin, one, other }: { readonly origin: string; readonly one: string; readonly other: string },
): Promise<void> {
  const body = encodeUtf8(forkProofText(one, other))
  const digest = office.engine.sha256(body)
  const isNew = await insertMisbehaviour(tx, { digest, kind: 'log-fork', subject: origin, body, foundAt: secondsOf(office.clock()) })
  if (isNew) await audit(tx, office, { actor: 'node', action: 'log-fork-found', subject: origin })
}
