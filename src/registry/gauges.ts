import { secondsOf } from '#core/model/instant.ts'
import type { LogAlarmKind } from '#core/log/log-alarm-texts.ts'
import type { Alarm } from '#core/trust/name-authorities.ts'
import { listUnpublished } from '#storage/outbox.ts'
import { listStatusLists } from '#storage/status-lists.ts'
import { listLogAlarms } from './log/log-alarms.ts'
import type { Office } from './office.ts'
import type { TrustDesk } from './trust-desk.ts'
import { importsByState } from './work-imports.ts'

/** What an operator watches. Counts only: nothing here names a record or a person. */
export interface Gauges {
  readonly imports: Readonly<Record<string, number>>
  /** Records that ever were registered, by all processes over the store. */
  readonly issued: number
  /** Signed objects that wait for the log, counted up to a thousand. */
  readonly outbox: number
  /** Age of the oldest of them, seconds; 0 when none waits. */
  readonly outboxAge: number
  /** What contradicts itself in the trust data that are held, and logs that went back on what they had shown, by kind. */
  readonly alarms: Readonly<Record<Alarm['kind'] | LogAlarmKind, number>>
}

const mostCounted = 1000

export async function readGauges(office: Pick<Office, 'store' | 'clock'>, desk: Pick<TrustDesk, 'current'>): Promise<Gauges> {
  const { read } = office.store
  const waiting = await listUnpublished(read, { limit: mostCounted })
  // Every record has taken one place in one list, and there is a row for 65,536 of them.
  const lists = await listStatusLists(read, {})
  const alarms = [...(await desk.current()).trust.alarms, ...(await listLogAlarms(read))]
  const countOf = (kind: keyof Gauges['alarms']): number => alarms.filter((alarm) => alarm.kind === kind).length
  return {
    imports: await importsByState(office),
    issued: lists.reduce((sum, { allocated }) => sum + allocated, 0),
    outbox: waiting.length,
    outboxAge: waiting[0] === undefined ? 0 : Math.max(0, secondsOf(office.clock()) - waiting[0].createdAt),
    alarms: {
      'key-disputed': countOf('key-disputed'),
      'city-doubled': countOf('city-doubled'),
      'log-forked': countOf('log-forked'),
      'log-behind': countOf('log-behind'),
      'log-diverged': countOf('log-diverged'),
    },
  }
}
