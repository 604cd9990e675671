import { secondsOf } from '#core/model/instant.ts'
import { listFiles } from '#storage/published.ts'
import { clockTolerance } from './log/issuing-gate.ts'
import type { Office } from './office.ts'
import { lifetimes, manifestPath, publishManifest, publishStatusList, publishStatusLists, statusListPath } from './publish.ts'

export interface Published {
  readonly lists: number
  readonly manifest: boolean
}

const noOf = (path: string): number | undefined =>
  path.startsWith(statusListPath(0).slice(0, -1)) ? Number(path.slice(statusListPath(0).length - 1)) : undefined

/**
 * Publishes what is behind or grows old: lists that have changed, lists in the second half of their time to live, a manifest in
 * the last two thirds of its. Verifiers then never meet a stale file of a node that runs.
 */
export async function publishDue(office: Office): Promise<Published> {
  let lists = await publishStatusLists(office)
  let manifest = false
  const now = secondsOf(office.clock())
  for (const { path, publishedAt } of await listFiles(office.store.read, {})) {
    const age = now - publishedAt
    const no = noOf(path)
    if (no !== undefined && age > lifetimes.statusList.ttl / 2) {
      await office.store.atomically((tx) => publishStatusList(tx, office, no))
      lists++
    }
    // One that was signed while the clock was ahead would pass for fresh for as long as it was, whatever became of this node.
    if (path === manifestPath && (age > lifetimes.manifest.ttl / 3 || age < -clockTolerance)) {
      await office.store.atomically((tx) => publishManifest(tx, office))
      manifest = true
    }
  }
  return { lists, manifest }
}
