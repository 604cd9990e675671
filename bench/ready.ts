import { loadInTurns } from './http-rounds.ts'
import { issueSome, verifyRequests } from './issued-records.ts'
import { atMost, millis, whole, type Line } from './line.ts'
import { median, rounds } from './measure.ts'
import { registerOf } from './registers.ts'
import { startServer } from './server-process.ts'
import { buildCommand, timeToReady } from './time-to-ready.ts'

const sizes = [10_000, 1_000_000] as const
const connections = 32
const megabytes = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(0)} MB`

/** From starting the process to the answer that it is ready, and its memory under a load of verifications, with registers of two sizes. */
export async function ready(): Promise<readonly Line[]> {
  buildCommand()
  const nodes = await Promise.all(
    sizes.map(async (size) => {
      const { place, office, close } = await registerOf(size)
      const texts = await issueSome(office, 64)
      await close()
      return { size, place, next: verifyRequests(texts).next, taken: [] as number[] }
    }),
  )
  for (let round = 0; round < rounds; round++) for (const { place, taken } of nodes) taken.push(await timeToReady(place))
  const [small, large] = nodes as [(typeof nodes)[number], (typeof nodes)[number]] // one each of the two sizes
  const servers = {
    small: await startServer({ kind: 'node', place: small.place, worker: false }),
    large: await startServer({ kind: 'node', place: large.place, worker: false }),
  }
  const round = { milliseconds: 1000 }
  const loaded = await loadInTurns({
    small: { server: servers.small, connections, next: small.next, round },
    large: { server: servers.large, connections, next: large.next, round },
  })
  await Promise.all([servers.small.close(), servers.large.close()])
  const lineOf = (size: number, taken: readonly number[], rss: number): readonly Line[] => [
    { work: `node ready, ${whole(size)} records`, limit: '', ours: millis(median(taken)), value: median(taken) / 1000, bar: { text: '≤ 1 s', most: 1 } },
    { work: `memory under load, ${whole(size)} records`, limit: '', ours: megabytes(rss), value: rss / 2 ** 20, bar: { text: '≤ 200 MB', most: 200 } },
  ]
  return [
    ...lineOf(small.size, small.taken, loaded.small.rss),
    ...lineOf(large.size, large.taken, loaded.large.rss),
    {
      work: 'node ready, the same with both',
      limit: millis(median(small.taken)),
      ours: millis(median(large.taken)),
      value: median(large.taken) / median(small.taken),
      bar: atMost(1, '× with 10,000'),
    },
    {
      work: 'memory under load, the same with both',
      limit: megabytes(loaded.small.rss),
      ours: megabytes(loaded.large.rss),
      value: loaded.large.rss / loaded.small.rss,
      bar: atMost(1, '× with 10,000'),
    },
  ]
}
