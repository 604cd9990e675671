import type { Alarm } from '#core/trust/name-authorities.ts'
import type { TrustDesk } from '#registry/trust-desk.ts'
import type { JobLog } from './job-log.ts'

/** Says each contradiction in the trust data once when it appears, and once when it is gone. */
export function tellAlarms(desk: Pick<TrustDesk, 'current'>, log: JobLog): () => Promise<void> {
  let told: ReadonlyMap<string, Alarm> = new Map()
  return async () => {
    const { alarms } = (await desk.current()).trust
    const now = new Map(alarms.map((alarm) => [JSON.stringify(alarm), alarm]))
    for (const [key, { kind, division, claims }] of now)
      if (!told.has(key)) log.warn({ job: 'alarms', alarm: kind, division, claims }, 'trust data contradict each other')
    for (const [key, { kind, division }] of told) if (!now.has(key)) log.info({ job: 'alarms', alarm: kind, division }, 'contradiction is gone')
    told = now
  }
}
