import { encodeBase64url } from '#core/encoding/base64url.ts'
import { decodeUtf8 } from '#core/encoding/utf8.ts'
import type { LogAlarmKind } from '#core/log/log-alarm-texts.ts'
import { instantOf, type Instant } from '#core/model/instant.ts'
import { listMirroredLogs } from '#storage/mirrored-logs.ts'
import { listMisbehaviours } from '#storage/misbehaviours.ts'
import type { Reader } from '#storage/open-store.ts'

/** Something that a neighbour's log has done against what it had shown. */
export interface LogAlarm {
  readonly kind: LogAlarmKind
  /** Whose log. */
  readonly origin: string
  readonly since: Instant
}

/** That a log has signed two histories. */
export interface FoundFork extends LogAlarm {
  readonly kind: 'log-forked'
  /** SHA-256 of the proof, base64url. */
  readonly digest: string
  /** What `checkFork` checks. */
  readonly proof: string
}

/** Of every fork that was ever found here, the proof. */
export const listForks = async (read: Reader): Promise<readonly FoundFork[]> =>
  (await listMisbehaviours(read, {})).map(({ subject, foundAt, digest, body }) => ({
    kind: 'log-forked',
    origin: subject,
    since: instantOf(foundAt),
    digest: encodeBase64url(digest),
    proof: decodeUtf8(body),
  }))

/** What neighbours' logs have done. A fork stays for ever; the rest until the log goes on from where it was. */
export async function listLogAlarms(read: Reader): Promise<readonly (LogAlarm | FoundFork)[]> {
  const troubled = (await listMirroredLogs(read, {})).flatMap(({ origin, problem, problemAt }): readonly LogAlarm[] =>
    // Of a fork there is the proof.
    problem === 'behind' || problem === 'diverged' ? [{ kind: `log-${problem}`, origin, since: instantOf(problemAt ?? 0) }] : [],
  )
  return [...(await listForks(read)), ...troubled]
}
