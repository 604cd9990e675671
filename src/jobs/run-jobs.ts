import { setImmediate } from 'node:timers/promises'

import { adoptDue } from '#registry/adopt-proposal.ts'
import { publishDue } from '#registry/keep-published.ts'
import type { Follower } from '#registry/log/open-follower.ts'
import { listLogAlarms } from '#registry/log/log-alarms.ts'
import type { Cosigner } from '#registry/log/request-cosignatures.ts'
import { sequenceLog } from '#registry/log/sequence-log.ts'
import type { Office } from '#registry/office.ts'
import { publishStatusLists } from '#registry/publish.ts'
import type { TrustRefresher } from '#registry/refresh-trust.ts'
import { endingKeys, renewKeys } from '#registry/renew-keys.ts'
import type { TrustDesk } from '#registry/trust-desk.ts'
import { releaseImports } from '#registry/work-imports.ts'
import { cleanByRightClock } from './clean-by-right-clock.ts'
import { every } from './every.ts'
import { isGone, superviseWorker, workHere } from './import-worker.ts'
import { trouble, type JobLog } from './job-log.ts'
import { tellAlarms } from './tell-alarms.ts'

export interface JobsPlan {
  readonly office: Office
  readonly desk: TrustDesk
  readonly refresher: TrustRefresher
  readonly cosigner: Cosigner
  readonly follower: Follower
  /** Seconds between two rounds with the witnesses; 0: never. */
  readonly cosignEvery: number
  readonly readSchemes: () => Promise<void>
  readonly readKeys: () => Promise<void>
  readonly log: JobLog
  /** Seconds between two rounds with the neighbours; 0: never. */
  readonly refreshEvery: number
  /** Words for node that make the import worker; undefined: imports run in this process. */
  readonly worker: readonly string[] | undefined
}

export interface Jobs {
  readonly importQueued: () => void
  readonly stop: () => Promise<void>
}

const hour = 3600

/** Leaves after which the witnesses are asked at once. */
const mostUncosigned = 1000

/** Everything that a serving node does beside answering. Several processes over one store may all do it: each step is safe to repeat. */
export function runJobs(plan: JobsPlan): Jobs {
  const { office, desk, refresher, cosigner, follower, cosignEvery, readSchemes, readKeys, log, refreshEvery, worker } = plan
  const imports = worker === undefined ? workHere(office, log) : superviseWorker(office, worker, log)
  const refresh = async (): Promise<void> => {
    const reports = await refresher.refresh('node')
    for (const { iss, outcome, problem, taken, refused } of reports)
      if (outcome !== 'fresh' || taken > 0) log.info({ job: 'refresh-trust', neighbour: iss, outcome, problem, taken, refused }, 'neighbour asked')
  }
  const heard = Promise.withResolvers<void>()
  const cosign = async (): Promise<void> => {
    const reports = await cosigner.round().finally(heard.resolve)
    for (const { iss, outcome, detail } of reports)
      if (outcome !== 'cosigned' && outcome !== 'has-it') log.info({ job: 'cosign', neighbour: iss, outcome, detail }, 'no cosignature')
  }
  const follow = async (): Promise<void> => {
    for (const { iss, outcome, size, detail } of await follower.round()) {
      const alarm = outcome === 'behind' || outcome === 'forked' || outcome === 'diverged'
      if (alarm) log.warn({ job: 'follow-logs', neighbour: iss, outcome, size, detail }, 'a log went back on what it had shown')
      else if (outcome !== 'current' && outcome !== 'followed') log.info({ job: 'follow-logs', neighbour: iss, outcome, size, detail }, 'log not followed')
    }
  }
  const sequence = async (): Promise<void> => {
    await sequenceLog(office, () => setImmediate())
    if (cosignEvery > 0 && (await cosigner.unasked()) >= mostUncosigned) await cosign()
  }
  const renew = async (): Promise<void> => {
    for (const { use, kid } of await renewKeys(office)) log.info({ job: 'renew-keys', use, kid }, 'key renewed')
    const ending = await endingKeys(office)
    if (ending.length > 0) log.warn({ job: 'renew-keys', uses: ending }, 'keys end within thirty days or have ended: see comity keys rotate')
    await readKeys()
  }
  const adopt = async (): Promise<void> => {
    for (const { kind, subject, version, digest } of await adoptDue(office)) {
      desk.changed()
      log.info({ job: 'adopt-due', kind, subject, version, digest }, 'proposal adopted')
    }
  }
  const recurring = [
    every({ name: 'sequence-log', seconds: 1 }, sequence, log),
    ...(cosignEvery === 0 ? [] : [every({ name: 'cosign', seconds: cosignEvery, jitter: 0.2 }, cosign, log)]),
    every({ name: 'adopt-due', seconds: 60, jitter: 0.5 }, adopt, log),
    every({ name: 'alarms', seconds: 30, jitter: 0.5 }, tellAlarms({ desk, logAlarms: () => listLogAlarms(office.store.read) }, log), log),
    every({ name: 'publish-changed', seconds: 1 }, () => publishStatusLists(office), log),
    every({ name: 'publish-due', seconds: 60, jitter: 0.5 }, () => publishDue(office), log),
    every({ name: 'number-schemes', seconds: 30 }, readSchemes, log),
    every({ name: 'keys', seconds: 10 }, readKeys, log),
    every({ name: 'renew-keys', seconds: hour, jitter: 0.5 }, renew, log),
    every({ name: 'clean-up', seconds: hour, jitter: 0.5 }, cleanByRightClock(office, cosignEvery === 0 ? Promise.resolve() : heard.promise), log),
    every({ name: 'imports', seconds: 5 }, async () => imports.wake(), log),
    ...(refreshEvery === 0 ? [] : [every({ name: 'follow-logs', seconds: refreshEvery, jitter: 0.2 }, follow, log)]),
    ...(refreshEvery === 0 ? [] : [every({ name: 'refresh-trust', seconds: refreshEvery, jitter: 0.2 }, refresh, log)]),
  ]
  // Leases of processes that were killed: their jobs go on now and not when the lease has run out.
  releaseImports(office, isGone).then(imports.wake, (error: unknown) => log.warn({ job: 'imports', ...trouble(error) }, 'job failed'))
  return {
    importQueued: imports.wake,
    stop: async () => {
      await Promise.all(recurring.map(({ stop }) => stop()))
      await imports.stop()
    },
  }
}
