import { approvals, connections, contender } from './approve-post.ts'
import { loadInTurns } from './http-rounds.ts'
import { atLeast, micros, millis, perSecond, whole, type Line } from './line.ts'
import { median, rateAgainst } from './measure.ts'
import { delay, slowDisk } from './slow-fsync.ts'

/**
 * Group commit against a commit a request where a commit is dear. On a disk whose fsync takes less than an approval's own work there is little for
 * group commit to save; disks on which a register stands take milliseconds.
 */
export async function approveSlowDisk(): Promise<readonly Line[]> {
  const work = `POST approval, ${connections} connections, with fsync of ${delay / 1000} ms (delayed), requests a second`
  const bar = atLeast(3.5, '× one commit a request')
  const disk = slowDisk()
  if (disk === undefined) return [{ work, limit: '', ours: 'left out: no C compiler (cc), or nothing can be preloaded', bar }]
  const together = await approvals('together', disk.env)
  const oneEach = await approvals('oneEach', disk.env)
  const loaded = await loadInTurns({
    together: contender(together.server, together.next, 'together'),
    oneEach: contender(oneEach.server, oneEach.next, 'oneEach'),
  })
  await Promise.all([together.server, oneEach.server].map((server) => server.close()))
  return [
    {
      work,
      limit: `fsync ${micros(disk.fsync)}; one commit a request ${whole(perSecond(median(loaded.oneEach.wall)))}/s, p99 ${millis(loaded.oneEach.p99)}`,
      ours: `${whole(perSecond(median(loaded.together.wall)))}/s, p99 ${millis(loaded.together.p99)}`,
      value: rateAgainst(loaded.together.wall, loaded.oneEach.wall),
      bar,
    },
  ]
}
