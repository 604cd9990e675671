import { logLimits, openRemoteLog, type LogLimits } from '#federation/fetch-log.ts'
import type { FetchStream } from '#federation/fetch-trust-files.ts'
import type { Office } from '../office.ts'
import type { TrustDesk } from '../trust-desk.ts'
import { followLog, type FollowReport } from './follow-log.ts'
import { logNeighbours } from './neighbours.ts'

/** Owned by the process. */
export interface Follower {
  /** Follows every neighbour's log as far as it has grown. Two rounds at once share one. */
  readonly round: () => Promise<readonly FollowReport[]>
}

/** Forty thousand leaves come in a second where the line is good; a neighbour that lets its bytes drip must not keep us from the others. */
const limits: LogLimits = { ...logLimits, altogether: 60_000 }

export function openFollower(
  office: Pick<Office, 'authority' | 'store' | 'engine' | 'clock' | 'newId'>,
  desk: Pick<TrustDesk, 'current'>,
  fetch: FetchStream,
  granted: LogLimits = limits,
): Follower {
  let running: Promise<readonly FollowReport[]> | undefined
  const round = async (): Promise<readonly FollowReport[]> => {
    const reports: FollowReport[] = []
    // One after the other, each for so long: a log that has far to catch up is followed at the speed of the disk as it is.
    for (const { city, addresses } of logNeighbours((await desk.current()).trust, office)) {
      let report: FollowReport | undefined
      for (const address of addresses) {
        report = await followLog(office, city, openRemoteLog(address, 'log', fetch, granted))
        if (report.outcome !== 'unreachable') break
      }
      if (report !== undefined) reports.push(report)
    }
    return reports
  }
  return {
    round: () => {
      running ??= round().finally(() => {
        running = undefined
      })
      return running
    },
  }
}
