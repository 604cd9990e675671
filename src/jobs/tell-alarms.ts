import type { LogAlarm } from '#registry/log/log-alarms.ts'
import type { Alarm } from '#core/trust/name-authorities.ts'
import type { TrustDesk } from '#registry/trust-desk.ts'
import type { JobLog } from './job-log.ts'

interface Sources {
  readonly desk: Pick<TrustDesk, 'current'>
  readonly logAlarms: () => Promise<readonly LogAlarm[]>
}

/** Says each contradiction in the trust data, and each log that went back on what it had shown, once when it appears, and once when it is gone. */
export function tellAlarms({ desk, logAlarms }: Sources, log: JobLog): () => Promise<void> {
  const tellTrust = tellOnce<Alarm>(
    ({ kind, division, claims }) => log.warn({ job: 'alarms', alarm: kind, division, claims }, 'trust data contradict each other'),
    ({ kind, division }) => log.info({ job: 'alarms', alarm: kind, division }, 'contradiction is gone'),
  )
  const tellLogs = tellOnce<LogAlarm>(
    ({ kind, origin, since }) => log.warn({ job: 'alarms', alarm: kind, origin, since }, 'a log went back on what it had shown: see comity log forks'),
    ({ kind, origin }) => log.info({ job: 'alarms', alarm: kind, origin }, 'the log goes on from what it had shown'),
  )
  return async () => {
    tellTrust((await desk.current()).trust.alarms)
    tellLogs(await logAlarms())
  }
}

function tellOnce<One>(appeared: (one: One) => void, gone: (one: One) => void): (all: readonly One[]) => void {
  let told: ReadonlyMap<string, One> = new Map()
  return (all) => {
    const now = new Map(all.map((one) => [JSON.stringify(one), one]))
    for (const [key, one] of now) if (!told.has(key)) appeared(one)
    for (const [key, one] of told) if (!now.has(key)) gone(one)
    told = now
  }
}
