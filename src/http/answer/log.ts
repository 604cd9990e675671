import { addCheckpoint, logCheckpoint, logForks, logTile, mirroredLogCheckpoint, mirroredLogTile } from '#contract/log.ts'
import { listForks } from '#registry/log/log-alarms.ts'
import { checkpointFile, tileFile } from '#registry/log/log-shelf.ts'
import { mirroredCheckpoint, mirroredTile } from '#registry/log/mirror-shelf.ts'
import { witnessCheckpoint } from '#registry/log/witness-checkpoint.ts'
import { bind, type Binding } from '../bind.ts'
import type { Desks } from '../desks.ts'

/** Seconds that a cache may keep a file. The head moves; a tile never changes. */
const maxAge = { head: 1, tile: 365 * 24 * 3600 } as const

export function bindLog(binding: Binding, { office, desk }: Pick<Desks, 'office' | 'desk'>): void {
  bind(binding, logCheckpoint, async () => ({ ...(await checkpointFile(office)), maxAge: maxAge.head }))
  bind(binding, logTile, async ({ params }) => ({ ...(await tileFile(office, `tile/${params.tile}`)), maxAge: maxAge.tile }))
  const trust = async () => (await desk.current()).trust
  bind(binding, mirroredLogCheckpoint, async ({ params }) => ({ ...(await mirroredCheckpoint(office, await trust(), params.division)), maxAge: maxAge.head }))
  bind(binding, mirroredLogTile, async ({ params: { division, tile } }) => ({
    ...(await mirroredTile(office, await trust(), division, `tile/${tile}`)),
    maxAge: maxAge.tile,
  }))
  bind(binding, logForks, async () => ({
    forks: (await listForks(office.store.read)).map(({ origin, since, digest, proof }) => ({ origin, since, digest, proof })),
  }))
  bind(binding, addCheckpoint, async ({ body }) => ({
    contentType: addCheckpoint.replyType[0],
    text: await witnessCheckpoint(office, await trust(), body),
  }))
}
