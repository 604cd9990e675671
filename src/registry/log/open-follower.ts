import { openRemoteLog } from '#federation/fetch-log.ts'
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

export function openFollower(
  office: Pick<Office, 'authority' | 'store' | 'engine' | 'clock' | 'newId'>,
  desk: Pick<TrustDesk, 'current'>,
  fetch: FetchStream,
): Follower {
  let running: Promise<readonly FollowReport[]> | undefined
  const round = async (): Promise<readonly FollowReport[]> => {
    const reports: FollowReport[] = []
    // One after the other: a log that has far to catch up is followed at the speed of the disk as it is.
    for (const { city, addresses } of logNeighbours((await desk.current()).trust, office)) {
      let report: FollowReport | undefined
      for (const address of addresses) {
        report = await followLog(office, city, openRemoteLog(address, 'log', fetch))
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
